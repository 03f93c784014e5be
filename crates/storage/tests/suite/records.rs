//! Recorded times, answers, imports, requests, keys, results, files and reference data.

use std::collections::BTreeSet;

use domain::{CallId, EnterpriseOrdinal, ItemId, Permission, PolicyId, PolicyStatus, Scope};
use storage::{ApiKey, Error, Event, EventKind, Feedback, FeedbackKind, Idempotency, LARGEST_FILE, MatchResult};

use crate::engines::{Place, on_both_engines};
use crate::material::{NOW, SYSTEM, actor, library};

on_both_engines! {
    publishing_and_itemising_are_recorded_once,
    an_event_is_recorded_once_and_an_answer_every_time,
    a_request_is_done_once_and_answered_twice,
    a_key_opens_until_it_expires_or_is_revoked,
    results_are_replaced_as_a_whole_and_are_the_systems_alone,
    equal_files_are_kept_once_and_large_ones_not_at_all,
    new_reference_data_enters_the_feed_once,
}

async fn publishing_and_itemising_are_recorded_once(place: &Place) {
    library(&place.store, &["i"]).await;
    for status in [PolicyStatus::Suspended, PolicyStatus::Published] {
        let mut tx = place.store.begin().await.unwrap();
        tx.set_policy_status(&SYSTEM, PolicyId::of("p"), status, &actor(), NOW.plus_millis(5)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let published = place.store.list_events(&SYSTEM, EventKind::Published, NOW, 10).await.unwrap();
    assert_eq!(published, [Event { policy: Some(PolicyId::of("p")), ..Event::new(EventKind::Published, NOW) }]);
    let itemised = place.store.list_events(&SYSTEM, EventKind::Itemised, NOW, 10).await.unwrap();
    assert_eq!((itemised.len(), itemised[0].item), (1, Some(ItemId::of("i"))));
}

async fn an_event_is_recorded_once_and_an_answer_every_time(place: &Place) {
    let opened = Event { item: Some(ItemId::of("i")), ..Event::new(EventKind::Opened, NOW) };
    let answer = Feedback {
        at: NOW,
        kind: FeedbackKind::WrongVerdict,
        push: None,
        item: opened.item,
        enterprise: Some(EnterpriseOrdinal(7)),
        note: Some("我们在东湖高新区".to_owned()),
    };
    let mut tx = place.store.begin().await.unwrap();
    assert!(tx.record_event(&Scope::Public, &opened).await.unwrap());
    assert!(!tx.record_event(&Scope::Public, &opened).await.unwrap());
    let other = Event { item: Some(ItemId::of("j")), ..opened.clone() };
    assert!(tx.record_event(&Scope::Public, &other).await.unwrap());
    tx.record_feedback(&Scope::Public, &answer).await.unwrap();
    tx.record_feedback(&Scope::Public, &answer).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(place.store.list_events(&SYSTEM, EventKind::Opened, NOW, 10).await.unwrap(), [opened.clone(), other]);
    assert_eq!(place.store.list_feedback(&SYSTEM, opened.item, 10).await.unwrap(), [answer.clone(), answer]);
    assert!(matches!(place.store.list_feedback(&Scope::Public, None, 10).await, Err(Error::OutOfScope { .. })));
}

async fn a_request_is_done_once_and_answered_twice(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    assert_eq!(tx.begin_request(&Scope::Public, "key", "k", "h", NOW).await.unwrap(), Idempotency::New);
    drop(tx);
    let mut tx = place.store.begin().await.unwrap();
    assert_eq!(tx.begin_request(&Scope::Public, "key", "k", "h", NOW).await.unwrap(), Idempotency::New);
    tx.answer_request(&Scope::Public, "key", "k", 201, "{}").await.unwrap();
    tx.commit().await.unwrap();
    let done = Idempotency::Done { status: 201, response: "{}".to_owned() };
    let mut tx = place.store.begin().await.unwrap();
    for (owner, hash, expected) in
        [("key", "h", done), ("key", "other", Idempotency::Mismatch), ("another", "h", Idempotency::New)]
    {
        assert_eq!(tx.begin_request(&Scope::Public, owner, "k", hash, NOW).await.unwrap(), expected);
    }
    tx.commit().await.unwrap();
    assert_eq!(place.store.forget_requests(&SYSTEM, NOW).await.unwrap(), 0);
    assert_eq!(place.store.forget_requests(&SYSTEM, NOW.plus_millis(1)).await.unwrap(), 2);
}

async fn a_key_opens_until_it_expires_or_is_revoked(place: &Place) {
    let key = ApiKey {
        id: String::new(),
        name: "街道办".to_owned(),
        permissions: BTreeSet::from([Permission::ReadEnterprise]),
        scope: Scope::Area("420111".to_owned()),
        created_at: NOW,
        expires_at: Some(NOW.plus_millis(100)),
        revoked_at: None,
    };
    let mut tx = place.store.begin().await.unwrap();
    let added = tx.add_api_key(&SYSTEM, "secret", key.clone(), &actor(), NOW).await.unwrap();
    assert!(matches!(
        tx.add_api_key(&Scope::Area("420111".to_owned()), "mine", key, &actor(), NOW).await,
        Err(Error::OutOfScope { .. })
    ));
    tx.commit().await.unwrap();
    assert_eq!(place.store.find_api_key("secret", NOW).await.unwrap(), Some(added.clone()));
    assert_eq!(place.store.find_api_key("secret", NOW.plus_millis(100)).await.unwrap(), None);
    assert_eq!(place.store.find_api_key("guess", NOW).await.unwrap(), None);
    let mut tx = place.store.begin().await.unwrap();
    assert!(tx.revoke_api_key(&SYSTEM, &added.id, &actor(), NOW).await.unwrap());
    assert!(!tx.revoke_api_key(&SYSTEM, &added.id, &actor(), NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(place.store.find_api_key("secret", NOW).await.unwrap(), None);
    assert_eq!(place.store.list_api_keys(&SYSTEM).await.unwrap()[0].revoked_at, Some(NOW));
}

async fn results_are_replaced_as_a_whole_and_are_the_systems_alone(place: &Place) {
    let result = |item: &str, seq| MatchResult {
        item: ItemId::of(item),
        item_revision: 2,
        call: Some((CallId::of("i/2026-1"), 1)),
        reference_hash: "hash".to_owned(),
        as_of: "2026-11-23".parse().unwrap(),
        seq,
        taken_at: NOW,
        met: vec![0, 255, 7],
        almost: Vec::new(),
    };
    let many: Vec<MatchResult> = (0..101).map(|number| result(&number.to_string(), 7)).collect();
    for results in [many, vec![result("i", 8), MatchResult { call: None, ..result("j", 8) }]] {
        let mut tx = place.store.begin().await.unwrap();
        tx.replace_match_results(&SYSTEM, &results).await.unwrap();
        tx.commit().await.unwrap();
        let mut expected = results;
        expected.sort_by_key(|result| result.item.to_string());
        assert_eq!(place.store.list_match_results(&SYSTEM).await.unwrap(), expected);
    }
    let mut tx = place.store.begin().await.unwrap();
    assert!(matches!(tx.replace_match_results(&Scope::Public, &[]).await, Err(Error::OutOfScope { .. })));
    tx.replace_match_results(&SYSTEM, &[]).await.unwrap();
    drop(tx);
    assert_eq!(place.store.list_match_results(&SYSTEM).await.unwrap().len(), 2, "not committed, nothing happened");
    assert!(place.store.list_match_results(&Scope::Area("420111".to_owned())).await.is_err());
}

async fn equal_files_are_kept_once_and_large_ones_not_at_all(place: &Place) {
    let bytes = vec![0, 159, 146, 150];
    let mut tx = place.store.begin().await.unwrap();
    let hash = tx.save_file(&SYSTEM, "通知.pdf", "application/pdf", bytes.clone(), NOW).await.unwrap();
    assert_eq!(tx.save_file(&SYSTEM, "copy.pdf", "application/pdf", bytes.clone(), NOW).await.unwrap(), hash);
    let large = tx.save_file(&SYSTEM, "large", "text/plain", vec![0; LARGEST_FILE + 1], NOW).await;
    assert!(matches!(large, Err(Error::TooLarge { .. })));
    assert!(tx.save_file(&Scope::Public, "x", "text/plain", bytes.clone(), NOW).await.is_err());
    tx.commit().await.unwrap();
    let file = place.store.find_file(&Scope::Public, &hash).await.unwrap().unwrap();
    assert_eq!((file.name.as_str(), file.bytes), ("通知.pdf", bytes));
    assert_eq!(place.store.find_file(&Scope::Public, "none").await.unwrap(), None);
}

async fn new_reference_data_enters_the_feed_once(place: &Place) {
    for expected in [true, false] {
        let mut tx = place.store.begin().await.unwrap();
        assert_eq!(tx.record_reference(&SYSTEM, &actor(), NOW).await.unwrap(), expected);
        tx.commit().await.unwrap();
    }
    let changes = place.store.changes_after(&SYSTEM, 0, 10).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].kind, changes[0].id.as_str()),
        (storage::ChangeKind::Reference, place.store.reference().hash())
    );
    assert_eq!(place.store.list_references(&SYSTEM).await.unwrap().len(), 1);
}
