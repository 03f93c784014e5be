//! Small objects the tests put into the database.

use domain::{
    Attempt, AttemptId, Basis, BureauId, Channel, ChannelId, ChannelKind, ChannelState, Contact, ContactId, Enterprise,
    EnterpriseOrdinal, Frequency, Instant, ItemId, LedgerKey, Outcome, PolicyId, PolicyStatus, Push, PushId, PushState,
    Reason, Role, RunId, RunKind, Scope, Subscription, SubscriptionId, Topic, sample,
};
use rules::{Entry, FactKey, FactState, Grade, Period, Profile, Value};
use storage::{Actor, Finished, ItemDraft, Leased, Next, PolicyDraft, Store};

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

/// A profile with a revenue of last year and a registered place.
pub(crate) fn profile(uscc: &str, revenue_fen: i64, area: &str) -> Profile {
    let day = |text: &str| text.parse().ok();
    let mut profile = Profile { uscc: uscc.to_owned(), name: format!("示例企业 {uscc}"), ..Profile::default() };
    let entry = |state, from, to, source: &str| Entry {
        state: FactState::Known(state),
        period: Period { from: day(from), to: day(to) },
        source: source.to_owned(),
        grade: Grade::A,
    };
    let revenue = entry(Value::Number(revenue_fen), "2025-01-01", "2026-01-01", "tax");
    profile.facts.insert(FactKey::from("revenue"), vec![revenue]);
    let place = entry(Value::Area(area.to_owned()), "2021-05-01", "", "registry");
    profile.facts.insert(FactKey::from("place_registered"), vec![place]);
    profile
}

pub(crate) const USCC: [&str; 3] = ["91420100MA4K00010R", "91420100MA4K00029N", "91420100MA4K00037H"];

pub(crate) async fn enterprise(store: &Store, profile: &Profile) -> Enterprise {
    let mut tx = store.begin().await.unwrap();
    let saved = tx.save_enterprise(&SYSTEM, profile, true, &actor(), NOW).await.unwrap();
    tx.commit().await.unwrap();
    saved.value
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

/// A run of week 48 with one push of each subscription on its first channel.
pub(crate) async fn plan(store: &Store, subscriptions: &[Subscription]) -> Vec<Push> {
    let mut tx = store.begin().await.unwrap();
    let (run, _) = tx.open_run(&SYSTEM, RunKind::Weekly, "2026-W48", NOW).await.unwrap();
    let pushes: Vec<Push> = subscriptions.iter().map(|one| push(run.id, one, one.channels[0])).collect();
    tx.insert_pushes(&SYSTEM, &pushes).await.unwrap();
    tx.mark_planned(&SYSTEM, run.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    pushes
}

pub(crate) fn push(run: RunId, subscription: &Subscription, channel: ChannelId) -> Push {
    let dedupe_key = format!("{run}/{}/{channel}", subscription.id);
    Push {
        id: PushId::of(&dedupe_key),
        run,
        subscription: subscription.id,
        channel,
        kind: ChannelKind::Email,
        dedupe_key,
        state: PushState::Queued,
        due_at: NOW,
        attempts: 0,
        letter: "{}".to_owned(),
    }
}

pub(crate) fn key(subscription: &Subscription, item: &str, reason: Reason) -> LedgerKey {
    LedgerKey {
        subscription: subscription.id,
        enterprise: subscription.enterprise,
        item: Some(ItemId::of(item)),
        reason,
        occasion: "1".to_owned(),
    }
}

/// An attempt of this lease that went as said.
pub(crate) fn finished(leased: &Leased, outcome: Outcome, next: Next) -> Finished {
    let number = leased.push.attempts + 1;
    let attempt = Attempt {
        id: AttemptId::of(&format!("{}/{}/{number}", leased.push.id, leased.token)),
        push: leased.push.id,
        number,
        started_at: NOW,
        finished_at: NOW.plus_millis(5),
        outcome,
    };
    Finished { push: leased.push.id, token: leased.token, attempt, next }
}

pub(crate) fn sent() -> Outcome {
    Outcome::Sent { receipt: "250 2.0.0 Ok".to_owned() }
}

pub(crate) fn failed(suppress_channel: bool) -> Outcome {
    Outcome::Failed { cause: "550 5.1.1 no such user".to_owned(), suppress_channel }
}
