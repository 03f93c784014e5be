//! Writes a profile as canonical JSON: keys sorted, entries in fixed order, so equal profiles are equal texts.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value as Json;

use super::{Completeness, Entry, FactState, Period, Profile, Record, RecordList};
use crate::reference::{Fact, ListShape, Reference};
use crate::value::Grade;

impl Profile {
    /// The canonical JSON, which [`Profile::from_json`] reads back as the same profile. Facts the catalogue no longer
    /// knows are left out.
    pub fn to_json(&self, reference: &Reference) -> Json {
        // Every key is a text and no part refuses to be written, so there is no error to default from.
        serde_json::to_value(Document { profile: self, reference }).unwrap_or_default()
    }

    /// The text of [`Profile::to_json`], made without it: the form profiles are kept in.
    pub fn to_document(&self, reference: &Reference) -> String {
        serde_json::to_string(&Document { profile: self, reference }).unwrap_or_default()
    }
}

struct Document<'a> {
    profile: &'a Profile,
    reference: &'a Reference,
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(3))?;
        object.serialize_entry("facts", &Facts { profile: self.profile, reference: self.reference })?;
        object.serialize_entry("name", &self.profile.name)?;
        object.serialize_entry("uscc", &self.profile.uscc)?;
        object.end()
    }
}

// Keys go in sorted order by hand: whether a JSON map sorts them itself is a feature flag of another crate.

struct Facts<'a> {
    profile: &'a Profile,
    reference: &'a Reference,
}

enum Part<'a> {
    Entries(Vec<WrittenEntry<'a>>),
    List(WrittenList<'a>),
}

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let catalogue = &self.reference.catalogue;
        let facts = self.profile.facts.iter().filter_map(|(key, entries)| {
            let fact = catalogue.fact(key).filter(|fact| fact.list().is_none())?;
            Some((key, Part::Entries(entries.iter().map(|entry| WrittenEntry { fact, entry }).collect())))
        });
        let lists = self.profile.lists.iter().filter_map(|(key, list)| {
            let shape = catalogue.fact(key).and_then(Fact::list)?;
            Some((key, Part::List(WrittenList { shape, list })))
        });
        let mut parts: Vec<_> = facts.chain(lists).collect();
        parts.sort_by_key(|(key, _)| *key);
        let mut object = serializer.serialize_map(Some(parts.len()))?;
        for (key, part) in &parts {
            match part {
                Part::Entries(entries) => object.serialize_entry(key, entries)?,
                Part::List(list) => object.serialize_entry(key, list)?,
            }
        }
        object.end()
    }
}

struct WrittenEntry<'a> {
    fact: &'a Fact,
    entry: &'a Entry,
}

impl Serialize for WrittenEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { fact, entry } = self;
        let label = entry.period.label();
        let mut object = serializer.serialize_map(None)?;
        // A span that is a year or some months of one is written as such, and its ends are not.
        let ends = if label.is_none() { entry.period } else { Period { from: None, to: None } };
        write_day(&mut object, "from", ends.from)?;
        object.serialize_entry("grade", letter(entry.grade))?;
        if let Some(label) = &label {
            object.serialize_entry("period", label)?;
        }
        object.serialize_entry("source", &entry.source)?;
        match &entry.state {
            FactState::NotApplicable => {
                object.serialize_entry("state", "not_applicable")?;
                write_day(&mut object, "to", ends.to)?;
            }
            FactState::Known(value) => {
                write_day(&mut object, "to", ends.to)?;
                object.serialize_entry("value", &fact.shape().written(value))?;
            }
        }
        object.end()
    }
}

struct WrittenList<'a> {
    shape: &'a ListShape,
    list: &'a RecordList,
}

impl Serialize for WrittenList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { shape, list } = self;
        let complete: Vec<_> = list.complete.iter().map(|statement| WrittenStatement { shape, statement }).collect();
        let records: Vec<_> = list.records.iter().map(|record| WrittenRecord { shape, record }).collect();
        let mut object = serializer.serialize_map(Some(2))?;
        object.serialize_entry("complete", &complete)?;
        object.serialize_entry("records", &records)?;
        object.end()
    }
}

struct WrittenRecord<'a> {
    shape: &'a ListShape,
    record: &'a Record,
}

impl Serialize for WrittenRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for (key, value) in self.record {
            if let Some(field) = self.shape.field(key) {
                object.serialize_entry(key, &field.shape().written(value))?;
            }
        }
        object.end()
    }
}

struct WrittenStatement<'a> {
    shape: &'a ListShape,
    statement: &'a Completeness,
}

impl Serialize for WrittenStatement<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { shape, statement } = self;
        let mut object = serializer.serialize_map(None)?;
        write_day(&mut object, "from", statement.period.from)?;
        object.serialize_entry("grade", letter(statement.grade))?;
        if !statement.scope.is_empty() {
            object.serialize_entry("scope", &WrittenRecord { shape, record: &statement.scope })?;
        }
        object.serialize_entry("source", &statement.source)?;
        write_day(&mut object, "to", statement.period.to)?;
        object.end()
    }
}

fn write_day<M: SerializeMap>(object: &mut M, key: &str, day: Option<chrono::NaiveDate>) -> Result<(), M::Error> {
    match day {
        Some(day) => object.serialize_entry(key, &day),
        None => Ok(()),
    }
}

fn letter(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "A",
        Grade::B => "B",
        Grade::C => "C",
        Grade::D => "D",
    }
}
