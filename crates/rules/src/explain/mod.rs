//! The surface evaluator: the verdict with every reason. All other readers must agree with it.

mod deciding;
mod derived;

use std::collections::BTreeMap;

use self::deciding::Wish;
pub(crate) use self::derived::derive;
use crate::context::Context;
use crate::evaluate::facts::Facts;
use crate::evaluate::finding::Finding;
use crate::evaluate::reading::Need;
use crate::plain::plain;
use crate::profile::Profile;
use crate::text::print;
use crate::tree::logic::{all, any, at_least, none};
use crate::tree::wording::attested;
use crate::tree::{Condition, child_path};
use crate::verdict::{Explanation, Group, MissingFact, Node, UnknownCause, Verdict};

/// Judges a condition and says why: each leaf with actual value, period, source, threshold, gap and sentence.
///
/// `sentences` maps the printed text of a leaf to the sentence of the notice it was written from.
pub fn explain(
    condition: &Condition,
    profile: &Profile,
    context: &Context<'_>,
    sentences: &BTreeMap<String, String>,
) -> Explanation {
    let explainer = Explainer { facts: Facts::new(profile, context), sentences };
    let judged = explainer.judge(condition, String::new(), true);
    let needs = judged.wish.map(|wish| deciding::smallest(&wish, |need| explainer.order(need))).unwrap_or_default();
    Explanation {
        verdict: judged.node.verdict,
        root: judged.node,
        deciding: needs.into_iter().map(|need| explainer.missing(need)).collect(),
        marks: marks(condition),
    }
}

struct Explainer<'a> {
    facts: Facts<'a>,
    sentences: &'a BTreeMap<String, String>,
}

struct Judged {
    node: Node,
    /// What would settle the node, while it is open: as met, or under a 没有 as not met.
    wish: Option<Wish>,
}

impl Explainer<'_> {
    /// `wanted` is false inside an odd number of 没有.
    fn judge(&self, condition: &Condition, path: String, wanted: bool) -> Judged {
        if !condition.is_group() {
            return self.judge_leaf(condition, path, wanted);
        }
        let wanted_inside = wanted != matches!(condition, Condition::None(_));
        let children: Vec<(bool, Judged)> = condition
            .children()
            .iter()
            .enumerate()
            .map(|(index, child)| {
                let counts = !matches!(child, Condition::Mark(_));
                (counts, self.judge(child, child_path(&path, index), wanted_inside))
            })
            .collect();
        let verdicts: Vec<Verdict> =
            children.iter().filter(|(counts, _)| *counts).map(|(_, child)| child.node.verdict).collect();
        let (group, text, verdict) = grouped(condition, &verdicts);
        let (nodes, wishes): (Vec<Node>, Vec<Option<Wish>>) =
            children.into_iter().map(|(_, child)| (child.node, child.wish)).unzip();
        let open = (verdict == Verdict::Unknown).then(|| wishes.into_iter().flatten().collect());
        let wish = open.map(|wishes| Wish::of_group(condition, &verdicts, wishes, wanted));
        let said = plain(condition, self.facts.reference());
        let node = Node { group, children: nodes, ..leaf_node(path, (text, said), Finding::plain(verdict)) };
        Judged { node, wish }
    }

    fn judge_leaf(&self, leaf: &Condition, path: String, wanted: bool) -> Judged {
        let mut finding = find(leaf, &self.facts);
        if let Some(UnknownCause::PeriodNotClosed { with_last_closed }) = &mut finding.cause {
            let before = find(leaf, &Facts { moved_back: 1, ..self.facts }).verdict;
            *with_last_closed = (before != Verdict::Unknown).then_some(before);
        }
        if !wanted {
            // What a forbidden thing lacks is no gap of the enterprise.
            finding.gap = None;
        }
        let text = print(leaf, self.facts.reference());
        let sentence = self.sentences.get(&text).cloned();
        let wish = (finding.verdict == Verdict::Unknown).then(|| Wish::of_leaf(std::mem::take(&mut finding.needs)));
        let said = plain(leaf, self.facts.reference());
        Judged { node: Node { sentence, ..leaf_node(path, (text, said), finding) }, wish }
    }

    /// Facts that are easy to ask for come first among sets of equal size.
    fn order(&self, need: &Need) -> (u8, Need) {
        let ask = self.facts.fact(&need.fact).and_then(|fact| fact.ask);
        (ask.unwrap_or(u8::MAX), need.clone())
    }

    fn missing(&self, need: Need) -> MissingFact {
        let fact = self.facts.fact(&need.fact);
        MissingFact {
            name: fact.map_or_else(|| need.fact.to_string(), |fact| fact.name.clone()),
            question: fact.map(|fact| fact.question.clone()).unwrap_or_default(),
            fact: need.fact,
            period: need.period,
        }
    }
}

/// Judges one leaf.
fn find(leaf: &Condition, facts: &Facts<'_>) -> Finding {
    match leaf {
        Condition::Compare(comparison) => comparison.find(facts),
        Condition::Each(each) => each.find(facts),
        Condition::Age(age) => age.find(facts),
        Condition::Membership(membership) => membership.find(facts),
        Condition::Contains(contains) => contains.find(facts),
        Condition::Place(place) => place.find(facts),
        Condition::Residence(residence) => residence.find(facts),
        Condition::Records(records) => records.find(facts),
        Condition::Attestation(sentence) => attested(sentence, facts),
        Condition::Manual(_) | Condition::Unconfirmed(_) => Finding::open(UnknownCause::Manual, Vec::new()),
        // Marks are taken out of their group before it is judged; alone, one asks nothing.
        Condition::Mark(_) | Condition::All(_) | Condition::Any(_) | Condition::None(_) | Condition::AtLeast { .. } => {
            Finding::plain(Verdict::Met)
        }
    }
}

fn grouped(condition: &Condition, verdicts: &[Verdict]) -> (Option<Group>, String, Verdict) {
    let verdicts = verdicts.iter().copied();
    match condition {
        Condition::Any(_) => (Some(Group::Any), "满足其中一项".into(), any(verdicts)),
        Condition::None(_) => (Some(Group::None), "以下情形一项都没有".into(), none(verdicts)),
        Condition::AtLeast { k, .. } => (Some(Group::AtLeast(*k)), format!("至少满足 {k} 项"), at_least(*k, verdicts)),
        _ => (Some(Group::All), "以下都要满足".into(), all(verdicts)),
    }
}

fn leaf_node(path: String, (text, plain): (String, String), finding: Finding) -> Node {
    Node {
        path,
        text,
        plain,
        verdict: finding.verdict,
        group: None,
        actual: finding.actual,
        threshold: finding.threshold,
        gap: finding.gap,
        cause: finding.cause,
        sentence: None,
        children: Vec::new(),
    }
}

fn marks(condition: &Condition) -> Vec<String> {
    let leaves = condition.leaves();
    leaves
        .into_iter()
        .filter_map(|(_, leaf)| match leaf {
            Condition::Mark(mark) => Some(mark.words()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod soundness;
#[cfg(test)]
mod tests;
