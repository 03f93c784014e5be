//! The schema of a profile document: every fact of the catalogue in the forms [`Profile::from_json`] reads.
//!
//! What the schema lets through is read, but for what a schema cannot say: a day no calendar has, ends the wrong way
//! round, a wrong check character of the credit code, a number with too many digits, one question answered twice.
//!
//! [`Profile::from_json`]: crate::Profile::from_json

use serde_json::{Map, Value as Json, json};

use super::value::{self, shared};
use crate::reference::{Fact, FactKind, Field, ListShape, PeriodKind, Reference};

const YEAR: &str = "^(19(49|[5-9][0-9])|20([0-8][0-9]|9[0-8]))$";
const MONTHS: &str = "(Q[1-4]|M(0[1-9]|1[0-2])(-(0[1-9]|1[0-2]))?)?$";

/// The schema of a profile under this catalogue.
pub fn profile(reference: &Reference) -> Json {
    let mut definitions = shared(reference);
    let mut facts = Map::new();
    for fact in reference.catalogue.iter() {
        let key = fact.key.as_str();
        definitions.insert(key.to_owned(), of_fact(fact));
        let names = [key, &fact.name].into_iter().chain(fact.aliases.iter().map(String::as_str));
        facts.extend(names.map(|name| (name.to_owned(), definition(key))));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Profile (企业画像)",
        "description": "What is known about an enterprise. A fact that is absent or null is unknown, never zero.",
        "type": "object",
        "properties": {
            "uscc": { "description": "统一社会信用代码", "type": ["string", "null"], "pattern": "^([0-9A-Z]{18})?$" },
            "name": { "type": ["string", "null"] },
            "facts": { "type": ["object", "null"], "properties": facts, "additionalProperties": false },
        },
        "additionalProperties": false,
        "$defs": definitions,
    })
}

pub(super) fn definition(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn or_null(schema: &Json) -> Json {
    json!({ "anyOf": [{ "type": "null" }, schema] })
}

fn of_fact(fact: &Fact) -> Json {
    let forms = match &fact.kind {
        FactKind::List(shape) => list_forms(shape),
        _ => value_forms(fact),
    };
    let help = fact.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    json!({ "title": fact.name, "description": format!("{}{help}", fact.question), "anyOf": forms })
}

/// Nothing known, a bare value or figures by period, one entry, several entries.
fn value_forms(fact: &Fact) -> Vec<Json> {
    let value = value::schema(fact.shape());
    let (bare, entry) = match fact.period {
        PeriodKind::Year if fact.flow => (by_period(&value, &year_or_months()), figure(&value, &year_or_months())),
        PeriodKind::Year => (by_period(&value, YEAR), figure(&value, YEAR)),
        PeriodKind::None | PeriodKind::History => (value.clone(), state(&value)),
    };
    vec![json!({ "type": "null" }), bare, entry.clone(), json!({ "type": "array", "items": entry })]
}

/// What adds up over the year is known by quarter and by months too: `2025`, `2025Q3`, `2025M01-11`.
fn year_or_months() -> String {
    YEAR.replace('$', MONTHS)
}

/// `{"2025": 12}`
fn by_period(value: &Json, label: &str) -> Json {
    let entry = entry(value, Map::new(), &[]);
    let one = json!({ "anyOf": [{ "type": "null" }, value, entry, { "type": "array", "items": entry }] });
    json!({ "type": "object", "patternProperties": { label: one }, "additionalProperties": false })
}

/// `{"period": "2025", "value": 12, "source": "tax"}`
fn figure(value: &Json, label: &str) -> Json {
    let period = json!({ "type": "string", "pattern": label });
    entry(value, Map::from_iter([("period".to_owned(), period)]), &["period"])
}

/// `{"value": "420111", "since": "2021-05-01"}`
fn state(value: &Json) -> Json {
    let mut time = ends();
    time.insert("period".to_owned(), json!({ "type": "string", "pattern": year_or_months() }));
    entry(value, time, &[])
}

/// `since` is `from`; `to` is the first day out, `until` the last day in.
fn ends() -> Map<String, Json> {
    let day = || or_null(&definition("Date"));
    ["from", "since", "to", "until"].into_iter().map(|end| (end.to_owned(), day())).collect()
}

/// A value with its time and origin, or the statement that there is none.
fn entry(value: &Json, mut properties: Map<String, Json>, required: &[&str]) -> Json {
    origin(&mut properties);
    let mut absent = properties.clone();
    properties.insert("value".to_owned(), value.clone());
    properties.insert("state".to_owned(), json!({ "const": "known" }));
    absent.insert("value".to_owned(), json!({ "type": "null" }));
    absent.insert("state".to_owned(), json!({ "enum": ["unknown", "not_applicable"] }));
    let with = |key: &'static str| required.iter().copied().chain([key]).collect::<Vec<_>>();
    json!({ "anyOf": [
        { "type": "object", "properties": properties, "required": with("value"), "additionalProperties": false },
        {
            "type": "object",
            "properties": absent,
            "anyOf": [{ "required": with("state") }, { "required": with("value") }],
            "additionalProperties": false,
        },
    ] })
}

fn origin(properties: &mut Map<String, Json>) {
    properties.insert("source".to_owned(), definition("Source"));
    properties.insert("grade".to_owned(), definition("Grade"));
}

/// The records with the statements of completeness, or just the records.
fn list_forms(shape: &ListShape) -> Vec<Json> {
    let record = record(&shape.fields);
    let mut statement = ends();
    origin(&mut statement);
    statement.insert("scope".to_owned(), or_null(&record));
    let statement = json!({ "type": "object", "properties": statement, "additionalProperties": false });
    let records = json!({ "type": "array", "items": record });
    let whole = json!({
        "type": "object",
        "properties": {
            "records": or_null(&records),
            "complete": {
                "description": "Without a statement that the list is complete, no record is not knowledge.",
                "type": ["array", "null"],
                "items": statement,
            },
        },
        "additionalProperties": false,
    });
    vec![json!({ "type": "null" }), whole, records]
}

fn record(fields: &[Field]) -> Json {
    let mut properties = Map::new();
    for field in fields {
        let value = or_null(&value::schema(field.shape()));
        let names = [&field.key, &field.name].into_iter().chain(&field.aliases);
        properties.extend(names.map(|name| (name.clone(), value.clone())));
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}
