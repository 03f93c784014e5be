//! Values that depend on conditions (points of a score): the conditions of the rows are judged value by value here,
//! because terms come before the circuit.

use std::ops::Range as Rows;

use rules::Verdict;
use rules::bulk::{Amount, Range, fact_of};
use rules::number::Rational;
use rules::program::{Atom, Group, GroupKind, Node, RecordsId, TermId};
use rules::tree::Operator;

use crate::column::{Column, UNBOUNDED};
use crate::lanes::Lanes;
use crate::leaf::Leaf;
use crate::terms::{Sources, Terms};

impl Sources<'_> {
    /// Everything from the least to the greatest value of the rows in reach.
    pub(crate) fn choice(&self, choices: &[(Node, TermId)], terms: &Terms, rows: Rows<usize>) -> Lanes {
        let first = rows.start;
        let amounts = (0..rows.len()).map(|row| {
            let at = At { sources: self, terms, row, absolute: first + row };
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

/// One enterprise: its place in the span and in the columns.
struct At<'a> {
    sources: &'a Sources<'a>,
    terms: &'a Terms,
    row: usize,
    absolute: usize,
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
                let verdict = self.sources.program.atom(atom).map_or(Verdict::Unknown, |atom| self.atom(atom));
                match (verdict, negated) {
                    (Verdict::Met, true) => Verdict::NotMet,
                    (Verdict::NotMet, true) => Verdict::Met,
                    (verdict, _) => verdict,
                }
            }
            Node::Group(group) => self.sources.program.group(group).map_or(Verdict::Unknown, |group| self.group(group)),
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

    fn atom(&self, atom: &Atom) -> Verdict {
        match atom {
            Atom::Compare { left, operator, right } => compared(&self.amount(*left), *operator, &self.amount(*right)),
            Atom::Applies(term) => applies(&self.amount(*term)),
            Atom::Count { records, operator, count } => {
                let count = Range::exactly(Rational::whole((*count).into()));
                self.counted(*records).map_or(Verdict::Unknown, |counted| counted.compare(*operator, &count))
            }
            Atom::Member(member) => match self.sources.population.said(fact_of(member)) {
                Some(said) => {
                    let value = &said.values[said.codes[self.absolute] as usize];
                    value.judge(member, self.sources.context.reference)
                }
                None => Verdict::Unknown,
            },
        }
    }

    fn counted(&self, records: RecordsId) -> Option<Range> {
        let records = self.sources.program.record_set(records)?;
        let Column::Numbers(numbers) = self.sources.population.column(&Leaf::Records(records.clone()))? else {
            return None;
        };
        let low = numbers.low[self.absolute];
        let high = numbers.high.as_ref().map_or(low, |high| high[self.absolute]);
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
