//! Dates, codes, texts and places: the value meant and the one next to it.

use chrono::{Days, NaiveDate};

use super::{Step, with_fact};
use crate::context::Context;
use crate::profile::{Period, Profile};
use crate::reference::{FactKind, PeriodKind};
use crate::text::names::YES;
use crate::tree::age::Duration;
use crate::tree::{Age, Condition, Contains, Membership, Place, Residence, When, Year};
use crate::value::{FactKey, Value};

/// A place is held since here unless the leaf asks since when.
const LONG_AGO: (i32, u32, u32) = (2000, 1, 1);

pub(super) fn around(leaf: &Condition, context: &Context<'_>) -> Vec<(Step, Profile)> {
    let always = Period { from: None, to: None };
    match leaf {
        Condition::Age(Age { fact, duration, until, .. }) => {
            let end = until.map_or(Some(context.as_of), |year| year.last_day(context.as_of));
            let days = end.into_iter().flat_map(|end| days(*duration, end));
            days.map(|(step, day)| (step, with_fact(fact, always, Value::Date(day)))).collect()
        }
        Condition::Residence(Residence { fact, area, duration, .. }) => days(*duration, context.as_of)
            .map(|(step, day)| (step, with_fact(fact, Period::since(day), Value::Area(area.clone()))))
            .collect(),
        Condition::Membership(membership) => members(membership, context),
        Condition::Contains(Contains { fact, words, .. }) => {
            let first = words.first().cloned().unwrap_or_default();
            // A text that holds none of the words, whatever they are.
            let other: String = ["其他", "无", "略"]
                .into_iter()
                .find(|text| !words.iter().any(|word| text.contains(word.as_str())))
                .unwrap_or_default()
                .to_owned();
            let said = |text| with_fact(fact, always, Value::Text(text));
            vec![(Step::Inside, said(first)), (Step::Outside, said(other))]
        }
        Condition::Place(Place { fact, areas, .. }) => places(fact, areas, context),
        _ => Vec::new(),
    }
}

/// The latest start that has completed the duration, and the days beside it. Above is longer ago.
fn days(duration: Duration, as_of: NaiveDate) -> impl Iterator<Item = (Step, NaiveDate)> {
    let on = duration.latest_start(as_of);
    let one = Days::new(1);
    let steps = [
        (Step::Below, on.and_then(|day| day.checked_add_days(one))),
        (Step::On, on),
        (Step::Above, on.and_then(|day| day.checked_sub_days(one))),
    ];
    steps.into_iter().filter_map(|(step, day)| Some((step, day?)))
}

fn members(Membership { fact, values, .. }: &Membership, context: &Context<'_>) -> Vec<(Step, Profile)> {
    let reference = context.reference;
    let Some(known) = reference.catalogue.fact(fact) else { return Vec::new() };
    let period = match known.period {
        PeriodKind::Year => When::Year(Year::Ago(1)).period(context.as_of),
        PeriodKind::None | PeriodKind::History => Some(Period { from: None, to: None }),
    };
    let (Some(period), Some(first)) = (period, values.first()) else { return Vec::new() };
    let (inside, outside) = match &known.kind {
        FactKind::Bool => (Some(Value::Bool(first == YES)), Some(Value::Bool(first != YES))),
        FactKind::Code { options, .. } => {
            let other = sibling(options.iter().map(|option| option.code.as_str()), values);
            (Some(Value::Code(first.clone())), other.map(Value::Code))
        }
        FactKind::Codes { options } => {
            let other = sibling(options.iter().map(|option| option.code.as_str()), values);
            let codes = |code: String| Value::Codes([code].into());
            (Some(codes(first.clone())), other.map(codes))
        }
        FactKind::Industry => industries(values, context),
        _ => (None, None),
    };
    [(Step::Inside, inside), (Step::Outside, outside)]
        .into_iter()
        .filter_map(|(step, value)| Some((step, with_fact(fact, period, value?))))
        .collect()
}

/// The option after the first wanted one that is not wanted itself, else any other.
fn sibling<'o>(options: impl Iterator<Item = &'o str>, wanted: &[String]) -> Option<String> {
    let options: Vec<&str> = options.collect();
    let at = options.iter().position(|option| wanted.first().is_some_and(|first| first == option)).unwrap_or(0);
    let other = |option: &&&str| !wanted.iter().any(|one| one == **option);
    let after = options.iter().skip(at).find(other);
    after.or_else(|| options.iter().find(other)).map(|option| (*option).to_owned())
}

/// A class meant, and the nearest class of the same depth that is not.
fn industries(wanted: &[String], context: &Context<'_>) -> (Option<Value>, Option<Value>) {
    let industries = &context.reference.industries;
    let holds = |code: &str| wanted.iter().any(|class| industries.contains(class, code));
    let real = |code: &&str| !code.starts_with('@');
    let codes: Vec<&str> = industries.iter().map(|one| one.code.as_str()).filter(real).collect();
    let inside = codes.iter().position(|code| holds(code) && code.len() > 1);
    let inside = inside.or_else(|| codes.iter().position(|code| holds(code)));
    let Some(at) = inside else { return (None, None) };
    let depth = codes[at].len();
    let clear = |code: &&&str| code.len() == depth && !holds(code) && !wanted.iter().any(|one| one.starts_with(**code));
    let outside = codes.iter().skip(at).find(clear).or_else(|| codes.iter().take(at).rev().find(clear));
    (Some(Value::Industry(codes[at].to_owned())), outside.map(|code| Value::Industry((*code).to_owned())))
}

/// An area meant, and one next door: of the same level, outside all of them.
fn places(fact: &FactKey, wanted: &[String], context: &Context<'_>) -> Vec<(Step, Profile)> {
    let areas = &context.reference.areas;
    let since = NaiveDate::from_ymd_opt(LONG_AGO.0, LONG_AGO.1, LONG_AGO.2).map(Period::since);
    let (Some(since), Some(first)) = (since, wanted.first()) else { return Vec::new() };
    let level = areas.get(first).map(|area| area.level);
    let apart = |code: &str| !wanted.iter().any(|area| areas.contains(area, code) || areas.contains(code, area));
    let of_level = areas.iter().find(|area| Some(area.level) == level && apart(&area.code));
    let next = of_level.or_else(|| areas.iter().find(|area| apart(&area.code)));
    let at = |code: &str| with_fact(fact, since, Value::Area(code.to_owned()));
    std::iter::once((Step::Inside, at(first))).chain(next.map(|area| (Step::Outside, at(&area.code)))).collect()
}
