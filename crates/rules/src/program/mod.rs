//! Many lowered conditions as one program: what they share is kept once, so that it is read once.
//!
//! Ten thousand conditions ask the same few thousand questions. Every distinct term, set of records, comparison and
//! group is a row of a table with a stable id; a condition is a root. Rows only name rows that came before them, so a
//! reader may walk each table from the first row to the last. Adding a condition (a draft) changes no earlier id.
//!
//! Pure data: one profile is decided with it row by row, a population is compiled from it to columns.

mod evaluator;
mod index;
mod intern;
mod plan;
mod quick;
mod statistics;
mod table;

#[cfg(test)]
mod tests;

use crate::core::Core;
use crate::tree::Records;

pub use evaluator::{Evaluator, Judge, Reader, Scratch};
pub use statistics::{Count, Statistics};
use table::Table;
pub use table::{Atom, AtomId, ConditionId, Group, GroupId, GroupKind, Node, RecordsId, TermId, TermNode};

/// The tables of distinct parts and the root of every condition.
#[derive(Clone, Debug, Default)]
pub struct Program {
    terms: Table<TermNode>,
    records: Table<Records>,
    atoms: Table<Atom>,
    groups: Table<Group>,
    roots: Vec<Node>,
}

impl Program {
    pub fn new() -> Self {
        Self::default()
    }

    /// The program of several conditions; the id of each is its position.
    pub fn of<'a>(conditions: impl IntoIterator<Item = &'a Core>) -> Self {
        let mut program = Self::new();
        for condition in conditions {
            program.add(condition);
        }
        program
    }

    /// Adds one condition; what it shares with earlier ones adds no row.
    pub fn add(&mut self, condition: &Core) -> ConditionId {
        let root = self.node(condition);
        self.roots.push(root);
        ConditionId::at(self.roots.len() - 1)
    }

    /// The root of a condition; of one that was never added, a constant no.
    pub fn root(&self, condition: ConditionId) -> Node {
        self.roots.get(condition.index()).copied().unwrap_or(Node::Constant(false))
    }

    /// The roots in the order the conditions were added.
    pub fn roots(&self) -> &[Node] {
        &self.roots
    }

    /// Every distinct term, children before parents.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = (TermId, &TermNode)> {
        self.terms.iter().map(|(index, term)| (TermId::at(index), term))
    }

    /// Every distinct set of records, written with the quantifier "at least one".
    pub fn records(&self) -> impl ExactSizeIterator<Item = (RecordsId, &Records)> {
        self.records.iter().map(|(index, records)| (RecordsId::at(index), records))
    }

    /// Every distinct comparison, membership and count, none of them negated.
    pub fn atoms(&self) -> impl ExactSizeIterator<Item = (AtomId, &Atom)> {
        self.atoms.iter().map(|(index, atom)| (AtomId::at(index), atom))
    }

    /// Every distinct group, inner ones before outer ones.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (GroupId, &Group)> {
        self.groups.iter().map(|(index, group)| (GroupId::at(index), group))
    }

    /// One row by its id. Ids are only made by this program, so the row is there; of another program's id, the answer
    /// is `None`.
    pub fn term(&self, id: TermId) -> Option<&TermNode> {
        self.terms.get(id.index())
    }

    pub fn record_set(&self, id: RecordsId) -> Option<&Records> {
        self.records.get(id.index())
    }

    pub fn atom(&self, id: AtomId) -> Option<&Atom> {
        self.atoms.get(id.index())
    }

    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(id.index())
    }

    /// How much the conditions share.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            conditions: self.roots.len(),
            terms: self.terms.count(),
            records: self.records.count(),
            atoms: self.atoms.count(),
            groups: self.groups.count(),
        }
    }
}
