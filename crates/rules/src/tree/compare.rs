//! Comparison of two expressions. The operator says whether the boundary belongs: there is no bare 以上.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::expression::Expression;

/// `left operator right`
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Comparison {
    pub left: Expression,
    pub operator: Operator,
    pub right: Expression,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operator {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = ">")]
    More,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "!=")]
    Differs,
}

impl Operator {
    pub const ALL: [Self; 6] = [Self::AtLeast, Self::More, Self::AtMost, Self::Less, Self::Equal, Self::Differs];

    /// The sign of the text form.
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::More => ">",
            Self::AtMost => "<=",
            Self::Less => "<",
            Self::Equal => "=",
            Self::Differs => "≠",
        }
    }

    /// The words between dates.
    pub fn date_words(self) -> &'static str {
        match self {
            Self::AtLeast => "不早于",
            Self::More => "晚于",
            Self::AtMost => "不晚于",
            Self::Less => "早于",
            Self::Equal => "=",
            Self::Differs => "≠",
        }
    }

    /// The words of durations: 满 1年.
    pub fn age_words(self) -> &'static str {
        match self {
            Self::AtLeast => "满",
            Self::More => "超过",
            Self::AtMost => "不超过",
            Self::Less => "不满",
            Self::Equal => "=",
            Self::Differs => "≠",
        }
    }

    /// Whether two values in this order satisfy the operator.
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::AtLeast => ordering != Ordering::Less,
            Self::More => ordering == Ordering::Greater,
            Self::AtMost => ordering != Ordering::Greater,
            Self::Less => ordering == Ordering::Less,
            Self::Equal => ordering == Ordering::Equal,
            Self::Differs => ordering != Ordering::Equal,
        }
    }

    /// The operator with its sides exchanged: `a >= b` is `b <= a`.
    pub fn flipped(self) -> Self {
        match self {
            Self::AtLeast => Self::AtMost,
            Self::More => Self::Less,
            Self::AtMost => Self::AtLeast,
            Self::Less => Self::More,
            same => same,
        }
    }
}
