//! What no data decides: the enterprise's word, a person's judgement, and marks that never decide.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::period::Span;
use super::records::{Filter, Quantifier, Records};
use crate::evaluate::facts::Facts;
use crate::evaluate::finding::Finding;
use crate::value::FactKey;
use crate::verdict::{UnknownCause, Verdict};

/// The catalogue's list of what an enterprise has promised in writing, one sentence a record.
const COMMITMENTS: &str = "commitments";
const SENTENCE: &str = "text";

/// 承诺「…」 as a question to the promises in force: one dated promise serves every item that asks for its sentence.
pub(crate) fn promised(sentence: &str) -> Records {
    Records {
        list: FactKey::new(COMMITMENTS),
        selection: None,
        span: Span::InForce,
        quantifier: Quantifier::Some,
        filters: vec![Filter::among(SENTENCE, vec![sentence.to_owned()])],
    }
}

/// Met by a promise in force; without one it waits for the enterprise, because not promising is no refusal.
pub(crate) fn attested(sentence: &str, facts: &Facts<'_>) -> Finding {
    let finding = promised(sentence).find(facts);
    match finding.verdict {
        Verdict::Met => Finding { threshold: None, ..finding },
        Verdict::Unknown | Verdict::NotMet => Finding::open(UnknownCause::Attestation, Vec::new()),
    }
}

/// Shown beside the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// 择优: meeting the condition is not enough.
    Competitive,
    /// 名额 N
    Quota(u32),
    /// 优先「…」: preferred, not required.
    Preference(String),
}

impl Mark {
    pub fn words(&self) -> String {
        match self {
            Self::Competitive => "择优".into(),
            Self::Quota(places) => format!("名额 {places}"),
            Self::Preference(text) => format!("优先「{text}」"),
        }
    }
}
