//! Open parts that decide nothing: several leaves ask the same question, and every answer to it leads to one verdict.

use super::{Explainer, Judged};
use crate::core::{self, Core};
use crate::lower::{lower, lower_plainly, narrowed};
use crate::tree::Condition;
use crate::verdict::Verdict;

/// The lowered condition, where bringing its leaves together has changed it.
pub(super) fn entangled(condition: &Condition, explainer: &Explainer<'_>) -> Option<Core> {
    let reference = explainer.facts.reference();
    let plain = lower_plainly(condition, reference);
    let core = narrowed(plain.clone(), reference);
    (core != plain).then_some(core)
}

impl Explainer<'_> {
    /// Gives an open group the verdict of its lowered form and says why nothing is asked any more.
    pub(super) fn settle(&self, condition: &Condition, judged: Judged) -> Judged {
        if judged.node.verdict != Verdict::Unknown || !condition.is_group() {
            return judged;
        }
        let verdict = core::judge(&lower(condition, self.facts.reference()), &self.facts);
        if verdict == Verdict::Unknown { judged } else { self.regardless(verdict, judged) }
    }

    pub(super) fn regardless(&self, verdict: Verdict, mut judged: Judged) -> Judged {
        let needs = judged.wish.take().map(|wish| wish.all_facts()).unwrap_or_default();
        let mut names: Vec<String> = needs.into_iter().map(|need| self.missing(need).words()).collect();
        names.dedup();
        let unknown = if names.is_empty() { "这些情况".to_owned() } else { names.join("、") };
        let verdict_words = if verdict == Verdict::Met { "都满足" } else { "都不满足" };
        judged.node.regardless = Some(format!("不论{unknown}如何,这里{verdict_words}"));
        judged.node.verdict = verdict;
        judged.node.cause = None;
        judged
    }
}
