//! `push plan|run|status|replay`: one slot, before, while and after it leaves.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Weekday};
use domain::{Push, PushId, PushRun, PushState, RunId, RunKind, Scope};
use pipeline::Context;
use pipeline::planning::{self, PlanReport};
use serde_json::json;
use storage::Actor;

use crate::app::{self, Options};
use crate::cli::{PushAction, Resolution, Slot};
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn run(config: &Config, action: &PushAction) -> Result<(), Failure> {
    let cx = app::open(config, Options::default()).await?;
    match action {
        PushAction::Plan(slot) => plan(&cx, slot).await,
        PushAction::Run(slot) => send(&cx, slot).await,
        PushAction::Status(slot) => status(&cx, slot).await,
        PushAction::Replay { slot, push, resolve } => replay(&cx, slot, push.as_deref(), *resolve).await,
    }
}

/// The run a slot's name belongs to and the day it is planned for: `2026-W48`, `2026-11` or `2026-11-23`.
fn read_slot(cx: &Context, slot: Option<&str>) -> Result<(RunKind, NaiveDate), Failure> {
    let Some(text) = slot else { return Ok((RunKind::Weekly, cx.today())) };
    let week = text
        .split_once("-W")
        .and_then(|(year, week)| NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon));
    let month = || format!("{text}-01").parse::<NaiveDate>().ok();
    week.map(|day| (RunKind::Weekly, day))
        .or_else(|| text.parse().ok().map(|day| (RunKind::Daily, day)))
        .or_else(|| month().map(|day| (RunKind::Monthly, day)))
        .ok_or_else(|| {
            Failure::bad_input(format!("--slot 不认识「{text}」;写 2026-W48(周)、2026-11(月)或 2026-11-23(日)"))
        })
}

async fn plan(cx: &Context, slot: &Slot) -> Result<(), Failure> {
    let (kind, day) = read_slot(cx, slot.slot.as_deref())?;
    let report = planning::preview(cx, kind, day).await?;
    if slot.json.json {
        return Ok(output::json(&report)?);
    }
    tell(&report, "将")
}

fn tell(report: &PlanReport, verb: &str) -> Result<(), Failure> {
    output::line(format!(
        "批次 {}:看了 {} 位收件人,{verb}告知 {} 位",
        report.slot, report.recipients, report.addressed
    ))?;
    for (channel, count) in &report.pushes {
        output::line(format!("  {channel:<8} {count} 条推送"))?;
    }
    for (reason, count) in &report.lines {
        output::line(format!("  {reason:<18} {count} 项"))?;
    }
    if !report.unreachable.is_empty() {
        output::line(format!("  有匹配而无法送达 {} 家:{}", report.unreachable.len(), report.unreachable.join("、")))?;
    }
    for sample in &report.samples {
        for line in &sample.lines {
            output::line(format!(
                "  例:{} ← {}({})",
                sample.recipient.name,
                line.name,
                letters::reason_words(line.reason)
            ))?;
        }
    }
    Ok(())
}

async fn send(cx: &Context, slot: &Slot) -> Result<(), Failure> {
    let (kind, day) = read_slot(cx, slot.slot.as_deref())?;
    let planned = planning::run(cx, kind, day, cx.now()).await?;
    let delivered = pipeline::dispatch::run(cx).await?;
    if slot.json.json {
        return Ok(output::json(&json!({ "plan": planned, "delivery": delivered }))?);
    }
    if planned.already_planned {
        output::line(format!("批次 {} 此前已计划", planned.slot))?;
    } else {
        tell(&planned, "已")?;
    }
    Ok(output::line(format!(
        "投递:送达 {},稍后重试 {},失败 {},存疑 {}",
        delivered.total_sent(),
        delivered.retry,
        delivered.failed,
        delivered.in_doubt
    ))?)
}

async fn status(cx: &Context, slot: &Slot) -> Result<(), Failure> {
    let (run, name) = planned_run(cx, slot).await?;
    let counts = cx.store.push_counts(&Scope::System, run.id).await?;
    let unsettled: Vec<Push> = all_pushes(cx, run.id)
        .await?
        .into_iter()
        .filter(|one| matches!(one.state, PushState::Failed | PushState::InDoubt | PushState::Retry))
        .collect();
    let mut causes = BTreeMap::new();
    for push in &unsettled {
        let attempts = cx.store.list_attempts(&Scope::System, push.id).await?;
        causes.insert(push.id.to_string(), attempts.last().map(|last| last.outcome.clone()));
    }
    if slot.json.json {
        return Ok(output::json(
            &json!({ "slot": name, "planned_at": run.planned_at, "counts": counts, "unsettled": causes }),
        )?);
    }
    output::line(format!("批次 {name}"))?;
    for (state, count) in &counts {
        output::line(format!("  {state:?}: {count}"))?;
    }
    for push in unsettled {
        let cause = causes.get(&push.id.to_string()).cloned().flatten();
        output::line(format!(
            "  {} {:?} {}",
            push.id,
            push.state,
            cause.map_or_else(String::new, |cause| format!("{cause:?}"))
        ))?;
    }
    Ok(())
}

/// A person decides about pushes whose fate nobody can know. What failed needs no replay: its lines are free again
/// and go out with the next run.
async fn replay(cx: &Context, slot: &Slot, push: Option<&str>, resolve: Resolution) -> Result<(), Failure> {
    let only: Option<PushId> = push
        .map(|text| text.parse().map_err(|_| Failure::bad_input(format!("--push 不是推送编号:{text}"))))
        .transpose()?;
    let resolution = match resolve {
        Resolution::Sent => storage::Resolution::Arrived,
        Resolution::Resend => storage::Resolution::Resend,
        Resolution::GiveUp => storage::Resolution::GiveUp,
    };
    let (run, name) = planned_run(cx, slot).await?;
    let mut count = 0;
    for one in cx.store.list_in_doubt(&Scope::System, u64::from(u16::MAX)).await? {
        if one.run != run.id || only.is_some_and(|only| only != one.id) {
            continue;
        }
        let mut tx = cx.store.begin().await?;
        let decided = tx.resolve_push(&Scope::System, one.id, resolution, &Actor::new("operator"), cx.now()).await?;
        tx.commit().await?;
        count += usize::from(decided);
    }
    if slot.json.json {
        return Ok(output::json(&json!({ "slot": name, "decided": count }))?);
    }
    Ok(output::line(format!("批次 {name}:处理存疑推送 {count} 条;需要重发的由 hanqitong push run 投递"))?)
}

async fn planned_run(cx: &Context, slot: &Slot) -> Result<(PushRun, String), Failure> {
    let (kind, day) = read_slot(cx, slot.slot.as_deref())?;
    let name = kind.slot(day);
    match cx.store.find_run(&Scope::System, kind, &name).await? {
        Some(run) => Ok((run, name)),
        None => Err(Failure::bad_input(format!("批次 {name} 还没有计划;用 hanqitong push plan 预览或 push run 执行"))),
    }
}

/// Every push of a run, page by page.
async fn all_pushes(cx: &Context, run: RunId) -> Result<Vec<Push>, Failure> {
    let mut pushes: Vec<Push> = Vec::new();
    loop {
        let after = pushes.last().map(|last| last.id);
        let page = cx.store.list_pushes(&Scope::System, run, after, 500).await?;
        if page.is_empty() {
            return Ok(pushes);
        }
        pushes.extend(page);
    }
}
