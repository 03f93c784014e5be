//! What no data decides: the enterprise's word, a person's judgement, and marks that never decide.

use serde::{Deserialize, Serialize};

/// Shown beside the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
