//! What a run says otherwise than an earlier one.

use rules::Verdict;

use super::{Snapshot, WORDS};
use crate::kernel::Isa;
use crate::plane::{Plane, Verdicts};
use crate::population::BLOCK;
use crate::run::Sink;

/// A pair whose verdict is another than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub item: usize,
    pub row: usize,
    pub before: Verdict,
    pub after: Verdict,
}

/// Compares a run with an earlier snapshot.
#[derive(Clone, Debug)]
pub struct Changes<'s> {
    before: &'s Snapshot,
    /// For each item, which one of the snapshot it was.
    was: &'s [Option<usize>],
    isa: Isa,
    first: usize,
    pub found: Vec<Change>,
}

impl<'s> Changes<'s> {
    pub fn new(before: &'s Snapshot, was: &'s [Option<usize>]) -> Self {
        Self::on(Isa::detect(), before, was)
    }

    /// Unpacks with an instruction set of the caller's choice.
    pub fn on(isa: Isa, before: &'s Snapshot, was: &'s [Option<usize>]) -> Self {
        Self { before, was, isa, first: 0, found: Vec::new() }
    }

    /// All that changed, by item and row.
    pub fn merged(parts: Vec<Self>) -> Vec<Change> {
        let mut found: Vec<Change> = parts.into_iter().flat_map(|part| part.found).collect();
        found.sort_unstable_by_key(|change| (change.item, change.row));
        found
    }
}

impl Sink<WORDS> for Changes<'_> {
    fn begin(&mut self, first: usize) {
        self.first = first;
    }

    fn take(&mut self, item: usize, after: &Verdicts<WORDS>) {
        let was = self.was.get(item).copied().flatten();
        let before =
            was.and_then(|was| self.before.verdicts(self.isa, was, self.first / BLOCK)).unwrap_or(Verdicts::NONE);
        if before == *after {
            return;
        }
        let differ: Plane<WORDS> = Plane(std::array::from_fn(|word| {
            (before.certain.0[word] ^ after.certain.0[word]) | (before.possible.0[word] ^ after.possible.0[word])
        }));
        for row in differ.rows() {
            let verdict =
                |verdicts: &Verdicts<WORDS>| match (verdicts.certain.contains(row), verdicts.possible.contains(row)) {
                    (true, _) => Verdict::Met,
                    (false, true) => Verdict::Unknown,
                    (false, false) => Verdict::NotMet,
                };
            self.found.push(Change { item, row: self.first + row, before: verdict(&before), after: verdict(after) });
        }
    }
}
