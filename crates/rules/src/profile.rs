//! The facts known about one enterprise (企业画像): the shape shared by storage, API, cases and import.

mod document;
mod future;
mod list;
mod period;
mod read;
mod write;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::value::{FactKey, Grade, Value};

/// Half-open `[from, to)`; an absent end is open. A year figure of 2025 is `[2025-01-01, 2026-01-01)`,
/// a place held since May 2021 is `[2021-05-01, ∞)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// Whether the entry holds a value or says that the question does not apply to this enterprise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactState {
    Known(Value),
    NotApplicable,
}

/// One statement about one fact by one source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    pub state: FactState,
    pub period: Period,
    /// Catalogue id of the source, e.g. `registry`, `tax`, `statistics`, `declared`.
    pub source: String,
    pub grade: Grade,
}

/// One row of a record list: field key to value.
pub type Record = BTreeMap<String, Value>;

/// Until when, for which records and by whose word a list is known to be complete.
/// Without one, "no such record" is `Unknown`: an empty list is not knowledge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Completeness {
    /// Field values the statement is limited to (`kind = 高新技术企业`); empty means the whole list.
    pub scope: Record,
    pub period: Period,
    pub source: String,
    pub grade: Grade,
}

/// A record list fact: certificates, awards, incidents, grants, loans, projects …
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordList {
    pub records: Vec<Record>,
    pub complete: Vec<Completeness>,
}

/// Everything known about one enterprise. A fact that is absent is `Unknown`, never zero and never "no".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub uscc: String,
    pub name: String,
    pub facts: BTreeMap<FactKey, Vec<Entry>>,
    pub lists: BTreeMap<FactKey, RecordList>,
}

#[cfg(test)]
mod tests;
