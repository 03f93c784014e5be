//! Contacts, channels and subscriptions.

use domain::{ChannelState, Scope};
use storage::Effect;

use crate::engines::{Place, on_both_engines};
use crate::material::{NOW, SYSTEM, channel, contact, subscriber, subscription};

on_both_engines! {
    a_recipient_comes_with_contact_and_active_channels_in_order,
    recipients_are_paged_by_subscription_and_end_when_it_ends,
    saving_an_address_book_again_wakes_nobody_who_unsubscribed,
    a_new_address_is_a_new_start,
    a_token_ends_its_subscription_once_and_for_good,
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
