use super::*;
use crate::contact::Topic;
use crate::enterprise::EnterpriseOrdinal;
use crate::id::{ContactId, SubscriptionId};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn subscription(frequency: Frequency) -> Subscription {
    Subscription {
        id: SubscriptionId::of("s"),
        contact: ContactId::of("c"),
        enterprise: Some(EnterpriseOrdinal(1)),
        topic: Topic::Matches,
        frequency,
        express: true,
        channels: Vec::new(),
        paused_until: None,
        ended_at: None,
        token: "t".into(),
    }
}

fn open_until(closes: &str) -> Window {
    Window::Open { batch: "2026-1".into(), closes_on: Some(day(closes)) }
}

fn candidate(code: &str, standing: Standing, window: Window) -> Candidate {
    Candidate {
        item: ItemId::of(code),
        item_revision: 1,
        policy_revision: 1,
        implements: None,
        standing,
        window,
        in_area: true,
        rule_changed: false,
        turned: false,
    }
}

fn slot(kind: RunKind, today: &str) -> Slot {
    Slot { kind, day: day(today), urgent_before: day(today) + Days::new(10) }
}

/// Plans, then remembers every key as told, as a delivered message would.
fn tell(ledger: &mut Vec<LedgerKey>, candidates: &[Candidate], today: &str) -> Vec<Reason> {
    let told = ledger.iter().cloned().collect();
    let lines = plan(&subscription(Frequency::Weekly), candidates, &told, &slot(RunKind::Weekly, today));
    ledger.extend(lines.iter().flat_map(|line| line.keys.clone()));
    lines.iter().map(|line| line.reason).collect()
}

#[test]
fn a_match_is_told_once_then_at_fourteen_and_at_three_days() {
    let mut ledger = Vec::new();
    let item = [candidate("a", Standing::Met, open_until("2026-12-31"))];
    assert_eq!(tell(&mut ledger, &item, "2026-11-23"), [Reason::NewlyMatched]);
    assert_eq!(tell(&mut ledger, &item, "2026-12-16"), [], "15 days left");
    assert_eq!(tell(&mut ledger, &item, "2026-12-17"), [Reason::ClosesIn14Days], "14 days left");
    assert_eq!(tell(&mut ledger, &item, "2026-12-27"), [], "4 days left");
    assert_eq!(tell(&mut ledger, &item, "2026-12-28"), [Reason::ClosesIn3Days], "3 days left");
    assert_eq!(tell(&mut ledger, &item, "2026-12-29"), []);
}

#[test]
fn a_match_found_late_settles_its_marks_and_is_not_repeated_as_a_reminder() {
    let mut ledger = Vec::new();
    let item = [candidate("a", Standing::AlmostMet, open_until("2026-11-25"))];
    assert_eq!(tell(&mut ledger, &item, "2026-11-23"), [Reason::NewlyMatched]);
    assert_eq!(tell(&mut ledger, &item, "2026-11-24"), []);
}

#[test]
fn a_new_call_of_a_known_match_is_told_as_a_window_not_as_new() {
    let mut ledger = Vec::new();
    tell(&mut ledger, &[candidate("a", Standing::Met, Window::Rolling)], "2026-11-23");
    let next_call = [candidate("a", Standing::Met, open_until("2027-03-31"))];
    assert_eq!(tell(&mut ledger, &next_call, "2027-03-01"), [Reason::WindowOpens]);
}

#[test]
fn a_revised_item_that_still_fits_is_not_new() {
    let mut ledger = Vec::new();
    let mut item = candidate("a", Standing::Met, Window::Rolling);
    tell(&mut ledger, std::slice::from_ref(&item), "2026-11-23");
    item.item_revision = 2;
    assert_eq!(tell(&mut ledger, &[item], "2026-11-30"), []);
}

#[test]
fn a_wrong_rule_is_corrected_once_and_only_to_those_who_were_told() {
    let mut told = Vec::new();
    let mut item = candidate("a", Standing::Met, Window::Rolling);
    tell(&mut told, std::slice::from_ref(&item), "2026-11-23");
    item.item_revision = 2;
    item.standing = Standing::NotMet;
    item.rule_changed = true;
    assert_eq!(tell(&mut Vec::new(), std::slice::from_ref(&item), "2026-11-30"), [], "never told, nothing to correct");
    assert_eq!(tell(&mut told, std::slice::from_ref(&item), "2026-11-30"), [Reason::Corrected]);
    assert_eq!(tell(&mut told, std::slice::from_ref(&item), "2026-12-07"), []);
    item.item_revision = 3;
    item.standing = Standing::Met;
    assert_eq!(tell(&mut told, &[item], "2026-12-14"), [Reason::NewlyMatched], "taken back, so it is news again");
}

#[test]
fn a_firm_that_changed_itself_is_not_told_of_a_correction() {
    let mut ledger = Vec::new();
    let mut item = candidate("a", Standing::Met, Window::Rolling);
    tell(&mut ledger, std::slice::from_ref(&item), "2026-11-23");
    item.item_revision = 2;
    item.standing = Standing::NotMet;
    assert_eq!(tell(&mut ledger, &[item], "2026-11-30"), []);
}

#[test]
fn a_repealed_policy_is_told_to_those_it_was_recommended_to_and_never_as_new() {
    let mut ledger = Vec::new();
    let ended = candidate("a", Standing::NotOpen, Window::Ended);
    assert_eq!(tell(&mut ledger, std::slice::from_ref(&ended), "2026-11-23"), []);
    tell(&mut ledger, &[candidate("a", Standing::Met, Window::Rolling)], "2026-11-23");
    assert_eq!(tell(&mut ledger, std::slice::from_ref(&ended), "2026-11-30"), [Reason::Repealed]);
    assert_eq!(tell(&mut ledger, &[ended], "2026-12-07"), []);
}

#[test]
fn a_notice_without_a_condition_reaches_the_firms_of_its_area_once() {
    let mut ledger = Vec::new();
    let notice = candidate("a", Standing::NotFullyRecorded, open_until("2026-12-31"));
    let elsewhere = Candidate { in_area: false, ..notice.clone() };
    let without_call = candidate("b", Standing::NotFullyRecorded, Window::Rolling);
    assert_eq!(tell(&mut ledger, &[elsewhere, without_call], "2026-11-23"), []);
    assert_eq!(tell(&mut ledger, std::slice::from_ref(&notice), "2026-11-23"), [Reason::Published]);
    assert_eq!(tell(&mut ledger, &[notice], "2026-11-30"), []);
}

#[test]
fn an_express_run_carries_only_what_cannot_wait_for_a_weekly_reader() {
    let candidates = [
        candidate("soon", Standing::Met, open_until("2026-12-02")),
        candidate("at-the-line", Standing::Met, open_until("2026-12-03")),
        candidate("rolling", Standing::Met, Window::Rolling),
    ];
    let express = Slot { urgent_before: day("2026-12-03"), ..slot(RunKind::Express, "2026-11-24") };
    let items = |frequency| {
        plan(&subscription(frequency), &candidates, &Told::default(), &express)
            .iter()
            .map(|line| line.item)
            .collect::<Vec<_>>()
    };
    assert_eq!(items(Frequency::Weekly), [ItemId::of("soon")]);
    assert_eq!(items(Frequency::Immediate).len(), 3);
}

#[test]
fn an_upper_item_is_folded_under_the_local_one_and_settled_with_it() {
    let mut local = candidate("local", Standing::Met, Window::Rolling);
    local.implements = Some(ItemId::of("upper"));
    let both = [local, candidate("upper", Standing::Met, Window::Rolling)];
    let mut ledger = Vec::new();
    assert_eq!(tell(&mut ledger, &both, "2026-11-23").len(), 1);
    assert_eq!(ledger.len(), 2);
    assert_eq!(tell(&mut ledger, &both, "2026-11-30"), []);
}

#[test]
fn each_run_serves_its_own_frequency_and_express_the_willing() {
    let mut weekly = subscription(Frequency::Weekly);
    assert!(serves(RunKind::Weekly, &weekly) && serves(RunKind::Express, &weekly));
    assert!(!serves(RunKind::Daily, &weekly) && !serves(RunKind::Monthly, &weekly));
    weekly.express = false;
    assert!(!serves(RunKind::Express, &weekly));
}

#[test]
fn what_the_turn_of_the_year_alone_brings_is_held_and_what_was_told_before_goes_on() {
    let turned = |standing| [Candidate { turned: true, ..candidate("a", standing, open_until("2027-03-31")) }];
    let mut ledger = Vec::new();
    assert_eq!(tell(&mut ledger, &turned(Standing::Met), "2027-01-01"), []);
    assert_eq!(tell(&mut ledger, &turned(Standing::NotFullyRecorded), "2027-01-01"), []);
    let met = [candidate("a", Standing::Met, open_until("2027-03-31"))];
    assert_eq!(tell(&mut ledger, &met, "2027-06-30"), [Reason::NewlyMatched], "held, not lost");
    let lost = Candidate { rule_changed: true, item_revision: 2, ..turned(Standing::MissingInformation)[0].clone() };
    assert_eq!(tell(&mut ledger, &[lost], "2028-01-01"), [], "nothing we said was wrong");
}
