//! `[[items.cases]]`: made-up enterprises whose verdict is known, run every time the seeds are loaded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{Coverage, ItemRevision};
use rules::{Condition, Context, Node, Profile, Reference, Verdict};
use serde_json::{Map, Value, json};
use toml::de::DeValue;

use super::reading::Fields;
use crate::ingest::words;

/// A case that held when the seeds were loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub name: String,
    pub expect: Verdict,
    /// Stands exactly on a threshold.
    pub boundary: bool,
    pub as_of: NaiveDate,
    pub parameters: BTreeMap<String, String>,
    pub profile: Profile,
    /// What it is paid, as a page shows it: `20 万元`.
    pub amount: Option<String>,
}

/// Reads and runs the cases of an item and judges whether they are enough for its coverage.
pub(super) fn cases(
    fields: &Fields<'_, '_>,
    condition: Option<&Condition>,
    revision: &ItemRevision,
    reference: &Reference,
) -> Vec<Case> {
    let tables = fields.tables("cases");
    let cases: Vec<Case> = tables
        .iter()
        .filter_map(|fields| {
            let case = case(fields, revision, reference);
            fields.finish();
            let case = case?;
            run(fields, &case, condition?, revision, reference);
            Some(case)
        })
        .collect();
    // With a broken case or condition the count says nothing.
    if condition.is_some() && cases.len() == tables.len() {
        enough(fields, revision.coverage, &cases);
    }
    cases
}

fn case(fields: &Fields<'_, '_>, revision: &ItemRevision, reference: &Reference) -> Option<Case> {
    let name = fields.needed_text("name");
    let expect = fields.needed_choice("expect", words::VERDICTS);
    let as_of = fields.date("as_of");
    if fields.value("as_of").is_none() {
        fields.wrong("as_of", "缺少评价日", Some("如 as_of = 2026-11-23".to_owned()));
    }
    let mut parameters = revision.parameters.clone();
    parameters.extend(fields.text_map("parameters"));
    let boundary = fields.flag("boundary");
    let amount = fields.text("amount");
    let profile = profile(fields, reference)?;
    Some(Case { name, expect: expect?, boundary, as_of: as_of?, parameters, profile, amount })
}

fn profile(fields: &Fields<'_, '_>, reference: &Reference) -> Option<Profile> {
    let Some(facts) = fields.value("facts") else {
        fields.wrong("facts", "缺少事实", Some("一无所知也要写 facts = {}".to_owned()));
        return None;
    };
    let document = json!({ "facts": to_json(facts.get_ref()) });
    Profile::from_json(&document, reference)
        .map_err(|problems| {
            for problem in problems {
                let place = problem.place.unwrap_or_default();
                fields.wrong("facts", &format!("{place} {}", problem.message), problem.remedy);
            }
        })
        .ok()
}

/// Fractions stay decimal text, so that no float comes between the file and the profile.
fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.clone().into_owned()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::from(number),
            Err(_) => Value::String(number.as_str().to_owned()),
        },
        DeValue::Float(number) => Value::String(number.as_str().to_owned()),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(array) => array.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let entries = table.iter().map(|(key, item)| (key.get_ref().to_string(), to_json(item.get_ref())));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

fn run(fields: &Fields<'_, '_>, case: &Case, condition: &Condition, revision: &ItemRevision, reference: &Reference) {
    let context = Context { reference, as_of: case.as_of, parameters: &case.parameters };
    let explanation = rules::explain(condition, &case.profile, &context, &revision.sentences);
    if explanation.verdict != case.expect {
        let (expected, got) = (word(case.expect), word(explanation.verdict));
        let mut deciding = Vec::new();
        leaves(&explanation.root, &mut |leaf| {
            if leaf.verdict == explanation.verdict {
                let actual = leaf.actual.as_ref().map_or(String::new(), |actual| format!("(实际 {})", actual.display));
                deciding.push(format!("{}{actual}", leaf.text));
            }
        });
        let remedy = format!("判为{got}的条件:{}", deciding.join(";"));
        fields.wrong("expect", &format!("用例“{}”期望{expected},实际{got}", case.name), Some(remedy));
    }
    if let Some(expected) = &case.amount {
        run_amount(fields, expected, case, revision, &context);
    }
}

fn run_amount(fields: &Fields<'_, '_>, expected: &str, case: &Case, revision: &ItemRevision, context: &Context<'_>) {
    let read = revision.amount.as_deref().map(|text| rules::text::parse_amount(text, context.reference));
    match read {
        None => fields.wrong("amount", "事项没有写 amount,用例却写了金额", Some("删去,或写上事项的 amount".to_owned())),
        Some(Ok(amount)) => {
            let told = rules::amount::estimate(&amount, &case.profile, context);
            if told.display != expected {
                let message = format!("用例“{}”期望 {expected},实际 {}", case.name, told.display);
                fields.wrong("amount", &message, Some(format!("算法:{}", told.reckoning)));
            }
        }
        // Told where the amount itself is read.
        Some(Err(_)) => {}
    }
}

fn word(verdict: Verdict) -> &'static str {
    words::VERDICTS.iter().find(|(value, ..)| *value == verdict).map_or("", |(.., chinese)| chinese)
}

/// `full` promises a verdict, so it shows each of the three and a threshold; `partial` shows at least one case.
fn enough(fields: &Fields<'_, '_>, coverage: Coverage, cases: &[Case]) {
    let mut missing: Vec<&str> = Vec::new();
    match coverage {
        Coverage::Partial if cases.is_empty() => missing.push("至少一个用例"),
        Coverage::None | Coverage::Partial => {}
        Coverage::Full => {
            let has = |verdict| cases.iter().any(|case| case.expect == verdict);
            for (verdict, key, _) in words::VERDICTS {
                if !has(*verdict) {
                    missing.push(key);
                }
            }
            if !cases.iter().any(|case| case.boundary) {
                missing.push("boundary = true");
            }
        }
    }
    if !missing.is_empty() {
        let message = format!("用例不够,还缺:{}", missing.join("、"));
        fields.wrong("cases", &message, Some("写法见 seeds/README.md 的 [[items.cases]]".to_owned()));
    }
}

fn leaves<'n>(node: &'n Node, visit: &mut impl FnMut(&'n Node)) {
    if node.group.is_none_or(|group| !group.combines()) {
        visit(node);
        return;
    }
    for child in &node.children {
        leaves(child, visit);
    }
}

/// The printed forms of the condition and all its parts: what a sentence may be tied to.
pub(super) fn parts(condition: &Condition, reference: &Reference) -> BTreeSet<String> {
    let mut parts = BTreeSet::from([rules::text::wording(condition, reference)]);
    for child in condition.children() {
        parts.extend(self::parts(child, reference));
    }
    parts
}
