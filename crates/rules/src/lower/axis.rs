//! What several leaves of a lowered condition ask in common: one question (a term against numbers, a count of records, a
//! code, a flag) whose possible answers fall into a few cells. Each leaf holds in some of the cells.

use crate::core::{Core, Member, Term};
use crate::evaluate::facts::date_number;
use crate::number::Rational;
use crate::reference::{FactKind, Reference};
use crate::tree::age::Duration;
use crate::tree::{Membership, Operator, Quantifier, Records};
use crate::value::FactKey;

/// A set of cells, one bit each.
pub(super) type Cells = u64;

/// More cells than this are not told apart; no condition a person writes has so many.
const MOST_CELLS: usize = 24;

/// The question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// A term against constants, against durations back from the as-of day, or against one other term.
    Line { left: Term, against: Against },
    /// How many of these records there are.
    Records(Records),
    /// A fact with exactly one code (or 是, 否) where it has one.
    Code(FactKey),
    /// Anything else that holds or does not; never negated.
    Flag(Member),
}

/// What makes two thresholds comparable with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Against {
    Numbers,
    Months,
    Term(Term),
}

/// Where the cells of a line meet: just before a threshold, or just after it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cut {
    at: Rational,
    after: bool,
    threshold: Threshold,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Threshold {
    Term(Term),
    Count(u32),
}

/// How one leaf answers the question.
enum Shape {
    Against { operator: Operator, at: Rational, threshold: Threshold, negated: bool },
    Applies { negated: bool },
    Among { values: Vec<String>, negated: bool },
    Holds { negated: bool },
}

/// A question with the cells its leaves tell apart.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    question: Question,
    cuts: Vec<Cut>,
    values: Vec<String>,
}

impl Axis {
    /// The questions of some leaves, with the leaves' cells. One leaf alone shares nothing.
    pub(super) fn shared<'a>(leaves: impl Iterator<Item = &'a Core>, reference: &Reference) -> Vec<Self> {
        let mut axes: Vec<(usize, Self)> = Vec::new();
        for (question, shape) in leaves.filter_map(|leaf| asked(leaf, reference)) {
            let known = axes.iter().position(|(_, axis)| axis.question == question);
            let at = known.unwrap_or_else(|| {
                axes.push((0, Self { question, cuts: Vec::new(), values: Vec::new() }));
                axes.len() - 1
            });
            axes[at].0 += 1;
            axes[at].1.tell_apart(&shape);
        }
        let shared = axes.into_iter().filter(|(leaves, axis)| *leaves > 1 && axis.cell_count() <= MOST_CELLS);
        shared.map(|(_, axis)| axis).collect()
    }

    fn tell_apart(&mut self, shape: &Shape) {
        match shape {
            Shape::Against { operator, at, threshold, .. } => {
                for cut in cuts(*operator, at, threshold) {
                    if let Err(place) = self.place(&cut) {
                        self.cuts.insert(place, cut);
                    }
                }
            }
            Shape::Among { values, .. } => {
                for value in values {
                    if !self.values.contains(value) {
                        self.values.push(value.clone());
                    }
                }
            }
            Shape::Applies { .. } | Shape::Holds { .. } => {}
        }
    }

    fn place(&self, wanted: &Cut) -> Result<usize, usize> {
        self.cuts.binary_search_by(|cut| cut.at.cmp(&wanted.at).then(cut.after.cmp(&wanted.after)))
    }

    /// Cells between cuts, and where the term does not apply; named codes, and any other; yes and no.
    fn cell_count(&self) -> usize {
        match self.question {
            Question::Line { .. } => self.cuts.len() + 2,
            Question::Records(_) => self.cuts.len() + 1,
            Question::Code(_) => self.values.len() + 1,
            Question::Flag(_) => 2,
        }
    }

    /// Every cell.
    pub(super) fn everything(&self) -> Cells {
        (1 << self.cell_count()) - 1
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = Cells> + use<> {
        (0..self.cell_count()).map(|cell| 1 << cell)
    }

    /// The cells in which a leaf holds; `None` for a leaf that asks something else.
    pub(super) fn held_by(&self, leaf: &Core, reference: &Reference) -> Option<Cells> {
        let (question, shape) = asked(leaf, reference)?;
        (question == self.question).then(|| self.holds(&shape))
    }

    fn holds(&self, shape: &Shape) -> Cells {
        let below = |cut: &Cut| (1 << (self.place(cut).unwrap_or_else(|place| place) + 1)) - 1;
        let line: Cells = (1 << (self.cuts.len() + 1)) - 1;
        let (cells, negated) = match shape {
            Shape::Against { operator, at, threshold, negated } => {
                let ends: Vec<Cells> = cuts(*operator, at, threshold).iter().map(below).collect();
                let first = ends.first().copied().unwrap_or_default();
                let last = ends.last().copied().unwrap_or_default();
                let cells = match operator {
                    Operator::AtLeast | Operator::More => line & !first,
                    Operator::AtMost | Operator::Less => first,
                    Operator::Equal => last & !first,
                    Operator::Differs => line & !(last & !first),
                };
                (cells, *negated)
            }
            Shape::Applies { negated } => (line, *negated),
            Shape::Among { values, negated } => {
                let wanted = self.values.iter().enumerate().filter(|(_, value)| values.contains(value));
                (wanted.fold(0, |cells, (index, _)| cells | 1 << index), *negated)
            }
            Shape::Holds { negated } => (1, *negated),
        };
        if negated { self.everything() & !cells } else { cells }
    }

    /// Whether leaves that hold in these cells lose nothing by being asked one by one: whatever is known of the answer,
    /// all that are not certain can fail together (`certain`), all that are possible can hold together (else).
    pub(super) fn is_lossless(&self, leaves: &[Cells], certain: bool) -> bool {
        if matches!(self.question, Question::Code(_) | Question::Flag(_)) {
            // Any set of cells can be all that is known: only sets within sets are safe.
            let nested = |one: Cells, other: Cells| one & other == one || one & other == other;
            return leaves.iter().all(|one| leaves.iter().all(|other| nested(*one, *other)));
        }
        self.states().all(|state| {
            if certain {
                let open = leaves.iter().filter(|leaf| state & **leaf != state);
                let all = open.clone().fold(0, |all, leaf| all | leaf);
                open.count() == 0 || state & !all != 0
            } else {
                let open = leaves.iter().filter(|leaf| state & **leaf != 0);
                open.fold(state, |all, leaf| all & leaf) != 0 || leaves.iter().all(|leaf| state & leaf == 0)
            }
        })
    }

    /// What may be known of a place on the line: an interval, or nothing.
    fn states(&self) -> impl Iterator<Item = Cells> {
        let last = self.cuts.len();
        let runs = (0..=last).flat_map(move |from| (from..=last).map(move |to| run(from, to)));
        runs.chain([self.everything()])
    }

    /// That the answer lies in these cells, or (`negated`) that it does not: exact for all that may be known of it.
    pub(super) fn within(&self, cells: Cells, negated: bool) -> Core {
        let everything = self.everything();
        if cells == 0 || cells == everything {
            return Core::Constant((cells != 0) != negated);
        }
        let elsewhere = everything & !cells;
        match &self.question {
            Question::Flag(member) => Core::Member(member.clone().negated_if((cells == 1) == negated)),
            Question::Code(fact) => {
                let is_other = cells >> self.values.len() == 1;
                let named = if is_other { elsewhere } else { cells };
                let values = self.values.iter().enumerate().filter(|(index, _)| named >> index & 1 == 1);
                let values = values.map(|(_, value)| value.clone()).collect();
                Core::Member(Member::Among(Membership { fact: fact.clone(), negated: negated != is_other, values }))
            }
            Question::Records(_) if negated => self.within(elsewhere, false),
            // Where the term does not apply only what is negated holds.
            Question::Line { .. } if cells >> (self.cuts.len() + 1) == 1 => self.within(elsewhere, !negated),
            _ => {
                let runs = runs(cells).into_iter().map(|(from, to)| self.between(from, to, negated)).collect();
                if negated { Core::all(runs) } else { Core::any(runs) }
            }
        }
    }

    /// That the answer lies from one cell to another, both included.
    fn between(&self, from: usize, to: usize, negated: bool) -> Core {
        let low = from.checked_sub(1).and_then(|cut| self.cuts.get(cut));
        let high = self.cuts.get(to);
        let compare = |operator, cut: &Cut| self.compared(operator, &cut.threshold, negated);
        let mut ends = Vec::new();
        match (low, high) {
            (Some(low), Some(high)) if low.at == high.at => ends.push(compare(Operator::Equal, low)),
            (low, high) => {
                ends.extend(low.map(|cut| compare(if cut.after { Operator::More } else { Operator::AtLeast }, cut)));
                ends.extend(high.map(|cut| compare(if cut.after { Operator::AtMost } else { Operator::Less }, cut)));
            }
        }
        if ends.is_empty() {
            ends = self.applies(negated);
        }
        if negated { Core::any(ends) } else { Core::all(ends) }
    }

    fn compared(&self, operator: Operator, threshold: &Threshold, negated: bool) -> Core {
        match (&self.question, threshold) {
            (Question::Line { left, .. }, Threshold::Term(right)) => {
                Core::Compare { left: left.clone(), operator, right: right.clone(), negated }
            }
            (Question::Records(records), Threshold::Count(count)) => {
                let quantifier = Quantifier::Count(operator, *count);
                Core::Count(super::counted(&Records { quantifier, ..records.clone() }, negated))
            }
            // Lines have terms for thresholds and counts have numbers.
            _ => Core::Open,
        }
    }

    fn applies(&self, negated: bool) -> Vec<Core> {
        let Question::Line { left, against } = &self.question else { return Vec::new() };
        let right = if let Against::Term(right) = against { Some(right) } else { None };
        std::iter::once(left).chain(right).map(|term| Core::Applies { term: term.clone(), negated }).collect()
    }
}

/// The cells from one to another, both included.
fn run(from: usize, to: usize) -> Cells {
    ((1 << (to + 1)) - 1) & !((1 << from) - 1)
}

/// First and last of the cells that lie side by side.
fn runs(cells: Cells) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for cell in (0..MOST_CELLS).filter(|cell| cells >> cell & 1 == 1) {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == cell => *to = cell,
            _ => runs.push((cell, cell)),
        }
    }
    runs
}

/// Where an operator cuts the line. Counts are whole: just after two is just before three.
fn cuts(operator: Operator, at: &Rational, threshold: &Threshold) -> Vec<Cut> {
    let before = Cut { at: at.clone(), after: false, threshold: threshold.clone() };
    let after = match threshold {
        Threshold::Term(_) => Cut { after: true, ..before.clone() },
        Threshold::Count(count) => {
            Cut { at: at.add(&Rational::whole(1)), after: false, threshold: Threshold::Count(count.saturating_add(1)) }
        }
    };
    match operator {
        Operator::AtLeast | Operator::Less => vec![before],
        Operator::More | Operator::AtMost => vec![after],
        Operator::Equal | Operator::Differs => vec![before, after],
    }
}

/// What a leaf asks and how; `None` for a leaf whose answer nobody lacks or shares.
fn asked(leaf: &Core, reference: &Reference) -> Option<(Question, Shape)> {
    match leaf {
        Core::Compare { left, operator, right, negated } => {
            let is_constant = |term: &Term| matches!(term, Term::Number(_) | Term::Date(_));
            let (left, operator, right) = if is_constant(left) && !is_constant(right) {
                (right, operator.flipped(), left)
            } else {
                (left, *operator, right)
            };
            let (against, at) = scale(right);
            let question = Question::Line { left: left.clone(), against };
            let threshold = Threshold::Term(right.clone());
            Some((question, Shape::Against { operator, at, threshold, negated: *negated }))
        }
        Core::Applies { term, negated } => {
            let question = Question::Line { left: term.clone(), against: Against::Numbers };
            Some((question, Shape::Applies { negated: *negated }))
        }
        Core::Count(records) => {
            let Quantifier::Count(operator, count) = records.quantifier else { return None };
            let question = Question::Records(Records { quantifier: Quantifier::Some, ..records.clone() });
            let at = Rational::whole(count.into());
            Some((question, Shape::Against { operator, at, threshold: Threshold::Count(count), negated: false }))
        }
        Core::Member(Member::Stated { .. }) => None,
        Core::Member(Member::Among(Membership { fact, negated, values })) if is_single(fact, reference) => {
            Some((Question::Code(fact.clone()), Shape::Among { values: values.clone(), negated: *negated }))
        }
        Core::Member(member) => {
            let (member, negated) = member.clone().affirmed();
            Some((Question::Flag(member), Shape::Holds { negated }))
        }
        _ => None,
    }
}

/// With what a threshold can be compared, and where it then lies.
fn scale(threshold: &Term) -> (Against, Rational) {
    match threshold {
        Term::Number(number) => (Against::Numbers, number.clone()),
        Term::Date(date) => (Against::Numbers, date_number(*date)),
        // The longer ago, the further down; what was completed by yesterday began no later than what is by today.
        Term::LatestStart { duration, by_yesterday, until: None } => match months(*duration) {
            Some(months) => (Against::Months, Rational::whole(i64::from(!by_yesterday) - 2 * months)),
            None => (Against::Term(threshold.clone()), Rational::whole(0)),
        },
        other => (Against::Term(other.clone()), Rational::whole(0)),
    }
}

fn months(duration: Duration) -> Option<i64> {
    match duration {
        Duration::Years(years) => Some(12 * i64::from(years)),
        Duration::Months(months) => Some(months.into()),
        Duration::Days(_) => None,
    }
}

fn is_single(fact: &FactKey, reference: &Reference) -> bool {
    let kind = reference.catalogue.fact(fact).map(|fact| &fact.kind);
    matches!(kind, Some(FactKind::Code { .. } | FactKind::Bool))
}
