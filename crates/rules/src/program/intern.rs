//! Core → rows: each part is looked up before it is added, in a form that hides differences without meaning.

use super::Program;
use super::table::{Atom, AtomId, Group, GroupId, GroupKind, Node, RecordsId, TermId, TermNode};
use crate::core::{Core, Term, YearTerm};
use crate::tree::{Operator, Quantifier, Records};

impl Program {
    pub(super) fn node(&mut self, core: &Core) -> Node {
        match core {
            Core::Constant(holds) => Node::Constant(*holds),
            Core::Open => Node::Open,
            Core::All(members) => self.group_node(GroupKind::All, members),
            Core::Any(members) => self.group_node(GroupKind::Any, members),
            Core::AtLeast { k, of } => self.group_node(GroupKind::AtLeast(*k), of),
            Core::Compare { left, operator, right, negated } => {
                let (left, right) = (self.term_id(left), self.term_id(right));
                let (left, operator, right) = if self.is_constant(left) && !self.is_constant(right) {
                    (right, operator.flipped(), left)
                } else {
                    (left, *operator, right)
                };
                self.atom_node(Atom::Compare { left, operator, right }, *negated)
            }
            Core::Sides { certain, possible } => {
                let members = [self.node(certain), self.node(possible)];
                if members[0] == members[1] {
                    return members[0];
                }
                let group = Group { kind: GroupKind::Sides, members: Box::new(members) };
                Node::Group(GroupId::at(self.groups.intern(group)))
            }
            Core::Applies { term, negated } => {
                let term = self.term_id(term);
                self.atom_node(Atom::Applies(term), *negated)
            }
            Core::Member(member) => {
                let (member, negated) = member.clone().affirmed();
                self.atom_node(Atom::Member(member), negated)
            }
            Core::Count(records) => self.counted(records),
        }
    }

    /// The order of members has no meaning; nor have repetitions, but where members are counted.
    fn group_node(&mut self, kind: GroupKind, members: &[Core]) -> Node {
        let mut members: Vec<Node> = members.iter().map(|member| self.node(member)).collect();
        members.sort_unstable();
        if !matches!(kind, GroupKind::AtLeast(_)) {
            members.dedup();
            if let [one] = members.as_slice() {
                return *one;
            }
        }
        let group = Group { kind, members: members.into_boxed_slice() };
        Node::Group(GroupId::at(self.groups.intern(group)))
    }

    fn atom_node(&mut self, atom: Atom, negated: bool) -> Node {
        Node::Atom { atom: AtomId::at(self.atoms.intern(atom)), negated }
    }

    fn counted(&mut self, records: &Records) -> Node {
        let (operator, count, records) = records.counted();
        let set = RecordsId::at(self.records.intern(Records { quantifier: Quantifier::Some, ..records }));
        let (operator, count, negated) = match operator {
            Operator::AtLeast => (Operator::AtLeast, Some(count), false),
            Operator::Less => (Operator::AtLeast, Some(count), true),
            Operator::More => (Operator::AtLeast, count.checked_add(1), false),
            Operator::AtMost => (Operator::AtLeast, count.checked_add(1), true),
            Operator::Equal => (Operator::Equal, Some(count), false),
            Operator::Differs => (Operator::Equal, Some(count), true),
        };
        match count {
            Some(count) => self.atom_node(Atom::Count { records: set, operator, count }, negated),
            None => Node::Constant(negated),
        }
    }

    fn term_id(&mut self, term: &Term) -> TermId {
        let row = match term {
            Term::Number(number) => TermNode::Number(number.clone()),
            Term::Date(date) => TermNode::Date(*date),
            Term::Undefined => TermNode::Undefined,
            Term::Fact { fact, when, source, derived, in_window } => TermNode::Fact {
                fact: fact.clone(),
                when: *when,
                source: source.clone(),
                derived: derived.as_ref().map(|derived| self.term_id(derived)),
                in_window: *in_window,
            },
            Term::Parameter { name, year } => TermNode::Parameter { name: name.clone(), year: *year },
            Term::Tally(tally) => TermNode::Tally(tally.clone()),
            Term::LatestStart { duration, by_yesterday, until } => {
                TermNode::LatestStart { duration: *duration, by_yesterday: *by_yesterday, until: *until }
            }
            Term::YearEnd(year) => TermNode::YearEnd(*year),
            Term::HeldSince { fact, area } => TermNode::HeldSince { fact: fact.clone(), area: area.clone() },
            Term::Fold { fold, years } => TermNode::Fold { fold: *fold, years: self.years(years) },
            Term::Quotient { now, base } => TermNode::Quotient { now: self.term_id(now), base: self.term_id(base) },
            Term::Power { base, exponent } => TermNode::Power { base: self.term_id(base), exponent: *exponent },
            Term::Choice(rows) => {
                TermNode::Choice(rows.iter().map(|(when, then)| (self.node(when), self.term_id(then))).collect())
            }
            Term::Arithmetic { left, operator, right } => {
                TermNode::Arithmetic { left: self.term_id(left), operator: *operator, right: self.term_id(right) }
            }
        };
        TermId::at(self.terms.intern(row))
    }

    fn years(&mut self, years: &[YearTerm]) -> Box<[(Option<crate::tree::Year>, TermId)]> {
        years.iter().map(|year| (year.left_out_before_founding, self.term_id(&year.term))).collect()
    }

    fn is_constant(&self, term: TermId) -> bool {
        matches!(self.term(term), Some(TermNode::Number(_) | TermNode::Date(_)))
    }
}
