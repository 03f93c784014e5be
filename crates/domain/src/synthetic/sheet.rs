//! The profile while it is filled in: what is forgotten, by whom a figure was reported, where two reports differ.

use chrono::{Days, NaiveDate};
use rules::{Completeness, Entry, FactKey, FactState, Grade, Period, Profile, Record, RecordList, Reference, Value};

use super::firm::{Firm, day_before};
use super::stream::Stream;

/// How long the word of an office that there are no other records is taken.
const REPORT_STANDS: Days = Days::new(183);

/// How often a fact of a kind is missing, in thousandths.
#[derive(Clone, Copy)]
pub(super) enum Known {
    /// On the licence: hardly ever missing.
    Licence,
    /// Reported to some office.
    Reported,
    /// Only the firm itself knows.
    Asked,
}

impl Known {
    fn missing(self) -> i64 {
        match self {
            Self::Licence => 30,
            Self::Reported => 180,
            Self::Asked => 330,
        }
    }
}

pub(super) struct Sheet<'a> {
    profile: Profile,
    pub(super) stream: &'a mut Stream,
    as_of: NaiveDate,
    /// Raises or lowers every missing rate of this firm.
    carelessness: i64,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(firm: &Firm, stream: &'a mut Stream) -> Self {
        let carelessness = stream.between(500, 1500);
        let profile = Profile { uscc: firm.uscc.clone(), name: firm.name.clone(), ..Profile::default() };
        Self { profile, stream, as_of: firm.as_of, carelessness }
    }

    /// A fact of the present, unless it is forgotten.
    pub(super) fn put(&mut self, key: &str, value: Value, source: &str, known: Known) {
        if !self.forgets(known) {
            self.enter(key, value, Period { from: None, to: None }, source);
        }
    }

    /// A figure of several years; a forgotten fact is forgotten for all of them, and now and then one year alone.
    pub(super) fn put_years(&mut self, key: &str, figures: &[(i32, i64)], source: &str, known: Known) {
        let forgotten = self.forgets(known);
        for (year, figure) in figures {
            let lost = self.stream.chance(40);
            if let Some(period) = Period::year(*year).filter(|_| !forgotten && !lost) {
                self.enter(key, Value::Number(*figure), period, source);
            }
        }
    }

    /// A second report of a figure that differs by up to three percent.
    pub(super) fn contradict(&mut self, key: &str, year: i32, figure: i64, source: &str) {
        let off = self.stream.between(5, 30) * if self.stream.chance(500) { 1 } else { -1 };
        let known = self.profile.facts.contains_key(&FactKey::from(key));
        if let Some(period) = Period::year(year).filter(|_| known) {
            self.enter(key, Value::Number(figure + figure / 1000 * off), period, source);
        }
    }

    /// States with a beginning, each ended by the next.
    pub(super) fn put_history(&mut self, key: &str, states: &[(Value, Period)], source: &str, known: Known) {
        if !self.forgets(known) {
            for (value, period) in states {
                self.enter(key, value.clone(), *period, source);
            }
        }
    }

    /// Records, and with the given probability the word of an office that there are no others.
    pub(super) fn put_list(&mut self, key: &str, mut records: Vec<Record>, vouched: Vouched) {
        let complete = self.stream.chance(vouched.thousandths);
        // A report stands for half a year: most are in force today, the older ones have run out.
        let reported = day_before(self.as_of, self.stream.between(0, vouched.stale));
        let from = day_before(reported, vouched.years * 366);
        let to = reported.checked_add_days(REPORT_STANDS).unwrap_or(reported);
        if records.is_empty() && !complete {
            return;
        }
        records.sort();
        let statement = Completeness {
            scope: Record::new(),
            period: Period { from: Some(from), to: Some(to) },
            source: vouched.source.to_owned(),
            grade: grade(vouched.source),
        };
        let list = RecordList { records, complete: complete.then_some(statement).into_iter().collect() };
        self.profile.lists.insert(FactKey::from(key), list);
    }

    /// What has been said of a count, if it was not forgotten.
    pub(super) fn number(&self, key: &str) -> Option<i64> {
        match self.said(key)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// What has been said of a day, if it was not forgotten.
    pub(super) fn date(&self, key: &str) -> Option<NaiveDate> {
        match self.said(key)? {
            Value::Date(day) => Some(*day),
            _ => None,
        }
    }

    fn said(&self, key: &str) -> Option<&Value> {
        match &self.profile.facts.get(&FactKey::from(key))?.first()?.state {
            FactState::Known(value) => Some(value),
            FactState::NotApplicable => None,
        }
    }

    /// The profile, entries in canonical order.
    pub(super) fn finish(mut self) -> Profile {
        for entries in self.profile.facts.values_mut() {
            entries.sort_by(|a, b| (a.period, &a.source).cmp(&(b.period, &b.source)));
        }
        self.profile
    }

    fn forgets(&mut self, known: Known) -> bool {
        self.stream.chance(known.missing() * self.carelessness / 1000)
    }

    fn enter(&mut self, key: &str, value: Value, period: Period, source: &str) {
        let entry = Entry { state: FactState::Known(value), period, source: source.to_owned(), grade: grade(source) };
        self.profile.facts.entry(FactKey::from(key)).or_default().push(entry);
    }
}

/// How a list is vouched for: how often, by whom, for how many years back, and how old the word may be in days.
#[derive(Clone, Copy)]
pub(super) struct Vouched {
    pub(super) thousandths: i64,
    pub(super) source: &'static str,
    pub(super) years: i64,
    pub(super) stale: i64,
}

/// The usual grade of a source.
fn grade(source: &str) -> Grade {
    Reference::builtin().catalogue.origin(source).map_or(Grade::D, |origin| origin.grade)
}
