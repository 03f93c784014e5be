//! What is known about an enterprise, in words: one row a fact, one line a statement.

use rules::reference::PeriodKind;
use rules::{Entry, Fact, FactState, Profile, Record, RecordList, Reference};

use crate::views::FactRow;
use crate::words;

/// Records of one list that are written out.
const MOST_RECORDS: usize = 5;

pub(crate) fn fact_rows(profile: &Profile, reference: &Reference) -> Vec<FactRow> {
    let row = |fact: &Fact| {
        let stated =
            profile.facts.get(&fact.key).into_iter().flatten().map(|entry| entry_words(fact, entry, reference));
        let listed = profile.lists.get(&fact.key).into_iter().flat_map(|list| list_words(fact, list, reference));
        let lines: Vec<String> = stated.chain(listed).collect();
        (!lines.is_empty()).then(|| FactRow { name: fact.name.clone(), lines })
    };
    reference.catalogue.iter().filter_map(row).collect()
}

fn entry_words(fact: &Fact, entry: &Entry, reference: &Reference) -> String {
    let value = match &entry.state {
        FactState::Known(value) => fact.shape().display(value, reference),
        FactState::NotApplicable => "不适用".to_owned(),
    };
    let period = match (fact.period, entry.period.from) {
        (PeriodKind::Year, Some(from)) => match entry.period.words() {
            Some(words) => format!("{words}："),
            None => format!("{} 起：", words::date(from)),
        },
        (PeriodKind::History, Some(from)) => format!("{} 起：", words::date(from)),
        _ => String::new(),
    };
    format!("{period}{value}（{}，{:?} 级）", origin(reference, &entry.source), entry.grade)
}

fn list_words(fact: &Fact, list: &RecordList, reference: &Reference) -> Vec<String> {
    let mut lines: Vec<String> =
        list.records.iter().take(MOST_RECORDS).map(|record| record_words(fact, record, reference)).collect();
    if list.records.len() > MOST_RECORDS {
        lines.push(format!("另有 {} 条", list.records.len() - MOST_RECORDS));
    }
    let complete = list.complete.iter().map(|complete| {
        let until = complete.period.to.map_or_else(|| "现在".to_owned(), words::date);
        let part = if complete.scope.is_empty() {
            "记录".to_owned()
        } else {
            record_words(fact, &complete.scope, reference)
        };
        format!("{part}完整至 {until}（{}）", origin(reference, &complete.source))
    });
    lines.extend(complete);
    lines
}

fn record_words(fact: &Fact, record: &Record, reference: &Reference) -> String {
    let field = |(key, value)| {
        let field = fact.list().and_then(|shape: &rules::reference::ListShape| shape.field(key));
        field.map(|field| field.shape().display(value, reference))
    };
    record.iter().filter_map(|(key, value)| field((key.as_str(), value))).collect::<Vec<_>>().join(" ")
}

fn origin(reference: &Reference, key: &str) -> String {
    reference.catalogue.origin(key).map_or_else(|| key.to_owned(), |origin| origin.name.clone())
}
