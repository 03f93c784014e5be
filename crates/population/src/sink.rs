//! What becomes of the verdicts: counts, rows of items, and later readers' own sinks.

use indexmap::IndexSet;
use rules::{Context, FactKey, Value, Verdict};

use crate::archive::SEGMENT;
use crate::plane::{Verdicts, WORD};
use crate::population::Population;
use crate::reading::SaidReader;
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
    const COUNTS: bool = true;

    #[inline]
    fn take(&mut self, item: usize, verdicts: &Verdicts<W>) {
        Sink::<W>::counted(self, item, verdicts.certain.count(), verdicts.possible.count());
    }

    #[inline]
    fn counted(&mut self, item: usize, certain: u64, possible: u64) {
        let count = &mut self.0[item];
        count.met += certain;
        count.open += possible - certain;
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

/// The rows of one item, a few bytes each: what is listed, called or paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    first: u32,
    pub met: Vec<u32>,
    pub open: Vec<u32>,
}

impl Answered {
    /// All that the threads found, in the order of rows.
    pub fn merged(parts: &[Self]) -> Self {
        let sorted = |rows: fn(&Self) -> &Vec<u32>| {
            let mut all: Vec<u32> = parts.iter().flat_map(rows).copied().collect();
            all.sort_unstable();
            all
        };
        Self { first: 0, met: sorted(|part| &part.met), open: sorted(|part| &part.open) }
    }
}

impl<const W: usize> Sink<W> for Answered {
    fn begin(&mut self, first: usize) {
        // A population is loaded into memory: its rows are far fewer than 2³².
        self.first = u32::try_from(first).unwrap_or(u32::MAX);
    }

    fn take(&mut self, _item: usize, verdicts: &Verdicts<W>) {
        let mut base = self.first;
        for (certain, possible) in verdicts.certain.0.iter().zip(&verdicts.possible.0) {
            push(&mut self.met, base, *certain);
            push(&mut self.open, base, possible & !certain);
            base += 64;
        }
    }
}

fn push(rows: &mut Vec<u32>, base: u32, mut bits: u64) {
    rows.reserve(bits.count_ones() as usize);
    while bits != 0 {
        rows.push(base + bits.trailing_zeros());
        bits &= bits - 1;
    }
}

/// The verdict of every item for one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    bit: usize,
    pub verdicts: Vec<Verdict>,
}

impl Row {
    pub fn new(row: usize, items: usize) -> Self {
        Self { bit: row % WORD, verdicts: vec![Verdict::NotMet; items] }
    }
}

impl Sink<1> for Row {
    fn take(&mut self, item: usize, verdicts: &Verdicts<1>) {
        self.verdicts[item] = match (verdicts.certain.contains(self.bit), verdicts.possible.contains(self.bit)) {
            (true, _) => Verdict::Met,
            (false, true) => Verdict::Unknown,
            (false, false) => Verdict::NotMet,
        };
    }
}

/// Which value of a coded fact each row has.
#[derive(Clone, Debug)]
pub struct Groups {
    /// The values; a group after the last holds rows without one, or with several.
    pub values: Vec<Value>,
    of_row: Vec<u32>,
}

impl Groups {
    /// By what is said of a fact on the as-of day of the context. A fact without codes has no groups but the last.
    pub fn by(population: &Population, fact: &FactKey, context: &Context<'_>) -> Self {
        let mut values: IndexSet<Value> = IndexSet::new();
        let mut of_row = vec![u32::MAX; population.live().len() * WORD];
        let segments = population.segments().iter().zip(of_row.chunks_mut(SEGMENT));
        for (segment, of_row) in segments {
            let mut reader = SaidReader::new(fact, segment, context);
            let mut groups: Vec<u32> = Vec::new();
            let mut parts = reader.parts(0);
            for (row, group) in of_row.iter_mut().enumerate() {
                let said = reader.said(row, parts.part()) as usize;
                for new in &reader.values()[groups.len()..] {
                    let value = new.value().map(|value| values.insert_full(value.clone()).0);
                    groups.push(value.and_then(|value| u32::try_from(value).ok()).unwrap_or(u32::MAX));
                }
                *group = groups[said];
            }
        }
        let mut sorted: Vec<(Value, usize)> = values.into_iter().zip(0..).collect();
        sorted.sort_unstable();
        let last = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
        let mut place = vec![last; sorted.len()];
        for (new, (_, old)) in (0..last).zip(&sorted) {
            place[*old] = new;
        }
        for group in &mut of_row {
            *group = place.get(*group as usize).copied().unwrap_or(last);
        }
        Self { values: sorted.into_iter().map(|(value, _)| value).collect(), of_row }
    }
}

/// Counts per item and group.
#[derive(Clone, Debug)]
pub struct Breakdown<'g> {
    groups: &'g Groups,
    first: usize,
    pub counts: Vec<Vec<Count>>,
}

impl<'g> Breakdown<'g> {
    pub fn new(groups: &'g Groups, items: usize) -> Self {
        Self { groups, first: 0, counts: vec![vec![Count::default(); groups.values.len() + 1]; items] }
    }

    /// The sum of what all threads counted, by item and group.
    pub fn merged(groups: &'g Groups, items: usize, parts: &[Self]) -> Vec<Vec<Count>> {
        let mut total = Self::new(groups, items).counts;
        for part in parts {
            for (all, more) in total.iter_mut().flatten().zip(part.counts.iter().flatten()) {
                all.met += more.met;
                all.open += more.open;
            }
        }
        total
    }
}

impl<const W: usize> Sink<W> for Breakdown<'_> {
    fn begin(&mut self, first: usize) {
        self.first = first;
    }

    fn take(&mut self, item: usize, verdicts: &Verdicts<W>) {
        let counts = &mut self.counts[item];
        for row in verdicts.possible.rows() {
            let count = &mut counts[self.groups.of_row[self.first + row] as usize];
            if verdicts.certain.contains(row) { count.met += 1 } else { count.open += 1 }
        }
    }
}
