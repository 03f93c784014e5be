//! The schema of single values by their kind, and what all facts share.

use serde_json::{Map, Value as Json, json};

use super::profile::definition;
use crate::reference::{FactKind, Industries, Reference, ValueShape};

/// The years of [`crate::reference::ValueShape::read`].
const DATE: &str = "^(19[0-9]{2}|20[0-8][0-9]|209[0-8])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";

/// The longest decimal that surely fits a scaled number.
const DIGITS: u8 = 18;

/// What facts refer to. Keys of the catalogue are lower case, so these names are free.
pub(super) fn shared(reference: &Reference) -> Map<String, Json> {
    let areas = &reference.areas;
    let areas: Vec<&str> = areas.iter().map(|area| area.code.as_str()).chain(areas.names()).collect();
    let origins = reference.catalogue.origins();
    let origins: Vec<&str> = origins.iter().flat_map(|origin| [origin.key.as_str(), origin.name.as_str()]).collect();
    let grade = "How well it is evidenced, A best; the usual grade of the source if absent.";
    let shared = [
        ("Area", json!({ "description": "Code or name of an area or functional zone.", "enum": areas })),
        ("Industry", industry(&reference.industries)),
        ("Date", json!({ "type": "string", "format": "date", "pattern": DATE })),
        ("Source", json!({ "description": "Where it is known from; declared if absent.", "enum": origins })),
        ("Grade", json!({ "description": grade, "enum": ["A", "B", "C", "D"] })),
    ];
    shared.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// Named classes by code or name; finer classes by their digits.
fn industry(industries: &Industries) -> Json {
    let classes = industries.iter().filter(|class| !class.code.starts_with('@'));
    let known: Vec<&String> =
        classes.flat_map(|class| [&class.code, &class.name].into_iter().chain(&class.aliases)).collect();
    let divisions: Vec<&str> =
        industries.iter().map(|class| class.code.as_str()).filter(|code| is_division(code)).collect();
    json!({
        "description": "Code or name of a class of GB/T 4754-2017.",
        "anyOf": [
            { "enum": known },
            { "type": "string", "pattern": format!("^({})[0-9]{{1,2}}$", divisions.join("|")) },
        ],
    })
}

fn is_division(code: &str) -> bool {
    code.len() == 3 && !code.starts_with('@')
}

/// One value of a fact or of a record's field.
pub(super) fn schema(shape: ValueShape<'_>) -> Json {
    match shape.kind {
        FactKind::Bool => json!({ "enum": [true, false, "是", "有", "否", "无", "没有"] }),
        FactKind::Integer | FactKind::Amount | FactKind::Ratio => number(shape),
        FactKind::Date => definition("Date"),
        FactKind::Text => json!({ "type": "string", "pattern": "\\S" }),
        FactKind::Code { .. } => code(shape),
        FactKind::Codes { .. } => json!({ "type": "array", "items": code(shape) }),
        FactKind::Area => definition("Area"),
        FactKind::Industry => definition("Industry"),
        FactKind::List(_) => json!(false),
    }
}

fn code(shape: ValueShape<'_>) -> Json {
    let options = shape.kind.options().iter();
    let words: Vec<&String> = options.flat_map(|option| std::iter::once(&option.code).chain(&option.aliases)).collect();
    json!({ "enum": words })
}

/// In the base unit, as a JSON number or, so that no reader makes a float of it, as decimal text.
fn number(shape: ValueShape<'_>) -> Json {
    let ValueShape { unit, scale, signed, max, .. } = shape;
    let sign = if signed { "-?" } else { "" };
    let fraction = if scale == 0 { String::new() } else { format!("(\\.[0-9]{{1,{scale}}})?") };
    let whole = DIGITS.saturating_sub(scale);
    let most = max.unwrap_or(i64::MAX) / 10_i64.pow(scale.into());
    let least = if signed { -most } else { 0 };
    let unit = if unit.is_empty() { "1" } else { unit };
    json!({
        "description": format!("单位:{unit};小数最多 {scale} 位"),
        "type": ["number", "string"],
        "pattern": format!("^{sign}[0-9]{{1,{whole}}}{fraction}$"),
        "minimum": least,
        "maximum": most,
    })
}
