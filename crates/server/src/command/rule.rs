//! `rule check|format|explain FILE`: a condition in text form, without a database.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use rules::{Condition, Context, Explanation, Node, Position, Problem, Profile, Reference, Severity, Verdict};
use storage::Side;

use crate::cli::{Dialect, RuleAction, SchemaKind};
use crate::clock::SystemClock;
use crate::failure::Failure;
use crate::output;

pub(super) fn run(action: &RuleAction) -> Result<(), Failure> {
    let reference = Reference::builtin();
    match action {
        RuleAction::Check { file } => check(file, reference),
        RuleAction::Format { file } => {
            let condition = parse(file, reference)?;
            Ok(output::line(rules::text::print(&condition, reference))?)
        }
        RuleAction::Plain { file } => {
            let condition = parse(file, reference)?;
            Ok(output::line(rules::plain_outline(&condition, reference))?)
        }
        RuleAction::Complete { file, line, column, json } => {
            complete(file, line.zip(*column).map(|(line, column)| Position { line, column }), reference, json.json)
        }
        RuleAction::Schema { kind } => Ok(output::json(&match kind {
            SchemaKind::Condition => rules::schema::condition(),
            SchemaKind::Amount => rules::schema::amount(),
            SchemaKind::Profile => rules::schema::profile(reference),
        })?),
        RuleAction::Cases { file, as_of, json } => {
            let condition = parse(file, reference)?;
            propose(&condition, reference, as_of.unwrap_or_else(today), json.json)
        }
        RuleAction::Explain { file, as_of, sql: Some(dialect), .. } => {
            let condition = parse(file, reference)?;
            query(&condition, *dialect, reference, as_of.unwrap_or_else(today))
        }
        RuleAction::Explain { file, profile: None, .. } => {
            let condition = parse(file, reference)?;
            let explanation = explain(&condition, &Profile::default(), reference, today());
            Ok(output::line(outline(&explanation.root, 0, false))?)
        }
        RuleAction::Explain { file, profile: Some(profile), as_of, .. } => {
            let condition = parse(file, reference)?;
            let profile = read_profile(profile, reference)?;
            let explanation = explain(&condition, &profile, reference, as_of.unwrap_or_else(today));
            Ok(output::line(describe(&explanation))?)
        }
    }
}

/// The condition as SQL over the stored profiles, both sides, with the texts of their parameters.
fn query(condition: &Condition, dialect: Dialect, reference: &Reference, as_of: NaiveDate) -> Result<(), Failure> {
    let engine = match dialect {
        Dialect::Sqlite => storage::Engine::Sqlite,
        Dialect::Postgres => storage::Engine::Postgres,
    };
    let parameters = BTreeMap::new();
    let context = Context { reference, as_of, parameters: &parameters };
    let reading = storage::Reading::of(&rules::lower(condition, reference), &context, engine)
        .map_err(|refused| Failure::bad_input(refused.to_string()))?;
    for (number, text) in reading.texts().iter().enumerate() {
        output::line(format!("-- 参数 {} = {}", number + 1, text.replace('\n', " ")))?;
    }
    for (name, side) in [("肯定符合", Side::Certainly), ("可能符合", Side::Possibly)] {
        let sql = reading.sql(side, "SELECT ordinal, document FROM enterprise");
        output::line(format!("-- {name}(评价日 {as_of})\n{sql};"))?;
    }
    Ok(())
}

/// Cases for every leaf, as TOML for a seed file or as JSON.
fn propose(condition: &Condition, reference: &Reference, as_of: NaiveDate, json: bool) -> Result<(), Failure> {
    let parameters = BTreeMap::new();
    let context = Context { reference, as_of, parameters: &parameters };
    let proposed = rules::cases::propose(condition, &context);
    if json {
        let leaves: Vec<serde_json::Value> = proposed.iter().map(|leaf| leaf.to_json(reference)).collect();
        return Ok(output::json(&serde_json::json!({ "as_of": as_of, "leaves": leaves }))?);
    }
    Ok(output::line(rules::cases::to_toml(&proposed, &context).trim_end())?)
}

/// One proposal a line: what to write, then what it means.
fn complete(file: &Path, at: Option<Position>, reference: &Reference, json: bool) -> Result<(), Failure> {
    let text = read(file)?;
    let cursor = match at {
        None => text.trim_end_matches('\n').chars().count(),
        Some(at) => rules::text::cursor_at(&text, at).ok_or_else(|| {
            Failure::bad_input(format!("{} 没有第 {} 行第 {} 字", file.display(), at.line, at.column))
        })?,
    };
    let found = rules::text::complete(&text, cursor, reference);
    if json {
        return Ok(output::json(&found)?);
    }
    for one in found {
        let help = one.help.map(|help| format!("  {help}")).unwrap_or_default();
        output::line(format!("{}{help}", one.insert))?;
    }
    Ok(())
}

fn check(file: &Path, reference: &Reference) -> Result<(), Failure> {
    let condition = parse(file, reference)?;
    let problems = rules::check(&condition, reference);
    if problems.is_empty() {
        return Ok(output::line("没有发现问题")?);
    }
    let listing = list(file, &problems);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Failure::bad_input(listing));
    }
    Ok(output::line(listing)?)
}

fn parse(file: &Path, reference: &Reference) -> Result<Condition, Failure> {
    let text = read(file)?;
    rules::text::parse(&text, reference).map_err(|problems| Failure::bad_input(list(file, &problems)))
}

/// Reads a text file of the user's.
pub(super) fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| Failure::bad_input(format!("读不了 {}:{error}", file.display())))
}

/// Reads a profile and refuses it with every problem at once.
pub(super) fn read_profile(file: &Path, reference: &Reference) -> Result<Profile, Failure> {
    let document = serde_json::from_str(&read(file)?).map_err(|error| {
        let place = format!("第 {} 行第 {} 字", error.line(), error.column());
        Failure::bad_input(format!("{} 不是完整的 JSON:{place}附近", file.display()))
    })?;
    Profile::from_json(&document, reference).map_err(|problems| Failure::bad_input(list(file, &problems)))
}

fn list(file: &Path, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| match problem.severity {
            Severity::Error => format!("  {problem}"),
            Severity::Warning => format!("  提醒:{problem}"),
        })
        .collect();
    format!("{} 有 {} 处问题\n{}", file.display(), problems.len(), lines.join("\n"))
}

fn today() -> NaiveDate {
    use domain::Clock;
    SystemClock.now().day(chrono_tz::Asia::Shanghai)
}

fn explain(condition: &Condition, profile: &Profile, reference: &Reference, as_of: NaiveDate) -> Explanation {
    let parameters = BTreeMap::new();
    rules::explain(condition, profile, &Context { reference, as_of, parameters: &parameters }, &BTreeMap::new())
}

/// An explanation as lines a person reads: one condition a line, with value, source, threshold and gap.
pub(super) fn describe(explanation: &Explanation) -> String {
    let mut text = format!("{}\n{}", word(explanation.verdict), outline(&explanation.root, 1, true));
    if !explanation.deciding.is_empty() {
        text.push_str("\n补充以下信息即可确定:");
        for missing in &explanation.deciding {
            let period = missing.period.as_ref().map(|period| format!("({period})")).unwrap_or_default();
            text.push_str(&format!("\n  · {}{period}:{}", missing.name, missing.question));
        }
    }
    for mark in &explanation.marks {
        text.push_str(&format!("\n另请注意:{mark}"));
    }
    text
}

fn outline(node: &Node, depth: usize, judged: bool) -> String {
    let mut lines = Vec::new();
    write(node, depth, judged, &mut lines);
    lines.join("\n")
}

fn write(node: &Node, depth: usize, judged: bool, lines: &mut Vec<String>) {
    let sign = match node.verdict {
        _ if !judged => "·",
        Verdict::Met => "✓",
        Verdict::Unknown => "?",
        Verdict::NotMet => "✗",
    };
    let mut line = format!("{}{sign} {}", "  ".repeat(depth), node.text);
    if judged && let Some(actual) = &node.actual {
        let from =
            [actual.period.as_deref(), actual.source.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(",");
        line.push_str(&format!(" —— {}", actual.display));
        if !from.is_empty() {
            line.push_str(&format!("({from})"));
        }
    }
    if judged && let Some(gap) = &node.gap {
        line.push_str(&format!(",{}", gap.display));
    }
    if judged && let Some(words) = &node.regardless {
        line.push_str(&format!(" —— {words}"));
    }
    lines.push(line);
    if let Some(sentence) = &node.sentence {
        lines.push(format!("{}  依据:{sentence}", "  ".repeat(depth)));
    }
    for child in &node.children {
        write(child, depth + 1, judged, lines);
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "符合",
        Verdict::Unknown => "待补信息",
        Verdict::NotMet => "不符合",
    }
}
