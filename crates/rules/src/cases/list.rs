//! Lists: one record fewer, as many, one more, with the statement that makes them all there are.

use chrono::{Days, Months};

use super::{Step, with_list};
use crate::context::Context;
use crate::number::Rational;
use crate::profile::{Completeness, Period, Profile, Record, RecordList};
use crate::reference::{Fact, FactKind, Field, ListShape};
use crate::text::names::YES;
use crate::tree::wording::promised;
use crate::tree::{Filter, Operator, Quantifier, Quantity, Records, Span};
use crate::value::{Grade, Value};

/// More records than this are not written out.
const MOST_RECORDS: u32 = 12;

pub(super) fn around(records: &Records, context: &Context<'_>) -> Vec<(Step, Profile)> {
    let Some(fact) = context.reference.catalogue.fact(&records.list) else { return Vec::new() };
    let Some(shape) = fact.list() else { return Vec::new() };
    let number = match records.quantifier {
        Quantifier::Some => 1,
        Quantifier::None => 0,
        Quantifier::Count(_, number) => number,
    };
    let Some(record) = record(records, shape, context) else { return Vec::new() };
    let of = |count: u32| {
        let records = vec![record.clone(); usize::try_from(count).unwrap_or_default()];
        (count <= MOST_RECORDS).then(|| with_list(&fact.key, RecordList { records, complete: vec![all(fact)] }))
    };
    let steps = [
        (Step::Below, number.checked_sub(1).and_then(of)),
        (Step::On, of(number)),
        (Step::Above, number.checked_add(1).and_then(of)),
    ];
    steps.into_iter().filter_map(|(step, profile)| Some((step, profile?))).collect()
}

/// The promise the sentence asks for, in force.
pub(super) fn promise(sentence: &str, context: &Context<'_>) -> Profile {
    let wanted = promised(sentence);
    let made = context.reference.catalogue.fact(&wanted.list).and_then(Fact::list);
    let record = made.and_then(|shape| record(&wanted, shape, context));
    with_list(&wanted.list, RecordList { records: record.into_iter().collect(), complete: Vec::new() })
}

/// The word of the source that knows best.
fn all(fact: &Fact) -> Completeness {
    let source = fact.precedence.first().and_then(|rank| rank.first()).cloned().unwrap_or_default();
    Completeness { scope: Record::new(), period: Period { from: None, to: None }, source, grade: Grade::A }
}

/// A record that counts: dated on the last day of the span, still in force, with every field as demanded.
fn record(records: &Records, shape: &ListShape, context: &Context<'_>) -> Option<Record> {
    let mut record = Record::new();
    let (first, last) = records.span.days(context.as_of);
    let on = last.map_or(context.as_of, |last| last.min(context.as_of)).max(first.unwrap_or(context.as_of.min(last?)));
    if let Some(key) = &shape.on {
        record.insert(key.clone(), Value::Date(on));
    }
    let until = shape.until.as_ref().and_then(|key| shape.fields.iter().find(|field| field.key == *key));
    if let Some(field) = until.filter(|field| !field.past) {
        record.insert(field.key.clone(), Value::Date(context.as_of.checked_add_months(Months::new(12))?));
    }
    let selection = records.selection.as_ref();
    let selection = selection.and_then(|name| shape.selections.iter().find(|one| one.name == *name));
    for (field, values) in selection.into_iter().flat_map(|selection| &selection.filter) {
        record.insert(field.clone(), values.iter().next()?.clone());
    }
    for filter in &records.filters {
        let (Filter::Among { field, .. } | Filter::Number { field, .. } | Filter::Date { field, .. }) = filter;
        let field = shape.fields.iter().find(|one| one.key == *field)?;
        if record.contains_key(&field.key) && matches!(filter, Filter::Among { .. }) && selection.is_some() {
            continue;
        }
        record.insert(field.key.clone(), passing(filter, field)?);
    }
    if records.span == Span::InForce && shape.until.is_none() {
        return None;
    }
    Some(record)
}

fn passing(filter: &Filter, field: &Field) -> Option<Value> {
    match filter {
        Filter::Among { values, .. } => {
            let first = values.first()?.clone();
            Some(match field.kind {
                FactKind::Bool => Value::Bool(first == YES),
                FactKind::Area => Value::Area(first),
                FactKind::Industry => Value::Industry(first),
                FactKind::Text => Value::Text(first),
                FactKind::Codes { .. } => Value::Codes([first].into()),
                _ => Value::Code(first),
            })
        }
        Filter::Number { operator, quantity, .. } => stored(*operator, quantity, field).map(Value::Number),
        Filter::Date { operator, date, .. } => {
            let one = Days::new(1);
            let day = match operator {
                Operator::More | Operator::Differs => date.checked_add_days(one)?,
                Operator::Less => date.checked_sub_days(one)?,
                Operator::AtLeast | Operator::AtMost | Operator::Equal => *date,
            };
            Some(Value::Date(day))
        }
    }
}

/// The stored number on the passing side of a bound, as near as its scale allows.
fn stored(operator: Operator, quantity: &Quantity, field: &Field) -> Option<i64> {
    let one = crate::evaluate::facts::in_base_units(1, field.scale, &field.unit);
    let steps = quantity.value().checked_div(&one)?;
    let near: i64 = steps.rounded_text(0).parse().ok()?;
    let passes = |number: &i64| operator.holds(Rational::whole(*number).cmp(&steps)) && *number >= 0;
    [near, near + 1, near - 1].into_iter().find(passes)
}
