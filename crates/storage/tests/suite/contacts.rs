//! Contacts, channels and subscriptions.

use domain::{ChannelState, Scope};
use storage::{Effect, Error};

use crate::engines::{Place, on_both_engines};
use crate::material::{NOW, SYSTEM, USCC, channel, contact, enterprise, profile, subscriber, subscription};

on_both_engines! {
    a_recipient_comes_with_contact_and_active_channels_in_order,
    recipients_are_paged_by_subscription_and_end_when_it_ends,
    saving_an_address_book_again_wakes_nobody_who_unsubscribed,
    a_new_address_is_a_new_start,
    a_token_ends_its_subscription_once_and_for_good,
    an_enterprise_writes_its_own_people_only,
}

async fn a_recipient_comes_with_contact_and_active_channels_in_order(place: &Place) {
    let person = contact("甲", None);
    let (a, b, c) = (channel("a", person.id), channel("b", person.id), channel("c", person.id));
    let subscription = subscription("s", &person, &[c.id, a.id, b.id]);
    let mut tx = place.store.begin().await.unwrap();
    assert_eq!(tx.save_contact(&SYSTEM, &person).await.unwrap(), Effect::Created);
    for one in [&a, &b, &c] {
        tx.save_channel(&SYSTEM, one).await.unwrap();
    }
    assert_eq!(tx.save_subscription(&SYSTEM, &subscription).await.unwrap(), Effect::Created);
    assert!(tx.suppress_channel(&SYSTEM, a.id, ChannelState::Suppressed, "550 5.1.1").await.unwrap());
    tx.commit().await.unwrap();
    let recipients = place.store.list_recipients(&SYSTEM, None, 10).await.unwrap();
    assert_eq!(recipients.len(), 1);
    assert_eq!((&recipients[0].subscription, &recipients[0].contact), (&subscription, &person));
    assert_eq!(recipients[0].channels, [c, b]);
}

async fn recipients_are_paged_by_subscription_and_end_when_it_ends(place: &Place) {
    let mut expected = Vec::new();
    for name in ["甲", "乙", "丙"] {
        expected.push(subscriber(&place.store, name, None).await.id);
    }
    expected.sort_by_key(ToString::to_string);
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = place.store.list_recipients(&SYSTEM, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.subscription.id);
        seen.extend(page.into_iter().map(|recipient| recipient.subscription.id));
    }
    assert_eq!(seen, expected);
    let mut tx = place.store.begin().await.unwrap();
    tx.end_subscription(&Scope::Public, "token-乙", NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(place.store.list_recipients(&SYSTEM, None, 10).await.unwrap().len(), 2);
    assert!(place.store.list_recipients(&Scope::Public, None, 10).await.unwrap().is_empty());
}

async fn saving_an_address_book_again_wakes_nobody_who_unsubscribed(place: &Place) {
    let first = subscriber(&place.store, "甲", None).await;
    let mut tx = place.store.begin().await.unwrap();
    tx.end_subscription(&Scope::Public, &first.token, NOW).await.unwrap();
    tx.suppress_channel(&SYSTEM, first.channels[0], ChannelState::Unsubscribed, "one click").await.unwrap();
    tx.commit().await.unwrap();
    let before = place.store.latest_change(&SYSTEM).await.unwrap();
    subscriber(&place.store, "甲", None).await;
    assert_eq!(place.store.latest_change(&SYSTEM).await.unwrap(), before);
    let kept = place.store.find_channel(&SYSTEM, first.channels[0]).await.unwrap().unwrap();
    assert_eq!(kept.state, ChannelState::Unsubscribed);
    let kept = place.store.find_subscription_by_token(&Scope::Public, &first.token).await.unwrap().unwrap();
    assert_eq!((kept.ended_at, kept.channels), (Some(NOW), first.channels));
}

async fn a_new_address_is_a_new_start(place: &Place) {
    let first = subscriber(&place.store, "甲", None).await;
    let mut tx = place.store.begin().await.unwrap();
    tx.suppress_channel(&SYSTEM, first.channels[0], ChannelState::Suppressed, "550").await.unwrap();
    let mut moved = channel("甲", first.contact);
    "new@example.com".clone_into(&mut moved.address);
    assert_eq!(tx.save_channel(&SYSTEM, &moved).await.unwrap(), Effect::Changed);
    tx.commit().await.unwrap();
    let recipients = place.store.list_recipients(&SYSTEM, None, 10).await.unwrap();
    assert_eq!(recipients[0].channels, [moved]);
}

async fn a_token_ends_its_subscription_once_and_for_good(place: &Place) {
    subscriber(&place.store, "甲", None).await;
    let mut tx = place.store.begin().await.unwrap();
    assert_eq!(tx.end_subscription(&Scope::Public, "token-甲", NOW).await.unwrap(), Some(true));
    assert_eq!(tx.end_subscription(&Scope::Public, "token-甲", NOW).await.unwrap(), Some(false));
    assert_eq!(tx.end_subscription(&Scope::Public, "guessed", NOW).await.unwrap(), None);
}

async fn an_enterprise_writes_its_own_people_only(place: &Place) {
    let own = enterprise(&place.store, &profile(USCC[0], 1, "420111")).await.ordinal;
    let other = enterprise(&place.store, &profile(USCC[1], 1, "420111")).await.ordinal;
    let theirs = subscriber(&place.store, "乙", Some(other)).await;
    let scope = Scope::Enterprise(own);
    let mut tx = place.store.begin().await.unwrap();
    let mine = contact("甲", Some(own));
    tx.save_contact(&scope, &mine).await.unwrap();
    tx.save_channel(&scope, &channel("甲", mine.id)).await.unwrap();
    tx.save_subscription(&scope, &subscription("甲", &mine, &[])).await.unwrap();
    let stolen = domain::Contact { enterprise: Some(own), ..contact("乙", Some(other)) };
    let listening = domain::Subscription { enterprise: Some(other), ..subscription("丙", &mine, &[]) };
    let refusals = [
        tx.save_contact(&scope, &contact("乙", Some(other))).await.map(|_| ()),
        tx.save_contact(&scope, &stolen).await.map(|_| ()),
        tx.save_channel(&scope, &channel("丁", theirs.contact)).await.map(|_| ()),
        tx.save_channel(&scope, &channel("乙", mine.id)).await.map(|_| ()),
        tx.save_subscription(&scope, &listening).await.map(|_| ()),
        tx.suppress_channel(&scope, theirs.channels[0], ChannelState::Suppressed, "").await.map(|_| ()),
        tx.reopen_channel(&scope, theirs.channels[0]).await.map(|_| ()),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Err(Error::NotFound { .. })), "{refusal:?}");
    }
    tx.commit().await.unwrap();
    assert_eq!(place.store.recipients_of(&scope, own).await.unwrap().len(), 1);
    assert!(place.store.recipients_of(&scope, other).await.unwrap().is_empty());
    assert!(place.store.find_channel(&scope, theirs.channels[0]).await.unwrap().is_none());
}
