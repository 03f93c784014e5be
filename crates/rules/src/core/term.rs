//! What lowered comparisons compare: facts, folds over years, quotients, powers and thresholds on dates.

use chrono::NaiveDate;

use super::{Core, judge};
use crate::evaluate::facts::{Absence, Facts, Found, date_number};
use crate::evaluate::parameter::{Parameter, parameter};
use crate::evaluate::range::Range;
use crate::number::Rational;
use crate::tree::age::Duration;
use crate::tree::place::{Held, held};
use crate::tree::{Arithmetic, Fold, Tally, When, Year};
use crate::value::FactKey;
use crate::verdict::Verdict;

/// A number in base units, or a date as days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    Number(Rational),
    Date(NaiveDate),
    /// Has no value, whatever the profile says.
    Undefined,
    Fact {
        fact: FactKey,
        when: When,
        source: Option<String>,
        /// How it follows from other facts, where it is not stated.
        derived: Option<Box<Term>>,
        /// Before the founding of the enterprise: undefined inside a window, not applicable by itself.
        in_window: bool,
    },
    /// A dated parameter as of the day, or of the end of a year.
    Parameter {
        name: String,
        year: Option<Year>,
    },
    /// What the records of a list come to.
    Tally(Tally),
    /// The latest date that has completed the duration by the as-of day or the end of a year, or by the day before.
    LatestStart {
        duration: Duration,
        by_yesterday: bool,
        until: Option<Year>,
    },
    /// The first day after a year.
    YearEnd(Year),
    /// Since when a place has been in an area without a break.
    HeldSince {
        fact: FactKey,
        area: String,
    },
    Fold {
        fold: Fold,
        years: Vec<YearTerm>,
    },
    /// `now / base`, for a base above zero only.
    Quotient {
        now: Box<Term>,
        base: Box<Term>,
    },
    /// Negative bases count as zero.
    Power {
        base: Box<Term>,
        exponent: u8,
    },
    /// The value of the row whose condition holds; between rows that may hold, everything from the least to the
    /// greatest of their values. The rows leave no gap: what 其余 stands for is a row with its own condition.
    Choice(Vec<(Core, Term)>),
    Arithmetic {
        left: Box<Term>,
        operator: Arithmetic,
        right: Box<Term>,
    },
}

/// One member of a fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearTerm {
    /// The year that does not count if the enterprise was founded after it.
    pub left_out_before_founding: Option<Year>,
    pub term: Term,
}

/// The value of a term for one enterprise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    Known(Range),
    NotApplicable,
    Unknown,
}

impl Amount {
    /// "Not applicable" of either makes the whole not applicable; then the unknown wins.
    pub fn and(&self, other: &Self, with: impl FnOnce(&Range, &Range) -> Option<Range>) -> Self {
        match (self, other) {
            (Self::NotApplicable, _) | (_, Self::NotApplicable) => Self::NotApplicable,
            (Self::Known(left), Self::Known(right)) => with(left, right).map_or(Self::Unknown, Self::Known),
            _ => Self::Unknown,
        }
    }

    pub fn map(&self, with: impl FnOnce(&Range) -> Range) -> Self {
        match self {
            Self::Known(range) => Self::Known(with(range)),
            other => other.clone(),
        }
    }

    pub fn exactly(value: Rational) -> Self {
        Self::Known(Range::exactly(value))
    }
}

impl Term {
    pub(crate) fn value(&self, facts: &Facts<'_>) -> Amount {
        match self {
            Self::Number(number) => Amount::exactly(number.clone()),
            Self::Date(date) => Amount::exactly(date_number(*date)),
            Self::Undefined => Amount::Unknown,
            Self::Fact { fact, when, source, derived, in_window } => {
                let value = stated(fact, *when, source.as_deref(), derived.as_deref(), facts);
                match value {
                    Amount::NotApplicable
                        if *in_window && facts.is_unrecorded_before_founding(fact, *when, source.as_deref()) =>
                    {
                        Amount::Unknown
                    }
                    value => value,
                }
            }
            Self::Parameter { name, year } => match parameter(facts, name, *year) {
                Parameter::Known(value) => Amount::exactly(value),
                Parameter::Depends(_) | Parameter::Undefined(_) => Amount::Unknown,
            },
            Self::Tally(tally) => tally.value(facts),
            Self::LatestStart { duration, by_yesterday, until } => {
                latest_start(*duration, *by_yesterday, *until, facts.as_of())
            }
            Self::YearEnd(year) => {
                match NaiveDate::from_ymd_opt(facts.named(*year).resolve(facts.as_of()).saturating_add(1), 1, 1) {
                    Some(day) => Amount::exactly(date_number(day)),
                    None => Amount::Unknown,
                }
            }
            Self::HeldSince { fact, area } => match held(fact, area, facts) {
                Held::Since(range) => Amount::Known(range),
                Held::Elsewhere => Amount::NotApplicable,
                Held::Disputed | Held::NotKnown => Amount::Unknown,
            },
            Self::Fold { fold, years } => folded(*fold, years, facts),
            Self::Quotient { now, base } => now
                .value(facts)
                .and(&base.value(facts), |now, base| if base.low.signum() > 0 { now.divide(base) } else { None }),
            Self::Power { base, exponent } => {
                base.value(facts).map(|base| base.clone().not_negative().power(*exponent))
            }
            Self::Choice(rows) => chosen(rows, facts),
            Self::Arithmetic { left, operator, right } => {
                left.value(facts).and(&right.value(facts), |left, right| left.calculate(*operator, right))
            }
        }
    }
}

/// The latest start that has completed the duration by the as-of day or the end of a year, or by the day before.
pub fn latest_start(duration: Duration, by_yesterday: bool, until: Option<Year>, as_of: NaiveDate) -> Amount {
    let Some(end) = until.map_or(Some(as_of), |year| year.last_day(as_of)) else { return Amount::Unknown };
    let end = if by_yesterday { end.pred_opt() } else { Some(end) };
    let latest = end.and_then(|end| duration.latest_start(end));
    Amount::exactly(date_number(latest.unwrap_or(NaiveDate::MIN)))
}

/// A fact as stated, or as it follows from others.
fn stated(key: &FactKey, when: When, source: Option<&str>, derived: Option<&Term>, facts: &Facts<'_>) -> Amount {
    let Some(fact) = facts.fact(key) else { return Amount::Unknown };
    match facts.number(fact, facts.when(when, fact), source) {
        Found::Known(range) => Amount::Known(range),
        Found::NotApplicable => Amount::NotApplicable,
        Found::Contradicting => Amount::Unknown,
        Found::Absent(absence) => match (derived, absence) {
            (Some(term), _) => term.value(facts),
            (None, Absence::BeforeEstablishment) => Amount::NotApplicable,
            (None, Absence::Missing | Absence::NotClosed) => Amount::Unknown,
        },
    }
}

/// Values of different kinds in reach (a number and "not applicable") have nothing in common.
fn chosen(rows: &[(Core, Term)], facts: &Facts<'_>) -> Amount {
    let reached = rows.iter().filter(|(condition, _)| judge(condition, facts) != Verdict::NotMet);
    let values = reached.map(|(_, term)| term.value(facts));
    let joined = values.reduce(|all, one| match (all, one) {
        (Amount::Known(all), Amount::Known(one)) => Amount::Known(all.hull(one)),
        (Amount::NotApplicable, Amount::NotApplicable) => Amount::NotApplicable,
        _ => Amount::Unknown,
    });
    joined.unwrap_or(Amount::Unknown)
}

fn folded(fold: Fold, years: &[YearTerm], facts: &Facts<'_>) -> Amount {
    let counts = |year: &&YearTerm| match year.left_out_before_founding {
        Some(year) => facts.is_before_founding(When::Year(year)) != Verdict::Met,
        None => true,
    };
    let mut count = 0_i64;
    let values = years.iter().filter(counts).map(|year| {
        count += 1;
        year.term.value(facts)
    });
    let total = values.reduce(|all, one| all.and(&one, |a, b| Some(fold.combine(a, b))));
    match total {
        None => Amount::NotApplicable,
        Some(total) if fold == Fold::Mean => {
            total.map(|total| total.divide(&Range::exactly(Rational::whole(count))).unwrap_or_else(|| total.clone()))
        }
        Some(total) => total,
    }
}
