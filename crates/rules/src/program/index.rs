//! One profile laid out for reading by position: every fact the program asks for, its entries as plain numbers.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};

use super::quick::{Quick, Ratio, Wide};
use crate::evaluate::facts::in_base_units;
use crate::evaluate::range::Range;
use crate::number::Rational;
use crate::profile::{Entry, FactState, Period, Profile};
use crate::reference::{Fact, PeriodKind};
use crate::value::{FactKey, Value};

/// A fact the program asks for, with what the catalogue says of it.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) key: FactKey,
    pub(super) period: PeriodKind,
    is_number: bool,
    scale: u8,
    unit: String,
    /// One stored unit in base units, where it is an exact fraction of machine integers.
    step: Option<Ratio>,
    /// Rank by id of the source.
    ranks: HashMap<u16, u16>,
    last_rank: u16,
}

/// Ids of the sources precedence or a condition names. Others get theirs while a profile is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(HashMap<String, u16>);

impl Sources {
    pub(super) fn id(&mut self, name: &str) -> u16 {
        if let Some(id) = self.0.get(name) {
            return *id;
        }
        let id = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        self.0.insert(name.to_owned(), id);
        id
    }

    fn known(&self, name: &str, others: &mut Vec<String>) -> u16 {
        if let Some(id) = self.0.get(name) {
            return *id;
        }
        let at = others.iter().position(|other| other == name).unwrap_or_else(|| {
            others.push(name.to_owned());
            others.len() - 1
        });
        u16::try_from(self.0.len() + at).unwrap_or(u16::MAX)
    }
}

impl Slot {
    pub(super) fn new(fact: &Fact, sources: &mut Sources) -> Self {
        let mut ranks = HashMap::new();
        for name in fact.precedence.iter().flatten() {
            ranks.insert(sources.id(name), rank(fact.rank(name)));
        }
        Self {
            key: fact.key.clone(),
            period: fact.period,
            is_number: fact.kind.is_number(),
            scale: fact.scale,
            unit: fact.unit.clone(),
            step: Ratio::exactly(&in_base_units(1, fact.scale, &fact.unit)),
            ranks,
            last_rank: rank(fact.precedence.len()),
        }
    }

    fn stated(&self, entry: &Entry, sources: &Sources, others: &mut Vec<String>) -> Stated {
        let source = sources.known(&entry.source, others);
        let what = match &entry.state {
            FactState::NotApplicable => What::NotApplicable,
            FactState::Known(Value::Number(number)) if self.is_number => What::Number(*number),
            FactState::Known(Value::Date(date)) => What::Date(date.num_days_from_ce()),
            FactState::Known(_) => What::Other,
        };
        let rank = self.ranks.get(&source).copied().unwrap_or(self.last_rank);
        Stated { span: Span::of(entry.period), source, rank, what }
    }
}

fn rank(position: usize) -> u16 {
    u16::try_from(position).unwrap_or(u16::MAX)
}

/// `[from, to)` in days; open ends are the ends of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: i32,
    to: i32,
}

impl Span {
    fn of(period: Period) -> Self {
        let day = |day: NaiveDate| day.num_days_from_ce();
        Self { from: period.from.map_or(i32::MIN, day), to: period.to.map_or(i32::MAX, day) }
    }
}

/// One entry without its texts.
#[derive(Clone, Copy, Debug)]
struct Stated {
    span: Span,
    source: u16,
    rank: u16,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    NotApplicable,
    Number(i64),
    Date(i32),
    Other,
}

/// Which entries of a fact are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    time: Time,
    source: Option<u16>,
}

#[derive(Clone, Copy, Debug)]
enum Time {
    /// Exactly this period.
    Period(Span),
    /// In force on this day.
    Day(i32),
    /// A period no calendar holds.
    Never,
}

impl Asked {
    pub(super) fn new(kind: PeriodKind, period: Option<Period>, as_of: NaiveDate, source: Option<u16>) -> Self {
        let time = match (kind, period) {
            (PeriodKind::Year, Some(period)) => Time::Period(Span::of(period)),
            (PeriodKind::Year, None) => Time::Never,
            (PeriodKind::None | PeriodKind::History, period) => {
                let day = period.and_then(|period| period.to?.pred_opt()).unwrap_or(as_of);
                Time::Day(day.num_days_from_ce())
            }
        };
        Self { time, source }
    }

    fn matches(self, stated: &Stated) -> bool {
        let timely = match self.time {
            Time::Period(span) => stated.span == span,
            Time::Day(day) => stated.span.from <= day && day < stated.span.to,
            Time::Never => false,
        };
        timely && self.source.is_none_or(|source| stated.source == source)
    }
}

/// What the entries that count say of a number.
pub(super) enum Reading {
    Value(Quick),
    Contradicting,
    /// There are entries, none of which holds a number or a date.
    NoNumber,
    Absent,
}

/// The entries of the profile at hand, slot by slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    stated: Vec<Stated>,
    /// First and last position of each slot's entries.
    spans: Vec<(usize, usize)>,
    others: Vec<String>,
}

impl Index {
    /// Lays out a profile. `order` names the slots by ascending key, as the profile holds its facts.
    pub(super) fn fill<'p>(
        &mut self,
        profile: &'p Profile,
        slots: &[Slot],
        order: &[usize],
        sources: &Sources,
        entries: &mut Vec<&'p [Entry]>,
    ) {
        self.stated.clear();
        self.others.clear();
        self.spans.clear();
        self.spans.resize(slots.len(), (0, 0));
        entries.clear();
        entries.resize(slots.len(), &[]);
        let mut facts = profile.facts.iter().peekable();
        for at in order {
            let slot = &slots[*at];
            while facts.next_if(|(key, _)| **key < slot.key).is_some() {}
            let Some((_, found)) = facts.next_if(|(key, _)| **key == slot.key) else { continue };
            let first = self.stated.len();
            self.stated.extend(found.iter().map(|entry| slot.stated(entry, sources, &mut self.others)));
            self.spans[*at] = (first, self.stated.len());
            entries[*at] = found;
        }
    }

    /// Positions (within the slot) of the entries that count: of the best rank, of each source the latest.
    pub(super) fn counting(&self, slot: usize, asked: Asked) -> impl Iterator<Item = usize> {
        let (first, last) = self.spans[slot];
        let all = &self.stated[first..last];
        let best = all.iter().filter(|stated| asked.matches(stated)).map(|stated| stated.rank).min();
        let candidate = move |stated: &Stated| Some(stated.rank) == best && asked.matches(stated);
        all.iter()
            .enumerate()
            .filter(move |(_, stated)| {
                let newer = |other: &Stated| {
                    other.source == stated.source && other.span.from > stated.span.from && candidate(other)
                };
                candidate(stated) && !all.iter().any(newer)
            })
            .map(|(position, _)| position)
    }

    /// The number or date the entries that count give together.
    pub(super) fn number(&self, slot: usize, of: &Slot, asked: Asked, wide: &mut Wide) -> Reading {
        let first = self.spans[slot].0;
        let (mut low, mut high): (Option<i64>, Option<i64>) = (None, None);
        let (mut any, mut not_applicable, mut is_date) = (false, false, false);
        for position in self.counting(slot, asked) {
            any = true;
            let value = match self.stated[first + position].what {
                What::NotApplicable => {
                    not_applicable = true;
                    continue;
                }
                What::Other => continue,
                What::Number(number) => number,
                What::Date(day) => {
                    is_date = true;
                    day.into()
                }
            };
            low = Some(low.map_or(value, |low| low.min(value)));
            high = Some(high.map_or(value, |high| high.max(value)));
        }
        match (low.zip(high), not_applicable) {
            (Some(_), true) => Reading::Contradicting,
            (Some((low, high)), false) => Reading::Value(of.value(low, high, is_date, wide)),
            (None, true) => Reading::Value(Quick::NotApplicable),
            (None, false) if any => Reading::NoNumber,
            (None, false) => Reading::Absent,
        }
    }
}

impl Slot {
    fn value(&self, low: i64, high: i64, is_date: bool, wide: &mut Wide) -> Quick {
        if is_date {
            let range = Range { low: Rational::whole(low).into(), high: Rational::whole(high).into() };
            return if low == high { Quick::Exact(Ratio::whole(low)) } else { wide.keep(range) };
        }
        let step = self.step.filter(|_| low == high);
        let exact = step.and_then(|step| step.calculate(crate::tree::Arithmetic::Times, Ratio::whole(low)));
        if let Some(ratio) = exact {
            return Quick::Exact(ratio);
        }
        let base = |number| in_base_units(number, self.scale, &self.unit);
        wide.keep(Range { low: base(low).into(), high: base(high).into() })
    }
}
