//! Lists: one record fewer, as many, one more, with the statement that makes them all there are.

use chrono::{Days, Months, NaiveDate};

use super::{Step, with_list};
use crate::context::Context;
use crate::number::Rational;
use crate::profile::{Completeness, Period, Profile, Record, RecordList};
use crate::reference::{Fact, FactKind, Field, ListShape};
use crate::text::names::{NO, YES};
use crate::tree::wording::promised;
use crate::tree::{Figure, Filter, Operator, Quantifier, Quantity, Records, Span, Tally};
use crate::value::{Grade, Value};

/// More records than this are not written out.
const MOST_RECORDS: u32 = 12;

pub(super) fn around(records: &Records, context: &Context<'_>) -> Vec<(Step, Profile)> {
    let Some(fact) = context.reference.catalogue.fact(&records.list) else { return Vec::new() };
    let Some(shape) = fact.list() else { return Vec::new() };
    let number = match records.quantifier {
        Quantifier::Some => 1,
        Quantifier::None | Quantifier::Every(_) => 0,
        Quantifier::Count(_, number) => number,
    };
    let records = &records.counted().2;
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

/// Makes the records of a tally come to `number`, stored as its field is: by one record that says so, or by so many.
pub(super) fn set_tally(profile: &mut Profile, tally: &Tally, number: i64, context: &Context<'_>) {
    let Some(fact) = context.reference.catalogue.fact(&tally.records.list) else { return };
    let Some(shape) = fact.list() else { return };
    let Some(mut one) = record(&tally.records, shape, context) else { return };
    let records = if let Some(field) = tally.field(context.reference) {
        one.insert(field.key.clone(), Value::Number(number));
        vec![one]
    } else {
        vec![one; usize::try_from(number).unwrap_or_default()]
    };
    profile.lists.insert(fact.key.clone(), RecordList { records, complete: vec![all(fact)] });
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
        for (field, value) in passing(filter, shape, context)? {
            if record.contains_key(&field) && matches!(filter, Filter::Among { .. }) && selection.is_some() {
                continue;
            }
            record.insert(field, value);
        }
    }
    if records.span == Span::InForce && shape.until.is_none() {
        return None;
    }
    Some(record)
}

/// Values of fields with which a record passes; `None` where finding them needs more than the demand itself says.
fn passing(filter: &Filter, shape: &ListShape, context: &Context<'_>) -> Option<Vec<(String, Value)>> {
    let field = |key: &String| shape.fields.iter().find(|one| one.key == *key);
    let (key, value) = match filter {
        Filter::Among { field: key, negated, values } => (key, member(field(key)?, *negated, values)?),
        Filter::Compare { left: Figure::Field(key), operator, right: Figure::Quantity(quantity) } => {
            (key, Value::Number(stored(*operator, quantity, field(key)?)?))
        }
        Filter::Compare { left: Figure::Field(key), operator, right: Figure::Date(date) } => {
            (key, Value::Date(day_on(*operator, *date)?))
        }
        Filter::Age { field: key, until: None, operator, duration } => {
            let completed = duration.latest_start(context.as_of)?;
            let side = match operator {
                Operator::AtLeast | Operator::AtMost | Operator::Equal => Operator::Equal,
                Operator::More => Operator::Less,
                Operator::Less | Operator::Differs => Operator::More,
            };
            (key, Value::Date(day_on(side, completed)?))
        }
        Filter::All(members) => {
            let each: Option<Vec<_>> = members.iter().map(|member| passing(member, shape, context)).collect();
            return Some(each?.into_iter().flatten().collect());
        }
        Filter::Any(members) => return members.iter().find_map(|member| passing(member, shape, context)),
        Filter::None(members) => return passing(&Filter::All(members.iter().map(opposite).collect()), shape, context),
        Filter::Compare { .. } | Filter::Age { until: Some(_), .. } => return None,
    };
    Some(vec![(key.clone(), value)])
}

/// What a record passes that has every field and does not pass the filter.
fn opposite(filter: &Filter) -> Filter {
    match filter {
        Filter::Among { field, negated, values } => {
            Filter::Among { field: field.clone(), negated: !negated, values: values.clone() }
        }
        Filter::Compare { left, operator, right } => {
            Filter::Compare { left: left.clone(), operator: operator.opposite(), right: right.clone() }
        }
        Filter::Age { field, until, operator, duration } => Filter::Age {
            field: field.clone(),
            until: until.clone(),
            operator: operator.opposite(),
            duration: *duration,
        },
        Filter::All(members) => Filter::Any(members.iter().map(opposite).collect()),
        Filter::Any(members) => Filter::All(members.iter().map(opposite).collect()),
        Filter::None(members) => Filter::Any(members.clone()),
    }
}

/// The first value in the set, or with 不属于 the first code outside it.
fn member(field: &Field, negated: bool, values: &[String]) -> Option<Value> {
    let first = if negated {
        let other = |code: &&str| !values.iter().any(|value| value == code);
        match &field.kind {
            FactKind::Bool => [YES, NO].into_iter().find(other)?.to_owned(),
            kind => kind.options().iter().map(|option| option.code.as_str()).find(other)?.to_owned(),
        }
    } else {
        values.first()?.clone()
    };
    Some(match field.kind {
        FactKind::Bool => Value::Bool(first == YES),
        FactKind::Area => Value::Area(first),
        FactKind::Industry => Value::Industry(first),
        FactKind::Text => Value::Text(first),
        FactKind::Codes { .. } => Value::Codes([first].into()),
        _ => Value::Code(first),
    })
}

/// The day nearest to the bound for which `day operator bound` holds.
fn day_on(operator: Operator, bound: NaiveDate) -> Option<NaiveDate> {
    let one = Days::new(1);
    match operator {
        Operator::More | Operator::Differs => bound.checked_add_days(one),
        Operator::Less => bound.checked_sub_days(one),
        Operator::AtLeast | Operator::AtMost | Operator::Equal => Some(bound),
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
