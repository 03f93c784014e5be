//! Every term of a program for a span of rows, children before parents.

use chrono::{Datelike as _, NaiveDate};
use rules::bulk::{Amount, Range, common_parameter, latest_start, unit_of};
use rules::number::Rational;
use rules::program::{TermId, TermNode};
use rules::tree::{Fold, Year};
use rules::{Context, Period};

use crate::coding::Classes;
use crate::column::{Column, Numbers, State};
use crate::lanes::{Lane, Lanes, Scaled};
use crate::leaf::FOUNDED;
use crate::plan::Plan;

/// What the terms of a span of rows are reckoned from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) context: &'a Context<'a>,
    /// By leaf.
    pub(crate) columns: &'a [Column],
    /// By register, with the rows of the span from `first` on.
    pub(crate) classes: &'a [Classes],
    pub(crate) first: usize,
    pub(crate) rows: usize,
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

/// The value of a term that is the same for every enterprise.
pub(crate) fn constant(term: &TermNode, context: &Context<'_>) -> Option<Amount> {
    let as_of = context.as_of;
    let day = |day: NaiveDate| Amount::exactly(Rational::whole(day.num_days_from_ce().into()));
    Some(match term {
        TermNode::Number(number) => Amount::exactly(number.clone()),
        TermNode::Date(date) => day(*date),
        TermNode::Undefined => Amount::Unknown,
        TermNode::LatestStart { duration, by_yesterday, until } => {
            latest_start(*duration, *by_yesterday, *until, as_of)
        }
        TermNode::Parameter { name, year } => common_parameter(name, *year, context)?,
        TermNode::YearEnd(year) => {
            NaiveDate::from_ymd_opt(year.resolve(as_of).saturating_add(1), 1, 1).map_or(Amount::Unknown, day)
        }
        _ => return None,
    })
}

impl Sources<'_> {
    /// Evaluates the terms the plan wants, which are with every child of a wanted one.
    pub(crate) fn terms(&self) -> Terms {
        let mut terms = Terms { lanes: Vec::with_capacity(self.plan.wanted.len()) };
        for ((id, node), wanted) in self.plan.program.terms().zip(&self.plan.wanted) {
            let lanes = wanted.then(|| self.term(id, node, &terms));
            terms.lanes.push(lanes);
        }
        terms
    }

    fn term(&self, id: TermId, node: &TermNode, terms: &Terms) -> Lanes {
        if let Some(amount) = constant(node, self.context) {
            return Lanes::Constant(amount);
        }
        let of = |term: &TermId| terms.get(*term).cloned().unwrap_or(Lanes::Constant(Amount::Unknown));
        let rows = 0..self.rows;
        match node {
            TermNode::Fact { fact, derived, in_window, .. } => {
                let unit = self.context.reference.catalogue.fact(fact).map_or_else(|| Rational::whole(1), unit_of);
                self.stated(id, unit, derived.as_ref().map(of), *in_window)
            }
            TermNode::HeldSince { .. } => self.stated(id, Rational::whole(1), None, false),
            TermNode::Parameter { .. } | TermNode::Tally(_) => self.amounts(id),
            TermNode::Fold { fold, years } => {
                let years: Vec<_> = years.iter().map(|(left_out, term)| (*left_out, of(term))).collect();
                self.fold(*fold, &years)
            }
            TermNode::Quotient { now, base } => of(now).combine(&of(base), rows, |now, base| {
                now.and(base, |now, base| if base.low.signum() > 0 { now.divide(base) } else { None })
            }),
            TermNode::Power { base, exponent } => {
                let raise = |base: &Amount| base.map(|base| base.clone().not_negative().power(*exponent));
                of(base).combine(&Lanes::Constant(Amount::Unknown), rows, |base, _| raise(base))
            }
            TermNode::Arithmetic { left, operator, right } => of(left).calculate(*operator, &of(right), self.rows),
            TermNode::Choice(choices) => self.choice(choices, terms),
            TermNode::Number(_)
            | TermNode::Date(_)
            | TermNode::Undefined
            | TermNode::LatestStart { .. }
            | TermNode::YearEnd(_) => Lanes::Constant(Amount::Unknown),
        }
    }

    fn column(&self, term: TermId) -> Option<&Column> {
        self.columns.get(self.plan.leaves.of_term(term)?)
    }

    /// A number as stated, or as it follows from others.
    fn stated(&self, id: TermId, unit: Rational, derived: Option<Lanes>, in_window: bool) -> Lanes {
        let Some(Column::Numbers(numbers)) = self.column(id) else { return Lanes::Constant(Amount::Unknown) };
        let lanes = numbers.states.iter().map(|state| match state {
            State::Known => Lane::Known,
            State::NotApplicable | State::BeforeFoundingRecorded => Lane::NotApplicable,
            State::BeforeFounding if !in_window => Lane::NotApplicable,
            State::Contradicting | State::Absent | State::BeforeFounding => Lane::Unknown,
        });
        let (low, high) = (numbers.low.clone(), numbers.highs());
        let scaled = Scaled { lanes: lanes.collect(), low, high, unit, open_ended: false };
        match derived {
            Some(derived) => follow(&numbers.states, &Lanes::Scaled(scaled), &derived, in_window),
            None => Lanes::Scaled(scaled),
        }
    }

    fn amounts(&self, term: TermId) -> Lanes {
        match self.column(term) {
            Some(Column::Amounts(found)) => match found.split_first() {
                Some((first, rest)) if rest.iter().all(|other| other == first) => Lanes::Constant(first.clone()),
                _ => Lanes::Exact(found.clone()),
            },
            _ => Lanes::Constant(Amount::Unknown),
        }
    }

    fn fold(&self, fold: Fold, years: &[(Option<Year>, Lanes)]) -> Lanes {
        let all_count = years.iter().all(|(left_out, _)| left_out.is_none());
        if let (true, Some(total)) = (all_count, folded_scaled(fold, years)) {
            let count = i64::try_from(years.len()).unwrap_or(i64::MAX);
            let share = Rational::ratio(1, count).filter(|_| fold == Fold::Mean);
            let unit = share.map_or_else(|| total.unit.clone(), |share| total.unit.multiply(&share));
            return Lanes::Scaled(Scaled { unit, ..total });
        }
        let counted: Vec<Vec<bool>> = years.iter().map(|(left_out, _)| self.counted(*left_out)).collect();
        let amounts = (0..self.rows).map(|row| {
            let years = years.iter().zip(&counted).filter(|(_, counted)| counted[row]);
            folded(fold, years.map(|((_, lanes), _)| lanes.amount(row)))
        });
        Lanes::Exact(amounts.collect())
    }

    /// Whether a year counts: it does unless the enterprise was certainly founded after it.
    fn counted(&self, left_out: Option<Year>) -> Vec<bool> {
        let end = left_out.and_then(|year| Period::year(year.resolve(self.context.as_of))?.to);
        let (Some(end), Some(Column::Numbers(founded))) = (end, self.columns.get(FOUNDED)) else {
            return vec![true; self.rows];
        };
        let end = i64::from(end.num_days_from_ce());
        (0..self.rows).map(|row| founded.known(row).is_none_or(|founded: i64| founded < end)).collect()
    }

    /// How many records of a set each row has.
    pub(crate) fn counts(&self, records: rules::program::RecordsId) -> Option<&Numbers> {
        match self.columns.get(self.plan.leaves.of_records(records)?)? {
            Column::Numbers(numbers) => Some(numbers),
            Column::Amounts(_) => None,
        }
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
