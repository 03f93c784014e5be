//! What a reader of many profiles at once takes from each: the leaves of conditions, as plain integers and codes.
//!
//! A leaf is read once per profile, with the same precedence, periods and absences as the evaluators; everything above
//! the leaves is reckoned on columns of them.

use crate::context::Context;
use crate::core::Member;
pub use crate::core::{Amount, latest_start};
use crate::evaluate::counting::Counting;
pub use crate::evaluate::counting::{Candidate, prevail};
pub use crate::evaluate::facts::ESTABLISHED;
use crate::evaluate::facts::Facts;
use crate::evaluate::parameter::{Parameter, parameter};
pub use crate::evaluate::range::{End, Range};
use crate::evaluate::size::{self, Sizes};
use crate::number::Rational;
use crate::profile::{FactState, Period, Profile};
use crate::reference::{Derivation, Fact, Reference};
use crate::size::{Figures, SizeTable};
use crate::tree::membership::{code_period, derived_sizes, weigh};
use crate::tree::place::{Held, held, within};
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
        let Some(asked) = Asked::number(key, when, source, self.0.context) else { return Stated::Contradicting };
        let fact = asked.0.fact();
        let entries = self.0.entries(fact, self.0.when(when, fact), source);
        let claims = entries.iter().map(|entry| claim(&entry.state));
        asked.stated(claims, || match self.stated(&FactKey::from(ESTABLISHED), When::Now, None) {
            Stated::Known { low, .. } => Some(low),
            _ => None,
        })
    }

    /// The day since which a place has been in an area, in days of the common era.
    pub fn held_since(&self, place: &FactKey, area: &str) -> Stated {
        let days = |range: &Range| {
            let day = |end: &End| end.finite().and_then(Rational::whole_number);
            Some(Stated::Known { low: day(&range.low)?, high: day(&range.high)? })
        };
        match held(place, area, &self.0) {
            Held::Since(range) => days(&range).unwrap_or(Stated::Contradicting),
            Held::Elsewhere => Stated::NotApplicable,
            Held::Disputed | Held::NotKnown => Stated::Contradicting,
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

/// A question to the entries of one fact, made once and put to many enterprises.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a>(Counting<'a>);

/// What one entry says of a number or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    NotApplicable,
    Number(i64),
    /// In days of the common era.
    Date(i64),
    /// Something that is neither.
    Other,
}

impl<'a> Asked<'a> {
    /// For the number or date of a period; `None` for a fact the catalogue does not know.
    pub fn number(key: &FactKey, when: When, source: Option<&'a str>, context: &Context<'a>) -> Option<Self> {
        let fact = context.reference.catalogue.fact(key)?;
        let when = in_context(context, |facts| facts.when(when, fact));
        Some(Self(Counting::new(fact, when, source, context.as_of)))
    }

    /// For what is said of a code, flag, place or text.
    pub fn said(key: &FactKey, context: &Context<'a>) -> Option<Self> {
        let fact = context.reference.catalogue.fact(key)?;
        let when = in_context(context, |facts| code_period(fact, facts));
        Some(Self(Counting::new(fact, when, None, context.as_of)))
    }

    /// Whether an entry of this period belongs to the time that is asked for.
    pub fn is_in_time(&self, period: Period) -> bool {
        self.0.is_in_time(period)
    }

    /// The rank of an entry of this origin among [`Candidate`]s; `None` where it does not count.
    pub fn rank(&self, source: &str) -> Option<usize> {
        self.0.rank(source)
    }

    /// What the entries that [`prevail`] say together. `founded` is the earliest day of establishment, if it is known.
    pub fn stated(&self, claims: impl Iterator<Item = Claim>, founded: impl FnOnce() -> Option<i64>) -> Stated {
        let fact = self.0.fact();
        let (mut ends, mut is_applicable, mut is_recorded): (Option<(i64, i64)>, _, _) = (None, true, false);
        for claim in claims {
            is_recorded = true;
            match claim {
                Claim::NotApplicable => is_applicable = false,
                Claim::Number(value) if fact.kind.is_number() => ends = Some(widened(ends, value)),
                Claim::Date(day) => ends = Some(widened(ends, day)),
                Claim::Number(_) | Claim::Other => {}
            }
        }
        match (ends, is_applicable) {
            (Some(_), false) => Stated::Contradicting,
            (Some((low, high)), true) => Stated::Known { low, high },
            (None, false) => Stated::NotApplicable,
            (None, true) => self.absent(is_recorded, founded),
        }
    }

    fn absent(&self, is_recorded: bool, founded: impl FnOnce() -> Option<i64>) -> Stated {
        let end = self.0.period().and_then(|period| period.to);
        let is_before = end.is_some_and(|end| {
            let end = i64::from(chrono::Datelike::num_days_from_ce(&end));
            founded().is_some_and(|founded| founded >= end)
        });
        match (is_before, is_recorded) {
            (false, _) => Stated::Absent,
            (true, false) => Stated::BeforeFounding,
            (true, true) => Stated::BeforeFoundingRecorded,
        }
    }
}

/// What the context alone decides, whatever the profile.
fn in_context<T>(context: &Context<'_>, read: impl FnOnce(&Facts<'_>) -> T) -> T {
    read(&Facts::new(&Profile::default(), context))
}

fn claim(state: &FactState) -> Claim {
    match state {
        FactState::NotApplicable => Claim::NotApplicable,
        FactState::Known(Value::Number(number)) => Claim::Number(*number),
        FactState::Known(Value::Date(date)) => Claim::Date(i64::from(chrono::Datelike::num_days_from_ce(date))),
        FactState::Known(_) => Claim::Other,
    }
}

fn widened(ends: Option<(i64, i64)>, value: i64) -> (i64, i64) {
    ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value)))
}

impl Said {
    /// What the entries that [`prevail`] say.
    pub fn stated(states: Vec<FactState>) -> Self {
        Self(Saying::States(states))
    }

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

/// The value of a parameter that is the same for every enterprise; `None` where it depends on the enterprise.
pub fn common_parameter(name: &str, year: Option<Year>, context: &Context<'_>) -> Option<Amount> {
    in_context(context, |facts| match parameter(facts, name, year) {
        Parameter::Known(value) => Some(Amount::exactly(value)),
        Parameter::Undefined(_) => Some(Amount::Unknown),
        Parameter::Depends(_) => None,
    })
}

/// The same records with all that is asked of one written out, so that nothing is looked up once per enterprise.
pub fn written_out(records: &Records, reference: &Reference) -> Records {
    let shape = reference.catalogue.fact(&records.list).and_then(Fact::list);
    shape.map_or_else(|| records.clone(), |shape| records.written_out(shape))
}

/// The facts a parameter is looked up for.
pub fn facts_of_parameter() -> Vec<FactKey> {
    crate::evaluate::parameter::READS.map(FactKey::from).into()
}

/// How 企业规模 is worked out where nobody states it: from industry, people, revenue and assets.
#[derive(Clone, Debug)]
pub struct SizeRule<'a> {
    /// What each is read by.
    pub industry: (FactKey, Option<Asked<'a>>),
    pub figures: [(FactKey, Option<Asked<'a>>); 3],
    on: chrono::NaiveDate,
    table: &'a SizeTable,
}

impl<'a> SizeRule<'a> {
    /// `None` for a fact that is only known where it is stated.
    pub fn of(key: &FactKey, context: &Context<'a>) -> Option<Self> {
        let fact = context.reference.catalogue.fact(key)?;
        if fact.derived != Some(Derivation::SizeClass) {
            return None;
        }
        let when = in_context(context, |facts| code_period(fact, facts));
        let asked = |key: &str, when| {
            let key = FactKey::from(key);
            let asked = Asked::number(&key, when, None, context);
            (key, asked)
        };
        Some(Self {
            industry: asked(size::INDUSTRY, When::Now),
            figures: size::FIGURES.map(|key| asked(key, when)),
            on: size::decided_on(when, context.as_of),
            table: &context.reference.size_table,
        })
    }

    /// By the industries the entries state, sorted and each once, and the ends of the numbers they state.
    pub fn said(&self, industries: &[&str], ends: [Option<(i64, i64)>; 3]) -> Said {
        let [people, revenue, assets] =
            ends.map(|ends| crate::size::Range { low: ends.map(|(low, _)| low), high: ends.map(|(_, high)| high) });
        Said(Saying::Sizes(size::possible(industries, self.on, &Figures { people, revenue, assets }, self.table)))
    }
}

/// What one stored unit of a number is worth in base units.
pub fn unit_of(fact: &Fact) -> Rational {
    fact.shape().stored_unit()
}
