//! Matches as a person reads them: grouped by standing, each with what decided it and what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::NaiveDate;
use domain::Standing;
use domain::matching::Match;
use domain::relations::TellRelations;
use rules::{AmountEstimate, Group, MissingFact, Node, Profile, Reference, Verdict};

use crate::views::{Branch, Link, MatchGroup, MatchLine, RelationLine, TotalCard};
use crate::words::{self, Badge};

/// Conditions named under a heading; the tree below has all of them.
const MOST_WHY: usize = 4;

/// The groups that have items, best standing first.
pub(crate) fn groups(matches: &[Match<'_>], day: NaiveDate) -> Vec<MatchGroup> {
    let relations = TellRelations::new(matches, day);
    let group = |standing: Standing| MatchGroup {
        id: id(standing),
        title: title(standing),
        lead: words::standing_lead(standing),
        tone: words::standing_tone(standing),
        folded: matches!(standing, Standing::NotMet | Standing::NotOpen),
        lines: matches.iter().filter(|one| one.standing == standing).map(|one| line(one, &relations, day)).collect(),
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

fn line(one: &Match<'_>, relations: &TellRelations<'_>, day: NaiveDate) -> MatchLine {
    let item = &one.entry.item;
    let mut badges = vec![
        Badge::new(words::standing_words(one.standing, item), words::standing_tone(one.standing)),
        words::window_badge(&one.window, day),
        words::level_badge(item.revision.level),
    ];
    badges.extend(words::synthetic_badge(one.entry, day));
    MatchLine {
        item: Link::new(item.revision.name.clone(), format!("/items/{}", item.code)),
        badges,
        amount: item.revision.amount_text.clone(),
        expected: one.amount.as_ref().map(|amount| expected(one, amount, day)),
        reckoning: one.amount.as_ref().map(|amount| amount.reckoning.clone()),
        relations: relations.of(&item.code).iter().map(RelationLine::new).collect(),
        why: why(one),
        missing: missing(one),
        tree: one.explanation.iter().map(|explanation| Branch::judged(&explanation.root)).collect(),
    }
}

/// What the enterprise itself can expect; nothing is promised of what is chosen among many.
fn expected(one: &Match<'_>, amount: &AmountEstimate, day: NaiveDate) -> String {
    let display = &amount.display;
    if one.entry.is_selective(day) {
        format!("入选的话 {display}（择优，不保证拿到）")
    } else {
        format!("预计 {display}")
    }
}

/// The sum of it all.
pub(crate) fn total(
    matches: &[Match<'_>],
    profile: &Profile,
    reference: &Reference,
    day: NaiveDate,
) -> Option<TotalCard> {
    let total = domain::total::total(matches, profile, reference, day)?;
    Some(TotalCard { sum: total.display, words: total.words })
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
    if node.group.is_none_or(|group| !group.combines()) {
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
    let mut words = node.plain.clone();
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
    let facts: Vec<&MissingFact> = explanation.iter().flat_map(|explanation| &explanation.deciding).collect();
    let mut names: Vec<&str> = Vec::new();
    for fact in &facts {
        if !names.contains(&fact.name.as_str()) {
            names.push(&fact.name);
        }
    }
    names.into_iter().map(|name| with_periods(name, facts.iter().filter(|fact| fact.name == name))).collect()
}

/// `研发费用（2023年、2024年）`
fn with_periods<'a>(name: &str, facts: impl Iterator<Item = &'a &'a MissingFact>) -> String {
    let periods: Vec<&str> = facts.filter_map(|fact| fact.period.as_deref()).collect();
    if periods.is_empty() { name.to_owned() } else { format!("{name}（{}）", periods.join("、")) }
}

/// A missing fact and how many items it is part of the answer to.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) fact: MissingFact,
    pub(crate) items: usize,
}

/// The missing facts of all undecided items, most useful first. A record list is asked for once, whatever
/// window each condition looks at.
pub(crate) fn wanted(matches: &[Match<'_>], reference: &Reference) -> Vec<Wanted> {
    let mut items: BTreeMap<MissingFact, BTreeSet<&str>> = BTreeMap::new();
    for one in matches.iter().filter(|one| one.standing == Standing::MissingInformation) {
        for fact in one.explanation.iter().flat_map(|explanation| &explanation.deciding) {
            let mut fact = fact.clone();
            if reference.catalogue.fact(&fact.fact).is_some_and(|fact| fact.list().is_some()) {
                fact.period = None;
            }
            items.entry(fact).or_default().insert(&one.entry.item.code);
        }
    }
    let mut wanted: Vec<Wanted> = items.into_iter().map(|(fact, items)| Wanted { fact, items: items.len() }).collect();
    wanted.sort_by(|a, b| b.items.cmp(&a.items).then_with(|| a.fact.cmp(&b.fact)));
    wanted
}
