//! What a reader of many profiles at once takes from each: the leaves of conditions, as plain integers and codes.
//!
//! A leaf is read once per profile, with the same precedence, periods and absences as the evaluators; everything above
//! the leaves is reckoned on columns of them.

use crate::context::Context;
use crate::core::Member;
pub use crate::core::{Amount, latest_start};
use crate::evaluate::facts::{Absence, Facts, Found};
use crate::evaluate::measure::date_of;
use crate::evaluate::parameter::{Parameter, parameter};
pub use crate::evaluate::range::{End, Range};
use crate::evaluate::reading::Estimate;
use crate::evaluate::size::Sizes;
use crate::number::Rational;
use crate::profile::{Entry, FactState, Profile};
use crate::reference::{Fact, Reference};
use crate::tree::membership::{code_period, derived_sizes, weigh};
use crate::tree::place::{held_since, within};
use crate::tree::{Records, Tally, When, Year};
use crate::value::{FactKey, Value};
use crate::verdict::Verdict;

/// A number or a date as it is stated for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// From `low` to `high`, both included, in stored units; dates as days of the common era.
    Known {
        low: i64,
        high: i64,
    },
    NotApplicable,
    /// There are entries and they say nothing together.
    Contradicting,
    Absent,
    /// Nothing is recorded for a period before the founding.
    BeforeFounding,
    /// The same, but something that is no number is recorded.
    BeforeFoundingRecorded,
}

/// What a profile says of a code, a flag, a place or a text: enough to judge every membership.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Said(Saying);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Saying {
    States(Vec<FactState>),
    /// 企业规模 worked out from other figures.
    Sizes(Sizes),
}

/// How many records count at least and at most; without a statement of completeness there is no upper end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub certain: u64,
    pub possible: Option<u64>,
}

/// The leaves of one profile.
#[derive(Clone, Copy, Debug)]
pub struct Leaves<'a>(Facts<'a>);

impl<'a> Leaves<'a> {
    pub fn new(profile: &'a Profile, context: &'a Context<'a>) -> Self {
        Self(Facts::new(profile, context))
    }

    /// The number or date of a fact in a period, by one source or by precedence.
    pub fn stated(&self, key: &FactKey, when: When, source: Option<&str>) -> Stated {
        let Some(fact) = self.0.fact(key) else { return Stated::Contradicting };
        let when = self.0.when(when, fact);
        let entries = self.0.entries(fact, when, source);
        match hull(fact, &entries) {
            Some(stated) => stated,
            None => match self.0.absence(fact, when) {
                Absence::Missing | Absence::NotClosed => Stated::Absent,
                Absence::BeforeEstablishment if entries.is_empty() => Stated::BeforeFounding,
                Absence::BeforeEstablishment => Stated::BeforeFoundingRecorded,
            },
        }
    }

    /// The day since which a place has been in an area, in days of the common era.
    pub fn held_since(&self, place: &FactKey, area: &str) -> Stated {
        let days = |range: &Range| {
            let day = |end: &End| {
                end.finite().and_then(date_of).map(|day| i64::from(chrono::Datelike::num_days_from_ce(&day)))
            };
            Some(Stated::Known { low: day(&range.low)?, high: day(&range.high)? })
        };
        match held_since(place, area, &self.0).estimate {
            Estimate::Known(range) => days(&range).unwrap_or(Stated::Contradicting),
            Estimate::NotApplicable => Stated::NotApplicable,
            Estimate::Unknown(_) => Stated::Contradicting,
        }
    }

    /// The value of a parameter for this enterprise, if there is one.
    pub fn parameter(&self, name: &str, year: Option<Year>) -> Option<Rational> {
        match parameter(&self.0, name, year) {
            Parameter::Known(value) => Some(value),
            Parameter::Depends(_) | Parameter::Undefined(_) => None,
        }
    }

    /// How many records there are, whatever number the condition asks for.
    pub fn counted(&self, records: &Records) -> Counted {
        let count = records.count(&self.0).0;
        Counted { certain: count.certain, possible: count.possible }
    }

    /// What the records of a list come to together.
    pub fn tallied(&self, tally: &Tally) -> Amount {
        tally.value(&self.0)
    }

    /// What is said of the fact a membership asks about.
    pub fn said(&self, key: &FactKey) -> Said {
        let Some(fact) = self.0.fact(key) else { return Said(Saying::States(Vec::new())) };
        Said(match derived_sizes(key, &self.0) {
            Some(sizes) => Saying::Sizes(Sizes { missing: Vec::new(), ..sizes }),
            None => {
                let entries = self.0.entries(fact, code_period(fact, &self.0), None);
                Saying::States(entries.into_iter().map(|entry| entry.state.clone()).collect())
            }
        })
    }
}

impl Said {
    /// The verdict of a membership, its negation left out.
    pub fn judge(&self, member: &Member, reference: &Reference) -> Verdict {
        let states = match (&self.0, member) {
            (Saying::Sizes(sizes), Member::Among(membership)) => return membership.size_verdict(sizes),
            (Saying::Sizes(_), Member::Stated { .. }) => return Verdict::NotMet,
            (Saying::Sizes(_), _) => return Verdict::Unknown,
            (Saying::States(states), Member::Stated { .. }) => {
                return if states.is_empty() { Verdict::NotMet } else { Verdict::Met };
            }
            (Saying::States(states), _) => states,
        };
        let weighed = match member {
            Member::Among(membership) => weigh(states, |value| membership.holds_for(value, &reference.industries)),
            Member::Contains(contains) => weigh(states, |value| contains.occurs(value)),
            Member::Within(place) => weigh(states, |value| match value {
                Value::Area(code) => Some(within(&reference.areas, &place.areas, code)),
                _ => None,
            }),
            Member::Stated { .. } => None,
        };
        weighed.map_or(Verdict::Unknown, |(verdict, _)| verdict)
    }

    /// The single value said, if there is exactly one: what a breakdown groups by.
    pub fn value(&self) -> Option<&Value> {
        match &self.0 {
            Saying::States(states) => match states.as_slice() {
                [FactState::Known(value), rest @ ..] if rest.iter().all(|other| *other == states[0]) => Some(value),
                _ => None,
            },
            Saying::Sizes(_) => None,
        }
    }
}

/// The fact a membership asks about.
pub fn fact_of(member: &Member) -> &FactKey {
    match member {
        Member::Among(membership) => &membership.fact,
        Member::Contains(contains) => &contains.fact,
        Member::Within(place) => &place.fact,
        Member::Stated { fact, .. } => fact,
    }
}

/// What one stored unit of a number is worth in base units.
pub fn unit_of(fact: &Fact) -> Rational {
    fact.shape().stored_unit()
}

fn hull(fact: &Fact, entries: &[&Entry]) -> Option<Stated> {
    match crate::evaluate::facts::collect(fact, entries)? {
        Found::NotApplicable => return Some(Stated::NotApplicable),
        Found::Contradicting | Found::Absent(_) => return Some(Stated::Contradicting),
        Found::Known(_) => {}
    }
    let values = entries.iter().filter_map(|entry| match &entry.state {
        FactState::Known(Value::Number(number)) if fact.kind.is_number() => Some(*number),
        FactState::Known(Value::Date(date)) => Some(i64::from(chrono::Datelike::num_days_from_ce(date))),
        _ => None,
    });
    let ends = values.map(|value| (value, value)).reduce(|(low, high), (a, b)| (low.min(a), high.max(b)));
    ends.map(|(low, high)| Stated::Known { low, high })
}
