//! The facts of one profile as seen on the as-of day: precedence, periods, and why a value is absent.

use chrono::{Datelike, Days, NaiveDate};

use super::counting::{Candidate, Counting, prevail};
use super::range::Range;
use crate::context::Context;
use crate::number::Rational;
use crate::profile::{Entry, FactState, Period, Profile};
use crate::reference::{Fact, PeriodKind, Reference};
use crate::tree::{Operator, Span, Unit, When, Year};
use crate::value::{FactKey, Value};
use crate::verdict::Verdict;

/// The fact that says from when an enterprise existed.
pub const ESTABLISHED: &str = "established_on";

/// The day from which the figures of the year before must exist.
pub fn figures_due(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, YEAR_DUE.0, YEAR_DUE.1)
}

/// Until this day (month, day) of the following year an absent yearly figure is not yet due: 汇算清缴 ends on 31 May
/// and 年报 on 30 June, so before that "not filed yet" says nothing about the enterprise.
const YEAR_DUE: (u32, u32) = (6, 30);

/// The figures of a quarter or of months are due a month after their end.
const PART_DUE_DAYS: u64 = 31;

/// Why there is no entry for a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    Missing,
    /// The period has not ended, or its figures are not due yet.
    NotClosed,
    /// The enterprise did not exist in that period.
    BeforeEstablishment,
}

/// What the entries that count say about a number or a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Known(Range),
    NotApplicable,
    /// Some say "not applicable", others give a value.
    Contradicting,
    Absent(Absence),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) context: &'a Context<'a>,
    /// The period a yearly fact without one means: inside 每年 and inside a derived fact.
    pub(crate) bare: Option<When>,
    /// Years by which completed years are moved back, to see what the last closed period would say.
    pub(crate) moved_back: u8,
    /// The year relative years are counted from: that of the as-of day, unless the turn of the year is to be undone.
    pub(crate) year: i32,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(profile: &'a Profile, context: &'a Context<'a>) -> Self {
        Self { profile, context, bare: None, moved_back: 0, year: context.as_of.year() }
    }

    pub(crate) fn reference(&self) -> &'a Reference {
        self.context.reference
    }

    pub(crate) fn as_of(&self) -> NaiveDate {
        self.context.as_of
    }

    pub(crate) fn fact(&self, key: &FactKey) -> Option<&'a Fact> {
        self.context.reference.catalogue.fact(key)
    }

    /// The period meant, with relative years resolved.
    pub(crate) fn when(&self, when: When, fact: &Fact) -> When {
        let when = match (when, fact.period) {
            (When::Now, PeriodKind::Year) => self.bare.unwrap_or(When::Now),
            (when, _) => when,
        };
        match when {
            When::Now => When::Now,
            When::Year(year) => When::Year(self.named(year)),
            When::Quarter(year, quarter) => When::Quarter(self.named(year), quarter),
            When::Months(year, first, last) => When::Months(self.named(year), first, last),
        }
    }

    /// A year with its number.
    pub(crate) fn named(&self, year: Year) -> Year {
        Year::Named(match year {
            Year::Ago(0) => self.year,
            Year::Ago(years) => self.year - i32::from(years) - i32::from(self.moved_back),
            Year::Named(year) => year,
        })
    }

    /// First and last day of a span of events, both included.
    pub(crate) fn days(&self, span: Span) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let since = |years: u8| (NaiveDate::from_ymd_opt(self.year - i32::from(years), 1, 1), Some(self.as_of()));
        match span {
            Span::Years(years) => since(years),
            Span::SinceLastYear => since(1),
            Span::Year(year) => Span::Year(self.named(year)).days(self.as_of()),
            fixed => fixed.days(self.as_of()),
        }
    }

    /// The entries that count for a resolved period: of the best rank, of each source the latest; then those that
    /// differ stand side by side.
    pub(crate) fn entries(&self, fact: &Fact, when: When, source: Option<&str>) -> Vec<&'a Entry> {
        let Some(all) = self.profile.facts.get(&fact.key) else { return Vec::new() };
        let counting = Counting::new(fact, when, source, self.as_of());
        let candidate = |entry: &'a Entry| {
            let rank = counting.rank(&entry.source).filter(|_| counting.is_in_time(entry.period))?;
            Some(Candidate { rank, source: entry.source.as_str(), from: entry.period.from, entry })
        };
        let mut found: Vec<_> = all.iter().filter_map(candidate).collect();
        prevail(&mut found);
        found.into_iter().map(|candidate| candidate.entry).collect()
    }

    /// Why nothing is recorded for a resolved period.
    pub(crate) fn absence(&self, fact: &Fact, when: When) -> Absence {
        let Some(period @ Period { to: Some(end), .. }) = when.period(self.as_of()) else { return Absence::Missing };
        if self.is_before_establishment(period) {
            return Absence::BeforeEstablishment;
        }
        let due = if fact.period == PeriodKind::Year { due(when, end) } else { end };
        if self.as_of() < due && !self.is_running_year(when) {
            return Absence::NotClosed;
        }
        Absence::Missing
    }

    /// 当年 figures are cumulative and can be given at any time.
    fn is_running_year(&self, when: When) -> bool {
        matches!(when, When::Year(Year::Named(year)) if year == self.year)
    }

    /// Whether the enterprise certainly came into being after the period.
    pub(crate) fn is_before_establishment(&self, period: Period) -> bool {
        match (self.established(), period.to) {
            (Some(range), Some(end)) => range.low >= date_number(end).into(),
            _ => false,
        }
    }

    /// Whether the enterprise was founded after a period: unknown while the day of establishment is.
    pub(crate) fn is_before_founding(&self, when: When) -> Verdict {
        let when = match when {
            When::Year(year) => When::Year(self.named(year)),
            other => other,
        };
        let end = when.period(self.as_of()).and_then(|period| period.to);
        match (self.founding(), end) {
            (Some(Found::Known(founded)), Some(end)) => {
                founded.compare(Operator::AtLeast, &Range::exactly(date_number(end)))
            }
            (Some(Found::NotApplicable), Some(_)) => Verdict::NotMet,
            _ => Verdict::Unknown,
        }
    }

    /// Whether nothing is recorded for a period because the enterprise did not exist then.
    pub(crate) fn is_unrecorded_before_founding(&self, key: &FactKey, when: When, source: Option<&str>) -> bool {
        let Some(fact) = self.fact(key) else { return false };
        let when = self.when(when, fact);
        let before = when.period(self.as_of()).is_some_and(|period| self.is_before_establishment(period));
        before && self.entries(fact, when, source).is_empty()
    }

    fn founding(&self) -> Option<Found> {
        let fact = self.fact(&FactKey::from(ESTABLISHED))?;
        Some(self.number(fact, When::Now, None))
    }

    /// The day of establishment, as far as it is known.
    pub(crate) fn established(&self) -> Option<Range> {
        match self.founding() {
            Some(Found::Known(range)) => Some(range),
            _ => None,
        }
    }

    /// A number or a date (as days) for a resolved period, in base units.
    pub(crate) fn number(&self, fact: &Fact, when: When, source: Option<&str>) -> Found {
        collect(fact, &self.entries(fact, when, source)).unwrap_or_else(|| Found::Absent(self.absence(fact, when)))
    }
}

/// What the entries say together; `None` if there are none that hold a number or a date.
pub(crate) fn collect(fact: &Fact, entries: &[&Entry]) -> Option<Found> {
    let mut range: Option<Range> = None;
    let mut not_applicable = false;
    for entry in entries {
        match &entry.state {
            FactState::NotApplicable => not_applicable = true,
            FactState::Known(value) => {
                let Some(value) = number_of(fact, value) else { continue };
                let value = Range::exactly(value);
                range = Some(match range {
                    None => value,
                    Some(range) => range.hull(value),
                });
            }
        }
    }
    match (range, not_applicable) {
        (Some(_), true) => Some(Found::Contradicting),
        (Some(range), false) => Some(Found::Known(range)),
        (None, true) => Some(Found::NotApplicable),
        (None, false) => None,
    }
}

/// A number in base units, or a date as days.
fn number_of(fact: &Fact, value: &Value) -> Option<Rational> {
    match value {
        Value::Number(number) if fact.kind.is_number() => Some(in_base_units(*number, fact.scale, &fact.unit)),
        Value::Date(date) => Some(date_number(*date)),
        _ => None,
    }
}

/// A stored number in the base unit of its dimension: 年 count in months.
pub(crate) fn in_base_units(number: i64, scale: u8, unit: &str) -> Rational {
    let value = Rational::scaled(number, scale);
    match Unit::find(unit).filter(|unit| (unit.numerator, unit.denominator) != (1, 1)) {
        Some(unit) => Rational::ratio(unit.numerator, unit.denominator)
            .map_or_else(|| value.clone(), |factor| value.multiply(&factor)),
        None => value,
    }
}

/// Days, so that dates compare like numbers.
pub(crate) fn date_number(date: NaiveDate) -> Rational {
    Rational::whole(date.num_days_from_ce().into())
}

/// The day from which figures that end before `end` must exist.
fn due(when: When, end: NaiveDate) -> NaiveDate {
    match when {
        When::Year(_) => figures_due(end.year()),
        When::Quarter(..) | When::Months(..) => end.checked_add_days(Days::new(PART_DUE_DAYS)),
        When::Now => None,
    }
    .unwrap_or(end)
}
