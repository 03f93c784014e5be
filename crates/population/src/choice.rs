//! Values that depend on conditions (points of a score): the conditions of the rows are judged value by value here,
//! because terms come before the circuit.

use rules::Verdict;
use rules::bulk::{Amount, Range};
use rules::number::Rational;
use rules::program::{Atom, AtomId, Group, GroupKind, Node, RecordsId, TermId};
use rules::tree::Operator;

use crate::column::UNBOUNDED;
use crate::lanes::Lanes;
use crate::plan::Question;
use crate::terms::{Sources, Terms};

impl Sources<'_> {
    /// Everything from the least to the greatest value of the rows in reach.
    pub(crate) fn choice(&self, choices: &[(Node, TermId)], terms: &Terms) -> Lanes {
        let amounts = (0..self.rows).map(|row| {
            let at = At { sources: self, terms, row };
            let reached = choices.iter().filter(|(condition, _)| at.node(*condition) != Verdict::NotMet);
            let values = reached.map(|(_, term)| at.amount(*term));
            values.reduce(hull).unwrap_or(Amount::Unknown)
        });
        Lanes::Exact(amounts.collect())
    }
}

/// A value and "not applicable" have nothing in common.
fn hull(all: Amount, one: Amount) -> Amount {
    match (all, one) {
        (Amount::Known(all), Amount::Known(one)) => Amount::Known(all.hull(one)),
        (Amount::NotApplicable, Amount::NotApplicable) => Amount::NotApplicable,
        _ => Amount::Unknown,
    }
}

/// One enterprise: its place in the span.
struct At<'a> {
    sources: &'a Sources<'a>,
    terms: &'a Terms,
    row: usize,
}

impl At<'_> {
    fn amount(&self, term: TermId) -> Amount {
        self.terms.get(term).map_or(Amount::Unknown, |lanes| lanes.amount(self.row))
    }

    fn node(&self, node: Node) -> Verdict {
        match node {
            Node::Constant(true) => Verdict::Met,
            Node::Constant(false) => Verdict::NotMet,
            Node::Open => Verdict::Unknown,
            Node::Atom { atom, negated } => {
                let verdict = self.atom(atom);
                match (verdict, negated) {
                    (Verdict::Met, true) => Verdict::NotMet,
                    (Verdict::NotMet, true) => Verdict::Met,
                    (verdict, _) => verdict,
                }
            }
            Node::Group(group) => {
                self.sources.plan.program.group(group).map_or(Verdict::Unknown, |group| self.group(group))
            }
        }
    }

    fn group(&self, Group { kind, members }: &Group) -> Verdict {
        let verdicts: Vec<Verdict> = members.iter().map(|member| self.node(*member)).collect();
        let met = verdicts.iter().filter(|verdict| **verdict == Verdict::Met).count();
        let open = verdicts.iter().filter(|verdict| **verdict == Verdict::Unknown).count();
        let least = match kind {
            GroupKind::All => members.len(),
            GroupKind::Any => 1,
            GroupKind::AtLeast(k) => *k,
            GroupKind::Sides => {
                return match verdicts.as_slice() {
                    [Verdict::Met, _] => Verdict::Met,
                    [_, Verdict::NotMet] => Verdict::NotMet,
                    _ => Verdict::Unknown,
                };
            }
        };
        match (met >= least, met + open >= least) {
            (true, _) => Verdict::Met,
            (false, true) => Verdict::Unknown,
            (false, false) => Verdict::NotMet,
        }
    }

    fn atom(&self, id: AtomId) -> Verdict {
        match self.sources.plan.program.atom(id) {
            Some(Atom::Compare { left, operator, right }) => {
                compared(&self.amount(*left), *operator, &self.amount(*right))
            }
            Some(Atom::Applies(term)) => applies(&self.amount(*term)),
            Some(Atom::Count { records, operator, count }) => {
                let count = Range::exactly(Rational::whole((*count).into()));
                self.counted(*records).map_or(Verdict::Unknown, |counted| counted.compare(*operator, &count))
            }
            Some(Atom::Member(_)) => self.looked_up(id),
            None => Verdict::Unknown,
        }
    }

    fn looked_up(&self, id: AtomId) -> Verdict {
        match self.sources.plan.questions.get(id.index()) {
            Some(Question::Looked { register, member }) => {
                self.sources.classes[*register].verdict(*member, self.sources.first + self.row)
            }
            _ => Verdict::Unknown,
        }
    }

    fn counted(&self, records: RecordsId) -> Option<Range> {
        let numbers = self.sources.counts(records)?;
        let low = numbers.low[self.row];
        let high = numbers.high.as_ref().map_or(low, |high| high[self.row]);
        let counted = Range::exactly(Rational::whole(low));
        Some(match high {
            UNBOUNDED => Range { high: rules::bulk::End::Above, ..counted },
            high => counted.hull(Range::exactly(Rational::whole(high))),
        })
    }
}

/// Nothing compares with what does not apply.
pub(crate) fn compared(left: &Amount, operator: Operator, right: &Amount) -> Verdict {
    match (left, right) {
        (Amount::NotApplicable, _) | (_, Amount::NotApplicable) => Verdict::NotMet,
        (Amount::Known(left), Amount::Known(right)) => left.compare(operator, right),
        _ => Verdict::Unknown,
    }
}

fn applies(amount: &Amount) -> Verdict {
    match amount {
        Amount::Known(_) => Verdict::Met,
        Amount::NotApplicable => Verdict::NotMet,
        Amount::Unknown => Verdict::Unknown,
    }
}
