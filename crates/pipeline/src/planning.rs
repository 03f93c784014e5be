//! Step 4: what each recipient hears in a slot, rendered and put into the outbox.
//!
//! Plan, ledger claims and rendered pushes of a page of recipients commit together. A run that dies
//! half-way is planned again: what is claimed is in the ledger and yields no second line.

mod candidates;
mod digest;
mod turn;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use census::City;
use chrono::{Days, NaiveDate};
use domain::matching::Matcher;
use domain::planning::{Line, Slot, plan, serves};
use domain::{
    Channel, ChannelState, Enterprise, EnterpriseOrdinal, Frequency, Instant, ItemId, LedgerKey, Push, PushId, PushRun,
    PushState, Reason, RunKind, Scope, Standing, SubscriptionId, Told, Window,
};
use storage::{FeedbackKind, Recipient};

use crate::context::Context;
use crate::error::Error;
use crate::scheduler::next_slots;
use candidates::{candidates, look};
use turn::Written;

/// Recipients handled in one transaction.
const PAGE: u64 = 200;

/// How often a page is looked at while another planner claims some of its lines first.
const LOOKS: u8 = 4;

/// Messages kept in a report as examples.
const SAMPLES: usize = 3;

/// What planning a run did, for people and for `--json`.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct PlanReport {
    pub kind: Option<RunKind>,
    pub slot: String,
    /// The run had been planned before; nothing was added.
    pub already_planned: bool,
    pub recipients: usize,
    /// Recipients who hear something.
    pub addressed: usize,
    pub pushes: BTreeMap<String, usize>,
    pub lines: BTreeMap<String, usize>,
    /// Matched firms that no active channel reaches: for the stations to call.
    pub unreachable: Vec<String>,
    pub samples: Vec<letters::Digest>,
}

/// One message to be: the same lines on every active channel of a recipient, and every ledger key they settle.
struct Message<'a> {
    recipient: &'a Recipient,
    copies: Vec<Copy<'a>>,
    keys: Vec<LedgerKey>,
}

/// The message on one channel; its links name its push.
struct Copy<'a> {
    channel: &'a Channel,
    push: PushId,
    dedupe_key: String,
    digest: letters::Digest,
}

/// Plans one slot into the outbox. `Express` adds to its day's run whatever has become urgent since.
pub async fn run(cx: &Context, kind: RunKind, day: NaiveDate, due_at: Instant) -> Result<PlanReport, Error> {
    let slot = kind.slot(day);
    let mut tx = cx.store.begin().await?;
    let (run, _) = tx.open_run(&Scope::System, kind, &slot, due_at).await?;
    tx.commit().await?;
    if run.planned_at.is_some() && kind != RunKind::Express {
        return Ok(PlanReport { kind: Some(kind), slot, already_planned: true, ..PlanReport::default() });
    }
    let report = for_each_page(cx, kind, day, Some(&run)).await?;
    let mut tx = cx.store.begin().await?;
    tx.mark_planned(&Scope::System, run.id, cx.now()).await?;
    tx.commit().await?;
    tracing::info!(run.kind = ?kind, run.slot = %slot, pushes = ?report.pushes, "planned");
    Ok(report)
}

/// What [`run`] would do, with the messages themselves; writes nothing.
pub async fn preview(cx: &Context, kind: RunKind, day: NaiveDate) -> Result<PlanReport, Error> {
    for_each_page(cx, kind, day, None).await
}

async fn for_each_page(
    cx: &Context,
    kind: RunKind,
    day: NaiveDate,
    run: Option<&PushRun>,
) -> Result<PlanReport, Error> {
    let (ground, mut written) = (Ground::load(cx).await?, Written::new());
    let urgent_before = urgent_before(cx, day)?;
    let mut report = PlanReport { kind: Some(kind), slot: kind.slot(day), ..PlanReport::default() };
    let mut after: Option<SubscriptionId> = None;
    loop {
        let page = cx.store.list_recipients(&Scope::System, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.subscription.id);
        let served: Vec<&Recipient> = page.iter().filter(|one| is_served(cx, kind, one)).collect();
        let slot = |frequency| Slot { kind, day, urgent_before: urgent_before[&frequency] };
        let (known, mut looks) = (report.unreachable.len(), 1);
        let messages = loop {
            report.unreachable.truncate(known);
            let messages = messages(cx, &ground, &mut written, &served, slot, &mut report).await?;
            let Some(run) = run else { break messages };
            match commit(cx, run, &messages).await {
                // What the other planner has claimed is told; the rest of the page is still ours to tell.
                Err(Error::Contended) if looks < LOOKS => looks += 1,
                committed => {
                    committed?;
                    break messages;
                }
            }
        };
        note(&mut report, served.len(), messages);
    }
    Ok(report)
}

fn is_served(cx: &Context, kind: RunKind, recipient: &Recipient) -> bool {
    let subscription = &recipient.subscription;
    subscription.ended_at.is_none()
        && subscription.paused_until.is_none_or(|until| until <= cx.now())
        && serves(kind, subscription)
}

/// Per frequency: the day before which a closing call cannot wait for the next regular message.
fn urgent_before(cx: &Context, day: NaiveDate) -> Result<BTreeMap<Frequency, NaiveDate>, Error> {
    let next = next_slots(&cx.settings, day)?;
    let with_margin = |slot: NaiveDate| cx.reference.calendar.add_working_days(slot, 3) + Days::new(1);
    Ok(next.into_iter().map(|(frequency, slot)| (frequency, with_margin(slot))).collect())
}

/// What a run reads once for everybody.
struct Ground {
    matcher: Arc<Matcher>,
    windows: Arc<[Window]>,
    declined: Declined,
}

impl Ground {
    async fn load(cx: &Context) -> Result<Self, Error> {
        cx.census.follow(cx.today()).await?;
        let library = |city: &City| (Arc::clone(city.matcher()), Arc::clone(city.windows()));
        let (matcher, windows) = cx.census.ask(library).await?;
        Ok(Self { matcher, windows, declined: declined(cx).await? })
    }
}

/// Items a firm has answered 不感兴趣 or 已申报 to.
type Declined = HashSet<(EnterpriseOrdinal, ItemId)>;

async fn declined(cx: &Context) -> Result<Declined, Error> {
    let answers = cx.store.list_feedback(&Scope::System, None, u64::from(u32::MAX)).await?;
    Ok(answers
        .into_iter()
        .filter(|answer| matches!(answer.kind, FeedbackKind::NotInterested | FeedbackKind::Applied))
        .filter_map(|answer| Some((answer.enterprise?, answer.item?)))
        .collect())
}

/// Whoever has answered is not asked again, but still hears that something was wrong or is no more.
fn is_wanted(line: &Line, enterprise: EnterpriseOrdinal, declined: &Declined) -> bool {
    matches!(line.reason, Reason::Corrected | Reason::Repealed) || !declined.contains(&(enterprise, line.item))
}

async fn messages<'a>(
    cx: &Context,
    ground: &Ground,
    written: &mut Written,
    served: &[&'a Recipient],
    slot: impl Fn(Frequency) -> Slot,
    report: &mut PlanReport,
) -> Result<Vec<Message<'a>>, Error> {
    let ids: Vec<SubscriptionId> = served.iter().map(|one| one.subscription.id).collect();
    let mut told = told_by_subscription(cx, &ids).await?;
    let ordinals: Vec<EnterpriseOrdinal> = served.iter().filter_map(|one| one.subscription.enterprise).collect();
    let enterprises: HashMap<EnterpriseOrdinal, Enterprise> =
        cx.store.find_enterprises(&Scope::System, &ordinals).await?.into_iter().map(|one| (one.ordinal, one)).collect();
    let known = known(cx, &ground.matcher, enterprises.values()).await?;
    let mut messages = Vec::new();
    for recipient in served {
        let Some(enterprise) = recipient.subscription.enterprise.and_then(|ordinal| enterprises.get(&ordinal)) else {
            continue;
        };
        let told = told.remove(&recipient.subscription.id).unwrap_or_default();
        let slot = slot(recipient.subscription.frequency);
        let looked = look(cx, ground, enterprise, known.get(&enterprise.ordinal).cloned());
        let candidates = candidates(cx, &looked, enterprise, &told, written).await?;
        let mut lines = plan(&recipient.subscription, &candidates, &told, &slot);
        lines.retain(|line| is_wanted(line, enterprise.ordinal, &ground.declined));
        if lines.is_empty() {
            continue;
        }
        if active_channels(recipient).next().is_none() {
            report.unreachable.push(enterprise.profile.name.clone());
            continue;
        }
        // What does not fit stays unclaimed and comes next time.
        let more = lines.len().saturating_sub(cx.settings.lines);
        lines.truncate(cx.settings.lines);
        let keys: Vec<LedgerKey> = lines.iter().flat_map(|line: &Line| line.keys.clone()).collect();
        let mut copies = Vec::new();
        for channel in active_channels(recipient) {
            let dedupe_key = dedupe_key(&slot, recipient, channel, &keys);
            let push = PushId::of(&dedupe_key);
            let occasion = digest::Occasion { slot: &slot, push, more };
            let digest = digest::digest(cx, &occasion, recipient, enterprise, &lines, &looked);
            copies.push(Copy { channel, push, dedupe_key, digest });
        }
        messages.push(Message { recipient, copies, keys });
    }
    without_sent(cx, messages).await
}

/// What the city tells of these enterprises, of those whose profile and library it holds as they were read here. One
/// that was written since is judged by what was read.
async fn known<'a>(
    cx: &Context,
    matcher: &Arc<Matcher>,
    enterprises: impl Iterator<Item = &'a Enterprise>,
) -> Result<HashMap<EnterpriseOrdinal, Vec<Standing>>, Error> {
    let read: Vec<(EnterpriseOrdinal, i64)> = enterprises.map(|one| (one.ordinal, one.revision)).collect();
    let (matcher, day) = (Arc::clone(matcher), cx.today());
    let told = cx.census.ask(move |city| {
        let is_same = Arc::ptr_eq(city.matcher(), &matcher) && city.day() == day;
        let known =
            read.into_iter().filter(|(ordinal, revision)| is_same && city.revision(*ordinal) == Some(*revision));
        known.filter_map(|(ordinal, _)| Some((ordinal, city.standings_of(ordinal)?))).collect()
    });
    Ok(told.await?)
}

/// A run that died half-way has sent some their message of the slot; what did not fit in it comes next time.
async fn without_sent<'a>(cx: &Context, mut messages: Vec<Message<'a>>) -> Result<Vec<Message<'a>>, Error> {
    let ids: Vec<PushId> = messages.iter().flat_map(|message| &message.copies).map(|copy| copy.push).collect();
    let sent = cx.store.known_pushes(&Scope::System, &ids).await?;
    for message in &mut messages {
        message.copies.retain(|copy| !sent.contains(&copy.push));
    }
    messages.retain(|message| !message.copies.is_empty());
    Ok(messages)
}

async fn told_by_subscription(cx: &Context, ids: &[SubscriptionId]) -> Result<HashMap<SubscriptionId, Told>, Error> {
    let mut keys: HashMap<SubscriptionId, Vec<LedgerKey>> = HashMap::new();
    for key in cx.store.ledger_keys(&Scope::System, ids).await? {
        keys.entry(key.subscription).or_default().push(key);
    }
    Ok(keys.into_iter().map(|(id, keys)| (id, keys.into_iter().collect())).collect())
}

fn active_channels(recipient: &Recipient) -> impl Iterator<Item = &Channel> {
    recipient.channels.iter().filter(|channel| channel.state == ChannelState::Active)
}

async fn commit(cx: &Context, run: &PushRun, messages: &[Message<'_>]) -> Result<(), Error> {
    if messages.is_empty() {
        return Ok(());
    }
    let mut tx = cx.store.begin().await?;
    for message in messages {
        for copy in &message.copies {
            let push = render(cx, run, message.recipient, copy)?;
            match tx.insert_pushes(&Scope::System, &[push]).await {
                Err(storage::Error::Conflict(_)) => return Err(Error::Contended),
                inserted => inserted?,
            }
            let granted = tx.claim(&Scope::System, &message.keys, copy.push).await?;
            if granted.len() < message.keys.len() {
                return Err(Error::Contended);
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

fn render(cx: &Context, run: &PushRun, recipient: &Recipient, copy: &Copy<'_>) -> Result<Push, Error> {
    let due_at = match run.kind {
        RunKind::Express => {
            let working = |day| cx.reference.calendar.is_working_day(day);
            cx.settings.office_hours.next(cx.now(), cx.settings.zone, &working)
        }
        _ => run.due_at,
    };
    Ok(Push {
        id: copy.push,
        run: run.id,
        subscription: recipient.subscription.id,
        channel: copy.channel.id,
        kind: copy.channel.kind,
        dedupe_key: copy.dedupe_key.clone(),
        state: PushState::Queued,
        due_at,
        attempts: 0,
        letter: cx.letters.render(&copy.digest, copy.channel.kind)?.to_json()?,
    })
}

/// One regular message per run, subscription and channel; express messages of one day differ by their first news.
fn dedupe_key(slot: &Slot, recipient: &Recipient, channel: &Channel, keys: &[LedgerKey]) -> String {
    let base = format!("{:?}/{}/{}/{}", slot.kind, slot.kind.slot(slot.day), recipient.subscription.id, channel.id);
    match (slot.kind, keys.first()) {
        (RunKind::Express, Some(key)) => format!("{base}/{key}"),
        _ => base,
    }
}

fn note(report: &mut PlanReport, served: usize, messages: Vec<Message<'_>>) {
    report.recipients += served;
    report.addressed += messages.len();
    for message in messages {
        for copy in &message.copies {
            *report.pushes.entry(copy.channel.kind.as_str().to_owned()).or_default() += 1;
        }
        let Some(first) = message.copies.into_iter().next() else { continue };
        for line in &first.digest.lines {
            *report.lines.entry(line.reason.as_str().to_owned()).or_default() += 1;
        }
        if report.samples.len() < SAMPLES {
            report.samples.push(first.digest);
        }
    }
}
