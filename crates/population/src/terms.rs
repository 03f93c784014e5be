//! Every term of a program for a span of rows, children before parents.

use std::ops::Range as Rows;

use chrono::{Datelike as _, NaiveDate};
use rules::bulk::{Amount, Range, latest_start, unit_of};
use rules::number::Rational;
use rules::program::{TermId, TermNode};
use rules::tree::{Fold, Year};
use rules::{Context, FactKey, Period, Program};

use crate::column::{Column, Numbers, State};
use crate::lanes::{Lane, Lanes, Scaled};
use crate::leaf::Leaf;
use crate::population::Population;

/// What terms are reckoned from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) program: &'a Program,
    pub(crate) population: &'a Population,
    pub(crate) context: &'a Context<'a>,
}

/// The values of the wanted terms, and of those they are made of; others stay empty.
pub(crate) struct Terms {
    lanes: Vec<Option<Lanes>>,
}

impl Terms {
    pub(crate) fn get(&self, term: TermId) -> Option<&Lanes> {
        self.lanes.get(term.index()).and_then(Option::as_ref)
    }
}

/// The value of a term that is the same for every enterprise on the as-of day.
pub(crate) fn constant(term: &TermNode, as_of: NaiveDate) -> Option<Amount> {
    let day = |day: NaiveDate| Amount::exactly(Rational::whole(day.num_days_from_ce().into()));
    Some(match term {
        TermNode::Number(number) => Amount::exactly(number.clone()),
        TermNode::Date(date) => day(*date),
        TermNode::Undefined => Amount::Unknown,
        TermNode::LatestStart { duration, by_yesterday, until } => {
            latest_start(*duration, *by_yesterday, *until, as_of)
        }
        TermNode::YearEnd(year) => {
            NaiveDate::from_ymd_opt(year.resolve(as_of).saturating_add(1), 1, 1).map_or(Amount::Unknown, day)
        }
        _ => return None,
    })
}

impl Sources<'_> {
    /// Evaluates the terms `wanted` says, which must hold every child of a wanted one.
    pub(crate) fn terms(&self, wanted: &[bool], rows: Rows<usize>) -> Terms {
        let mut terms = Terms { lanes: Vec::with_capacity(wanted.len()) };
        for ((_, node), wanted) in self.program.terms().zip(wanted) {
            let lanes = wanted.then(|| self.term(node, &terms, rows.clone()));
            terms.lanes.push(lanes);
        }
        terms
    }

    fn term(&self, node: &TermNode, terms: &Terms, rows: Rows<usize>) -> Lanes {
        if let Some(amount) = constant(node, self.context.as_of) {
            return Lanes::Constant(amount);
        }
        let of = |term: &TermId| terms.get(*term).cloned().unwrap_or(Lanes::Constant(Amount::Unknown));
        let count = rows.len();
        match node {
            TermNode::Fact { fact, when, source, derived, in_window } => {
                let leaf = Leaf::Number { fact: fact.clone(), when: *when, source: source.clone() };
                self.fact(fact, &leaf, derived.as_ref().map(of), *in_window, rows)
            }
            TermNode::HeldSince { fact, area } => {
                let leaf = Leaf::HeldSince { fact: fact.clone(), area: area.clone() };
                self.fact(fact, &leaf, None, false, rows)
            }
            TermNode::Parameter { name, year } => {
                self.amounts(&Leaf::Parameter { name: name.clone(), year: *year }, rows)
            }
            TermNode::Tally(tally) => self.amounts(&Leaf::Tally(tally.clone()), rows),
            TermNode::Fold { fold, years } => {
                let years: Vec<_> = years.iter().map(|(left_out, term)| (*left_out, of(term))).collect();
                self.fold(*fold, &years, rows)
            }
            TermNode::Quotient { now, base } => of(now).combine(&of(base), 0..count, |now, base| {
                now.and(base, |now, base| if base.low.signum() > 0 { now.divide(base) } else { None })
            }),
            TermNode::Power { base, exponent } => {
                let raise = |base: &Amount| base.map(|base| base.clone().not_negative().power(*exponent));
                of(base).combine(&Lanes::Constant(Amount::Unknown), 0..count, |base, _| raise(base))
            }
            TermNode::Arithmetic { left, operator, right } => of(left).calculate(*operator, &of(right), count),
            TermNode::Choice(choices) => self.choice(choices, terms, rows),
            TermNode::Number(_)
            | TermNode::Date(_)
            | TermNode::Undefined
            | TermNode::LatestStart { .. }
            | TermNode::YearEnd(_) => Lanes::Constant(Amount::Unknown),
        }
    }

    fn numbers(&self, leaf: &Leaf) -> Option<&Numbers> {
        match self.population.column(leaf) {
            Some(Column::Numbers(numbers)) => Some(numbers),
            _ => None,
        }
    }

    /// A number as stated, or as it follows from others.
    fn fact(&self, key: &FactKey, leaf: &Leaf, derived: Option<Lanes>, in_window: bool, rows: Rows<usize>) -> Lanes {
        let Some(numbers) = self.numbers(leaf) else { return Lanes::Constant(Amount::Unknown) };
        let fact = self.context.reference.catalogue.fact(key);
        let unit = match leaf {
            Leaf::Number { .. } => fact.map_or_else(|| Rational::whole(1), unit_of),
            _ => Rational::whole(1),
        };
        let states = &numbers.states[rows.clone()];
        let lanes = states.iter().map(|state| match state {
            State::Known => Lane::Known,
            State::NotApplicable | State::BeforeFoundingRecorded => Lane::NotApplicable,
            State::BeforeFounding if !in_window => Lane::NotApplicable,
            State::Contradicting | State::Absent | State::BeforeFounding => Lane::Unknown,
        });
        let low = numbers.low[rows.clone()].to_vec();
        let high = numbers.high.as_ref().map_or_else(|| low.clone(), |high| high[rows].to_vec());
        let scaled = Scaled { lanes: lanes.collect(), low, high, unit, open_ended: false };
        match derived {
            Some(derived) => follow(states, &Lanes::Scaled(scaled), &derived, in_window),
            None => Lanes::Scaled(scaled),
        }
    }

    fn amounts(&self, leaf: &Leaf, rows: Rows<usize>) -> Lanes {
        match self.population.column(leaf) {
            Some(Column::Amounts(found)) => {
                Lanes::Exact(found.codes[rows].iter().map(|code| found.values[*code as usize].clone()).collect())
            }
            _ => Lanes::Constant(Amount::Unknown),
        }
    }

    fn fold(&self, fold: Fold, years: &[(Option<Year>, Lanes)], rows: Rows<usize>) -> Lanes {
        let all_count = years.iter().all(|(left_out, _)| left_out.is_none());
        if let (true, Some(total)) = (all_count, folded_scaled(fold, years)) {
            let count = i64::try_from(years.len()).unwrap_or(i64::MAX);
            let share = Rational::ratio(1, count).filter(|_| fold == Fold::Mean);
            let unit = share.map_or_else(|| total.unit.clone(), |share| total.unit.multiply(&share));
            return Lanes::Scaled(Scaled { unit, ..total });
        }
        let counted: Vec<Vec<bool>> = years.iter().map(|(left_out, _)| self.counted(*left_out, rows.clone())).collect();
        let amounts = (0..rows.len()).map(|row| {
            let years = years.iter().zip(&counted).filter(|(_, counted)| counted[row]);
            folded(fold, years.map(|((_, lanes), _)| lanes.amount(row)))
        });
        Lanes::Exact(amounts.collect())
    }

    /// Whether a year counts: it does unless the enterprise was certainly founded after it.
    fn counted(&self, left_out: Option<Year>, rows: Rows<usize>) -> Vec<bool> {
        let end = left_out.and_then(|year| Period::year(year.resolve(self.context.as_of))?.to);
        let (Some(end), Some(founded)) = (end, self.numbers(&Leaf::established())) else {
            return vec![true; rows.len()];
        };
        let end = i64::from(end.num_days_from_ce());
        rows.map(|row| founded.states[row] != State::Known || founded.low[row] < end).collect()
    }
}

/// Where nothing is stated the derived value stands; inside a window it is open whether a firm not yet founded had one.
fn follow(states: &[State], stated: &Lanes, derived: &Lanes, in_window: bool) -> Lanes {
    let amounts = states.iter().enumerate().map(|(row, state)| match state {
        State::Absent | State::BeforeFoundingRecorded => derived.amount(row),
        State::BeforeFounding => match derived.amount(row) {
            Amount::NotApplicable if in_window => Amount::Unknown,
            amount => amount,
        },
        State::Known | State::NotApplicable | State::Contradicting => stated.amount(row),
    });
    Lanes::Exact(amounts.collect())
}

fn folded_scaled(fold: Fold, years: &[(Option<Year>, Lanes)]) -> Option<Scaled> {
    let mut total: Option<Scaled> = None;
    for (_, lanes) in years {
        let Lanes::Scaled(year) = lanes else { return None };
        total = Some(match total {
            None => year.clone(),
            Some(total) if total.unit != year.unit => return None,
            Some(total) => match fold {
                Fold::Sum | Fold::Mean => total.add(year)?,
                Fold::Least => total.least(year)?,
                Fold::Greatest => total.greatest(year)?,
            },
        });
    }
    total
}

fn folded(fold: Fold, years: impl Iterator<Item = Amount>) -> Amount {
    let mut count = 0_i64;
    let total = years.inspect(|_| count += 1).reduce(|all, one| all.and(&one, |a, b| Some(fold.combine(a, b))));
    match total {
        None => Amount::NotApplicable,
        Some(total) if fold == Fold::Mean => {
            let count = Range::exactly(Rational::whole(count));
            total.map(|total| total.divide(&count).unwrap_or_else(|| total.clone()))
        }
        Some(total) => total,
    }
}
