//! A program made ready for one kind of reading: facts by slot, constants by value, groups as they are.

use std::collections::HashMap;

use super::index::{Slot, Sources};
use super::quick::{Quick, Ratio, Wide};
use super::table::{Atom, Node, TermId, TermNode};
use super::{Program, RecordsId};
use crate::core::{Member, Term};
use crate::evaluate::facts::{ESTABLISHED, date_number};
use crate::evaluate::range::Range;
use crate::number::Rational;
use crate::reference::{Derivation, PeriodKind, Reference};
use crate::tree::{Arithmetic, Fold, Membership, Operator, Place, When, Year};
use crate::value::FactKey;

/// How a term is read.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Constant(Quick),
    /// A constant beyond 64 bits.
    Huge(Rational),
    Unknown,
    Fact {
        slot: usize,
        when: When,
        source: Option<u16>,
        derived: Option<TermId>,
        in_window: bool,
    },
    Fold {
        fold: Fold,
        years: Box<[(Option<Year>, TermId)]>,
    },
    Quotient {
        now: TermId,
        base: TermId,
    },
    Power {
        base: TermId,
        exponent: u8,
    },
    Arithmetic {
        left: TermId,
        operator: Arithmetic,
        right: TermId,
    },
    Choice(Box<[(Node, TermId)]>),
    /// Read by the evaluator of single conditions.
    Single(Term),
}

/// How an atom is judged.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Compare {
        left: TermId,
        operator: Operator,
        right: TermId,
    },
    Among {
        slot: usize,
        membership: Membership,
    },
    Within {
        slot: usize,
        place: Place,
    },
    Contains {
        slot: usize,
        contains: crate::tree::Contains,
    },
    Applies(TermId),
    Count {
        records: RecordsId,
        operator: Operator,
        count: u32,
    },
    /// Judged by the evaluator of single conditions.
    Single(Member),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) tests: Vec<Test>,
    pub(super) slots: Vec<Slot>,
    /// Slots by ascending key.
    pub(super) order: Vec<usize>,
    pub(super) sources: Sources,
    pub(super) founding: Option<usize>,
    by_key: HashMap<FactKey, usize>,
}

impl Plan {
    /// Takes in the rows that have been added since.
    pub(super) fn extend(&mut self, program: &Program, reference: &Reference) {
        self.founding = self.slot(&FactKey::from(ESTABLISHED), reference);
        for (_, term) in program.terms().skip(self.steps.len()) {
            let step = self.step(term, reference);
            self.steps.push(step);
        }
        for (_, atom) in program.atoms().skip(self.tests.len()) {
            let test = self.test(atom, reference);
            self.tests.push(test);
        }
        self.order = (0..self.slots.len()).collect();
        self.order.sort_by(|a, b| self.slots[*a].key.cmp(&self.slots[*b].key));
    }

    fn slot(&mut self, key: &FactKey, reference: &Reference) -> Option<usize> {
        if let Some(slot) = self.by_key.get(key) {
            return Some(*slot);
        }
        let fact = reference.catalogue.fact(key)?;
        self.slots.push(Slot::new(fact, &mut self.sources));
        self.by_key.insert(key.clone(), self.slots.len() - 1);
        Some(self.slots.len() - 1)
    }

    fn step(&mut self, term: &TermNode, reference: &Reference) -> Step {
        match term {
            TermNode::Number(number) => constant(number),
            TermNode::Date(date) => constant(&date_number(*date)),
            TermNode::Undefined => Step::Unknown,
            TermNode::Fact { fact, when, source, derived, in_window } => match self.slot(fact, reference) {
                Some(slot) => Step::Fact {
                    slot,
                    when: *when,
                    source: source.as_ref().map(|source| self.sources.id(source)),
                    derived: *derived,
                    in_window: *in_window,
                },
                None => Step::Unknown,
            },
            TermNode::Fold { fold, years } => Step::Fold { fold: *fold, years: years.clone() },
            TermNode::Quotient { now, base } => Step::Quotient { now: *now, base: *base },
            TermNode::Power { base, exponent } => Step::Power { base: *base, exponent: *exponent },
            TermNode::Arithmetic { left, operator, right } => {
                Step::Arithmetic { left: *left, operator: *operator, right: *right }
            }
            TermNode::Choice(rows) => Step::Choice(rows.clone()),
            TermNode::Parameter { name, year } => Step::Single(Term::Parameter { name: name.clone(), year: *year }),
            TermNode::Tally(tally) => Step::Single(Term::Tally(tally.clone())),
            TermNode::YearEnd(year) => Step::Single(Term::YearEnd(*year)),
            TermNode::LatestStart { duration, by_yesterday, until } => {
                Step::Single(Term::LatestStart { duration: *duration, by_yesterday: *by_yesterday, until: *until })
            }
            TermNode::HeldSince { fact, area } => {
                Step::Single(Term::HeldSince { fact: fact.clone(), area: area.clone() })
            }
        }
    }

    fn test(&mut self, atom: &Atom, reference: &Reference) -> Test {
        match atom {
            Atom::Compare { left, operator, right } => {
                Test::Compare { left: *left, operator: *operator, right: *right }
            }
            Atom::Count { records, operator, count } => {
                Test::Count { records: *records, operator: *operator, count: *count }
            }
            Atom::Applies(term) => Test::Applies(*term),
            Atom::Member(member) => self.member(member, reference),
        }
    }

    /// A size that may have to be worked out, and a fact nobody knows, are left to the evaluator of single conditions.
    fn member(&mut self, member: &Member, reference: &Reference) -> Test {
        let (Member::Among(Membership { fact, .. })
        | Member::Within(Place { fact, .. })
        | Member::Contains(crate::tree::Contains { fact, .. })
        | Member::Stated { fact, .. }) = member;
        let by_size = reference.catalogue.fact(fact).is_some_and(|fact| fact.derived == Some(Derivation::SizeClass));
        match (member, self.slot(fact, reference)) {
            (Member::Among(membership), Some(slot)) if !by_size => Test::Among { slot, membership: membership.clone() },
            (Member::Within(place), Some(slot)) => Test::Within { slot, place: place.clone() },
            (Member::Contains(contains), Some(slot)) => Test::Contains { slot, contains: contains.clone() },
            _ => Test::Single(member.clone()),
        }
    }
}

/// The period in which a code is asked for: the last completed year for yearly facts.
pub(super) fn code_period(kind: PeriodKind) -> When {
    match kind {
        PeriodKind::Year => When::Year(Year::Ago(1)),
        PeriodKind::None | PeriodKind::History => When::Now,
    }
}

fn constant(number: &Rational) -> Step {
    Ratio::exactly(number).map_or_else(|| Step::Huge(number.clone()), |ratio| Step::Constant(Quick::Exact(ratio)))
}

impl Step {
    /// The value of a constant, which needs no profile.
    pub(super) fn constant(&self, wide: &mut Wide) -> Option<Quick> {
        match self {
            Self::Constant(value) => Some(*value),
            Self::Huge(number) => Some(wide.keep(Range::exactly(number.clone()))),
            Self::Unknown => Some(Quick::Unknown),
            _ => None,
        }
    }
}
