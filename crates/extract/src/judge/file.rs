//! Reads the judged sentences: one JSON object a line, with the structure a careful reader gave.

use rules::number::Rational;
use rules::tree::Operator;
use serde::Deserialize;
use serde_json::Value;

use super::claim::{Claim, Said};
use crate::leaf::{Role, Tree};
use crate::number;
use crate::text::Text;
use crate::unit;
use crate::window::Day;

#[derive(Debug, Deserialize)]
struct Line {
    id: String,
    sentence: String,
    expression: Value,
    #[serde(default)]
    tags: Vec<String>,
}

/// One judged sentence.
#[derive(Clone, Debug)]
pub struct Judged {
    pub id: String,
    pub sentence: String,
    /// It stands under a heading that refuses.
    pub refused: bool,
    pub(super) leaves: Vec<Expected>,
    pub(super) tree: Tree,
}

#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) field: String,
    pub(super) role: Role,
    pub(super) said: Said,
}

/// Reads every line; a line that is no judged sentence is named.
pub fn read(text: &str) -> Result<Vec<Judged>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let line: Line =
                serde_json::from_str(line).map_err(|error| format!("第 {} 行不是带结构的句子:{error}", index + 1))?;
            let mut leaves = Vec::new();
            let tree = tree(&line.expression, &mut leaves, 0)
                .ok_or_else(|| format!("第 {} 行({})的 expression 看不懂", index + 1, line.id))?;
            let refused = line.tags.iter().any(|tag| tag == "negative-list");
            Ok(Judged { id: line.id, sentence: line.sentence, refused, leaves, tree })
        })
        .collect()
}

const DEEPEST: usize = 32;

fn tree(value: &Value, leaves: &mut Vec<Expected>, depth: usize) -> Option<Tree> {
    let object = value.as_object().filter(|_| depth < DEEPEST)?;
    let many = |value: &Value, leaves: &mut Vec<Expected>| -> Option<Vec<Tree>> {
        value.as_array()?.iter().map(|child| tree(child, leaves, depth + 1)).collect()
    };
    if let Some(children) = object.get("all") {
        return many(children, leaves).map(Tree::All);
    }
    if let Some(children) = object.get("any") {
        return many(children, leaves).map(Tree::Any);
    }
    if let Some(child) = object.get("not") {
        return tree(child, leaves, depth + 1).map(|child| Tree::None(vec![child]));
    }
    if let Some(at_least) = object.get("at_least") {
        let children = at_least.get("of").or_else(|| object.get("of"))?;
        let k = at_least.get("n").unwrap_or(at_least).as_u64()?;
        return many(children, leaves)
            .map(|children| Tree::AtLeast(usize::try_from(k).unwrap_or(usize::MAX), children));
    }
    if let Some(cases) = object.get("cases") {
        return many(cases, leaves).map(Tree::All);
    }
    if let Some(then) = object.get("then") {
        let guard = object.get("if").map(|guard| tree(guard, leaves, depth + 1));
        let then = tree(then, leaves, depth + 1)?;
        let when = match guard {
            Some(guard) => Tree::When(Box::new(guard?), Box::new(then)),
            None => then,
        };
        return Some(match object.get("else").and_then(|other| tree(other, leaves, depth + 1)) {
            Some(other) => Tree::All(vec![when, other]),
            None => when,
        });
    }
    if let Some(other) = object.get("else").or_else(|| object.get("default")) {
        return tree(other, leaves, depth + 1);
    }
    leaves.push(leaf(value));
    Some(Tree::Leaf(leaves.len() - 1))
}

fn leaf(value: &Value) -> Expected {
    let field = value.get("field").and_then(Value::as_str).unwrap_or("manual").to_owned();
    let role = match field.as_str() {
        "manual" => Role::Manual,
        award if award.starts_with("award") => Role::Award,
        _ => Role::Requirement,
    };
    let (claim, negated) = claim(value);
    Expected { field, role, said: Said { claim, negated, window: window(value) } }
}

fn claim(leaf: &Value) -> (Claim, bool) {
    let op = leaf.get("op").and_then(Value::as_str).unwrap_or_default();
    let value = leaf.get("value").unwrap_or(&Value::Null);
    let unit = leaf.get("unit").and_then(Value::as_str).unwrap_or_default();
    let negated = matches!(op, "ne" | "none_of" | "not_in" | "not_contains" | "not_in_region");
    let claim = match op {
        "in_region" | "not_in_region" => Claim::Within(texts(value)),
        "between" => between(leaf, value, unit),
        "gte" | "gt" | "lte" | "lt" | "within" | "eq" | "ne" => {
            let operator = match op {
                "gte" => Operator::AtLeast,
                "gt" => Operator::More,
                "lte" | "within" => Operator::AtMost,
                "lt" => Operator::Less,
                _ => Operator::Equal,
            };
            match value {
                Value::Bool(yes) => return (Claim::True, negated == *yes),
                Value::Number(_) => {
                    number_of(value, unit).map_or(Claim::Other, |value| Claim::Number { operator, value })
                }
                Value::String(text) => match day(text) {
                    Some(day) => Claim::Day { operator, day },
                    None => Claim::Among(texts(value)),
                },
                _ => Claim::Other,
            }
        }
        "exists" => return (Claim::True, value == &Value::Bool(false)),
        "in" | "contains" | "contains_any" | "contains_all" | "any_of" | "none_of" | "not_in" | "not_contains" => {
            Claim::Among(texts(value))
        }
        _ => Claim::Other,
    };
    (claim, negated)
}

fn between(leaf: &Value, value: &Value, unit: &str) -> Claim {
    let bounds = leaf.get("bounds").and_then(Value::as_str).unwrap_or("[]");
    let ends = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let [low, high] = ends else { return Claim::Other };
    match (number_of(low, unit), number_of(high, unit)) {
        (Some(low), Some(high)) => {
            Claim::Between { low, includes_low: bounds.starts_with('['), high, includes_high: bounds.ends_with(']') }
        }
        _ => Claim::Other,
    }
}

/// The number in base units: 2000万元 = 20000000, 3% = 0.03, 3年 = 36 months.
fn number_of(value: &Value, unit: &str) -> Option<Rational> {
    let Value::Number(number) = value else { return None };
    let written = number.to_string();
    let (negative, digits) = match written.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, written.as_str()),
    };
    let text = Text::new(&format!("{digits}{unit}"));
    let number = number::read(&text, 0)?;
    let base = unit::read(&text, number.end).map_or_else(|| number.value.clone(), |unit| unit.base(&number.value));
    Some(if negative { base.negate() } else { base })
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

fn day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let read = Day { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    parts.next().is_none().then_some(read)
}

fn window(leaf: &Value) -> Option<String> {
    let named = match leaf.get("window") {
        Some(Value::String(name)) => Some(name.clone()),
        Some(Value::Object(span)) => {
            let end = |key| span.get(key).and_then(Value::as_str).unwrap_or_default();
            Some(format!("{}..{}", end("from"), end("to")))
        }
        _ => match leaf.get("year") {
            Some(Value::String(year)) if year == "current" => Some("current_year".into()),
            Some(Value::String(year)) => Some(year.clone()),
            Some(Value::Number(year)) => Some(year.to_string()),
            _ => None,
        },
    };
    named.map(|name| match name.as_str() {
        "last_1y" => "last_year".into(),
        "ytd" | "year_to_date" => "year_to_application".into(),
        name => name.strip_prefix("before_application_").map_or_else(|| name.to_owned(), |rest| format!("last_{rest}")),
    })
}
