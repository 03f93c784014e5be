//! `match`: one firm or one profile against every item with reasons; `--all` is in `everyone`.

use census::Library;
use chrono::NaiveDate;
use domain::matching::{Match, Matcher};
use domain::relations::TellRelations;
use domain::total::{Total, total};
use domain::{Scope, Standing, questions};
use pipeline::Context;
use rules::Profile;
use serde_json::{Value, json};

use super::{everyone, rule};
use crate::app::{self, Options};
use crate::cli::Match as Args;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn run(config: &Config, args: &Args) -> Result<(), Failure> {
    let cx = app::open(config, Options { as_of: args.as_of, ..Options::default() }).await?;
    if args.all {
        return everyone::run(&cx, args).await;
    }
    let profile = profile(&cx, args).await?;
    let library = Library::load(&cx.store, &cx.reference).await?;
    let all = library.matcher.explain_all(&profile, &cx.reference, cx.today());
    let relations = TellRelations::new(&all, cx.today());
    let sum = total(&all, &profile, &cx.reference, cx.today()).filter(|_| args.item.is_none());
    let mut matches: Vec<&Match<'_>> = all.iter().collect();
    if let Some(code) = &args.item {
        require_item(&library.matcher, code)?;
        matches.retain(|one| one.entry.item.code == *code);
    }
    let found = Found { profile: &profile, matches, relations, sum };
    if args.json.json {
        return Ok(output::json(&document(&cx, &library, &found))?);
    }
    for line in report(&found, args.item.is_some(), cx.today()) {
        output::line(line)?;
    }
    let asked = questions::best(found.matches, &cx.reference, questions::FEW);
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

pub(super) fn require_item(matcher: &Matcher, code: &str) -> Result<(), Failure> {
    match matcher.find(code) {
        Some(_) => Ok(()),
        None => Err(Failure::bad_input(format!("--item:没有代码为 {code} 的事项;用 hanqitong search 查找"))),
    }
}

/// What one firm is told.
struct Found<'m> {
    profile: &'m Profile,
    matches: Vec<&'m Match<'m>>,
    relations: TellRelations<'m>,
    sum: Option<Total>,
}

/// The same shape as `GET /api/v1/enterprises/{uscc}/matches`.
fn document(cx: &Context, library: &Library, found: &Found<'_>) -> Value {
    let Found { profile, matches, relations, sum } = found;
    json!({
        "enterprise": { "uscc": profile.uscc, "name": profile.name },
        "as_of": cx.today(),
        "as_of_revision": library.seq,
        "questions": questions::best(matches.iter().copied(), &cx.reference, questions::FEW),
        "total": sum,
        "matches": matches.iter().map(|one| describe(one, relations, cx.today())).collect::<Vec<_>>(),
    })
}

fn describe(found: &Match<'_>, relations: &TellRelations<'_>, day: NaiveDate) -> Value {
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
        "amount": found.amount,
        "selective": found.entry.is_selective(day),
        "relations": relations.of(&found.entry.item.code),
        "explanation": found.explanation,
    })
}

fn report(found: &Found<'_>, every_reason: bool, day: NaiveDate) -> Vec<String> {
    let mut lines = vec![format!("{}({})", found.profile.name, found.profile.uscc)];
    lines.extend(found.sum.as_ref().map(|sum| sum.words.clone()));
    for standing in Standing::ALL {
        let group: Vec<&Match<'_>> = found.matches.iter().copied().filter(|one| one.standing == standing).collect();
        if group.is_empty() {
            continue;
        }
        lines.push(format!("\n{}:{} 项", standing.label(domain::Mode::Application), group.len()));
        let reasons = every_reason || standing <= Standing::MissingInformation;
        for one in group {
            let item = &one.entry.item;
            lines.push(format!("  {}  [{}]  {}", item.revision.name, one.window.label(), item.code));
            if reasons {
                lines.extend(money(one, day));
                let relations = found.relations.of(&item.code);
                lines.extend(relations.into_iter().map(|relation| format!("    · {}", relation.words)));
            }
            if let Some(explanation) = one.explanation.as_ref().filter(|_| reasons) {
                lines.extend(rule::describe(explanation).lines().map(|line| format!("    {line}")));
            }
        }
    }
    lines
}

/// What it comes to, and how.
fn money(one: &Match<'_>, day: NaiveDate) -> Vec<String> {
    let Some(amount) = &one.amount else { return Vec::new() };
    let promise = if one.entry.is_selective(day) { "入选的话(择优,不保证拿到)" } else { "预计" };
    vec![format!("    {promise} {}", amount.display), format!("    算法:{}", amount.reckoning)]
}
