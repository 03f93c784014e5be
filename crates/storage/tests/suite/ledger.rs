//! The ledger: told once, for ever, and released when nothing came of it.

use domain::{Outcome, PushId, Reason, RunKind, Told};
use storage::Next;

use crate::engines::{Place, on_both_engines};
use crate::material::{
    NOW, SYSTEM, channel, contact, failed, finished, key, library, plan, push, sent, subscriber, subscription,
};

on_both_engines! {
    a_claimed_key_is_not_granted_twice,
    a_key_of_a_rolled_back_plan_is_free,
    two_channels_of_one_plan_share_a_line_and_the_first_to_arrive_tells_it,
    a_line_is_released_when_its_last_push_has_failed_and_can_be_claimed_again,
    a_told_line_stays_told_when_a_sister_push_fails,
    those_told_of_an_item_can_be_found_for_a_correction,
    concurrent_plans_never_share_a_key,
}

async fn granted(place: &Place, keys: &[domain::LedgerKey], push: &str) -> usize {
    let mut tx = place.store.begin().await.unwrap();
    let granted = tx.claim(&SYSTEM, keys, PushId::of(push)).await.unwrap();
    tx.commit().await.unwrap();
    granted.len()
}

async fn a_claimed_key_is_not_granted_twice(place: &Place) {
    let person = subscriber(&place.store, "甲", None).await;
    let keys = [key(&person, "i", Reason::NewlyMatched), key(&person, "i", Reason::WindowOpens)];
    assert_eq!(granted(place, &keys[..1], "first").await, 1);
    assert_eq!(granted(place, &keys, "second").await, 1);
    assert_eq!(granted(place, &keys, "third").await, 0);
    let known = place.store.ledger_keys(&SYSTEM, &[person.id]).await.unwrap();
    assert_eq!(known.len(), 2);
    let told: Told = known.into_iter().collect();
    assert!(told.contains(domain::ItemId::of("i"), Reason::WindowOpens, "1"));
}

async fn a_key_of_a_rolled_back_plan_is_free(place: &Place) {
    let person = subscriber(&place.store, "甲", None).await;
    let keys = [key(&person, "i", Reason::NewlyMatched)];
    let mut tx = place.store.begin().await.unwrap();
    assert_eq!(tx.claim(&SYSTEM, &keys, PushId::of("dies")).await.unwrap().len(), 1);
    drop(tx);
    assert_eq!(granted(place, &keys, "lives").await, 1);
}

/// Two pushes of one subscription, on two channels, with the same line.
async fn two_pushes(place: &Place) -> (domain::Subscription, Vec<storage::Leased>) {
    let person = contact("甲", None);
    let (mail, hook) = (channel("mail", person.id), channel("hook", person.id));
    let subscription = subscription("s", &person, &[mail.id, hook.id]);
    let mut tx = place.store.begin().await.unwrap();
    tx.save_contact(&SYSTEM, &person).await.unwrap();
    tx.save_channel(&SYSTEM, &mail).await.unwrap();
    tx.save_channel(&SYSTEM, &hook).await.unwrap();
    tx.save_subscription(&SYSTEM, &subscription).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = place.store.begin().await.unwrap();
    let (run, _) = tx.open_run(&SYSTEM, RunKind::Weekly, "2026-W48", NOW).await.unwrap();
    for channel in [&mail, &hook] {
        let push = push(run.id, &subscription, channel.id);
        let granted = tx.claim(&SYSTEM, &[key(&subscription, "i", Reason::NewlyMatched)], push.id).await.unwrap();
        assert_eq!(granted.len(), 1, "the second channel was refused its own line");
        tx.insert_pushes(&SYSTEM, &[push]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let leased = place.store.lease_pushes(&SYSTEM, NOW, 1_000, 10).await.unwrap();
    assert_eq!(leased.len(), 2);
    (subscription, leased)
}

async fn two_channels_of_one_plan_share_a_line_and_the_first_to_arrive_tells_it(place: &Place) {
    library(&place.store, &["i"]).await;
    let (_, leased) = two_pushes(place).await;
    let items = [domain::ItemId::of("i")];
    assert!(place.store.told_matches(&SYSTEM, &items).await.unwrap().is_empty());
    place.store.finish(&SYSTEM, &[finished(&leased[0], sent(), Next::Sent)], NOW).await.unwrap();
    let told = place.store.told_matches(&SYSTEM, &items).await.unwrap();
    assert_eq!((told.len(), told[0].at), (1, NOW));
    place.store.finish(&SYSTEM, &[finished(&leased[1], sent(), Next::Sent)], NOW.plus_millis(9)).await.unwrap();
    assert_eq!(place.store.told_matches(&SYSTEM, &items).await.unwrap(), told, "it is told when first told");
    let events = place.store.list_events(&SYSTEM, storage::EventKind::Told, NOW, 10).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].policy, Some(domain::PolicyId::of("p")));
}

async fn a_line_is_released_when_its_last_push_has_failed_and_can_be_claimed_again(place: &Place) {
    let (person, leased) = two_pushes(place).await;
    let keys = [key(&person, "i", Reason::NewlyMatched)];
    let held = |place: &Place| {
        let store = place.store.clone();
        async move { store.ledger_keys(&SYSTEM, &[person.id]).await.unwrap().len() }
    };
    place.store.finish(&SYSTEM, &[finished(&leased[0], failed(false), Next::Failed)], NOW).await.unwrap();
    assert_eq!(held(place).await, 1, "the other channel may still bring it");
    assert_eq!(granted(place, &keys, "early").await, 0);
    place.store.finish(&SYSTEM, &[finished(&leased[1], failed(false), Next::Failed)], NOW).await.unwrap();
    assert_eq!(granted(place, &keys, "again").await, 1);
}

async fn a_told_line_stays_told_when_a_sister_push_fails(place: &Place) {
    let (person, leased) = two_pushes(place).await;
    let both = [finished(&leased[0], sent(), Next::Sent), finished(&leased[1], failed(true), Next::Failed)];
    assert_eq!(place.store.finish(&SYSTEM, &both, NOW).await.unwrap(), [true, true]);
    assert_eq!(granted(place, &[key(&person, "i", Reason::NewlyMatched)], "again").await, 0);
}

async fn those_told_of_an_item_can_be_found_for_a_correction(place: &Place) {
    let (a, b) = (subscriber(&place.store, "甲", None).await, subscriber(&place.store, "乙", None).await);
    let pushes = plan(&place.store, &[a.clone(), b.clone()]).await;
    let mut tx = place.store.begin().await.unwrap();
    for (person, push) in [(&a, &pushes[0]), (&b, &pushes[1])] {
        let lines = [key(person, "i", Reason::NewlyMatched), key(person, "j", Reason::NewlyMatched)];
        tx.claim(&SYSTEM, &lines, push.id).await.unwrap();
    }
    tx.commit().await.unwrap();
    let leased = place.store.lease_pushes(&SYSTEM, NOW, 1_000, 10).await.unwrap();
    let of_a = leased.iter().find(|one| one.push.subscription == a.id).unwrap();
    let of_b = leased.iter().find(|one| one.push.subscription == b.id).unwrap();
    let later = Outcome::Retry { cause: "450".to_owned(), after_millis: None };
    let both = [finished(of_a, sent(), Next::Sent), finished(of_b, later, Next::Retry { at: NOW })];
    place.store.finish(&SYSTEM, &both, NOW).await.unwrap();
    let told = place.store.told_matches(&SYSTEM, &[domain::ItemId::of("j")]).await.unwrap();
    assert_eq!(told.iter().map(|line| line.key.subscription).collect::<Vec<_>>(), [a.id]);
}

/// Eight plans of the same lines in different orders: each line is granted exactly once.
async fn concurrent_plans_never_share_a_key(place: &Place) {
    let person = subscriber(&place.store, "甲", None).await;
    let keys: Vec<_> = (0..40).map(|item| key(&person, &format!("i{item}"), Reason::NewlyMatched)).collect();
    let plans = (0..8).map(|planner: usize| {
        let (store, mut keys) = (place.store.clone(), keys.clone());
        keys.rotate_left(planner * 5);
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let granted = tx.claim(&SYSTEM, &keys, PushId::of(&planner.to_string())).await.unwrap();
            tx.commit().await.unwrap();
            granted
        })
    });
    let mut all = Vec::new();
    for plan in plans.collect::<Vec<_>>() {
        all.extend(plan.await.unwrap());
    }
    all.sort();
    let mut expected = keys;
    expected.sort();
    assert_eq!(all, expected);
}
