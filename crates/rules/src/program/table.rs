//! The rows of a program and the tables that keep each of them once.

use std::hash::Hash;

use chrono::NaiveDate;
use indexmap::IndexSet;

use super::statistics::Count;
use crate::core::Member;
use crate::number::Rational;
use crate::tree::age::Duration;
use crate::tree::{Arithmetic, Fold, Operator, Tally, When, Year};
use crate::value::FactKey;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The id of a row. Four thousand million rows do not fit into memory.
            pub(super) fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// The position in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A distinct term.
    TermId
    /// A distinct set of records.
    RecordsId
    /// A distinct comparison, membership or count.
    AtomId
    /// A distinct group.
    GroupId
    /// A condition, in the order they were added.
    ConditionId
}

/// A [`crate::core::Term`] whose parts are rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TermNode {
    Number(Rational),
    Date(NaiveDate),
    Undefined,
    Fact {
        fact: FactKey,
        when: When,
        source: Option<String>,
        derived: Option<TermId>,
        in_window: bool,
    },
    Parameter {
        name: String,
        year: Option<Year>,
    },
    Tally(Tally),
    LatestStart {
        duration: Duration,
        by_yesterday: bool,
        until: Option<Year>,
    },
    YearEnd(Year),
    HeldSince {
        fact: FactKey,
        area: String,
    },
    /// Each year with the year that does not count if the enterprise was founded after it.
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
    /// Each row's condition with its value.
    Choice(Box<[(Node, TermId)]>),
    Arithmetic {
        left: TermId,
        operator: Arithmetic,
        right: TermId,
    },
}

/// One question with a verdict, never negated: its uses carry the negation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Atom {
    /// A constant, where there is one side that is one, stands on the right.
    Compare {
        left: TermId,
        operator: Operator,
        right: TermId,
    },
    /// Whether a term applies at all.
    Applies(TermId),
    Member(Member),
    /// Only "at least" and "equal": counts are whole and never "not applicable", so the others are their opposites.
    Count {
        records: RecordsId,
        operator: Operator,
        count: u32,
    },
}

/// A use of a row with a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    Constant(bool),
    /// Waits for somebody's word.
    Open,
    Atom {
        atom: AtomId,
        negated: bool,
    },
    Group(GroupId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupKind {
    All,
    Any,
    AtLeast(usize),
    /// Two members, not sorted: met when the first is, not met when the second is not, else open.
    Sides,
}

/// Several nodes that have one verdict together, in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    pub kind: GroupKind,
    pub members: Box<[Node]>,
}

/// Distinct rows in the order they came, and how often they were asked for.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    rows: IndexSet<T>,
    occurrences: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: IndexSet::new(), occurrences: 0 }
    }
}

impl<T: Hash + Eq> Table<T> {
    /// The position of the row, old or new.
    pub(super) fn intern(&mut self, row: T) -> usize {
        self.occurrences += 1;
        self.rows.insert_full(row).0
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.rows.get_index(index)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (usize, &T)> {
        self.rows.iter().enumerate()
    }

    pub(super) fn count(&self) -> Count {
        Count { occurrences: self.occurrences, distinct: self.rows.len() }
    }
}
