//! Which entries of a fact count for a question: those of its time, of the most trusted origin, and of each origin the
//! latest.

use chrono::NaiveDate;

use crate::profile::Period;
use crate::reference::{Fact, PeriodKind};
use crate::tree::When;

/// A question to the entries of one fact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counting<'a> {
    fact: &'a Fact,
    period: Option<Period>,
    day: NaiveDate,
    source: Option<&'a str>,
}

/// An entry of the right time, with what it is weighed by against the others.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<S, F, T> {
    /// 0 is the most trusted.
    pub rank: usize,
    pub source: S,
    /// When its period begins; an open beginning is the earliest.
    pub from: F,
    pub entry: T,
}

impl<'a> Counting<'a> {
    /// For a resolved period, by one origin or by precedence.
    pub(crate) fn new(fact: &'a Fact, when: When, source: Option<&'a str>, as_of: NaiveDate) -> Self {
        let period = when.period(as_of);
        let day = period.and_then(|period| period.to?.pred_opt()).unwrap_or(as_of);
        Self { fact, period, day, source }
    }

    pub(crate) fn fact(&self) -> &'a Fact {
        self.fact
    }

    pub(crate) fn period(&self) -> Option<Period> {
        self.period
    }

    /// Whether an entry of this period belongs to the time that is asked for.
    pub(crate) fn is_in_time(&self, period: Period) -> bool {
        match self.fact.period {
            PeriodKind::Year => Some(period) == self.period,
            PeriodKind::None | PeriodKind::History => period.contains(self.day),
        }
    }

    /// The rank of an entry of this origin; `None` where another one was named.
    pub(crate) fn rank(&self, source: &str) -> Option<usize> {
        self.source.is_none_or(|named| named == source).then(|| self.fact.rank(source))
    }
}

/// Leaves those of the best rank, and of each origin the latest; those that differ then stand side by side.
pub fn prevail<S: PartialEq + Copy, F: PartialOrd + Copy, T>(found: &mut Vec<Candidate<S, F, T>>) {
    if found.len() < 2 {
        return;
    }
    let best = found.iter().map(|candidate| candidate.rank).min();
    found.retain(|candidate| Some(candidate.rank) == best);
    let times: Vec<(S, F)> = found.iter().map(|candidate| (candidate.source, candidate.from)).collect();
    found.retain(|one| !times.iter().any(|(source, from)| *source == one.source && *from > one.from));
}
