//! The published schema is the one the code has, and everything in the seeds fits it.
#![expect(clippy::unwrap_used, reason = "a test's helpers")]

use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use rules::{Reference, schema, text};
use serde_json::{Value as Json, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn compiled(schema: Json) -> (Schemas, SchemaIndex) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("schema.json", schema).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    (schemas, index)
}

/// Every item of every seed file.
fn seeded_items() -> Vec<toml::Table> {
    let files = std::fs::read_dir(root().join("seeds/policies")).unwrap().map(|file| file.unwrap().path());
    let texts = files.map(|path| std::fs::read_to_string(path).unwrap());
    let files: Vec<toml::Table> = texts.map(|text| toml::from_str(&text).unwrap()).collect();
    let items = files.iter().filter_map(|file| file.get("items")?.as_array());
    items.flatten().filter_map(|item| item.as_table().cloned()).collect()
}

#[test]
fn the_published_schema_is_current() {
    let published = std::fs::read_to_string(root().join("docs/condition.schema.json")).unwrap();
    assert!(
        serde_json::from_str::<Json>(&published).unwrap() == schema::condition(),
        "run `cargo run -- rule schema condition > docs/condition.schema.json`"
    );
}

#[test]
fn every_seeded_condition_and_amount_fits_its_schema() {
    let reference = Reference::builtin();
    let (conditions, condition) = compiled(schema::condition());
    let (amounts, amount) = compiled(schema::amount());
    let mut seen = (0, 0);
    for item in seeded_items() {
        if let Some(text) = item.get("condition").and_then(toml::Value::as_str) {
            let tree = serde_json::to_value(text::parse(text, reference).unwrap()).unwrap();
            conditions.validate(&tree, condition).unwrap_or_else(|error| panic!("{text}\n{error:#}"));
            seen.0 += 1;
        }
        if let Some(text) = item.get("amount").and_then(toml::Value::as_str) {
            let tree = serde_json::to_value(text::parse_amount(text, reference).unwrap()).unwrap();
            amounts.validate(&tree, amount).unwrap_or_else(|error| panic!("{text}\n{error:#}"));
            seen.1 += 1;
        }
    }
    assert!(seen.0 > 50 && seen.1 > 10, "{seen:?}");
}

#[test]
fn every_profile_of_a_seeded_case_fits_the_schema_of_profiles() {
    let (schemas, index) = compiled(schema::profile(Reference::builtin()));
    let mut seen = 0;
    for item in seeded_items() {
        for case in item.get("cases").and_then(toml::Value::as_array).into_iter().flatten() {
            let facts = serde_json::to_value(case.get("facts")).unwrap();
            let profile = json!({ "name": "示例公司", "facts": facts });
            schemas.validate(&profile, index).unwrap_or_else(|error| panic!("{case}\n{error:#}"));
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen} cases");
}
