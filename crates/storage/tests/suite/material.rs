//! Small objects the tests put into the database.

use domain::{
    Basis, BureauId, Channel, ChannelId, ChannelKind, ChannelState, Contact, ContactId, EnterpriseOrdinal, Frequency,
    Instant, PolicyId, PolicyStatus, Role, Scope, Subscription, SubscriptionId, Topic, sample,
};
use storage::{Actor, ItemDraft, PolicyDraft, Store};

pub(crate) const NOW: Instant = Instant(1_795_000_000_000);
pub(crate) const SYSTEM: Scope = Scope::System;

pub(crate) fn actor() -> Actor {
    Actor::new("test")
}

pub(crate) fn policy(code: &str, bureau: Option<BureauId>, status: PolicyStatus) -> PolicyDraft {
    PolicyDraft { code: code.to_owned(), bureau, status, revision: sample::policy(code).revision }
}

pub(crate) fn item(code: &str, policy: &str, bureau: Option<BureauId>, status: PolicyStatus) -> ItemDraft {
    ItemDraft {
        code: code.to_owned(),
        policy: PolicyId::of(policy),
        bureau,
        implements: None,
        status,
        revision: sample::item(code).revision,
    }
}

/// A bureau that exists.
pub(crate) async fn bureau(store: &Store, code: &str) -> BureauId {
    let mut tx = store.begin().await.unwrap();
    let saved = tx.save_bureau(&SYSTEM, code, "示例局", "420100").await.unwrap();
    tx.commit().await.unwrap();
    saved.value.id
}

/// A published policy `p` with the published items given.
pub(crate) async fn library(store: &Store, items: &[&str]) {
    let mut tx = store.begin().await.unwrap();
    tx.save_policy(&SYSTEM, policy("p", None, PolicyStatus::Published), &actor(), NOW).await.unwrap();
    for code in items {
        tx.save_item(&SYSTEM, item(code, "p", None, PolicyStatus::Published), &actor(), NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub(crate) fn contact(name: &str, enterprise: Option<EnterpriseOrdinal>) -> Contact {
    Contact {
        id: ContactId::of(name),
        enterprise,
        name: name.to_owned(),
        role: Role::Handler,
        basis: Basis::Subscribed,
    }
}

pub(crate) fn channel(name: &str, contact: ContactId) -> Channel {
    Channel {
        id: ChannelId::of(name),
        contact,
        kind: ChannelKind::Email,
        address: format!("{name}@example.com"),
        secret: None,
        state: ChannelState::Active,
    }
}

pub(crate) fn subscription(name: &str, contact: &Contact, channels: &[ChannelId]) -> Subscription {
    Subscription {
        id: SubscriptionId::of(name),
        contact: contact.id,
        enterprise: contact.enterprise,
        topic: Topic::Matches,
        frequency: Frequency::Weekly,
        express: true,
        channels: channels.to_vec(),
        paused_until: None,
        ended_at: None,
        token: format!("token-{name}"),
    }
}

/// A person with a mailbox and a subscription, all of the same name.
pub(crate) async fn subscriber(store: &Store, name: &str, enterprise: Option<EnterpriseOrdinal>) -> Subscription {
    let contact = contact(name, enterprise);
    let channel = channel(name, contact.id);
    let subscription = subscription(name, &contact, &[channel.id]);
    let mut tx = store.begin().await.unwrap();
    tx.save_contact(&SYSTEM, &contact).await.unwrap();
    tx.save_channel(&SYSTEM, &channel).await.unwrap();
    tx.save_subscription(&SYSTEM, &subscription).await.unwrap();
    tx.commit().await.unwrap();
    subscription
}
