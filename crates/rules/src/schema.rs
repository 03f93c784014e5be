//! JSON Schema (draft 2020-12) of what other programs write for us: condition trees, amounts, profiles.
//!
//! Trees have the schema of their types, the same in every city. A profile has the schema of the catalogue it is read
//! by, so every installation prints its own.

mod profile;
#[cfg(test)]
mod tests;
mod value;

use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema, schema_for};
use serde_json::Value as Json;

use crate::{Amount, Condition};

pub use profile::profile;

/// The schema of a condition tree as `POST /api/v1/conditions/preview` returns it.
pub fn condition() -> Json {
    of::<Condition>("Condition (申报条件)")
}

/// The schema of the tree of an amount.
pub fn amount() -> Json {
    of::<Amount>("Amount (金额)")
}

fn of<T: JsonSchema>(title: &str) -> Json {
    let mut schema = schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    RecursiveTransform(unlink).transform(&mut schema);
    RecursiveTransform(bound).transform(&mut schema);
    schema.to_value()
}

/// Descriptions are the types' doc comments; their links lead nowhere outside.
fn unlink(schema: &mut Schema) {
    if let Some(Json::String(description)) = schema.get_mut("description") {
        *description = description.replace("[`crate::", "`").replace("[`", "`").replace("`]", "`");
    }
}

/// The range of integers whose width a schema only names.
fn bound(schema: &mut Schema) {
    let (least, most): (Json, Json) = match schema.get("format").and_then(Json::as_str) {
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("int64") => (i64::MIN.into(), i64::MAX.into()),
        Some("uint32") => (u32::MIN.into(), u32::MAX.into()),
        Some("uint" | "uint64") => (u64::MIN.into(), u64::MAX.into()),
        _ => return,
    };
    schema.insert("minimum".to_owned(), least);
    schema.insert("maximum".to_owned(), most);
}
