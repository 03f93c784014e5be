//! The outbox: leases, fences, doubt.

use std::collections::HashSet;

use domain::{ChannelState, Outcome, PushState, Reason, Scope};
use storage::{Error, InDoubt, Next, Recovered, Resolution};

use crate::engines::{Place, execute, on_both_engines};
use crate::material::{NOW, SYSTEM, actor, failed, finished, key, plan, sent, subscriber};

on_both_engines! {
    workers_leasing_at_once_get_different_pushes,
    nothing_is_leased_before_it_is_due_and_the_oldest_first,
    a_push_goes_out_and_everything_is_written,
    a_retry_waits_for_its_time,
    a_worker_that_slept_through_its_lease_writes_nothing,
    a_lease_can_be_renewed_while_it_is_held,
    a_crash_before_the_last_bytes_is_a_clean_retry,
    a_crash_after_them_is_doubt_and_is_resent_once_after_its_time,
    doubt_is_held_when_so_configured_until_a_person_decides,
    late_news_of_arrival_settles_a_doubt_until_it_is_sent_again,
    a_push_of_somebody_who_left_is_suppressed_and_its_lines_are_free,
    somebody_who_leaves_between_lease_and_sending_is_not_written_to,
    a_hard_bounce_stops_its_channel,
    a_push_that_does_not_decode_fails_alone,
    people_who_left_do_not_hide_those_behind_them,
    the_same_push_cannot_be_planned_twice,
    sending_is_for_the_system,
}

const LEASE: i64 = 60_000;

async fn state(place: &Place, push: domain::PushId) -> PushState {
    place.store.find_push(&SYSTEM, push).await.unwrap().unwrap().state
}

/// One planned push with one line.
async fn one(place: &Place) -> domain::Push {
    let person = subscriber(&place.store, "甲", None).await;
    let push = plan(&place.store, std::slice::from_ref(&person)).await.remove(0);
    let mut tx = place.store.begin().await.unwrap();
    tx.claim(&SYSTEM, &[key(&person, "i", Reason::NewlyMatched)], push.id).await.unwrap();
    tx.commit().await.unwrap();
    push
}

async fn lease_one(place: &Place, now: domain::Instant) -> storage::Leased {
    let mut leased = place.store.lease_pushes(&SYSTEM, now, LEASE, 10).await.unwrap();
    assert_eq!(leased.len(), 1);
    leased.remove(0)
}

async fn is_claimed(place: &Place, push: &domain::Push) -> bool {
    !place.store.ledger_keys(&SYSTEM, &[push.subscription]).await.unwrap().is_empty()
}

async fn workers_leasing_at_once_get_different_pushes(place: &Place) {
    const PUSHES: usize = 60;
    let mut people = Vec::new();
    for number in 0..PUSHES {
        people.push(subscriber(&place.store, &format!("p{number}"), None).await);
    }
    plan(&place.store, &people).await;
    let workers = (0..6).map(|_| {
        let store = place.store.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let leased = store.lease_pushes(&SYSTEM, NOW, LEASE, 4).await.unwrap();
                if leased.is_empty() {
                    return mine;
                }
                mine.extend(leased.into_iter().map(|leased| leased.push.id));
            }
        })
    });
    let mut all = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        all.extend(worker.await.unwrap());
    }
    // A worker may find the rest locked by others and stop early; nothing may be left after that.
    all.extend(place.store.lease_pushes(&SYSTEM, NOW, LEASE, 100).await.unwrap().into_iter().map(|one| one.push.id));
    let distinct: HashSet<_> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (PUSHES, PUSHES));
}

async fn nothing_is_leased_before_it_is_due_and_the_oldest_first(place: &Place) {
    one(place).await;
    assert_eq!(place.store.next_due(&SYSTEM).await.unwrap(), Some(NOW));
    assert!(place.store.lease_pushes(&SYSTEM, NOW.plus_millis(-1), LEASE, 10).await.unwrap().is_empty());
    lease_one(place, NOW).await;
    assert!(place.store.lease_pushes(&SYSTEM, NOW, LEASE, 10).await.unwrap().is_empty());
    assert_eq!(place.store.next_due(&SYSTEM).await.unwrap(), None);
}

async fn a_push_goes_out_and_everything_is_written(place: &Place) {
    let push = one(place).await;
    let leased = lease_one(place, NOW).await;
    assert_eq!((leased.push.id, leased.channel.address.as_str()), (push.id, "甲@example.com"));
    assert!(place.store.mark_committing(&SYSTEM, push.id, leased.token, NOW).await.unwrap());
    assert_eq!(state(place, push.id).await, PushState::Committing);
    let done = finished(&leased, sent(), Next::Sent);
    assert_eq!(place.store.finish(&SYSTEM, std::slice::from_ref(&done), NOW).await.unwrap(), [true]);
    assert_eq!(place.store.list_attempts(&SYSTEM, push.id).await.unwrap(), [done.attempt]);
    assert_eq!(place.store.push_counts(&SYSTEM, push.run).await.unwrap(), [(PushState::Sent, 1)]);
    let kept = place.store.list_pushes(&SYSTEM, push.run, None, 10).await.unwrap();
    assert_eq!((kept.len(), kept[0].attempts), (1, 1));
    assert!(place.store.list_pushes(&SYSTEM, push.run, Some(push.id), 10).await.unwrap().is_empty());
}

async fn a_retry_waits_for_its_time(place: &Place) {
    let push = one(place).await;
    let leased = lease_one(place, NOW).await;
    let outcome = Outcome::Retry { cause: "450 greylisted".to_owned(), after_millis: Some(5) };
    let again = NOW.plus_millis(300_000);
    place.store.finish(&SYSTEM, &[finished(&leased, outcome, Next::Retry { at: again })], NOW).await.unwrap();
    assert_eq!(state(place, push.id).await, PushState::Retry);
    assert!(is_claimed(place, &push).await, "a line on its way must not be planned again");
    assert!(place.store.lease_pushes(&SYSTEM, again.plus_millis(-1), LEASE, 10).await.unwrap().is_empty());
    let second = lease_one(place, again).await;
    assert_eq!((second.push.attempts, second.token), (1, leased.token + 1));
}

async fn a_worker_that_slept_through_its_lease_writes_nothing(place: &Place) {
    let push = one(place).await;
    let slept = lease_one(place, NOW).await;
    let later = NOW.plus_millis(LEASE);
    let recovered = place.store.recover_expired(&SYSTEM, later, InDoubt::Hold).await.unwrap();
    assert_eq!(recovered, Recovered { requeued: 1, ..Recovered::default() });
    let awake = lease_one(place, later).await;
    assert!(!place.store.mark_committing(&SYSTEM, push.id, slept.token, later).await.unwrap());
    assert!(!place.store.renew_lease(&SYSTEM, push.id, slept.token, later.plus_millis(LEASE)).await.unwrap());
    let late = [finished(&slept, sent(), Next::Sent)];
    assert_eq!(place.store.finish(&SYSTEM, &late, later).await.unwrap(), [false]);
    assert!(place.store.list_attempts(&SYSTEM, push.id).await.unwrap().is_empty());
    assert!(place.store.mark_committing(&SYSTEM, push.id, awake.token, later).await.unwrap());
    let done = [finished(&awake, sent(), Next::Sent), late[0].clone()];
    assert_eq!(place.store.finish(&SYSTEM, &done, later).await.unwrap(), [true, false]);
}

async fn a_lease_can_be_renewed_while_it_is_held(place: &Place) {
    let push = one(place).await;
    let leased = lease_one(place, NOW).await;
    let until = NOW.plus_millis(10 * LEASE);
    assert!(place.store.renew_lease(&SYSTEM, push.id, leased.token, until).await.unwrap());
    let recovered = place.store.recover_expired(&SYSTEM, NOW.plus_millis(LEASE), InDoubt::Hold).await.unwrap();
    assert_eq!(recovered, Recovered::default());
    let after = NOW.plus_millis(10 * LEASE);
    assert!(!place.store.mark_committing(&SYSTEM, push.id, leased.token, after).await.unwrap(), "the lease is over");
}

async fn a_crash_before_the_last_bytes_is_a_clean_retry(place: &Place) {
    let push = one(place).await;
    lease_one(place, NOW).await;
    place.store.recover_expired(&SYSTEM, NOW.plus_millis(LEASE), InDoubt::Hold).await.unwrap();
    assert_eq!(state(place, push.id).await, PushState::Queued);
}

async fn a_crash_after_them_is_doubt_and_is_resent_once_after_its_time(place: &Place) {
    let push = one(place).await;
    let policy = InDoubt::ResendOnce { after_millis: 900_000 };
    let mut now = NOW;
    for round in 0..2 {
        let leased = lease_one(place, now).await;
        assert!(place.store.mark_committing(&SYSTEM, push.id, leased.token, now).await.unwrap());
        let expired = now.plus_millis(LEASE);
        let recovered = place.store.recover_expired(&SYSTEM, expired, policy).await.unwrap();
        assert_eq!(recovered, Recovered { in_doubt: 1, ..Recovered::default() }, "round {round}");
        assert!(place.store.lease_pushes(&SYSTEM, expired, LEASE, 10).await.unwrap().is_empty());
        assert_eq!(place.store.recover_expired(&SYSTEM, now.plus_millis(899_999), policy).await.unwrap().resent, 0);
        now = now.plus_millis(900_000);
        let resent = place.store.recover_expired(&SYSTEM, now, policy).await.unwrap().resent;
        assert_eq!(resent, 1 - round, "the second doubt is held");
    }
    assert_eq!(state(place, push.id).await, PushState::InDoubt);
    assert_eq!(place.store.list_in_doubt(&SYSTEM, 10).await.unwrap().len(), 1);
    assert!(is_claimed(place, &push).await);
}

async fn doubt_is_held_when_so_configured_until_a_person_decides(place: &Place) {
    let push = one(place).await;
    let ages = NOW.plus_millis(100 * LEASE);
    for (resolution, expected) in [(Resolution::Resend, PushState::Retry), (Resolution::GiveUp, PushState::Failed)] {
        let leased = lease_one(place, ages).await;
        let outcome = Outcome::InDoubt { cause: "connection lost after the dot".to_owned() };
        place.store.finish(&SYSTEM, &[finished(&leased, outcome, Next::InDoubt)], ages).await.unwrap();
        for policy in [InDoubt::Hold, InDoubt::Resolve] {
            let recovered = place.store.recover_expired(&SYSTEM, ages.plus_millis(ages.0), policy).await.unwrap();
            assert_eq!(recovered, Recovered::default());
        }
        let mut tx = place.store.begin().await.unwrap();
        assert!(tx.resolve_push(&SYSTEM, push.id, resolution, &actor(), ages).await.unwrap());
        assert!(!tx.resolve_push(&SYSTEM, push.id, resolution, &actor(), ages).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(state(place, push.id).await, expected);
    }
    assert!(!is_claimed(place, &push).await, "given up, so its line is free");
    let acts = place.store.list_audit(&SYSTEM, 0, 10).await.unwrap();
    assert_eq!(acts.iter().filter(|entry| entry.action == "push.resolved").count(), 2);
}

async fn late_news_of_arrival_settles_a_doubt_until_it_is_sent_again(place: &Place) {
    let push = one(place).await;
    let leased = lease_one(place, NOW).await;
    place.store.mark_committing(&SYSTEM, push.id, leased.token, NOW).await.unwrap();
    let later = NOW.plus_millis(LEASE);
    place.store.recover_expired(&SYSTEM, later, InDoubt::Hold).await.unwrap();
    let dead = [finished(&leased, failed(false), Next::Failed)];
    assert_eq!(place.store.finish(&SYSTEM, &dead, later).await.unwrap(), [false]);
    let arrived = [finished(&leased, sent(), Next::Sent)];
    assert_eq!(place.store.finish(&SYSTEM, &arrived, later).await.unwrap(), [true]);
    assert_eq!(state(place, push.id).await, PushState::Sent);
}

async fn a_push_of_somebody_who_left_is_suppressed_and_its_lines_are_free(place: &Place) {
    let (left, bounced) = (subscriber(&place.store, "甲", None).await, subscriber(&place.store, "乙", None).await);
    let stays = subscriber(&place.store, "丙", None).await;
    let pushes = plan(&place.store, &[left.clone(), bounced.clone(), stays.clone()]).await;
    let mut tx = place.store.begin().await.unwrap();
    for (person, push) in [&left, &bounced, &stays].into_iter().zip(&pushes) {
        tx.claim(&SYSTEM, &[key(person, "i", Reason::NewlyMatched)], push.id).await.unwrap();
    }
    tx.end_subscription(&Scope::Public, &left.token, NOW).await.unwrap();
    tx.suppress_channel(&SYSTEM, bounced.channels[0], ChannelState::Suppressed, "550").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(lease_one(place, NOW).await.push.subscription, stays.id);
    assert_eq!(state(place, pushes[0].id).await, PushState::Suppressed);
    assert_eq!(state(place, pushes[1].id).await, PushState::Suppressed);
    let claimed = place.store.ledger_keys(&SYSTEM, &[left.id, bounced.id, stays.id]).await.unwrap();
    assert_eq!(claimed.iter().map(|key| key.subscription).collect::<Vec<_>>(), [stays.id]);
}

async fn somebody_who_leaves_between_lease_and_sending_is_not_written_to(place: &Place) {
    let push = one(place).await;
    let leased = lease_one(place, NOW).await;
    let mut tx = place.store.begin().await.unwrap();
    tx.end_subscription(&Scope::Public, "token-甲", NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!place.store.mark_committing(&SYSTEM, push.id, leased.token, NOW).await.unwrap());
    let later = NOW.plus_millis(LEASE);
    place.store.recover_expired(&SYSTEM, later, InDoubt::Hold).await.unwrap();
    assert!(place.store.lease_pushes(&SYSTEM, later, LEASE, 10).await.unwrap().is_empty());
    assert_eq!(state(place, push.id).await, PushState::Suppressed);
}

async fn a_hard_bounce_stops_its_channel(place: &Place) {
    let push = one(place).await;
    let leased = lease_one(place, NOW).await;
    place.store.finish(&SYSTEM, &[finished(&leased, failed(true), Next::Failed)], NOW).await.unwrap();
    let channel = place.store.find_channel(&SYSTEM, push.channel).await.unwrap().unwrap();
    assert_eq!(channel.state, ChannelState::Suppressed);
    assert!(!is_claimed(place, &push).await);
    let newest = place.store.latest_change(&SYSTEM).await.unwrap();
    let change = place.store.changes_after(&SYSTEM, newest - 1, 1).await.unwrap().remove(0);
    assert_eq!((change.kind, change.id), (storage::ChangeKind::Channel, push.channel.to_string()));
}

async fn a_push_that_does_not_decode_fails_alone(place: &Place) {
    let people = [subscriber(&place.store, "甲", None).await, subscriber(&place.store, "乙", None).await];
    let pushes = plan(&place.store, &people).await;
    let sql = format!("UPDATE push SET kind = 'pigeon' WHERE id = '{}'", pushes[0].id);
    execute(&place.url, &sql).await;
    assert_eq!(lease_one(place, NOW).await.push.id, pushes[1].id);
    let error = place.store.find_push(&SYSTEM, pushes[0].id).await.unwrap_err();
    assert!(error.to_string().contains("column `kind`"), "{error}");
    let counts = place.store.push_counts(&SYSTEM, pushes[0].run).await.unwrap();
    assert_eq!(counts, [(PushState::Failed, 1), (PushState::Leased, 1)]);
}

/// A whole page of them is due before the only one that can be sent.
async fn people_who_left_do_not_hide_those_behind_them(place: &Place) {
    let mut people = Vec::new();
    for name in ["甲", "乙", "丙", "丁"] {
        people.push(subscriber(&place.store, name, None).await);
    }
    let pushes = plan(&place.store, &people).await;
    let mut last: Vec<_> = pushes.iter().map(|push| (push.id.to_string(), push.subscription)).collect();
    last.sort();
    let stays = last.pop().unwrap().1;
    let mut tx = place.store.begin().await.unwrap();
    for person in people.iter().filter(|person| person.id != stays) {
        tx.end_subscription(&Scope::Public, &person.token, NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    let leased = place.store.lease_pushes(&SYSTEM, NOW, LEASE, 2).await.unwrap();
    assert_eq!(leased.iter().map(|one| one.push.subscription).collect::<Vec<_>>(), [stays]);
}

async fn the_same_push_cannot_be_planned_twice(place: &Place) {
    let push = one(place).await;
    let mut tx = place.store.begin().await.unwrap();
    let twin = domain::Push { id: domain::PushId::of("twin"), ..push };
    assert!(matches!(tx.insert_pushes(&SYSTEM, &[twin]).await, Err(Error::Conflict(_))));
}

async fn sending_is_for_the_system(place: &Place) {
    one(place).await;
    let refused = place.store.lease_pushes(&Scope::Public, NOW, LEASE, 10).await;
    assert!(matches!(refused, Err(Error::OutOfScope { .. })));
}
