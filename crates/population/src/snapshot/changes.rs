//! What a run says otherwise than an earlier one.

use rules::Verdict;

use super::pack::{pack_pair, unpack_pair};
use super::{Snapshot, Snapshots, WORDS};
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
    /// Room to pack an item's verdicts in.
    packed: Vec<u8>,
    pub found: Vec<Change>,
}

impl<'s> Changes<'s> {
    pub fn new(before: &'s Snapshot, was: &'s [Option<usize>]) -> Self {
        Self::on(Isa::detect(), before, was)
    }

    /// Unpacks with an instruction set of the caller's choice.
    pub fn on(isa: Isa, before: &'s Snapshot, was: &'s [Option<usize>]) -> Self {
        Self { before, was, isa, first: 0, packed: Vec::new(), found: Vec::new() }
    }

    /// All that changed, by item and row.
    pub fn merged(parts: Vec<Self>) -> Vec<Change> {
        let found: Vec<Change> = parts.into_iter().flat_map(|part| part.found).collect();
        let items = found.iter().map(|change| change.item + 1).max().unwrap_or(0);
        // By item in one pass; the rows of an item come in a few ascending runs.
        let mut ends = vec![0; items];
        for change in &found {
            ends[change.item] += 1;
        }
        let mut end = 0;
        for begin in &mut ends {
            end += std::mem::replace(begin, end);
        }
        let mut sorted = found.clone();
        for change in found {
            sorted[ends[change.item]] = change;
            ends[change.item] += 1;
        }
        for changes in sorted.chunk_by_mut(|one, next| one.item == next.item) {
            changes.sort_by_key(|change| change.row);
        }
        sorted
    }
}

impl Changes<'_> {
    /// Compares the verdicts of an item with the earlier ones; `packed` is what they were packed as, if not all are no.
    /// The same bytes are the same verdicts, so most are never unpacked.
    fn compare(&mut self, item: usize, packed: Option<&[u8]>, after: &Verdicts<WORDS>) {
        let was = self.was.get(item).copied().flatten();
        let old = was.and_then(|was| self.before.packed(was, self.first / BLOCK));
        let same = match (old, packed) {
            (Some(old), Some(packed)) => old.starts_with(packed),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        let before = old.and_then(|old| unpack_pair(self.isa, old)).unwrap_or(Verdicts::NONE);
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

impl Sink<WORDS> for Changes<'_> {
    fn begin(&mut self, first: usize) {
        self.first = first;
    }

    fn take(&mut self, item: usize, after: &Verdicts<WORDS>) {
        let mut packed = std::mem::take(&mut self.packed);
        packed.clear();
        let some = pack_pair(self.isa, after, &mut packed);
        self.compare(item, some.then_some(&packed), after);
        self.packed = packed;
    }
}

/// Packs a run and compares it with an earlier snapshot in one pass.
#[derive(Clone, Debug)]
pub struct Renewals<'s> {
    pub after: Snapshots,
    pub changes: Changes<'s>,
}

impl Sink<WORDS> for Renewals<'_> {
    fn begin(&mut self, first: usize) {
        self.after.begin(first);
        self.changes.begin(first);
    }

    fn take(&mut self, item: usize, after: &Verdicts<WORDS>) {
        let packed = self.after.pack(item, after);
        self.changes.compare(item, packed, after);
    }
}
