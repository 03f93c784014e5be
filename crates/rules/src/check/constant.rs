//! Groups and tables that always hold or never do, however their parts are nested.

use super::{Checker, exceeds};
use crate::core::Core;
use crate::lower::lower;
use crate::problem::Severity;
use crate::text::{shortened, wording};
use crate::tree::Condition;

/// Larger groups are not looked through; the longest real condition has about sixty parts.
const MOST_NODES: usize = 300;

impl Checker<'_> {
    /// Warns of the innermost groups whose answer no fact can change. Only asked of conditions without errors: what is
    /// wrong otherwise is told first.
    pub(super) fn constants(&mut self, condition: &Condition) {
        let is_wrong = self.problems.iter().any(|problem| problem.severity == Severity::Error);
        if !is_wrong && !exceeds(condition, MOST_NODES) {
            self.is_constant(condition, "");
        }
    }

    /// Whether this group or one within it has been told of.
    fn is_constant(&mut self, condition: &Condition, path: &str) -> bool {
        let is_written_so = matches!(condition, Condition::All(none) | Condition::Any(none) if none.is_empty());
        if !condition.is_group() || is_written_so {
            return false;
        }
        let mut told = false;
        for (at, child) in condition.parts(path) {
            told |= self.is_constant(child, &at);
        }
        if told {
            return true;
        }
        let (words, remedy) = match lower(condition, self.reference) {
            Core::Constant(true) => ("永远成立", "核对数值,或删去这一项"),
            Core::Constant(false) => ("永远不成立", "核对数值,或把「且」改为「或」"),
            core if only_applies(&core) => ("只要有数据就成立", "核对数值,或删去这一项"),
            _ => return false,
        };
        let text = shortened(&wording(condition, self.reference).replace('\n', " "));
        self.warning(path, format!("「{text}」{words}"), remedy);
        true
    }
}

/// Whether nothing is asked of a figure but that there is one.
fn only_applies(core: &Core) -> bool {
    match core {
        Core::Applies { negated: false, .. } => true,
        Core::All(members) => members.iter().all(only_applies),
        Core::Sides { certain, .. } => only_applies(certain),
        _ => false,
    }
}
