//! The conditions of a notice as a tree. One file per operator group: its type, its check, its evaluation, its words.

pub mod age;
#[cfg(any(test, feature = "arbitrary"))]
pub(crate) mod arbitrary;
pub mod bands;
pub mod compare;
pub mod each;
pub mod expression;
mod gap;
pub mod logic;
pub mod membership;
pub mod period;
pub mod place;
pub mod quantity;
pub mod records;
pub(crate) mod region;
pub mod score;
pub mod tally;
pub mod tier;
pub mod unconfirmed;
pub mod unit;
pub mod wording;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use age::Age;
pub use bands::{Band, Bands, Bound, Case, Cases, End, Interval};
pub use compare::{Comparison, Operator};
pub use each::Each;
pub use expression::{Arithmetic, Expression, FactReference, Fold, Growth};
pub use membership::{Contains, Membership};
pub use period::{Span, When, Window, Year};
pub use place::{Place, Residence};
pub use quantity::Quantity;
pub use records::{Figure, Filter, Quantifier, Records};
pub use score::{Part, Rule, Score};
pub use tally::{Tallied, Tally};
pub use unconfirmed::Unconfirmed;
pub use unit::{Dimension, Unit};
pub use wording::Mark;

/// What an enterprise must be, have or do.
///
/// Trees in normal form (everything [`crate::text::parse`] returns) have at least two children under `All` and `Any`
/// and at least one under `None` and `AtLeast`; the check reports others, evaluation is total for all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    /// 没有 ( … ): none of them may hold.
    None(Vec<Condition>),
    /// 满足任意k项 { … ; … }
    AtLeast {
        k: usize,
        of: Vec<Condition>,
    },
    /// 分档 上年度营业收入 { … }
    Tier(Bands<Condition>),
    /// 分情形 { 当 … : … ; 其余 : … }
    Cases(Cases<Condition>),
    Compare(Comparison),
    /// 近N年每年 ( … )
    Each(Each),
    /// 成立 满 1年
    Age(Age),
    /// A code, flag or industry among a set.
    Membership(Membership),
    /// 经营范围 含 {制造, 加工}
    Contains(Contains),
    /// 注册地 属于 武汉市
    Place(Place),
    /// 在武汉市注册 满 2年
    Residence(Residence),
    /// Certificates, awards, incidents …
    Records(Records),
    /// 承诺「…」: the enterprise must say so itself.
    Attestation(String),
    /// 人工「…」: wording no machine decides.
    Manual(String),
    /// 择优、名额、优先: shown, never decisive.
    Mark(Mark),
    /// 待确认「…」( … ): a reading of the wording that a person has yet to confirm.
    Unconfirmed(Unconfirmed),
}

impl Condition {
    /// The parts of a group or table in reading order, conditions of cases before their branches; empty for a leaf.
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::All(children) | Self::Any(children) | Self::None(children) | Self::AtLeast { of: children, .. } => {
                children.iter().collect()
            }
            Self::Tier(bands) => bands.values().collect(),
            Self::Cases(cases) => {
                let rows = cases.rows.iter().flat_map(|row| [&row.when, &row.then]);
                rows.chain(cases.otherwise.as_deref()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether this is one of the four groups or a table of conditions.
    pub fn is_group(&self) -> bool {
        matches!(
            self,
            Self::All(_) | Self::Any(_) | Self::None(_) | Self::AtLeast { .. } | Self::Tier(_) | Self::Cases(_)
        )
    }

    /// Every leaf with its path (`1.3.2`; the root's is empty), in reading order.
    pub fn leaves(&self) -> Vec<(String, &Self)> {
        let mut leaves = Vec::new();
        self.collect_leaves(String::new(), &mut leaves);
        leaves
    }

    fn collect_leaves<'a>(&'a self, path: String, leaves: &mut Vec<(String, &'a Self)>) {
        if !self.is_group() {
            leaves.push((path, self));
            return;
        }
        for (path, child) in self.parts(&path) {
            child.collect_leaves(path, leaves);
        }
    }

    /// The children with their paths below `path`: `1.2` in a group; in a table the parts of row 2 are `1.2.1` (and,
    /// behind the condition of a case, `1.2.2`).
    pub fn parts(&self, path: &str) -> Vec<(String, &Self)> {
        let row = |index| child_path(path, index);
        match self {
            Self::Tier(bands) => {
                bands.values().enumerate().map(|(index, branch)| (child_path(&row(index), 0), branch)).collect()
            }
            Self::Cases(cases) => {
                let written = cases.rows.iter().enumerate().flat_map(|(index, case)| {
                    [(child_path(&row(index), 0), &case.when), (child_path(&row(index), 1), &case.then)]
                });
                let last = child_path(&row(cases.rows.len()), 0);
                written.chain(cases.otherwise.as_deref().map(|branch| (last, branch))).collect()
            }
            group => group.children().into_iter().enumerate().map(|(index, child)| (row(index), child)).collect(),
        }
    }
}

/// The path of the child at `index` (counted from 0) below `parent`.
pub fn child_path(parent: &str, index: usize) -> String {
    let number = index + 1;
    if parent.is_empty() { number.to_string() } else { format!("{parent}.{number}") }
}
