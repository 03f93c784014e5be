//! The answer and its reasons.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::value::{FactKey, Grade};

/// 判定. Kleene's three values; `Unknown` is an answer, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Met,
    Unknown,
    NotMet,
}

/// Why a leaf could not be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UnknownCause {
    /// No entry for the fact (or not for that period).
    Missing,
    /// Sources of equal rank differ and the threshold lies between them: 数据不一致.
    Conflict,
    /// A record list without a completeness statement that covers the question.
    IncompleteList,
    /// The period asked for (上年度) has not produced figures yet.
    PeriodNotClosed {
        /// What the leaf would say with the latest closed period, if that is known.
        with_last_closed: Option<Verdict>,
    },
    /// Waits for the enterprise's own 承诺.
    Attestation,
    /// Wording no machine decides; a person must.
    Manual,
    /// The expression has no value here: division by zero, growth from a base that is not positive.
    Undefined { reason: String },
}

/// The value a leaf was judged on, ready to show and traceable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actual {
    /// Display text in the fact's usual unit, e.g. `86 万元`, `2.6%`.
    pub display: String,
    pub period: Option<String>,
    pub source: Option<String>,
    pub grade: Option<Grade>,
}

/// 差距: what separates the profile from the threshold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// e.g. `差 0.4 个百分点`, `差 14 万元`
    pub display: String,
    /// The day from which time alone closes the gap (满三年), if it does.
    pub from_date: Option<NaiveDate>,
}

/// How the children of a group node combine; a leaf has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    All,
    Any,
    /// 没有: met when no child is.
    None,
    AtLeast(usize),
    /// 分档、分情形: one child for each row the enterprise can be in; the branch of that row decides.
    Tier,
    /// One of those rows: `Met` when the enterprise is in it, `Unknown` when it may be. Its last child is the branch,
    /// whose verdict the row carries; before it stands what leads into the row.
    Row(Verdict),
    /// A comparison of points: its children say where points are lost. It is judged like a leaf.
    Score,
}

impl Group {
    /// Whether the children carry the verdict; those of a score only show where it comes from.
    pub fn combines(self) -> bool {
        self != Self::Score
    }
}

/// One node of the explanation: a group with children or a leaf with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Stable position in the tree, e.g. `1.3.2`; the root is empty.
    pub path: String,
    /// The condition in Chinese, in the text form's words.
    pub text: String,
    /// The same as a firm reads it: a whole sentence without signs; of a group, its heading.
    #[serde(default)]
    pub plain: String,
    pub verdict: Verdict,
    /// `None` on a leaf.
    pub group: Option<Group>,
    pub actual: Option<Actual>,
    pub threshold: Option<String>,
    pub gap: Option<Gap>,
    pub cause: Option<UnknownCause>,
    /// Of a group decided although parts of it are open: that whatever is unknown leads to the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regardless: Option<String>,
    /// The sentence of the notice this leaf was written from.
    pub sentence: Option<String>,
    pub children: Vec<Node>,
}

/// A fact whose value could still change the verdict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MissingFact {
    pub fact: FactKey,
    pub name: String,
    /// The period asked for in words, e.g. `2025年`.
    pub period: Option<String>,
    /// The catalogue's plain question, ready to ask.
    pub question: String,
}

impl MissingFact {
    /// `2025年营业收入`
    pub(crate) fn words(&self) -> String {
        format!("{}{}", self.period.as_deref().unwrap_or_default(), self.name)
    }
}

/// A verdict with every reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub verdict: Verdict,
    pub root: Node,
    /// A smallest set of facts that would settle the verdict; empty when it is settled.
    pub deciding: Vec<MissingFact>,
    /// 择优、名额、优先: shown, never decisive.
    pub marks: Vec<String>,
}
