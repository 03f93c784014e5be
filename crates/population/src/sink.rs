//! What becomes of the verdicts: counts, rows of items, and later readers' own sinks.

use crate::plane::{Verdicts, WORD};
use crate::run::Sink;

/// How many enterprises meet an item, and how many may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub met: u64,
    pub open: u64,
}

/// Counts per item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts(pub Vec<Count>);

impl Counts {
    pub fn new(items: usize) -> Self {
        Self(vec![Count::default(); items])
    }

    /// The sum of what all threads counted.
    pub fn merged(items: usize, parts: &[Self]) -> Self {
        let mut total = Self::new(items);
        for (all, part) in parts.iter().flat_map(|part| part.0.iter().enumerate()) {
            total.0[all].met += part.met;
            total.0[all].open += part.open;
        }
        total
    }
}

impl<const W: usize> Sink<W> for Counts {
    #[inline]
    fn take(&mut self, item: usize, verdicts: &Verdicts<W>) {
        let (met, possible) = (verdicts.certain.count(), verdicts.possible.count());
        let count = &mut self.0[item];
        count.met += met;
        count.open += possible - met;
    }
}

/// The rows that meet each item and those that may; for few items, or few rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    first: usize,
    /// Item, row and whether it is met; otherwise it is open.
    pub found: Vec<(usize, usize, bool)>,
}

impl Listing {
    /// All that the threads found, by item and row.
    pub fn merged(parts: Vec<Self>) -> Vec<(usize, usize, bool)> {
        let mut found: Vec<_> = parts.into_iter().flat_map(|part| part.found).collect();
        found.sort_unstable();
        found
    }
}

impl<const W: usize> Sink<W> for Listing {
    fn begin(&mut self, first: usize) {
        self.first = first;
    }

    fn take(&mut self, item: usize, verdicts: &Verdicts<W>) {
        for row in verdicts.possible.rows() {
            let met = verdicts.certain.0[row / WORD] >> (row % WORD) & 1 == 1;
            self.found.push((item, self.first + row, met));
        }
    }
}
