//! `match --all`: every firm against every item at once, counted.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{ChannelKind, Mode, RunKind};
use intake::{ListColumn, ListFile};
use pipeline::Context;
use pipeline::listing::{self, Listed};
use pipeline::matching::{DeltaCount, MatchReport};
use pipeline::planning::{self, PlanReport};
use serde_json::Value;

use super::matching::require_item;
use crate::cli::Match as Args;
use crate::failure::Failure;
use crate::output;

pub(super) async fn run(cx: &Context, args: &Args) -> Result<(), Failure> {
    output::progress("载入企业画像");
    let mut report = pipeline::matching::run(cx).await?;
    let Some(code) = args.item.clone() else {
        let plan = planning::preview(cx, RunKind::Weekly, cx.today()).await?;
        return tell(&report, args.json.json, Some(("plan", serde_json::to_value(Planned::of(&plan))?)));
    };
    let checked = code.clone();
    cx.census.ask(move |city| require_item(city.matcher(), &checked)).await??;
    report.matched.retain(|item, _| *item == code);
    report.by_item.retain(|item, _| *item == code);
    if let Some(file) = &args.out {
        write(cx, &code, file).await?;
    }
    let firms = if args.json.json && args.out.is_none() { Some(firms(cx, &code).await?) } else { None };
    tell(&report, args.json.json, firms.map(|firms| ("firms", Value::Array(firms))))
}

/// What this week's run would send if it were planned now.
#[derive(serde::Serialize)]
struct Planned<'p> {
    recipients: usize,
    addressed: usize,
    pushes: &'p BTreeMap<String, usize>,
}

impl<'p> Planned<'p> {
    fn of(plan: &'p PlanReport) -> Self {
        Self { recipients: plan.recipients, addressed: plan.addressed, pushes: &plan.pushes }
    }
}

fn tell(report: &MatchReport, as_json: bool, more: Option<(&str, Value)>) -> Result<(), Failure> {
    if as_json {
        let mut document = serde_json::to_value(report)?;
        if let Some((name, value)) = more {
            document[name] = value;
        }
        return Ok(output::json(&document)?);
    }
    let MatchReport { enterprises, items, as_of_revision, .. } = report;
    output::line(format!("{enterprises} 家企业 × {items} 个事项(数据版本 {as_of_revision})"))?;
    let compiled = &report.compiled;
    output::line(format!(
        "条件合为 {} 个不同的问题,其中 {} 个两边都因企业而异、逐行相比;{} 个表达式需要推算",
        compiled.questions, compiled.compared_row_by_row, compiled.derived
    ))?;
    for (standing, count) in &report.standings {
        output::line(format!("  {:<12} {count}", standing.label(Mode::Application)))?;
    }
    output::line(format!("有开放事项可办的企业:{} 家", report.actionable))?;
    changed(report)?;
    if let Some((_, plan)) = more.filter(|(name, _)| *name == "plan") {
        output::line(format!("现在推送会告知 {} 位收件人,共 {} 条", plan["addressed"], total(&plan["pushes"])))?;
    }
    output::line("    符合  基本符合  待补信息  事项")?;
    for (code, count) in &report.by_item {
        output::line(format!("{:>8}{:>10}{:>10}  {code}", count.met, count.almost_met, count.open))?;
    }
    let stages = &report.stages;
    Ok(output::line(format!(
        "用时(毫秒):载入 {},推导 {},判定 {},编码 {},比对 {},保存 {},快照 {}",
        stages.load, stages.derive, stages.count, stages.encode, stages.compare, stages.store, stages.keep
    ))?)
}

fn total(pushes: &Value) -> u64 {
    pushes.as_object().into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum()
}

/// The difference to the result stored last.
fn changed(report: &MatchReport) -> Result<(), Failure> {
    let Some(changed) = &report.changed else { return Ok(output::line("此前没有保存过判定结果")?) };
    let sum = |count: fn(&DeltaCount) -> u64| changed.items.values().map(count).sum::<u64>();
    output::line(format!(
        "与上次(数据版本 {})相比:新符合 {} 对,不再符合 {} 对,新开放事项 {} 个",
        changed.since_revision,
        sum(|count| count.gained),
        sum(|count| count.lost),
        changed.new_items.len()
    ))?;
    for (code, count) in &changed.items {
        output::line(format!("  +{} −{}  {code}", count.gained, count.lost))?;
    }
    Ok(())
}

const TITLE: &str = "联系名单";
const COLUMNS: [ListColumn; 8] = [
    ListColumn { label: "企业", width: 34 },
    ListColumn { label: "统一社会信用代码", width: 22 },
    ListColumn { label: "区/街道", width: 22 },
    ListColumn { label: "情形", width: 14 },
    ListColumn { label: "缺什么", width: 40 },
    ListColumn { label: "差多少", width: 40 },
    ListColumn { label: "依据句", width: 60 },
    ListColumn { label: "可否送达", width: 18 },
];

/// Writes the list a clerk phones from. No telephone stands in it: none is held, and none may be without a basis.
async fn write(cx: &Context, code: &str, file: &Path) -> Result<(), Failure> {
    let mut list = ListFile::new(TITLE, &COLUMNS)?;
    let listed = listing::list(cx, code, |row| Ok(list.push(cells(&row).iter().map(String::as_str))?)).await?;
    list.save(file)?;
    Ok(output::line(format!("名单 {} 家,已写入 {}", listed.unwrap_or_default(), file.display()))?)
}

fn cells(row: &Listed) -> [String; 8] {
    let kinds = row.reached_by.iter().map(|kind| match kind {
        ChannelKind::Email => "邮件",
        ChannelKind::Webhook => "Webhook",
    });
    let reached: Vec<&str> = kinds.collect();
    [
        row.name.clone(),
        row.uscc.clone(),
        row.place.clone(),
        row.label.to_owned(),
        row.missing.join(";"),
        row.gaps.join(";"),
        row.sentences.join("\n"),
        if reached.is_empty() { "无可用地址".to_owned() } else { reached.join("、") },
    ]
}

/// Everybody to whom an item is told as anything but 不符合.
async fn firms(cx: &Context, code: &str) -> Result<Vec<Value>, Failure> {
    let mut firms = Vec::new();
    listing::list(cx, code, |row| {
        firms.push(serde_json::to_value(&row)?);
        Ok(())
    })
    .await?;
    Ok(firms)
}
