//! The leaves of a program: everything it reads from a profile, each read once.

use std::collections::HashSet;

use rules::bulk::fact_of;
use rules::program::{Atom, TermNode};
use rules::tree::{Records, Tally, When, Year};
use rules::{FactKey, Program};

/// The fact windows and founding rules look at.
pub(crate) const ESTABLISHED: &str = "established_on";

/// One thing read from every profile; a column holds it for all.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Leaf {
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
    /// A code, flag, place or text.
    Said(FactKey),
}

impl Leaf {
    /// The day of establishment.
    pub(crate) fn established() -> Self {
        Self::Number { fact: FactKey::from(ESTABLISHED), when: When::Now, source: None }
    }

    /// Every leaf of a program once, in the order of its tables.
    pub fn of(program: &Program) -> Vec<Self> {
        let terms = program.terms().filter_map(|(_, term)| match term {
            TermNode::Fact { fact, when, source, .. } => {
                Some(Self::Number { fact: fact.clone(), when: *when, source: source.clone() })
            }
            TermNode::HeldSince { fact, area } => Some(Self::HeldSince { fact: fact.clone(), area: area.clone() }),
            TermNode::Parameter { name, year } => Some(Self::Parameter { name: name.clone(), year: *year }),
            TermNode::Tally(tally) => Some(Self::Tally(tally.clone())),
            _ => None,
        });
        let records = program.records().map(|(_, records)| Self::Records(records.clone()));
        let members = program.atoms().filter_map(|(_, atom)| match atom {
            Atom::Member(member) => Some(Self::Said(fact_of(member).clone())),
            _ => None,
        });
        let mut seen = HashSet::new();
        let all = terms.chain(records).chain(members).chain([Self::established()]);
        all.filter(|leaf| seen.insert(leaf.clone())).collect()
    }
}
