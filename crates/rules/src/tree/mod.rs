//! The conditions of a notice as a tree. One file per operator group: its type, its check, its evaluation, its words.

pub mod age;
#[cfg(any(test, feature = "arbitrary"))]
pub(crate) mod arbitrary;
pub mod compare;
pub mod each;
pub mod expression;
pub mod logic;
pub mod membership;
pub mod period;
pub mod place;
pub mod quantity;
pub mod records;
pub mod unconfirmed;
pub mod unit;
pub mod wording;

use serde::{Deserialize, Serialize};

pub use age::Age;
pub use compare::{Comparison, Operator};
pub use each::Each;
pub use expression::{Arithmetic, Expression, FactReference, Fold, Growth};
pub use membership::{Contains, Membership};
pub use period::{Span, When, Window, Year};
pub use place::{Place, Residence};
pub use quantity::Quantity;
pub use records::{Filter, Quantifier, Records};
pub use unconfirmed::Unconfirmed;
pub use unit::{Dimension, Unit};
pub use wording::Mark;

/// What an enterprise must be, have or do.
///
/// Trees in normal form (everything [`crate::text::parse`] returns) have at least two children under `All` and `Any`
/// and at least one under `None` and `AtLeast`; the check reports others, evaluation is total for all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// The children of a group; empty for a leaf.
    pub fn children(&self) -> &[Self] {
        match self {
            Self::All(children) | Self::Any(children) | Self::None(children) | Self::AtLeast { of: children, .. } => {
                children
            }
            _ => &[],
        }
    }

    /// Whether this is one of the four groups.
    pub fn is_group(&self) -> bool {
        matches!(self, Self::All(_) | Self::Any(_) | Self::None(_) | Self::AtLeast { .. })
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
        for (index, child) in self.children().iter().enumerate() {
            child.collect_leaves(child_path(&path, index), leaves);
        }
    }
}

/// The path of the child at `index` (counted from 0) below `parent`.
pub fn child_path(parent: &str, index: usize) -> String {
    let number = index + 1;
    if parent.is_empty() { number.to_string() } else { format!("{parent}.{number}") }
}
