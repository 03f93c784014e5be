//! Random profiles over the embedded catalogue, for property tests. The same seed gives the same profile.

#![expect(clippy::unwrap_used, reason = "for tests, over the embedded catalogue")]

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use crate::profile::{Completeness, Entry, FactState, Period, Profile, Record, RecordList};
use crate::reference::{Fact, FactKind, Field, PeriodKind, Reference};
use crate::value::{Grade, Value};

/// A small stream of numbers (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let index = usize::try_from(self.roll(of.len() as u64)).unwrap();
        &of[index]
    }
}

/// Facts present, absent, disputed, not applicable; lists complete or not.
pub fn profile(seed: u64) -> Profile {
    let mut dice = Dice(seed);
    let mut profile = Profile::default();
    for fact in Reference::builtin().catalogue.iter() {
        if dice.chance(25) {
            continue;
        }
        if let Some(shape) = fact.list() {
            let records = (0..dice.roll(4)).map(|_| record(&shape.fields, &mut dice, 80)).collect();
            let complete = (0..dice.roll(3)).map(|_| statement(&shape.fields, &mut dice)).collect();
            profile.lists.insert(fact.key.clone(), RecordList { records, complete });
        } else {
            profile.facts.insert(fact.key.clone(), entries(fact, &mut dice));
        }
    }
    profile
}

fn entries(fact: &Fact, dice: &mut Dice) -> Vec<Entry> {
    let periods: Vec<Period> = match fact.period {
        PeriodKind::Year => {
            let parts = [2025, 2026].into_iter().filter(|_| fact.flow).flat_map(|year| {
                let quarters = (1..=4).filter_map(move |quarter| Period::quarter(year, quarter));
                quarters.chain(Period::months(year, 1, 11))
            });
            (2021..=2026).filter_map(Period::year).chain(parts).collect()
        }
        PeriodKind::None => vec![Period { from: None, to: None }],
        PeriodKind::History => {
            let moved = day(dice);
            vec![Period { from: Some(day(dice).min(moved)), to: Some(moved) }, Period::since(moved)]
        }
    };
    let mut entries = Vec::new();
    for period in periods {
        for source in ["tax", "statistics", "declared"] {
            if dice.chance(40) {
                let state =
                    if dice.chance(8) { FactState::NotApplicable } else { FactState::Known(value(&fact.kind, dice)) };
                entries.push(Entry { state, period, source: source.into(), grade: Grade::C });
            }
        }
    }
    entries
}

fn value(kind: &FactKind, dice: &mut Dice) -> Value {
    let reference = Reference::builtin();
    match kind {
        FactKind::Bool => Value::Bool(dice.chance(50)),
        FactKind::Integer | FactKind::Amount | FactKind::Ratio => {
            let magnitude = *dice.pick(&[1, 100, 10_000, 1_000_000, 1_000_000_000]);
            Value::Number(i64::try_from(dice.roll(12)).unwrap() * magnitude - magnitude)
        }
        FactKind::Date => Value::Date(day(dice)),
        FactKind::Text => Value::Text((*dice.pick(&["一", "二a", "三、b"])).into()),
        FactKind::Code { options, .. } => Value::Code(dice.pick(options).code.clone()),
        FactKind::Codes { options } => {
            let codes: BTreeSet<String> = (0..2).map(|_| dice.pick(options).code.clone()).collect();
            Value::Codes(codes)
        }
        FactKind::Area => {
            let areas: Vec<_> = reference.areas.iter().map(|area| area.code.clone()).collect();
            Value::Area(dice.pick(&areas).clone())
        }
        FactKind::Industry => Value::Industry((*dice.pick(&["C", "C39", "C3921", "I65", "F52", "J66", "G54"])).into()),
        FactKind::List(_) => Value::Bool(false),
    }
}

fn day(dice: &mut Dice) -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, 1, 1).unwrap() + Days::new(dice.roll(3300))
}

fn record(fields: &[Field], dice: &mut Dice, percent: u64) -> Record {
    let mut record = Record::new();
    for field in fields {
        if dice.chance(percent) {
            // Fields of records are never negative: no profile that is read holds one.
            let value = match value(&field.kind, dice) {
                Value::Number(number) => Value::Number(number.abs()),
                other => other,
            };
            record.insert(field.key.clone(), value);
        }
    }
    record
}

fn statement(fields: &[Field], dice: &mut Dice) -> Completeness {
    let scope = if dice.chance(60) { Record::new() } else { record(&fields[..1], dice, 100) };
    let from = if dice.chance(50) { None } else { Some(day(dice)) };
    let to = if dice.chance(50) { None } else { Some(day(dice)) };
    Completeness { scope, period: Period { from, to }, source: "credit_report".into(), grade: Grade::A }
}
