//! Proposed cases as an author takes them over: JSON for an editor, TOML for a seed file.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::{Case, LeafCases};
use crate::context::Context;
use crate::reference::Reference;
use crate::verdict::Verdict;

impl LeafCases {
    /// The leaf with its cases; `facts` has the shape of a profile's.
    pub fn to_json(&self, reference: &Reference) -> Json {
        let cases = self.cases.iter().map(|case| {
            json!({
                "step": case.step,
                "name": case.name,
                "boundary": case.step.is_boundary(),
                "leaf": case.leaf,
                "expect": case.verdict,
                "facts": case.facts(reference),
            })
        });
        json!({ "path": self.path, "text": self.text, "cases": cases.collect::<Vec<_>>() })
    }
}

impl Case {
    /// As the `facts` of a profile.
    pub fn facts(&self, reference: &Reference) -> Json {
        self.profile.to_json(reference).get("facts").cloned().unwrap_or_else(|| json!({}))
    }
}

/// Tables for a seed file, leaf by leaf. The author reads each, and keeps what says what was meant.
pub fn to_toml(proposed: &[LeafCases], context: &Context<'_>) -> String {
    let mut text = String::new();
    for leaf in proposed {
        let _ = writeln!(text, "# {}", leaf.text);
        for case in &leaf.cases {
            let _ = write!(text, "\n{}", table(case, context));
        }
        text.push('\n');
    }
    text
}

fn table(case: &Case, context: &Context<'_>) -> String {
    let expect = match case.verdict {
        Verdict::Met => "met",
        Verdict::Unknown => "unknown",
        Verdict::NotMet => "not_met",
    };
    let mut lines = vec![
        "[[items.cases]]".to_owned(),
        format!("name = {}", toml::Value::from(case.name.clone())),
        format!("expect = \"{expect}\""),
    ];
    if case.step.is_boundary() {
        lines.push("boundary = true".to_owned());
    }
    lines.push(format!("as_of = {}", context.as_of));
    let parameters: toml::Table =
        context.parameters.iter().map(|(name, value)| (name.clone(), toml::Value::from(value.clone()))).collect();
    if !parameters.is_empty() {
        lines.push(format!("parameters = {}", toml::Value::Table(parameters)));
    }
    lines.push(format!("facts = {}", of_json(&case.facts(context.reference))));
    lines.join("\n") + "\n"
}

/// TOML has no null; a profile writes none.
fn of_json(json: &Json) -> toml::Value {
    match json {
        Json::Null => toml::Value::String(String::new()),
        Json::Bool(flag) => toml::Value::Boolean(*flag),
        Json::Number(number) => number.as_i64().map_or_else(|| number.to_string().into(), toml::Value::Integer),
        Json::String(text) => toml::Value::String(text.clone()),
        Json::Array(items) => toml::Value::Array(items.iter().map(of_json).collect()),
        Json::Object(fields) => {
            toml::Value::Table(fields.iter().map(|(key, value)| (key.clone(), of_json(value))).collect())
        }
    }
}
