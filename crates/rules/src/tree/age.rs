//! How long ago a date lies: 成立 满 1年, 成立 不超过 10年.

use serde::{Deserialize, Serialize};

use super::compare::Operator;
use crate::value::FactKey;

/// A duration in whole months or days, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    Years(u16),
    Months(u16),
    Days(u16),
}

/// The age of a date fact on the as-of day.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Age {
    pub fact: FactKey,
    /// 满, 超过, 不超过 or 不满.
    pub operator: Operator,
    pub duration: Duration,
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Years(n) => write!(f, "{n}年"),
            Self::Months(n) => write!(f, "{n}个月"),
            Self::Days(n) => write!(f, "{n}天"),
        }
    }
}
