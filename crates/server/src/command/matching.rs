//! `match`: one firm or one profile against every item with reasons, or everyone at once.

use domain::matching::Match;
use domain::{Scope, Standing, questions};
use pipeline::Context;
use pipeline::matching::Population;
use rules::Profile;
use serde_json::{Value, json};

use super::rule;
use crate::app::{self, Options};
use crate::cli::Match as Args;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

/// Asked for at most; more is a form, not a hint.
const MOST_QUESTIONS: usize = 3;

pub(super) async fn run(config: &Config, args: &Args) -> Result<(), Failure> {
    let cx = app::open(config, Options { as_of: args.as_of, ..Options::default() }).await?;
    if args.all {
        return everyone(&cx, args).await;
    }
    let profile = profile(&cx, args).await?;
    let population = Population::load(&cx).await?;
    let mut matches = population.matcher.explain_all(&profile, &cx.reference, cx.today());
    if let Some(code) = &args.item {
        require_item(&population, code)?;
        matches.retain(|one| one.entry.item.code == *code);
    }
    if args.json.json {
        return Ok(output::json(&document(&cx, &population, &profile, &matches))?);
    }
    for line in report(&profile, &matches, args.item.is_some()) {
        output::line(line)?;
    }
    let asked = questions::best(&matches, &cx.reference, MOST_QUESTIONS);
    if let Some(words) = asked.words() {
        output::line(format!("\n{words}:"))?;
        for fact in &asked.facts {
            let period = fact.period.as_ref().map(|period| format!("({period})")).unwrap_or_default();
            output::line(format!("  · {}{period}:{}", fact.name, fact.question))?;
        }
    }
    Ok(())
}

async fn profile(cx: &Context, args: &Args) -> Result<Profile, Failure> {
    if let Some(file) = &args.profile {
        return rule::read_profile(file, &cx.reference);
    }
    let code = args.enterprise.as_deref().unwrap_or_default();
    let checked = rules::uscc::check(code).map_err(|problem| Failure::bad_input(format!("--enterprise:{problem}")))?;
    for warning in checked.warnings() {
        output::progress(format!("--enterprise:{warning}"));
    }
    let code = checked.as_str();
    let found = cx.store.find_enterprise(&Scope::System, code).await?;
    let missing = || Failure::bad_input(format!("--enterprise:库中没有 {code};先用 hanqitong import enterprises 导入"));
    Ok(found.ok_or_else(missing)?.profile)
}

fn require_item(population: &Population, code: &str) -> Result<(), Failure> {
    match population.matcher.find(code) {
        Some(_) => Ok(()),
        None => Err(Failure::bad_input(format!("--item:没有代码为 {code} 的事项;用 hanqitong search 查找"))),
    }
}

/// The same shape as `GET /api/v1/enterprises/{uscc}/matches`.
fn document(cx: &Context, population: &Population, profile: &Profile, matches: &[Match<'_>]) -> Value {
    json!({
        "enterprise": { "uscc": profile.uscc, "name": profile.name },
        "as_of": cx.today(),
        "as_of_revision": population.seq,
        "questions": questions::best(matches, &cx.reference, MOST_QUESTIONS),
        "matches": matches.iter().map(describe).collect::<Vec<_>>(),
    })
}

fn describe(found: &Match<'_>) -> Value {
    let revision = &found.entry.item.revision;
    json!({
        "item": found.entry.item.code,
        "name": revision.name,
        "item_revision": found.entry.item.revision_number,
        "policy": found.entry.policy.code,
        "policy_revision": found.entry.policy.revision_number,
        "coverage": revision.coverage,
        "mode": revision.mode,
        "standing": found.standing,
        "label": found.standing.label(revision.mode),
        "verdict": found.verdict,
        "window": found.window,
        "as_of": found.as_of,
        "explanation": found.explanation,
    })
}

fn report(profile: &Profile, matches: &[Match<'_>], every_reason: bool) -> Vec<String> {
    let mut lines = vec![format!("{}({})", profile.name, profile.uscc)];
    for standing in Standing::ALL {
        let group: Vec<&Match<'_>> = matches.iter().filter(|one| one.standing == standing).collect();
        if group.is_empty() {
            continue;
        }
        lines.push(format!("\n{}:{} 项", standing.label(domain::Mode::Application), group.len()));
        let reasons = every_reason || standing <= Standing::MissingInformation;
        for found in group {
            lines.push(format!(
                "  {}  [{}]  {}",
                found.entry.item.revision.name,
                found.window.label(),
                found.entry.item.code
            ));
            if let Some(explanation) = found.explanation.as_ref().filter(|_| reasons) {
                lines.extend(rule::describe(explanation).lines().map(|line| format!("    {line}")));
            }
        }
    }
    lines
}

async fn everyone(cx: &Context, args: &Args) -> Result<(), Failure> {
    if let Some(code) = &args.item {
        require_item(&Population::load(cx).await?, code)?;
    }
    let mut firms = Vec::new();
    let mut report = pipeline::matching::run(
        cx,
        |done| output::progress(format!("已判定 {done} 家")),
        |enterprise, matches| {
            let Some(code) = &args.item else { return };
            if let Some(found) = matches.iter().find(|one| one.entry.item.code == *code) {
                let profile = &enterprise.profile;
                firms.push(json!({ "uscc": profile.uscc, "name": profile.name, "standing": found.standing }));
            }
        },
    )
    .await?;
    if let Some(code) = &args.item {
        report.matched.retain(|item, _| item == code);
    }
    if args.json.json {
        let mut document = serde_json::to_value(&report)?;
        if args.item.is_some() {
            document["firms"] = Value::Array(firms);
        }
        return Ok(output::json(&document)?);
    }
    output::line(format!(
        "{} 家企业 × {} 个事项(数据版本 {})",
        report.enterprises, report.items, report.as_of_revision
    ))?;
    for (standing, count) in &report.standings {
        output::line(format!("  {:<12} {count}", standing.label(domain::Mode::Application)))?;
    }
    output::line(format!("有开放事项可办的企业:{} 家", report.actionable))?;
    for (code, count) in &report.matched {
        output::line(format!("  {count:>6}  {code}"))?;
    }
    Ok(())
}
