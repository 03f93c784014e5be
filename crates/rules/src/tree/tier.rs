//! Tiers: which requirement holds depends on a figure (分档) or on the situation (分情形).
//!
//! `certain` holds when every row the enterprise may be in holds, `possible` when one of them may.

use super::Condition;
use super::bands::Reach;
use super::logic::{all, any, not};
use crate::verdict::Verdict;

/// 无要求: a branch that asks nothing.
pub const NO_DEMAND: Condition = Condition::All(Vec::new());

/// 不符合: a branch nobody meets, also where 其余 is not written.
pub const REFUSED: Condition = Condition::Any(Vec::new());

/// The verdict of a table of conditions from its rows' reach and verdicts; 其余 is the last of `branches`.
pub(crate) fn verdict(reach: &Reach, branches: &[Verdict]) -> Verdict {
    let reached = || reach.rows.iter().chain([&reach.otherwise]).copied().zip(branches.iter().copied());
    let certain = all(reached().map(|(row, branch)| any([not(row), branch])));
    let possible = any(reached().map(|(row, branch)| all([row, branch])));
    between(certain, possible)
}

/// Met when certain, not met when not possible.
pub(crate) fn between(certain: Verdict, possible: Verdict) -> Verdict {
    match (certain, possible) {
        (Verdict::Met, _) => Verdict::Met,
        (_, Verdict::NotMet) => Verdict::NotMet,
        _ => Verdict::Unknown,
    }
}
