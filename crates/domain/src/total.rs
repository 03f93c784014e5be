//! What the items of one enterprise come to together. Competitive items stay out, and of items that exclude each other
//! the best one counts once.

mod choice;

use chrono::NaiveDate;
use rules::amount::{estimate_cap, range_text};
use rules::number::yuan;
use rules::text::parse_amount;
use rules::{Profile, Reference};
use serde::Serialize;

use crate::item::Coverage;
use crate::matching::Match;
use crate::relations::RelationKind;
use crate::standing::Standing;
use choice::{Best, Cap, Choice};

/// The sum of what one enterprise can expect, in 分; on the wire in 元.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Of the items that are 符合: at least, at most.
    #[serde(serialize_with = "yuan::serialize")]
    pub low: i64,
    #[serde(serialize_with = "yuan::some::serialize")]
    pub high: Option<i64>,
    /// `25 万元`, `20 万元 至 50 万元`
    pub display: String,
    /// At most, if everything still open is decided in favour.
    #[serde(serialize_with = "yuan::some::serialize")]
    pub possible: Option<i64>,
    /// Codes of the items the low end is made of.
    pub counted: Vec<String>,
    pub left_out: Vec<LeftOut>,
    /// All of it in one or two sentences.
    pub words: String,
}

/// An item that is 符合 and not in the sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    pub item: String,
    pub name: String,
    pub reason: Reason,
}

/// Why an item is not in the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Others it excludes pay more together.
    BetterOne,
    /// 择优、名额、优先: meeting the condition does not mean receiving it.
    Selective,
}

impl Reason {
    pub fn words(self) -> &'static str {
        match self {
            Self::BetterOne => "与已计入的事项不能重复享受",
            Self::Selective => "择优事项,不保证拿到",
        }
    }
}

const NOT_YET: &str = "暂时算不出";

/// The sum over all matches of one enterprise on `day`; `None` where no item promises an amount.
pub fn total(matches: &[Match<'_>], profile: &Profile, reference: &Reference, day: NaiveDate) -> Option<Total> {
    let named: Vec<&Match<'_>> = matches.iter().filter(|one| one.amount.is_some()).collect();
    let (selective, sound): (Vec<&Match<'_>>, Vec<&Match<'_>>) =
        named.iter().copied().partition(|one| one.entry.is_selective(day));
    if named.is_empty() {
        return None;
    }
    let met: Vec<&Match<'_>> = sound.iter().copied().filter(|one| one.standing == Standing::Met).collect();
    let best = choice(&met, matches, profile, reference, day).best();
    let possible = choice(&sound, matches, profile, reference, day).best().high;
    let counted: Vec<&Match<'_>> = best.chosen.iter().map(|index| met[*index]).collect();
    let is_counted = |one: &&Match<'_>| counted.iter().any(|other| other.entry.item.id == one.entry.item.id);
    let better =
        met.iter().filter(|one| !is_counted(one) && !pays_nothing(one)).map(|one| left_out(one, Reason::BetterOne));
    let chosen_by_others = selective.iter().filter(|one| one.standing == Standing::Met);
    let left_out: Vec<LeftOut> = better.chain(chosen_by_others.map(|one| left_out(one, Reason::Selective))).collect();
    let unpriced = matches.iter().filter(|one| is_unpriced(one)).count();
    if possible == Some(0) && left_out.is_empty() {
        return None;
    }
    // Nothing that can be reckoned is not nothing to be had.
    let display = if counted.is_empty() { NOT_YET.to_owned() } else { range_text(best.low, best.high) };
    let words = words(&best, &display, &left_out, unpriced, possible);
    let counted = counted.into_iter().map(|one| one.entry.item.code.clone()).collect();
    Some(Total { low: best.low, high: best.high, display, possible, counted, left_out, words })
}

fn left_out(one: &Match<'_>, reason: Reason) -> LeftOut {
    let item = &one.entry.item;
    LeftOut { item: item.code.clone(), name: item.revision.name.clone(), reason }
}

fn pays_nothing(one: &Match<'_>) -> bool {
    one.amount.as_ref().is_some_and(|amount| amount.high == Some(0))
}

/// Money is promised, and how much does not follow from facts.
fn is_unpriced(one: &Match<'_>) -> bool {
    use crate::item::Support;
    let revision = &one.entry.item.revision;
    let is_money = matches!(revision.support, Support::Grant | Support::Relief);
    one.standing == Standing::Met && one.amount.is_none() && is_money && revision.coverage == Coverage::Full
}

/// The payments of some items with everything that the library records between them.
fn choice(
    items: &[&Match<'_>],
    library: &[Match<'_>],
    profile: &Profile,
    reference: &Reference,
    day: NaiveDate,
) -> Choice {
    let ends = |one: &&Match<'_>| one.amount.as_ref().map_or((0, Some(0)), |amount| (amount.low, amount.high));
    let mut choice = Choice { pays: items.iter().map(ends).collect(), ..Choice::default() };
    for (one, relation) in
        library.iter().flat_map(|one| one.entry.item.revision.relations.iter().map(move |of| (one, of)))
    {
        if !relation.kind.is_mutual() {
            continue;
        }
        let place = |code: &&str| items.iter().position(|other| other.entry.item.code == *code);
        let mut members: Vec<usize> = relation.group(&one.entry.item.code).iter().filter_map(place).collect();
        members.sort_unstable();
        let pairs = members.iter().enumerate().flat_map(|(at, two)| members[..at].iter().map(|one| (*one, *two)));
        match (relation.kind, &relation.cap) {
            (RelationKind::BestOf, _) => choice.never.extend(pairs),
            // A cap that no longer reads leaves open how much is paid at all.
            (RelationKind::Cap, cap) if !choice.caps.iter().any(|known| known.members == members) => {
                let cap = cap.as_deref().and_then(|text| parse_amount(text, reference).ok());
                let most = cap.map(|cap| one.entry.in_context(reference, day, |cx| estimate_cap(&cap, profile, cx)));
                choice.caps.push(Cap { members, most: most.unwrap_or((0, None)) });
            }
            (RelationKind::Cap, _) => {}
            _ => choice.perhaps_not.extend(pairs),
        }
    }
    choice
}

fn words(best: &Best, display: &str, left_out: &[LeftOut], unpriced: usize, possible: Option<i64>) -> String {
    let mut parts = vec![match (best.chosen.len(), best.low, best.high) {
        (0, ..) => "现在符合的事项里还没有能算出金额的。".to_owned(),
        (count, 0, None) => format!("现在符合的 {count} 项,金额要补充信息后才能算。"),
        (count, ..) => format!("现在符合、算得出金额的 {count} 项,预计合计 {display}。"),
    }];
    for reason in [Reason::BetterOne, Reason::Selective] {
        let names = left_out.iter().filter(|one| one.reason == reason).map(|one| format!("《{}》", one.name));
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            parts.push(format!("没有计入{}:{}。", names.concat(), reason.words()));
        }
    }
    if unpriced > 0 {
        parts.push(format!("另有 {unpriced} 项符合,金额要以官方核定为准,没有计入。"));
    }
    match (best.high, possible) {
        (Some(high), Some(possible)) if possible > high => {
            parts.push(format!("把待补的信息补齐,合计最高可到 {}。", range_text(possible, Some(possible))));
        }
        (Some(_), None) => parts.push("把待补的信息补齐,还可能更多。".to_owned()),
        _ => {}
    }
    parts.concat()
}

#[cfg(test)]
mod tests;
