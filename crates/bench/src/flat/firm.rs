//! Firms as rows of numbers, and the same firms as profiles.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::synthetic::Stream;
use rules::{Entry, FactState, Grade, Profile, Value, profile::Period};

use super::fields::{FIELDS, Field, Kind};

/// Stands for a value nobody knows.
pub const MISSING: i64 = i64::MIN;

/// One firm: a code or tag set as numbers, money in 分, dates as days, flags as 0 and 1; or [`MISSING`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firm {
    pub values: [i64; FIELDS.len()],
}

/// Draws firms; holds the skewed distributions.
#[derive(Clone, Debug)]
pub struct Population {
    seed: u64,
    zipf: Vec<Vec<i64>>,
}

/// What a firm's size multiplies its figures with: micro, small, middling, large.
const FACTORS: [i64; 4] = [1, 6, 40, 300];
const FIRST_DAY: i64 = 727_564; // 1993-01-01
const LAST_DAY: i64 = 739_577; // 2025-11-23

impl Population {
    pub fn new(seed: u64) -> Self {
        let zipf = FIELDS.iter().map(|field| match field.kind {
            Kind::Code(count) | Kind::Tags(count) => cumulated(count.into()),
            _ => Vec::new(),
        });
        Self { seed, zipf: zipf.collect() }
    }

    /// The firm with this number: the same however many are drawn.
    pub fn firm(&self, index: u64) -> Firm {
        let stream = &mut Stream::new(self.seed, index);
        let mut firm = Firm { values: [MISSING; FIELDS.len()] };
        // A firm that keeps its papers badly lacks more of everything.
        let gaps = stream.between(300, 1_700);
        let size = *stream.weighted(&[(0, 620), (1, 270), (2, 85), (3, 25)], |(_, weight)| *weight);
        let size = (size.0, FACTORS[size.0]);
        let technology = stream.chance([40, 110, 260, 380][size.0]);
        let area = (stream.between(1, 1_000), stream.between(1, 1_000));
        for (index, field) in FIELDS.iter().enumerate() {
            let value = match field.kind {
                Kind::Code(count) => self.code(stream, index, count.into(), size.0, area),
                Kind::Tags(_) => self.tags(stream, index, technology),
                Kind::Amount | Kind::Number => figure(stream, field.key, size.1, technology),
                Kind::Date => stream.between(FIRST_DAY, LAST_DAY).max(stream.between(FIRST_DAY, LAST_DAY)),
                Kind::Flag => i64::from(flag(stream, field.key, technology)),
            };
            if !stream.chance(field.missing * gaps / 1_000) {
                firm.values[index] = value;
            }
        }
        firm
    }

    /// Streets lie in their district and classes in their division: each follows from one draw of the firm.
    fn code(&self, stream: &mut Stream, index: usize, count: i64, size: usize, (place, trade): (i64, i64)) -> i64 {
        let nested = |draw: i64, wider: i64| {
            let first = self.ranked(index, draw) * wider / count * count / wider;
            (first + self.ranked(index, draw * 7 % 1_000)).rem_euclid(count)
        };
        match FIELDS[index].key {
            "district" => self.ranked(index, place),
            "street" => nested(place, 16),
            "section" => self.ranked(index, trade),
            "division" => nested(trade, 20),
            "class" => nested(trade + stream.between(0, 40), 97),
            "size" => i64::try_from(size).unwrap_or_default(),
            _ => self.ranked(index, stream.between(1, 1_000)),
        }
    }

    /// The place of a thousandth in a Zipf distribution.
    fn ranked(&self, index: usize, thousandth: i64) -> i64 {
        let cumulated = &self.zipf[index];
        let total = cumulated.last().copied().unwrap_or(1);
        let at = thousandth.clamp(1, 1_000) * total / 1_000;
        i64::try_from(cumulated.partition_point(|sum| *sum < at)).unwrap_or_default()
    }

    fn tags(&self, stream: &mut Stream, index: usize, technology: bool) -> i64 {
        let most = if technology { 6 } else { 2 };
        let count = stream.between(0, most);
        (0..count).fold(0, |set, _| set | 1 << self.ranked(index, stream.between(1, 1_000)))
    }
}

/// The sums of 1, 1/2, 1/3 … in millionths.
fn cumulated(count: i64) -> Vec<i64> {
    let weights = (1..=count).scan(0, |sum, rank| {
        *sum += 1_000_000 / rank;
        Some(*sum)
    });
    weights.collect()
}

/// Log-normal around a median that grows with size; research and patents gather at technology firms.
fn figure(stream: &mut Stream, key: &str, factor: i64, technology: bool) -> i64 {
    let yuan = 100;
    let (median, spread) = match key {
        "revenue" => (900_000 * yuan, 1_700),
        "assets" => (1_200_000 * yuan, 1_900),
        "profit" => (60_000 * yuan, 2_000),
        "tax" => (30_000 * yuan, 1_900),
        "research" => (if technology { 250_000 } else { 4_000 } * yuan, 1_800),
        "investment" => (50_000 * yuan, 2_100),
        "exports" => (20_000 * yuan, 2_300),
        "capital" => (600_000 * yuan, 1_500),
        "power" => (20_000, 1_900),
        "staff" | "insured" => (5, 1_000),
        "researchers" => (if technology { 4 } else { 1 }, 1_200),
        "patents" => (if technology { 5 } else { 1 }, 1_500),
        _ => (160, 1_200),
    };
    let value = stream.log_normal(median * factor, spread);
    match key {
        "profit" if stream.chance(270) => -value,
        "patents" | "researchers" | "exports" | "research" if !technology && stream.chance(550) => 0,
        _ => value,
    }
}

fn flag(stream: &mut Stream, key: &str, technology: bool) -> bool {
    match key {
        "technology" => technology,
        "legal" => stream.chance(860),
        "accounts" => stream.chance(930),
        "arrears" => stream.chance(40),
        "punished" => stream.chance(70),
        "audited" => stream.chance(if technology { 700 } else { 240 }),
        _ => stream.chance(180),
    }
}

impl Firm {
    /// The same firm as the product knows it.
    pub fn profile(&self) -> Profile {
        let mut profile = Profile::default();
        for (field, value) in FIELDS.iter().zip(self.values).filter(|(_, value)| *value != MISSING) {
            let entry = Entry {
                state: FactState::Known(known(field, value)),
                period: Period { from: None, to: None },
                source: "registry".to_owned(),
                grade: Grade::A,
            };
            profile.facts.insert(field.fact(), vec![entry]);
        }
        profile
    }
}

fn known(field: &Field, value: i64) -> Value {
    let index = usize::try_from(value).unwrap_or_default();
    match field.kind {
        Kind::Code(_) => Value::Code(Field::option(index)),
        Kind::Tags(count) => {
            let tags: BTreeSet<String> =
                (0..usize::from(count)).filter(|tag| value >> tag & 1 == 1).map(Field::option).collect();
            Value::Codes(tags)
        }
        Kind::Amount | Kind::Number => Value::Number(value),
        Kind::Date => Value::Date(
            i32::try_from(value).ok().and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or(NaiveDate::MIN),
        ),
        Kind::Flag => Value::Bool(value == 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firms_are_the_same_however_many_are_drawn_and_as_skewed_as_said() {
        let population = Population::new(3);
        let firms: Vec<Firm> = (0..4_000).map(|index| population.firm(index)).collect();
        assert_eq!(firms[1_234], Population::new(3).firm(1_234));
        let missing = firms.iter().flat_map(|firm| firm.values).filter(|value| *value == MISSING).count();
        let thousandths = missing * 1_000 / (firms.len() * FIELDS.len());
        assert!((140..175).contains(&thousandths), "{thousandths}");
        let largest = firms.iter().filter(|firm| firm.values[0] == 0).count();
        assert!((4_000 / 5..4_000 / 2).contains(&largest), "{largest} in the largest of 16 districts");
        assert!(FIELDS.iter().enumerate().all(|(index, field)| {
            let range = match field.kind {
                Kind::Code(count) => 0..i64::from(count),
                Kind::Tags(count) => 0..1 << count,
                Kind::Flag => 0..2,
                _ => i64::MIN..i64::MAX,
            };
            firms.iter().all(|firm| firm.values[index] == MISSING || range.contains(&firm.values[index]))
        }));
    }
}
