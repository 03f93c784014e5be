//! 近N年每年 ( … ): a comparison that must hold in every year of a window (均不低于).

use serde::{Deserialize, Serialize};

use super::compare::Comparison;
use super::period::Window;

/// Yearly facts inside are written without a period and mean the year in turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Each {
    pub window: Window,
    pub comparison: Comparison,
}
