//! How much many conditions share, in numbers.

use std::fmt;

/// How often rows of one table were asked for, and how many distinct ones there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub occurrences: usize,
    pub distinct: usize,
}

/// Occurrences and distinct rows of every table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub conditions: usize,
    pub terms: Count,
    pub records: Count,
    pub atoms: Count,
    pub groups: Count,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", self.occurrences, self.distinct)
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { conditions, terms, records, atoms, groups } = self;
        write!(f, "{conditions} conditions; terms {terms}, record sets {records}, atoms {atoms}, groups {groups}")
    }
}
