//! `seed [--demo]`: the built-in policies, and with `--demo` a made-up city that reads them.

use chrono::NaiveDate;
use domain::{
    Channel, ChannelId, ChannelKind, ChannelState, Contact, ContactId, Enterprise, Scope, Subscription, SubscriptionId,
    Topic, synthetic,
};
use pipeline::Context;
use pipeline::ingest::{SeedCounts, embedded, load_seeds, store_seeds};
use rules::Profile;
use storage::{Actor, Recipient, Tx};

use crate::app::{self, Options};
use crate::config::Config;
use crate::failure::Failure;
use crate::{output, secret};

/// Firms of the made-up city.
const FIRMS: u32 = 200;
/// The city is always the same one.
const CITY: u64 = 20_261_123;

/// What was sown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sown {
    pub(super) library: SeedCounts,
    pub(super) synthetic_calls: usize,
    pub(super) firms: usize,
    pub(super) subscriptions: usize,
}

pub(super) async fn run(config: &Config, demo: bool, as_of: Option<NaiveDate>) -> Result<(), Failure> {
    let cx = app::open(config, Options { as_of, ..Options::default() }).await?;
    let sown = sow(config, &cx, demo).await?;
    pipeline::index::follow(&cx).await?;
    let library = sown.library;
    output::line(format!(
        "政策 {} 份、事项 {} 个、窗口 {} 个;新写入 {} 行",
        library.policies, library.items, library.calls, library.written
    ))?;
    if demo {
        output::line(format!(
            "演示企业 {} 家(合成)、订阅 {} 个、演示窗口 {} 个(合成)",
            sown.firms, sown.subscriptions, sown.synthetic_calls
        ))?;
    }
    Ok(())
}

/// Stores the seeds and, for the demo, the city. A second time nothing changes.
pub(super) async fn sow(config: &Config, cx: &Context, demo: bool) -> Result<Sown, Failure> {
    let seeds = load_seeds(embedded().iter().copied(), &cx.reference).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::bad_input(format!("种子数据有 {} 处问题,未写入任何数据:\n{}", problems.len(), lines.join("\n")))
    })?;
    let library = store_seeds(&cx.store, &seeds, &Actor::new("seed"), cx.now()).await?;
    let mut sown = Sown { library, synthetic_calls: 0, firms: 0, subscriptions: 0 };
    if demo {
        sown.synthetic_calls = pipeline::demo::open_calls(cx, cx.today()).await?;
        found_city(config, cx, &mut sown).await?;
    }
    Ok(sown)
}

async fn found_city(config: &Config, cx: &Context, sown: &mut Sown) -> Result<(), Failure> {
    let receiver = format!("{}/demo/receiver", config.base_url());
    let mut tx = cx.store.begin().await?;
    for index in 0..FIRMS {
        let firm = save_firm(cx, &mut tx, &synthetic::enterprise(CITY, index, cx.today())).await?;
        sown.firms += 1;
        if let Some(person) = synthetic::contact(CITY, index) {
            subscribe(cx, &mut tx, &firm, &person, &receiver).await?;
            sown.subscriptions += 1;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn save_firm(cx: &Context, tx: &mut Tx, profile: &Profile) -> Result<Enterprise, Failure> {
    let saved = tx.save_enterprise(&Scope::System, profile, true, &Actor::new("seed"), cx.now()).await?;
    Ok(saved.value)
}

/// One contact with an e-mail address and, where the firm's own system listens, a webhook; told by one subscription.
/// Secrets made at the first run are kept.
async fn subscribe(
    cx: &Context,
    tx: &mut Tx,
    firm: &Enterprise,
    person: &synthetic::SyntheticContact,
    receiver: &str,
) -> Result<(), Failure> {
    let id = ContactId::of(&format!("{}/demo", firm.profile.uscc));
    let known = cx.store.recipients_of(&Scope::System, firm.ordinal).await?;
    let known = known.into_iter().find(|one| one.contact.id == id);
    let contact = Contact {
        id,
        enterprise: Some(firm.ordinal),
        name: person.name.clone(),
        role: person.role,
        basis: person.basis,
    };
    tx.save_contact(&Scope::System, &contact).await?;
    let channels = channels(firm, person, receiver, known.as_ref(), id)?;
    for channel in &channels {
        tx.save_channel(&Scope::System, channel).await?;
    }
    if known.is_none() {
        tx.save_subscription(&Scope::System, &subscription(firm, person, &channels, id)?).await?;
    }
    Ok(())
}

fn channels(
    firm: &Enterprise,
    person: &synthetic::SyntheticContact,
    receiver: &str,
    known: Option<&Recipient>,
    contact: ContactId,
) -> Result<Vec<Channel>, Failure> {
    let uscc = &firm.profile.uscc;
    let channel = |kind: ChannelKind, address: String, secret| Channel {
        id: ChannelId::of(&format!("{uscc}/demo/{}", kind.as_str())),
        contact,
        kind,
        address,
        secret,
        state: ChannelState::Active,
    };
    let mut channels = vec![channel(ChannelKind::Email, person.email.clone(), None)];
    if person.webhook_path.is_some() {
        let kept = known.and_then(|one| one.channels.iter().find_map(|channel| channel.secret.clone()));
        let secret = kept.map_or_else(secret::webhook_secret, Ok)?;
        channels.push(channel(ChannelKind::Webhook, format!("{receiver}/{uscc}"), Some(secret)));
    }
    Ok(channels)
}

fn subscription(
    firm: &Enterprise,
    person: &synthetic::SyntheticContact,
    channels: &[Channel],
    contact: ContactId,
) -> Result<Subscription, Failure> {
    Ok(Subscription {
        id: SubscriptionId::of(&format!("{}/demo", firm.profile.uscc)),
        contact,
        enterprise: Some(firm.ordinal),
        topic: Topic::Matches,
        frequency: person.frequency,
        express: person.express,
        channels: channels.iter().map(|channel| channel.id).collect(),
        paused_until: None,
        ended_at: None,
        token: secret::token()?,
    })
}
