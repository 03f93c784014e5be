//! The clock that starts the steps: which slots are due, and one tick of everything.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use croner::Cron;
use domain::{Frequency, Instant, RunKind, Scope};

use crate::context::{Context, Settings};
use crate::error::Error;
use crate::{dispatch, index, planning, proving};

/// Newest runs among which the last one of a kind is looked for: a quarter of daily, weekly and monthly runs.
const RUNS_LOOKED_AT: u64 = 200;

/// Missed slots put on record at once; a longer absence needs no longer list.
const MISSED_RECORDED: usize = 100;

/// Regular kinds with the frequency they serve.
const REGULAR: [(RunKind, Frequency); 3] =
    [(RunKind::Daily, Frequency::Daily), (RunKind::Weekly, Frequency::Weekly), (RunKind::Monthly, Frequency::Monthly)];

/// Refuses a cron expression that cannot be read, naming its key.
pub fn check(settings: &Settings) -> Result<(), Error> {
    REGULAR.iter().try_for_each(|(kind, _)| cron(settings, *kind).map(drop))
}

/// For each regular frequency: the day of the first slot after `day`. Immediate readers wait for nothing.
pub fn next_slots(settings: &Settings, day: NaiveDate) -> Result<BTreeMap<Frequency, NaiveDate>, Error> {
    let mut next = BTreeMap::from([(Frequency::Immediate, day)]);
    let end_of_day = local(settings.zone, day, NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default());
    for (kind, frequency) in REGULAR {
        let slot = cron(settings, kind)?.find_next_occurrence(&end_of_day, false).map_err(Error::cron)?;
        next.insert(frequency, slot.date_naive());
    }
    Ok(next)
}

/// The newest slot of a kind that is due at `now`, if one fell due within `missed_within`.
pub fn due_slot(settings: &Settings, kind: RunKind, now: Instant) -> Result<Option<(NaiveDate, Instant)>, Error> {
    let at = now.in_zone(settings.zone);
    let slot = cron(settings, kind)?.find_previous_occurrence(&at, true).map_err(Error::cron)?;
    let due_at = Instant::from(slot);
    let fresh = now.millis_since(due_at) <= settings.missed_within_millis;
    Ok(fresh.then(|| (slot.date_naive(), due_at)))
}

/// Slots of a kind between the last one on record and the newest due one: nobody was there for them. They are
/// recorded as runs that planned nothing, because the ledger carries their news to the newest. A new installation
/// has missed nothing.
async fn missed_slots(cx: &Context, kind: RunKind) -> Result<Vec<(NaiveDate, Instant)>, Error> {
    let Some((newest, _)) = due_slot(&cx.settings, kind, cx.now())? else { return Ok(Vec::new()) };
    let runs = cx.store.list_runs(&Scope::System, RUNS_LOOKED_AT).await?;
    let Some(last) = runs.into_iter().find(|run| run.kind == kind) else { return Ok(Vec::new()) };
    let slots = cron(&cx.settings, kind)?
        .iter_after(last.due_at.in_zone(cx.settings.zone))
        .map(|slot| (slot.date_naive(), Instant::from(slot)))
        .take_while(|(day, _)| *day < newest)
        .take(MISSED_RECORDED)
        .collect();
    Ok(slots)
}

/// Plans every regular slot that is due and not yet planned. Any number of schedulers make one run.
pub async fn plan_due(cx: &Context) -> Result<Vec<planning::PlanReport>, Error> {
    let mut reports = Vec::new();
    for (kind, _) in REGULAR {
        let Some((day, due_at)) = due_slot(&cx.settings, kind, cx.now())? else { continue };
        if is_planned(cx, kind, day).await? {
            continue;
        }
        for (missed, missed_at) in missed_slots(cx, kind).await? {
            record_missed(cx, kind, missed, missed_at).await?;
        }
        reports.push(planning::run(cx, kind, day, due_at).await?);
    }
    Ok(reports)
}

async fn is_planned(cx: &Context, kind: RunKind, day: NaiveDate) -> Result<bool, Error> {
    let run = cx.store.find_run(&Scope::System, kind, &kind.slot(day)).await?;
    Ok(run.is_some_and(|run| run.planned_at.is_some()))
}

/// A slot nobody was there for: on record, with nothing planned. An already recorded one is left alone.
async fn record_missed(cx: &Context, kind: RunKind, day: NaiveDate, due_at: Instant) -> Result<(), Error> {
    let mut tx = cx.store.begin().await?;
    let (run, created) = tx.open_run(&Scope::System, kind, &kind.slot(day), due_at).await?;
    if created {
        tracing::warn!(run.kind = ?kind, run.slot = %run.slot, "slot was missed, its news goes out with the newest one");
        tx.mark_planned(&Scope::System, run.id, cx.now()).await?;
        tx.mark_finished(&Scope::System, run.id, cx.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What express planning has already looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen(Option<(i64, NaiveDate)>);

/// Plans express messages once per change of library, profiles or subscriptions, and once per day.
pub async fn plan_express(cx: &Context, seen: &mut Seen) -> Result<Option<planning::PlanReport>, Error> {
    let at = (cx.store.latest_change(&Scope::System).await?, cx.today());
    if seen.0 == Some(at) {
        return Ok(None);
    }
    let report = planning::run(cx, RunKind::Express, cx.today(), cx.now()).await?;
    seen.0 = Some(at);
    Ok(Some(report))
}

/// One round of everything: follow the library, plan what is due, deliver what can be delivered now.
pub async fn tick(cx: &Context, seen: &mut Seen) -> Result<dispatch::DispatchReport, Error> {
    index::follow(cx).await?;
    plan_due(cx).await?;
    plan_express(cx, seen).await?;
    dispatch::run(cx).await
}

fn cron(settings: &Settings, kind: RunKind) -> Result<Cron, Error> {
    let (key, text) = match kind {
        RunKind::Daily => ("push.daily_cron", &settings.crons.daily),
        RunKind::Monthly => ("push.monthly_cron", &settings.crons.monthly),
        RunKind::Weekly | RunKind::Express => ("push.cron", &settings.crons.weekly),
    };
    Cron::from_str(text).map_err(|source| Error::CronText { key, text: text.clone(), source: Box::new(source) })
}

fn local(zone: Tz, day: NaiveDate, time: NaiveTime) -> DateTime<Tz> {
    let naive = day.and_time(time);
    zone.from_local_datetime(&naive).earliest().unwrap_or_else(|| zone.from_utc_datetime(&naive))
}

/// Works until the context is told to stop. The index follows the library in a task of its own, so that a long
/// plan or delivery never keeps a new policy from being found.
pub async fn work(cx: Context, tick_every: Duration, follow_every: Duration) {
    let following = tokio::spawn(follow(cx.clone(), follow_every));
    let proving = tokio::spawn(prove(cx.clone(), tick_every));
    let mut seen = Seen::default();
    let mut pace = pace(tick_every);
    while !cx.is_stopping() {
        pace.tick().await;
        note("tick", tick(&cx, &mut seen).await);
    }
    if let Err(error) = following.await {
        tracing::error!(%error, "following the library ended early");
    }
    if let Err(error) = proving.await {
        tracing::error!(%error, "comparing the city ended early");
    }
}

async fn follow(cx: Context, every: Duration) {
    let mut pace = pace(every);
    while !cx.is_stopping() {
        pace.tick().await;
        note("index.follow", index::follow(&cx).await);
    }
}

async fn prove(cx: Context, every: Duration) {
    let mut pace = pace(every);
    while !cx.is_stopping() {
        pace.tick().await;
        note("city.prove", proving::once_a_week(&cx).await);
    }
}

fn pace(every: Duration) -> tokio::time::Interval {
    let mut pace = tokio::time::interval(every);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    pace
}

/// A step that fails is said once and tried again at the next tick.
fn note<T>(step: &str, outcome: Result<T, Error>) {
    if let Err(error) = outcome {
        tracing::error!(step, error = %error, source = ?std::error::Error::source(&error), "a step failed and will be tried again");
    }
}
