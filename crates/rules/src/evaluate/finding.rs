//! What the evaluation of one leaf found, before it is put into words for a reader.

use super::reading::{Blank, Evidence, Need};
use crate::verdict::{Actual, Gap, UnknownCause, Verdict};

#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) verdict: Verdict,
    pub(crate) actual: Option<Actual>,
    pub(crate) threshold: Option<String>,
    pub(crate) gap: Option<Gap>,
    pub(crate) cause: Option<UnknownCause>,
    /// The facts that would decide this leaf, if it is open.
    pub(crate) needs: Vec<Need>,
}

impl Finding {
    pub(crate) fn plain(verdict: Verdict) -> Self {
        Self { verdict, actual: None, threshold: None, gap: None, cause: None, needs: Vec::new() }
    }

    pub(crate) fn open(cause: UnknownCause, needs: Vec<Need>) -> Self {
        Self { cause: Some(cause), needs, ..Self::plain(Verdict::Unknown) }
    }

    pub(crate) fn blank(blank: Blank) -> Self {
        Self::open(blank.cause, blank.needs)
    }

    pub(crate) fn threshold(mut self, words: impl Into<String>) -> Self {
        self.threshold = Some(words.into());
        self
    }

    pub(crate) fn actual(mut self, display: String, evidence: Evidence) -> Self {
        self.actual = Some(actual(display, evidence));
        self
    }
}

pub(crate) fn actual(display: String, evidence: Evidence) -> Actual {
    let joined = |words: Vec<String>| (!words.is_empty()).then(|| words.join("、"));
    Actual { display, period: joined(evidence.periods), source: joined(evidence.sources), grade: evidence.grade }
}

/// Shown where a fact does not apply to the enterprise.
pub(crate) const NOT_APPLICABLE: &str = "不适用";
