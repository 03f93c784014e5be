//! Matches as a person reads them: grouped by standing, each with what decided it and what is missing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use domain::matching::Match;
use domain::{CallOrigin, Standing, window::governing_call};
use rules::{Group, MissingFact, Node, Verdict};

use crate::views::{Branch, Link, MatchGroup, MatchLine};
use crate::words::{self, Badge};

/// Conditions named under a heading; the tree below has all of them.
const MOST_WHY: usize = 4;

/// The groups that have items, best standing first.
pub(crate) fn groups(matches: &[Match<'_>], day: NaiveDate) -> Vec<MatchGroup> {
    let group = |standing: Standing| MatchGroup {
        id: id(standing),
        title: title(standing),
        lead: words::standing_lead(standing),
        tone: words::standing_tone(standing),
        lines: matches.iter().filter(|one| one.standing == standing).map(|one| line(one, day)).collect(),
    };
    Standing::ALL.into_iter().map(group).filter(|group| !group.lines.is_empty()).collect()
}

fn id(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "met",
        Standing::AlmostMet => "almost-met",
        Standing::Near => "near",
        Standing::MissingInformation => "missing-information",
        Standing::NotFullyRecorded => "not-fully-recorded",
        Standing::NotMet => "not-met",
        Standing::NotOpen => "not-open",
    }
}

fn title(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "符合",
        Standing::AlmostMet => "基本符合",
        Standing::Near => "差一点",
        Standing::MissingInformation => "待补信息",
        Standing::NotFullyRecorded => "请对照原文",
        Standing::NotMet => "不符合",
        Standing::NotOpen => "未开放或已截止",
    }
}

fn line(one: &Match<'_>, day: NaiveDate) -> MatchLine {
    let item = &one.entry.item;
    let mut badges = vec![
        Badge::new(words::standing_words(one.standing, item), words::standing_tone(one.standing)),
        words::window_badge(&one.window, day),
        words::level_badge(item.revision.level),
    ];
    if governing_call(&one.entry.calls, day).is_some_and(|call| call.origin == CallOrigin::Synthetic) {
        badges.push(Badge::new("演示批次", "warn"));
    }
    MatchLine {
        item: Link::new(item.revision.name.clone(), format!("/items/{}", item.code)),
        badges,
        amount: item.revision.amount_text.clone(),
        why: why(one),
        missing: missing(one),
        tree: one.explanation.iter().map(|explanation| Branch::judged(&explanation.root)).collect(),
    }
}

/// The leaves that made the verdict what it is, in words, failing ones first.
fn why(one: &Match<'_>) -> Vec<String> {
    let Some(explanation) = &one.explanation else { return Vec::new() };
    let telling = match explanation.verdict {
        Verdict::Met => Verdict::Met,
        Verdict::NotMet => Verdict::NotMet,
        // What is missing is listed by itself.
        Verdict::Unknown => return Vec::new(),
    };
    let mut leaves = Vec::new();
    collect(&explanation.root, telling, &mut leaves);
    leaves.into_iter().take(MOST_WHY).map(leaf_words).collect()
}

/// Leaves on the branches that carry `verdict`. Under 没有 the failing child is the one that holds.
fn collect<'a>(node: &'a Node, verdict: Verdict, leaves: &mut Vec<&'a Node>) {
    if node.group.is_none() {
        leaves.push(node);
        return;
    }
    let carrying = if node.group == Some(Group::None) { opposite(verdict) } else { verdict };
    node.children.iter().filter(|child| child.verdict == carrying).for_each(|child| collect(child, carrying, leaves));
}

fn opposite(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Met => Verdict::NotMet,
        Verdict::NotMet => Verdict::Met,
        Verdict::Unknown => Verdict::Unknown,
    }
}

fn leaf_words(node: &Node) -> String {
    let mut words = node.text.clone();
    if let Some(actual) = &node.actual {
        let _ = write!(words, "：{}", actual.display);
    }
    if let Some(gap) = &node.gap {
        let _ = write!(words, "，{}", gap.display);
        if let Some(day) = gap.from_date {
            let _ = write!(words, "（{} 起达到）", words::date(day));
        }
    }
    words
}

fn missing(one: &Match<'_>) -> Vec<String> {
    let asks = matches!(one.standing, Standing::MissingInformation | Standing::AlmostMet | Standing::NotFullyRecorded);
    let explanation = one.explanation.as_ref().filter(|_| asks);
    explanation.iter().flat_map(|explanation| &explanation.deciding).map(missing_words).collect()
}

pub(crate) fn missing_words(fact: &MissingFact) -> String {
    match &fact.period {
        Some(period) => format!("{period}{}", fact.name),
        None => fact.name.clone(),
    }
}

/// A missing fact and how many items it is part of the answer to.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) fact: MissingFact,
    pub(crate) items: usize,
}

/// The missing facts of all undecided items, most useful first.
pub(crate) fn wanted(matches: &[Match<'_>]) -> Vec<Wanted> {
    let mut counts: BTreeMap<MissingFact, usize> = BTreeMap::new();
    let undecided = matches.iter().filter(|one| one.standing == Standing::MissingInformation);
    for fact in undecided.filter_map(|one| one.explanation.as_ref()).flat_map(|explanation| &explanation.deciding) {
        *counts.entry(fact.clone()).or_default() += 1;
    }
    let mut wanted: Vec<Wanted> = counts.into_iter().map(|(fact, items)| Wanted { fact, items }).collect();
    wanted.sort_by(|a, b| b.items.cmp(&a.items).then_with(|| a.fact.cmp(&b.fact)));
    wanted
}
