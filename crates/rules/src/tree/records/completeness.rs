//! When a list may be taken as complete: only a statement makes absence knowledge.
//!
//! A statement is complete for a period if every record in force on some day of it is in the list, so the question
//! "since 2023" needs a statement over all those days, and "in force today" needs one over today only.

use chrono::NaiveDate;

use super::{Filter, value_words};
use crate::evaluate::facts::Facts;
use crate::evaluate::measure::date_of;
use crate::profile::{Completeness, RecordList};

/// Whether the list is complete for records that pass the filters, from `first` to `last`.
pub(super) fn covers(
    list: Option<&RecordList>,
    filters: &[Filter],
    (first, last): (Option<NaiveDate>, Option<NaiveDate>),
    facts: &Facts<'_>,
) -> bool {
    let Some(list) = list.filter(|list| !list.complete.is_empty()) else { return false };
    // Nothing happened to an enterprise before it existed.
    let founded = facts.established().and_then(|range| range.low.finite().and_then(date_of));
    let first = first.max(founded);
    let last = last.map_or(facts.as_of(), |last| last.min(facts.as_of()));
    let timely: Vec<&Completeness> = list.complete.iter().filter(|statement| in_time(statement, first, last)).collect();
    if timely.iter().any(|statement| applies(statement, filters)) {
        return true;
    }
    // Several statements, each for one of the values asked for, make one for all of them.
    filters.iter().any(|filter| match filter {
        Filter::Among { field, negated: false, values } => values.iter().all(|value| {
            let narrowed = narrowed(filters, field, value);
            timely.iter().any(|statement| applies(statement, &narrowed))
        }),
        _ => false,
    })
}

fn in_time(statement: &Completeness, first: Option<NaiveDate>, last: NaiveDate) -> bool {
    let begins = match (statement.period.from, first) {
        (None, _) => true,
        (Some(from), Some(first)) => from <= first,
        (Some(_), None) => false,
    };
    begins && statement.period.to.is_none_or(|to| last < to)
}

/// Whether every record that passes the filters lies in the scope of the statement.
fn applies(statement: &Completeness, filters: &[Filter]) -> bool {
    statement.scope.iter().all(|(scoped, value)| {
        let value = value_words(value);
        filters.iter().any(|filter| match filter {
            Filter::Among { field, negated: false, values } => {
                field == scoped && values.iter().all(|wanted| *wanted == value)
            }
            // Only what every record must be narrows what the list must hold: no part of an 或, nothing negated.
            _ => false,
        })
    })
}

fn narrowed(filters: &[Filter], to_field: &str, value: &str) -> Vec<Filter> {
    filters
        .iter()
        .map(|filter| match filter {
            Filter::Among { field, negated: false, .. } if field == to_field => {
                Filter::among(field, vec![value.to_owned()])
            }
            other => other.clone(),
        })
        .collect()
}
