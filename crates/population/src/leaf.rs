//! The leaves of a program: every number it reads from a profile, each read once.

use indexmap::IndexSet;
use rules::bulk::ESTABLISHED;
use rules::program::TermNode;
use rules::tree::{Records, Tally, When, Year};
use rules::{FactKey, Program};

/// One number read from every profile; a column holds it for a span of rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Leaf {
    /// A number or date of a period, by one source or by precedence.
    Number { fact: FactKey, when: When, source: Option<String> },
    /// Since when a place has been in an area.
    HeldSince { fact: FactKey, area: String },
    /// A dated parameter, where it depends on the enterprise.
    Parameter { name: String, year: Option<Year> },
    /// What the records of a list come to.
    Tally(Tally),
    /// How many records count.
    Records(Records),
}

impl Leaf {
    /// The day of establishment.
    pub(crate) fn established() -> Self {
        Self::Number { fact: FactKey::from(ESTABLISHED), when: When::Now, source: None }
    }

    /// What a term reads itself, if it reads anything.
    pub(crate) fn of(term: &TermNode) -> Option<Self> {
        match term {
            TermNode::Fact { fact, when, source, .. } => {
                Some(Self::Number { fact: fact.clone(), when: *when, source: source.clone() })
            }
            TermNode::HeldSince { fact, area } => Some(Self::HeldSince { fact: fact.clone(), area: area.clone() }),
            TermNode::Parameter { name, year } => Some(Self::Parameter { name: name.clone(), year: *year }),
            TermNode::Tally(tally) => Some(Self::Tally(tally.clone())),
            _ => None,
        }
    }
}

/// The leaves of a program, and where each term and set of records finds its own.
#[derive(Clone, Debug)]
pub(crate) struct Leaves {
    /// The day of establishment is the first.
    pub(crate) all: IndexSet<Leaf>,
    of_term: Vec<Option<usize>>,
    of_records: Vec<usize>,
}

/// The place of [`Leaf::established`].
pub(crate) const FOUNDED: usize = 0;

impl Leaves {
    /// Of the wanted terms only.
    pub(crate) fn of(program: &Program, wanted: &[bool]) -> Self {
        let mut all = IndexSet::from([Leaf::established()]);
        let mut place = |leaf: Leaf| all.insert_full(leaf).0;
        let terms = program.terms().zip(wanted).map(|((_, term), wanted)| Leaf::of(term).filter(|_| *wanted));
        let of_term = terms.map(|leaf| leaf.map(&mut place)).collect();
        let of_records = program.records().map(|(_, records)| place(Leaf::Records(records.clone()))).collect();
        Self { all, of_term, of_records }
    }

    pub(crate) fn of_term(&self, term: rules::program::TermId) -> Option<usize> {
        self.of_term.get(term.index()).copied().flatten()
    }

    pub(crate) fn of_records(&self, records: rules::program::RecordsId) -> Option<usize> {
        self.of_records.get(records.index()).copied()
    }
}
