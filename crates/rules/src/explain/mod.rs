//! The surface evaluator: the verdict with every reason. All other readers must agree with it.

mod deciding;
mod derived;
mod lowered;
mod points;
mod scores;
mod settled;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use self::deciding::Wish;
pub(crate) use self::derived::derive;
use crate::context::Context;
use crate::core;
use crate::evaluate::condition::{find, grouped};
use crate::evaluate::facts::Facts;
use crate::evaluate::finding::Finding;
use crate::evaluate::reading::Need;
use crate::plain::plain;
use crate::profile::Profile;
use crate::text::wording;
use crate::tree::Condition;
use crate::value::FactKey;
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
    explain_facts(condition, Facts::new(profile, context), sentences)
}

/// The same with 上年度, 近N年 and 当年 counted from another year than that of the as-of day, and everything else (ages,
/// validity, rolling months) as on that day: what would be said if the year had not turned.
pub fn explain_in_year(
    condition: &Condition,
    profile: &Profile,
    context: &Context<'_>,
    sentences: &BTreeMap<String, String>,
    year: i32,
) -> Explanation {
    explain_facts(condition, Facts { year, ..Facts::new(profile, context) }, sentences)
}

fn explain_facts(condition: &Condition, facts: Facts<'_>, sentences: &BTreeMap<String, String>) -> Explanation {
    let explainer = Explainer { facts, sentences, settles: false };
    let judged = explainer.judge_whole(condition);
    let needs = judged.wish.map(|wish| explainer.smallest(&wish)).unwrap_or_default();
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
    /// Whether open groups are asked again with their leaves brought together.
    settles: bool,
}

struct Judged {
    node: Node,
    /// What would settle the node, while it is open: as met, or under a 没有 as not met.
    wish: Option<Wish>,
}

impl Explainer<'_> {
    /// A condition that stays open though some of its leaves ask the same question is judged by its lowered form, group
    /// by group.
    fn judge_whole(&self, condition: &Condition) -> Judged {
        let plain = self.judge(condition, String::new(), true);
        if plain.node.verdict != Verdict::Unknown {
            return plain;
        }
        let Some(core) = settled::entangled(condition, self) else { return plain };
        let verdict = core::judge(&core, &self.facts);
        let mut judged = Self { settles: true, ..*self }.judge(condition, String::new(), true);
        if verdict == Verdict::Unknown {
            judged.node.verdict = verdict;
            let lowered = self.lowered_wish(&core);
            let asks_less = |wish: &Wish| self.questions(&lowered) < self.questions(wish);
            if lowered.is_grantable() && judged.wish.as_ref().is_none_or(asks_less) {
                judged.wish = Some(lowered);
            }
        } else if judged.node.verdict != verdict {
            judged = self.regardless(verdict, judged);
        }
        judged
    }

    /// `wanted` is false inside an odd number of 没有.
    fn judge(&self, condition: &Condition, path: String, wanted: bool) -> Judged {
        let judged = self.judge_plainly(condition, path, wanted);
        if self.settles { self.settle(condition, judged) } else { judged }
    }

    fn judge_plainly(&self, condition: &Condition, path: String, wanted: bool) -> Judged {
        match condition {
            Condition::Tier(bands) => return self.judge_tier(bands, path, wanted),
            Condition::Cases(cases) => return self.judge_cases(cases, path, wanted),
            Condition::All(none) | Condition::Any(none) if none.is_empty() => {
                let finding = Finding::plain(grouped(condition, &[]));
                return Judged { node: leaf_node(path, self.both(condition), finding), wish: None };
            }
            leaf if !leaf.is_group() => return self.judge_leaf(leaf, path, wanted),
            _ => {}
        }
        let wanted_inside = wanted != matches!(condition, Condition::None(_));
        let children: Vec<(bool, Judged)> = condition
            .parts(&path)
            .into_iter()
            .map(|(path, child)| {
                let counts = !matches!(child, Condition::Mark(_));
                (counts, self.judge(child, path, wanted_inside))
            })
            .collect();
        let verdicts: Vec<Verdict> =
            children.iter().filter(|(counts, _)| *counts).map(|(_, child)| child.node.verdict).collect();
        let (group, text) = heading(condition);
        let verdict = grouped(condition, &verdicts);
        let (nodes, wishes): (Vec<Node>, Vec<Option<Wish>>) =
            children.into_iter().map(|(_, child)| (child.node, child.wish)).unzip();
        let open = (verdict == Verdict::Unknown).then(|| wishes.into_iter().flatten().collect());
        let wish = open.map(|wishes| Wish::of_group(condition, &verdicts, wishes, wanted));
        let said = plain(condition, self.facts.reference());
        let finding = Finding::plain(verdict);
        let node = Node { group: Some(group), children: nodes, ..leaf_node(path, (text, said), finding) };
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
        let text = wording(leaf, self.facts.reference());
        let sentence = self.sentences.get(&text).cloned();
        let wish = (finding.verdict == Verdict::Unknown)
            .then(|| self.leaf_wish(leaf, std::mem::take(&mut finding.needs), wanted));
        let said = plain(leaf, self.facts.reference());
        let (group, children) = self.points(leaf, &path);
        Judged { node: Node { group, sentence, children, ..leaf_node(path, (text, said), finding) }, wish }
    }

    /// What would settle an open leaf: of a score, enough points.
    fn leaf_wish(&self, leaf: &Condition, needs: Vec<Need>, wanted: bool) -> Wish {
        let points = match leaf {
            Condition::Compare(comparison) if !comparison.scores().is_empty() => self.score_wish(comparison, wanted),
            _ => None,
        };
        points.unwrap_or_else(|| Wish::of_leaf(needs))
    }

    /// The condition in both texts.
    fn both(&self, condition: &Condition) -> (String, String) {
        (wording(condition, self.facts.reference()), plain(condition, self.facts.reference()))
    }

    fn smallest(&self, wish: &Wish) -> Vec<Need> {
        deciding::smallest(wish, |need| self.order(need), |key| self.is_list(key))
    }

    fn is_list(&self, key: &FactKey) -> bool {
        self.facts.fact(key).is_some_and(|fact| fact.list().is_some())
    }

    /// How many questions a wish comes to; a list is one.
    fn questions(&self, wish: &Wish) -> usize {
        let asked = self.smallest(wish).into_iter().map(|need| {
            let period = need.period.filter(|_| !self.is_list(&need.fact));
            (need.fact, period)
        });
        asked.collect::<BTreeSet<_>>().len()
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

fn heading(condition: &Condition) -> (Group, String) {
    match condition {
        Condition::Any(_) => (Group::Any, "满足其中一项".into()),
        Condition::None(_) => (Group::None, "以下情形一项都没有".into()),
        Condition::AtLeast { k, .. } => (Group::AtLeast(*k), format!("至少满足 {k} 项")),
        _ => (Group::All, "以下都要满足".into()),
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
        regardless: None,
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
mod absence;
#[cfg(test)]
mod minimal;
#[cfg(test)]
mod soundness;
#[cfg(test)]
mod tests;
