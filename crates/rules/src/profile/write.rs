//! Writes a profile as canonical JSON: keys sorted, entries in fixed order, so equal profiles are equal texts.

use serde_json::{Map, Value as Json};

use super::{Completeness, Entry, FactState, Period, Profile, Record, RecordList};
use crate::reference::{Fact, ListShape, Reference};

impl Profile {
    /// The canonical JSON, which [`Profile::from_json`] reads back as the same profile. Facts the catalogue no longer
    /// knows are left out.
    pub fn to_json(&self, reference: &Reference) -> Json {
        let mut facts = std::collections::BTreeMap::new();
        for (key, entries) in &self.facts {
            if let Some(fact) = reference.catalogue.fact(key) {
                facts.insert(key.as_str(), entries.iter().map(|entry| write_entry(fact, entry)).collect::<Json>());
            }
        }
        for (key, list) in &self.lists {
            if let Some(shape) = reference.catalogue.fact(key).and_then(Fact::list) {
                facts.insert(key.as_str(), write_list(shape, list));
            }
        }
        let facts: Map<String, Json> = facts.into_iter().map(|(key, json)| (key.to_owned(), json)).collect();
        let mut object = Map::new();
        object.insert("facts".to_owned(), Json::Object(facts));
        object.insert("name".to_owned(), Json::String(self.name.clone()));
        object.insert("uscc".to_owned(), Json::String(self.uscc.clone()));
        Json::Object(object)
    }
}

// Keys go in sorted order by hand: whether the map sorts them itself is a feature flag of another crate.

fn write_entry(fact: &Fact, entry: &Entry) -> Json {
    let mut object = Map::new();
    let label = entry.period.label();
    if label.is_none() {
        Period::write_end("from", entry.period.from, &mut object);
    }
    object.insert("grade".to_owned(), grade(entry.grade));
    if let Some(label) = &label {
        object.insert("period".to_owned(), Json::String(label.clone()));
    }
    object.insert("source".to_owned(), Json::String(entry.source.clone()));
    if entry.state == FactState::NotApplicable {
        object.insert("state".to_owned(), Json::String("not_applicable".to_owned()));
    }
    if label.is_none() {
        Period::write_end("to", entry.period.to, &mut object);
    }
    if let FactState::Known(value) = &entry.state {
        object.insert("value".to_owned(), fact.shape().write(value));
    }
    Json::Object(object)
}

fn write_list(shape: &ListShape, list: &RecordList) -> Json {
    let mut object = Map::new();
    let complete = list.complete.iter().map(|statement| write_completeness(shape, statement)).collect();
    object.insert("complete".to_owned(), complete);
    object.insert("records".to_owned(), list.records.iter().map(|record| write_record(shape, record)).collect());
    Json::Object(object)
}

fn write_record(shape: &ListShape, record: &Record) -> Json {
    let mut object = Map::new();
    for (key, value) in record {
        if let Some(field) = shape.field(key) {
            object.insert(key.clone(), field.shape().write(value));
        }
    }
    Json::Object(object)
}

fn write_completeness(shape: &ListShape, statement: &Completeness) -> Json {
    let mut object = Map::new();
    Period::write_end("from", statement.period.from, &mut object);
    object.insert("grade".to_owned(), grade(statement.grade));
    if !statement.scope.is_empty() {
        object.insert("scope".to_owned(), write_record(shape, &statement.scope));
    }
    object.insert("source".to_owned(), Json::String(statement.source.clone()));
    Period::write_end("to", statement.period.to, &mut object);
    Json::Object(object)
}

fn grade(grade: crate::value::Grade) -> Json {
    Json::String(format!("{grade:?}"))
}
