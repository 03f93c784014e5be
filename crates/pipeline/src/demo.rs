//! What the demo adds to the library: calls that are open on its day. Real windows have mostly passed,
//! so these are made up, marked `Synthetic`, and shown as such wherever they appear.

use std::collections::BTreeMap;

use census::Library;
use chrono::{Datelike, Days, NaiveDate};
use domain::matching::{Entry, Matcher};
use domain::{Call, CallId, CallOrigin, CallStatus, Coverage, Mode, PolicyStatus, Scope, Window};
use storage::Actor;

use crate::context::Context;
use crate::error::Error;

/// Days until a made-up call closes: some urgent, some with time, some without hurry.
const CLOSES_IN: [u64; 6] = [2, 9, 13, 20, 34, 48];
/// Days since it opened.
const OPENED_AGO: u64 = 7;

/// Stores a synthetic call for every item that has a condition, takes applications and is neither open nor out of
/// force on `day`. Says how many; a second run on the same day adds none.
pub async fn open_calls(cx: &Context, day: NaiveDate) -> Result<usize, Error> {
    let library = Library::load(&cx.store, &cx.reference).await?;
    let calls = synthetic_calls(&library.matcher, day);
    let count = calls.len();
    let mut tx = cx.store.begin().await?;
    for call in calls {
        tx.save_call(&Scope::System, call, &Actor::new("demo"), cx.now()).await?;
    }
    tx.commit().await?;
    Ok(count)
}

fn synthetic_calls(matcher: &Matcher, day: NaiveDate) -> Vec<Call> {
    matcher
        .entries()
        .iter()
        .filter(|entry| needs_call(entry, day))
        .enumerate()
        .map(|(place, entry)| synthetic_call(entry, CLOSES_IN[place % CLOSES_IN.len()], day))
        .collect()
}

fn needs_call(entry: &Entry, day: NaiveDate) -> bool {
    let window = entry.window(day);
    entry.item.status == PolicyStatus::Published
        && entry.item.revision.coverage != Coverage::None
        && entry.item.revision.mode != Mode::Automatic
        && !window.is_live()
        && window != Window::Ended
}

fn synthetic_call(entry: &Entry, closes_in: u64, day: NaiveDate) -> Call {
    let batch = format!("演示{}-{:02}{:02}", day.year(), day.month(), day.day());
    Call {
        id: CallId::of(&format!("{}/{batch}", entry.item.code)),
        item: entry.item.id,
        batch,
        origin: CallOrigin::Synthetic,
        status: CallStatus::Published,
        opens_on: Some(day - Days::new(OPENED_AGO)),
        closes_on: Some(day + Days::new(closes_in)),
        as_of: None,
        parameters: BTreeMap::new(),
        quota: None,
        contact: Some("演示数据:窗口为合成,非真实申报通知".to_owned()),
        source_url: None,
        revision_number: 1,
    }
}

#[cfg(test)]
mod tests {
    use domain::{Item, ItemId, Policy, PolicyId};
    use rules::Reference;

    use super::*;
    use crate::ingest::{Seeds, embedded, load_seeds};

    fn matcher(seeds: &Seeds, more: Vec<Call>) -> Matcher {
        let policy = |seed: &crate::ingest::PolicySeed| Policy {
            id: PolicyId::of(&seed.code),
            code: seed.code.clone(),
            bureau: seed.bureau,
            status: seed.status,
            revision_number: 1,
            revision: seed.revision.clone(),
        };
        let items = seeds.policies.iter().flat_map(|policy| {
            policy.items.iter().map(|item| Item {
                id: ItemId::of(&item.code),
                code: item.code.clone(),
                policy: PolicyId::of(&policy.code),
                bureau: item.bureau,
                implements: item.implements,
                status: item.status,
                revision_number: 1,
                revision: item.revision.clone(),
            })
        });
        let real = seeds.items().flat_map(|item| item.calls.clone());
        let policies = seeds.policies.iter().map(policy).collect();
        Matcher::new(policies, items.collect(), real.chain(more).collect(), Reference::builtin()).0
    }

    #[test]
    fn what_all_items_are_asked_together_is_what_each_is_told_alone() {
        let reference = Reference::builtin();
        let seeds = load_seeds(embedded().iter().copied(), reference).unwrap_or_default();
        let matcher = matcher(&seeds, Vec::new());
        let day = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap_or_default();
        for firm in domain::synthetic::enterprises(7, 60, day) {
            let together = matcher.verdicts(&firm, reference, day);
            assert!(together.iter().flatten().count() >= 60);
            for (entry, verdict) in matcher.entries().iter().zip(together) {
                assert_eq!(verdict, entry.explain(&firm, reference, day).verdict, "{} {}", entry.item.code, firm.uscc);
            }
        }
    }

    /// From the first day of a year to the last, month by month, for as long as an installation may stand untouched.
    #[test]
    fn on_any_day_at_least_25_items_of_the_demo_can_be_acted_on_and_what_is_made_up_says_so() {
        let seeds = load_seeds(embedded().iter().copied(), Reference::builtin()).unwrap_or_default();
        let plain = matcher(&seeds, Vec::new());
        let months = (2026..=2030).flat_map(|year| (1..=12).map(move |month| (year, month)));
        let days = months.flat_map(|(year, month)| [1, 15, 28].map(|day| NaiveDate::from_ymd_opt(year, month, day)));
        for day in days.flatten() {
            let calls = synthetic_calls(&plain, day);
            assert!(calls.iter().all(|call| call.origin == CallOrigin::Synthetic && call.batch.starts_with("演示")));
            let with_demo = matcher(&seeds, calls);
            let has_condition = |entry: &&Entry| entry.item.revision.coverage != Coverage::None;
            let open = with_demo.entries().iter().filter(has_condition).filter(|entry| entry.window(day).is_open());
            let count = open.count();
            assert!(count >= 25, "{day}: {count}");
        }
    }
}
