//! `match --all`: every firm against every item at once, counted.

use census::City;
use domain::{EnterpriseOrdinal, Mode, Scope, Standing};
use pipeline::Context;
use pipeline::matching::{DeltaCount, MatchReport};
use serde_json::{Value, json};

use super::matching::require_item;
use crate::cli::Match as Args;
use crate::failure::Failure;
use crate::output;

/// Firms read from the database at once.
const PAGE: usize = 500;

pub(super) async fn run(cx: &Context, args: &Args) -> Result<(), Failure> {
    output::progress("载入企业画像");
    let mut report = pipeline::matching::run(cx).await?;
    let Some(code) = args.item.clone() else { return tell(&report, args.json.json, None) };
    let checked = code.clone();
    cx.census.ask(move |city| require_item(city.matcher(), &checked)).await??;
    report.matched.retain(|item, _| *item == code);
    report.by_item.retain(|item, _| *item == code);
    let firms = if args.json.json { Some(firms(cx, code).await?) } else { None };
    tell(&report, args.json.json, firms)
}

fn tell(report: &MatchReport, as_json: bool, firms: Option<Vec<Value>>) -> Result<(), Failure> {
    if as_json {
        let mut document = serde_json::to_value(report)?;
        if let Some(firms) = firms {
            document["firms"] = Value::Array(firms);
        }
        return Ok(output::json(&document)?);
    }
    let MatchReport { enterprises, items, as_of_revision, .. } = report;
    output::line(format!("{enterprises} 家企业 × {items} 个事项(数据版本 {as_of_revision})"))?;
    output::line(format!("  逐对判定的条件:{} 个", report.judged_pair_by_pair))?;
    for (standing, count) in &report.standings {
        output::line(format!("  {:<12} {count}", standing.label(Mode::Application)))?;
    }
    output::line(format!("有开放事项可办的企业:{} 家", report.actionable))?;
    changed(report)?;
    output::line("    符合  基本符合  待补信息  事项")?;
    for (code, count) in &report.by_item {
        output::line(format!("{:>8}{:>10}{:>10}  {code}", count.met, count.almost_met, count.open))?;
    }
    let stages = &report.stages;
    Ok(output::line(format!(
        "用时(毫秒):载入 {},推导 {},判定 {},编码 {},比对 {},保存 {}",
        stages.load, stages.derive, stages.count, stages.encode, stages.compare, stages.store
    ))?)
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

/// Everybody to whom an item is told as anything but 不符合.
async fn firms(cx: &Context, code: String) -> Result<Vec<Value>, Failure> {
    let told = cx.census.ask(move |city| told(city, &code)).await?;
    let mut firms = Vec::with_capacity(told.len());
    for page in told.chunks(PAGE) {
        let ordinals: Vec<EnterpriseOrdinal> = page.iter().map(|(ordinal, _)| *ordinal).collect();
        let mut found = cx.store.find_enterprises(&Scope::System, &ordinals).await?;
        found.sort_by_key(|enterprise| enterprise.ordinal);
        for enterprise in found {
            let Ok(place) = page.binary_search_by_key(&enterprise.ordinal, |(ordinal, _)| *ordinal) else { continue };
            let profile = &enterprise.profile;
            firms.push(json!({ "uscc": profile.uscc, "name": profile.name, "standing": page[place].1 }));
        }
    }
    Ok(firms)
}

fn told(city: &City, code: &str) -> Vec<(EnterpriseOrdinal, Standing)> {
    let Some(place) = city.matcher().entries().iter().position(|entry| entry.item.code == code) else {
        return Vec::new();
    };
    let standing = |ordinal| Some((ordinal, city.standings_of(ordinal)?[place]));
    let mut told: Vec<_> = city.ordinals().filter_map(standing).filter(|(_, told)| *told != Standing::NotMet).collect();
    told.sort_unstable_by_key(|(ordinal, _)| *ordinal);
    told
}
