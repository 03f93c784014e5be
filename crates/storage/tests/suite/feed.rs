//! The change feed: gapless, in commit order, followed with cursors.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::{PolicyId, PolicyStatus, Scope};
use storage::{ChangeKind, Error};

use crate::engines::{Place, on_both_engines};
use crate::material::{NOW, SYSTEM, USCC, actor, enterprise, library, policy, profile, subscriber};

on_both_engines! {
    every_write_is_in_the_feed_in_its_order,
    a_row_written_twice_in_one_transaction_is_fed_once,
    sequences_have_no_gaps_and_never_appear_behind_a_reader,
    a_follower_keeps_its_cursor,
    only_the_system_follows_the_feed,
    a_commit_wakes_whoever_watches,
}

async fn every_write_is_in_the_feed_in_its_order(place: &Place) {
    library(&place.store, &["i"]).await;
    let ordinal = enterprise(&place.store, &profile(USCC[0], 1, "420111")).await.ordinal;
    subscriber(&place.store, "甲", Some(ordinal)).await;
    let changes = place.store.changes_after(&SYSTEM, 0, 100).await.unwrap();
    let kinds: Vec<_> = changes.iter().map(|change| (change.seq, change.kind)).collect();
    let expected = [
        ChangeKind::Policy,
        ChangeKind::Item,
        ChangeKind::Enterprise,
        ChangeKind::Contact,
        ChangeKind::Channel,
        ChangeKind::Subscription,
    ];
    assert_eq!(kinds, (1..).zip(expected).collect::<Vec<_>>());
    assert_eq!(changes[0].id, PolicyId::of("p").to_string());
    assert_eq!(changes[2].id, ordinal.0.to_string());
    assert_eq!(place.store.changes_after(&SYSTEM, 4, 1).await.unwrap()[0].seq, 5);
}

async fn a_row_written_twice_in_one_transaction_is_fed_once(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    for revenue in [1, 2] {
        tx.save_enterprise(&SYSTEM, &profile(USCC[0], revenue, "420111"), true, &actor(), NOW).await.unwrap();
    }
    assert_eq!(tx.commit().await.unwrap(), Some(1));
}

/// Eight writers, some of which give up, beside a reader that takes what it sees and never looks back.
async fn sequences_have_no_gaps_and_never_appear_behind_a_reader(place: &Place) {
    const WRITERS: usize = 8;
    const WRITES: usize = 6;
    let done = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn({
        let (store, done) = (place.store.clone(), done.clone());
        async move {
            let mut seen: Vec<i64> = Vec::new();
            loop {
                let last_round = done.load(Ordering::SeqCst);
                let after = seen.last().copied().unwrap_or(0);
                let news = store.changes_after(&SYSTEM, after, 1_000).await.unwrap();
                seen.extend(news.iter().map(|change| change.seq));
                if last_round && news.is_empty() {
                    return seen;
                }
                tokio::task::yield_now().await;
            }
        }
    });
    let writers = (0..WRITERS).map(|writer| {
        let store = place.store.clone();
        tokio::spawn(async move {
            for number in 0..WRITES {
                let mut tx = store.begin().await.unwrap();
                let code = format!("{writer}-{number}");
                tx.save_policy(&SYSTEM, policy(&code, None, PolicyStatus::Published), &actor(), NOW).await.unwrap();
                if number % 3 == 2 {
                    tx.rollback().await.unwrap();
                } else {
                    tx.commit().await.unwrap();
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    done.store(true, Ordering::SeqCst);
    let committed = i64::try_from(WRITERS * WRITES / 3 * 2).unwrap();
    assert_eq!(reader.await.unwrap(), (1..=committed).collect::<Vec<_>>());
}

async fn a_follower_keeps_its_cursor(place: &Place) {
    assert_eq!(place.store.cursor(&SYSTEM, "index").await.unwrap(), 0);
    for seq in [7, 3] {
        let mut tx = place.store.begin().await.unwrap();
        tx.set_cursor(&SYSTEM, "index", seq).await.unwrap();
        assert_eq!(tx.commit().await.unwrap(), None);
        assert_eq!(place.store.cursor(&SYSTEM, "index").await.unwrap(), seq);
    }
}

async fn only_the_system_follows_the_feed(place: &Place) {
    library(&place.store, &[]).await;
    let refused = place.store.changes_after(&Scope::Public, 0, 10).await;
    assert!(matches!(refused, Err(Error::OutOfScope { .. })));
    assert_eq!(place.store.latest_change(&Scope::Public).await.unwrap(), 1);
}

async fn a_commit_wakes_whoever_watches(place: &Place) {
    let mut watch = place.store.watch_changes();
    library(&place.store, &["i"]).await;
    watch.changed().await.unwrap();
    assert_eq!(*watch.borrow_and_update(), 2);
}
