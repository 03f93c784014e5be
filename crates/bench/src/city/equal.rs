//! Equality before speed: every instruction set against the first in full, rows of a sample against the scalar judge.

use std::collections::HashMap;

use population::{Coding, Count, Counts, Isa, Plan, Sink, Verdicts, run};
use rules::{Verdict, decide};

use super::world::World;

/// Rows compared with the scalar evaluator, over all items.
const ROWS: usize = 200;

/// Counts per item, and a fingerprint of the rows that are met and open.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Prints {
    counts: Counts,
    ids: Vec<u64>,
    first: usize,
}

impl Prints {
    fn new(items: usize) -> Self {
        Self { counts: Counts::new(items), ids: vec![0; items], first: 0 }
    }

    fn merged(items: usize, parts: &[Self]) -> (Counts, Vec<u64>) {
        let counts: Vec<Counts> = parts.iter().map(|part| part.counts.clone()).collect();
        let mut ids = vec![0_u64; items];
        for (all, part) in parts.iter().flat_map(|part| part.ids.iter().enumerate()) {
            ids[all] = ids[all].wrapping_add(*part);
        }
        (Counts::merged(items, &counts), ids)
    }
}

impl<const W: usize> Sink<W> for Prints {
    fn begin(&mut self, first: usize) {
        self.first = first;
    }

    fn take(&mut self, item: usize, verdicts: &Verdicts<W>) {
        self.counts.take(item, verdicts);
        // Blocks come in any order on any thread: words are mixed with their place and summed.
        for (word, (certain, possible)) in verdicts.certain.0.iter().zip(&verdicts.possible.0).enumerate() {
            let place = mix((self.first / 64 + word) as u64);
            let mixed = mix(certain ^ place).wrapping_add(mix(possible.rotate_left(31) ^ place));
            self.ids[item] = self.ids[item].wrapping_add(mixed);
        }
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ value >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (value ^ value >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// The verdicts of chosen rows.
struct Chosen<'a> {
    rows: &'a [usize],
    first: usize,
    found: HashMap<(usize, usize), Verdict>,
}

impl<const W: usize> Sink<W> for Chosen<'_> {
    fn begin(&mut self, first: usize) {
        self.first = first;
    }

    fn take(&mut self, item: usize, verdicts: &Verdicts<W>) {
        let from = self.rows.partition_point(|row| *row < self.first);
        for row in self.rows[from..].iter().take_while(|row| **row < self.first + 64 * W) {
            let place = row - self.first;
            let verdict = match (verdicts.certain.contains(place), verdicts.possible.contains(place)) {
                (true, _) => Verdict::Met,
                (false, true) => Verdict::Unknown,
                (false, false) => continue,
            };
            self.found.insert((item, *row), verdict);
        }
    }
}

/// The counts, once all instruction sets and the scalar evaluator have said the same.
pub(crate) fn agreed(world: &World, plan: &Plan, coding: &Coding) -> Result<Vec<Count>, String> {
    let items = plan.items();
    let printed = |isa| Prints::merged(items, &run::<64, _>(plan, coding, isa, world.threads, || Prints::new(items)));
    let first = printed(Isa::PORTABLE);
    for isa in Isa::supported() {
        if printed(isa) != first {
            return Err(format!("{} counts or names others than the portable path: nothing is measured", isa.name()));
        }
    }
    scalar(world, plan, coding)?;
    Ok(first.0.0)
}

/// Rows from all over the city, the first and the last among them.
fn scalar(world: &World, plan: &Plan, coding: &Coding) -> Result<(), String> {
    let rows = coding.rows();
    let count = ROWS.min(rows);
    let chosen: Vec<usize> = (0..count).map(|index| index * (rows - 1) / (count - 1).max(1)).collect();
    let sink = || Chosen { rows: &chosen, first: 0, found: HashMap::new() };
    let parts = run::<64, _>(plan, coding, Isa::detect(), world.threads, sink);
    let found: HashMap<(usize, usize), Verdict> = parts.into_iter().flat_map(|part| part.found).collect();
    for row in &chosen {
        let profile = world.firms.profile(u32::try_from(*row).unwrap_or(u32::MAX));
        for (item, core) in world.cores.iter().enumerate() {
            let expected = decide(core, &profile, &world.context());
            let verdict = found.get(&(item, *row)).copied().unwrap_or(Verdict::NotMet);
            if verdict != expected {
                return Err(format!(
                    "item {item}, firm {row}: {verdict:?}, by itself {expected:?}: nothing is measured"
                ));
            }
        }
    }
    Ok(())
}
