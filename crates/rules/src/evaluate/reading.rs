//! The value of an expression for one profile, with the evidence it was read from: the explaining evaluator.

use super::condition::joined;
use super::facts::{Absence, Facts, Found, date_number};
use super::parameter::{Parameter, parameter};
use super::range::Range;
use crate::number::Rational;
use crate::profile::Entry;
use crate::reference::{Derivation, Fact, PeriodKind};
use crate::tree::{Expression, FactReference, Fold, Growth, When, Window, Year};
use crate::value::{FactKey, Grade};
use crate::verdict::{UnknownCause, Verdict};

/// A fact whose value is wanted, with the period in words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    pub(crate) fact: FactKey,
    pub(crate) period: Option<String>,
}

/// Why there is no value, and which facts would give one.
#[derive(Clone, Debug)]
pub(crate) struct Blank {
    pub(crate) cause: UnknownCause,
    pub(crate) needs: Vec<Need>,
}

#[derive(Clone, Debug)]
pub(crate) enum Estimate {
    Known(Range),
    NotApplicable,
    Unknown(Blank),
}

/// Where a value was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) periods: Vec<String>,
    pub(crate) sources: Vec<String>,
    /// The weakest grade that took part.
    pub(crate) grade: Option<Grade>,
    /// Facts on which sources of one rank differ.
    pub(crate) disputed: Vec<Need>,
    /// What else keeps the value from being exact: records that lack a field, a list that is not complete, points not
    /// settled.
    pub(crate) vague: Option<Blank>,
}

#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) estimate: Estimate,
    pub(crate) evidence: Evidence,
}

impl Blank {
    pub(crate) fn undefined(reason: impl Into<String>) -> Self {
        Self { cause: UnknownCause::Undefined { reason: reason.into() }, needs: Vec::new() }
    }

    pub(crate) fn missing(needs: Vec<Need>) -> Self {
        Self { cause: UnknownCause::Missing, needs }
    }

    /// Both are wanted. The cause that an answer can remove is named first.
    pub(crate) fn and(mut self, other: Self) -> Self {
        if weight(&other.cause) > weight(&self.cause) {
            self.cause = other.cause;
        }
        self.needs.extend(other.needs);
        self
    }
}

fn weight(cause: &UnknownCause) -> u8 {
    match cause {
        UnknownCause::Missing => 5,
        UnknownCause::IncompleteList => 4,
        UnknownCause::PeriodNotClosed { .. } => 3,
        UnknownCause::Conflict => 2,
        UnknownCause::Undefined { .. } => 1,
        UnknownCause::Attestation | UnknownCause::Manual => 0,
    }
}

impl Evidence {
    pub(crate) fn of(entries: &[&Entry], period: Option<String>, facts: &Facts<'_>) -> Self {
        let mut evidence = Self { periods: period.into_iter().collect(), ..Self::default() };
        for entry in entries {
            let origin = facts.reference().catalogue.origin(&entry.source);
            let name = origin.map_or_else(|| entry.source.clone(), |origin| origin.name.clone());
            if !evidence.sources.contains(&name) {
                evidence.sources.push(name);
            }
            evidence.grade = evidence.grade.max(Some(entry.grade));
        }
        evidence
    }

    pub(crate) fn join(mut self, other: Self) -> Self {
        let add = |mine: &mut Vec<String>, theirs: Vec<String>| {
            for text in theirs {
                if !mine.contains(&text) {
                    mine.push(text);
                }
            }
        };
        add(&mut self.periods, other.periods);
        add(&mut self.sources, other.sources);
        self.grade = self.grade.max(other.grade);
        self.disputed.extend(other.disputed);
        self.vague = joined(self.vague, other.vague);
        self
    }

    /// Why the value is an interval, for a threshold that lies within it.
    pub(crate) fn doubt(&self) -> Blank {
        self.open().unwrap_or(Blank { cause: UnknownCause::Conflict, needs: Vec::new() })
    }

    /// What keeps the value from being exact, if something does.
    pub(crate) fn open(&self) -> Option<Blank> {
        let disputed = Blank { cause: UnknownCause::Conflict, needs: self.disputed.clone() };
        joined(self.vague.clone(), (!self.disputed.is_empty()).then_some(disputed))
    }
}

impl Reading {
    pub(crate) fn known(range: Range) -> Self {
        Self { estimate: Estimate::Known(range), evidence: Evidence::default() }
    }

    pub(crate) fn unknown(blank: Blank) -> Self {
        Self { estimate: Estimate::Unknown(blank), evidence: Evidence::default() }
    }

    /// What keeps the value from being one number, if something does.
    pub(crate) fn open(&self) -> Option<Blank> {
        match &self.estimate {
            Estimate::Unknown(blank) => Some(blank.clone()),
            _ => self.evidence.open(),
        }
    }

    /// What `with` makes of both values. "Not applicable" on either side makes the whole not applicable.
    fn combine(self, other: Self, with: impl FnOnce(&Range, &Range) -> Result<Range, Blank>) -> Self {
        use Estimate::{Known, NotApplicable, Unknown};
        let estimate = match (self.estimate, other.estimate) {
            (NotApplicable, _) | (_, NotApplicable) => NotApplicable,
            (Unknown(left), Unknown(right)) => Unknown(left.and(right)),
            (Unknown(blank), Known(_)) | (Known(_), Unknown(blank)) => Unknown(blank),
            (Known(left), Known(right)) => with(&left, &right).map_or_else(Unknown, Known),
        };
        Self { estimate, evidence: self.evidence.join(other.evidence) }
    }
}

impl Facts<'_> {
    /// Reads an expression.
    pub(crate) fn read(&self, expression: &Expression) -> Reading {
        match expression {
            Expression::Quantity(quantity) => Reading::known(Range::exactly(quantity.value())),
            Expression::Date(date) => Reading::known(Range::exactly(date_number(*date))),
            Expression::Parameter { name, year } => self.read_parameter(name, *year),
            Expression::Tally(tally) => tally.read(self),
            Expression::Fact(FactReference { fact, when, source }) => self.read_fact(fact, *when, source.as_deref()),
            Expression::Over { fold, fact, source, window } => {
                self.read_window(*fold, fact, source.as_deref(), *window)
            }
            Expression::Growth { of, source, growth } => self.read_growth(of, source.as_deref(), *growth),
            Expression::Score(score) => self.read_score(score),
            Expression::Arithmetic { left, operator, right } => {
                let (left, right) = (self.read(left), self.read(right));
                left.combine(right, |a, b| {
                    a.calculate(*operator, b).ok_or_else(|| Blank::undefined("除数为零或可能为零"))
                })
            }
        }
    }

    fn read_parameter(&self, name: &str, year: Option<Year>) -> Reading {
        match parameter(self, name, year) {
            Parameter::Known(value) => Reading::known(Range::exactly(value)),
            Parameter::Depends(fact) => Reading::unknown(Blank::missing(vec![Need { fact, period: None }])),
            Parameter::Undefined(reason) => Reading::unknown(Blank::undefined(reason)),
        }
    }

    pub(crate) fn read_fact(&self, key: &FactKey, when: When, source: Option<&str>) -> Reading {
        let Some(fact) = self.fact(key) else {
            return Reading::unknown(Blank::undefined(format!("事实目录里没有「{key}」")));
        };
        let when = self.when(when, fact);
        if when == When::Now && fact.period == PeriodKind::Year {
            return Reading::unknown(Blank::undefined(format!("「{}」没有写明年度", fact.name)));
        }
        let entries = self.entries(fact, when, source);
        let period = when.resolved_words(self.as_of());
        let need = Need { fact: key.clone(), period: period.clone() };
        let mut evidence = Evidence::of(&entries, period, self);
        let estimate = match self.number(fact, when, source) {
            Found::Known(range) => {
                if !range.is_exact() {
                    evidence.disputed.push(need);
                }
                Estimate::Known(range)
            }
            Found::NotApplicable => Estimate::NotApplicable,
            Found::Contradicting => Estimate::Unknown(Blank { cause: UnknownCause::Conflict, needs: vec![need] }),
            Found::Absent(absence) => match &fact.derived {
                Some(Derivation::Expression(text)) => return self.read_derived(fact, when, text),
                _ => return absent(absence, need),
            },
        };
        Reading { estimate, evidence }
    }

    /// A fact that follows from others of the same period. Derived facts do not build on each other.
    fn read_derived(&self, fact: &Fact, when: When, text: &str) -> Reading {
        match crate::text::parse_derivation(text, self.reference()) {
            Some(expression) => Facts { bare: Some(when), ..*self }.read(&expression),
            None => Reading::unknown(Blank::undefined(format!("「{}」的算式读不懂", fact.name))),
        }
    }

    /// One year of a window. A year before establishment has no figure, and only the notice can say what then.
    fn read_year(&self, fact: &FactKey, when: When, source: Option<&str>) -> Reading {
        let reading = self.read_fact(fact, when, source);
        match &reading.estimate {
            Estimate::NotApplicable if self.is_unrecorded_before_founding(fact, when, source) => {
                let resolved = self.fact(fact).map(|fact| self.when(when, fact));
                let words = resolved.and_then(|when| when.resolved_words(self.as_of())).unwrap_or_default();
                Reading::unknown(Blank::undefined(format!("{words}企业尚未成立")))
            }
            _ => reading,
        }
    }

    fn read_window(&self, fold: Fold, fact: &FactKey, source: Option<&str>, window: Window) -> Reading {
        let years = window.years_ago().map(|ago| When::Year(Year::Ago(ago)));
        let counted = years.filter(|when| !(window.actual_years && self.is_before_founding(*when) == Verdict::Met));
        let mut readings = counted.map(|when| self.read_year(fact, when, source));
        let Some(first) = readings.next() else {
            return Reading { estimate: Estimate::NotApplicable, evidence: Evidence::default() };
        };
        let mut count: i64 = 1;
        let folded = readings.fold(first, |all, one| {
            count += 1;
            all.combine(one, |a, b| Ok(fold.combine(a, b)))
        });
        if fold == Fold::Mean { folded.divided_by(count) } else { folded }
    }

    fn read_growth(&self, of: &FactKey, source: Option<&str>, growth: Growth) -> Reading {
        match growth {
            Growth::YearOnYear(when) => self.read_quotient(of, source, when, 1).map(|quotient| minus_one(&quotient)),
            Growth::Average(years) => {
                let rates = (1..=years).map(|ago| self.read_quotient(of, source, When::Year(Year::Ago(ago)), 1));
                let total = rates.reduce(|all, one| all.combine(one, |a, b| Ok(a.add(b))));
                let Some(total) = total else { return Reading::unknown(Blank::undefined("近0年没有增长率")) };
                total.divided_by(years.into()).map(|quotient| minus_one(&quotient))
            }
            Growth::Compound(_) => Reading::unknown(Blank::undefined("复合增长率只能写在比较的左边,右边写数值")),
        }
    }

    /// `value / value years before`, for a base above zero only: what growth from nothing is, a person must say.
    pub(crate) fn read_quotient(&self, of: &FactKey, source: Option<&str>, when: When, years: u8) -> Reading {
        let now = self.read_year(of, when, source);
        let base = (0..years).try_fold(when, |when, _| when.year_before());
        let base = base.map_or_else(
            || Reading::unknown(Blank::undefined("没有写明与哪一期相比")),
            |base| self.read_year(of, base, source),
        );
        now.combine(base, |now, base| {
            let positive = base.low.signum() > 0;
            let quotient = if positive { now.divide(base) } else { None };
            quotient.ok_or_else(|| Blank::undefined("基数为零或负数,增长率没有意义,由人工判断"))
        })
    }
}

fn absent(absence: Absence, need: Need) -> Reading {
    let cause = match absence {
        Absence::BeforeEstablishment => {
            return Reading { estimate: Estimate::NotApplicable, evidence: Evidence::default() };
        }
        Absence::NotClosed => UnknownCause::PeriodNotClosed { with_last_closed: None },
        Absence::Missing => UnknownCause::Missing,
    };
    Reading::unknown(Blank { cause, needs: vec![need] })
}

fn minus_one(range: &Range) -> Range {
    range.add(&Range::exactly(Rational::whole(-1)))
}

impl Reading {
    pub(crate) fn map(self, with: impl FnOnce(Range) -> Range) -> Self {
        let estimate = match self.estimate {
            Estimate::Known(range) => Estimate::Known(with(range)),
            other => other,
        };
        Self { estimate, evidence: self.evidence }
    }

    fn divided_by(self, count: i64) -> Self {
        self.map(|range| range.divide(&Range::exactly(Rational::whole(count))).unwrap_or(range))
    }
}
