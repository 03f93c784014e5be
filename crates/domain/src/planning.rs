//! What one subscription is told in one slot. Pure: matches, ledger and slot in; lines out.
//!
//! The digest is *matched and not yet told*, never *changed since last week*: a slot that was
//! missed, ran late or ran twice changes when a line is told, not whether.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::contact::{Frequency, Subscription};
use crate::id::ItemId;
use crate::ledger::{LedgerKey, Reason, Told};
use crate::push::RunKind;
use crate::standing::Standing;
use crate::window::Window;

/// What planning needs to know of one item for one enterprise.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub item: ItemId,
    pub item_revision: i64,
    pub policy_revision: i64,
    /// The upper item this one carries out locally.
    pub implements: Option<ItemId>,
    pub standing: Standing,
    pub window: Window,
    /// Whether one of the enterprise's places lies in the item's area.
    pub in_area: bool,
    /// It was recommended under an older revision whose condition still says so for the facts of today:
    /// then the rule changed, not the enterprise.
    pub rule_changed: bool,
    /// Only the turn of the year makes the standing what it is ([`crate::turn`]): no reason to write.
    pub turned: bool,
}

/// One scheduled moment, and what comes after it.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub kind: RunKind,
    /// The day of the slot in the city's zone.
    pub day: NaiveDate,
    /// First day that is too late for this subscription's next regular message to help:
    /// its next slot plus three working days. A call that closes before it is urgent.
    pub urgent_before: NaiveDate,
}

/// One line of a message and every ledger key it settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub item: ItemId,
    pub reason: Reason,
    pub keys: Vec<LedgerKey>,
    pub closes_on: Option<NaiveDate>,
}

/// Whether a run of this kind serves this subscription at all.
pub fn serves(kind: RunKind, subscription: &Subscription) -> bool {
    match kind {
        RunKind::Weekly => subscription.frequency == Frequency::Weekly,
        RunKind::Daily => subscription.frequency == Frequency::Daily,
        RunKind::Monthly => subscription.frequency == Frequency::Monthly,
        RunKind::Express => subscription.express || subscription.frequency == Frequency::Immediate,
    }
}

/// Everything this subscription should hear now, most pressing first. Nothing in it was told before.
pub fn plan(subscription: &Subscription, candidates: &[Candidate], told: &Told, slot: &Slot) -> Vec<Line> {
    let lines = candidates.iter().filter_map(|candidate| line(subscription, candidate, told, slot.day)).collect();
    let mut lines = fold_upper_items(lines, candidates);
    if slot.kind == RunKind::Express && subscription.frequency != Frequency::Immediate {
        lines.retain(|line| is_urgent(line, slot));
    }
    lines.sort_by_key(|line| {
        (line.reason > Reason::Repealed, line.closes_on.is_none(), line.closes_on, line.reason, line.item)
    });
    lines
}

fn is_urgent(line: &Line, slot: &Slot) -> bool {
    line.reason == Reason::Corrected || line.closes_on.is_some_and(|closes| closes < slot.urgent_before)
}

fn line(subscription: &Subscription, candidate: &Candidate, told: &Told, day: NaiveDate) -> Option<Line> {
    let reason = reason(candidate, told, day)?;
    let key = |reason, occasion| LedgerKey {
        subscription: subscription.id,
        enterprise: subscription.enterprise,
        item: Some(candidate.item),
        reason,
        occasion,
    };
    let mut keys = vec![key(reason, occasion(reason, candidate)?)];
    // What this line says in passing must not come again as news: its open window and its nearness.
    if !matches!(reason, Reason::Corrected | Reason::Repealed) {
        keys.extend(
            marks(candidate, day)
                .filter(|mark| *mark != reason)
                .filter_map(|mark| Some(key(mark, occasion(mark, candidate)?)))
                .filter(|key| !told.contains(candidate.item, key.reason, &key.occasion)),
        );
    }
    Some(Line { item: candidate.item, reason, keys, closes_on: candidate.window.closes_on() })
}

fn reason(candidate: &Candidate, told: &Told, day: NaiveDate) -> Option<Reason> {
    let fresh =
        |reason| occasion(reason, candidate).filter(|at| !told.contains(candidate.item, reason, at)).map(|_| reason);
    let recommended = told.recommended(candidate.item);
    if candidate.window == Window::Ended {
        return recommended.and_then(|_| fresh(Reason::Repealed));
    }
    match recommended {
        Some(_) if candidate.turned && !candidate.standing.is_match() => None,
        None if candidate.turned => None,
        Some(revision) if !candidate.standing.is_match() => {
            (candidate.rule_changed && revision < candidate.item_revision).then(|| fresh(Reason::Corrected))?
        }
        Some(_) => marks(candidate, day).find_map(fresh),
        None if candidate.standing.is_match() && candidate.window.is_live() => fresh(Reason::NewlyMatched),
        None if candidate.standing == Standing::NotFullyRecorded && candidate.in_area => fresh(Reason::Published),
        None => None,
    }
}

/// The time marks that hold on `day`, most pressing first.
fn marks(candidate: &Candidate, day: NaiveDate) -> impl Iterator<Item = Reason> {
    let left = |days| candidate.window.closes_on().is_some_and(|closes| closes <= day + Days::new(days));
    let opened = matches!(candidate.window, Window::Open { .. });
    [
        left(3).then_some(Reason::ClosesIn3Days),
        left(14).then_some(Reason::ClosesIn14Days),
        opened.then_some(Reason::WindowOpens),
    ]
    .into_iter()
    .flatten()
}

/// What makes a line of this reason one of a kind; `None` where the reason cannot apply.
fn occasion(reason: Reason, candidate: &Candidate) -> Option<String> {
    match reason {
        Reason::NewlyMatched | Reason::Corrected => Some(candidate.item_revision.to_string()),
        Reason::Repealed => Some(candidate.policy_revision.to_string()),
        Reason::WindowOpens | Reason::ClosesIn14Days | Reason::ClosesIn3Days | Reason::Published => {
            match &candidate.window {
                Window::Open { batch, .. } | Window::Upcoming { batch, .. } => Some(batch.clone()),
                _ => None,
            }
        }
    }
}

/// The same benefit at two levels is one line: the upper item rides on the local one that carries it out.
fn fold_upper_items(lines: Vec<Line>, candidates: &[Candidate]) -> Vec<Line> {
    let uppers: BTreeMap<ItemId, ItemId> =
        candidates.iter().filter_map(|candidate| Some((candidate.item, candidate.implements?))).collect();
    let mut by_item: BTreeMap<ItemId, Line> = lines.into_iter().map(|line| (line.item, line)).collect();
    for (local, upper) in uppers {
        let same_reason = by_item.get(&local).map(|line| line.reason) == by_item.get(&upper).map(|line| line.reason);
        if !same_reason || local == upper {
            continue;
        }
        if let Some(folded) = by_item.remove(&upper)
            && let Some(line) = by_item.get_mut(&local)
        {
            line.keys.extend(folded.keys);
        }
    }
    by_item.into_values().collect()
}

#[cfg(test)]
mod tests;
