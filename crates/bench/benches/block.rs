//! `cargo bench -p bench`: single kernels over one block, the gates of a block by kind, and a block of the flat city
//! against 10,000 conditions, for every instruction set the processor has.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bench::flat;
use chrono::NaiveDate;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use population::measure::{Halves, kernels, loads_per_word};
use population::{BLOCK, Coding, Counts, Isa, Plan, Population, Snapshots};
use rules::{Context, Reference};

const WORDS: usize = BLOCK / 64;
const SEED: u64 = 20_261_123;

fn main() {
    divan::main();
}

fn codes<T: TryFrom<usize>>(most: usize) -> Vec<T> {
    (0..BLOCK).filter_map(|row| T::try_from(row * 7_919 % most).ok()).collect()
}

#[divan::bench(args = Isa::supported())]
fn ranks_in_bytes(bencher: Bencher<'_, '_>, isa: Isa) {
    let (codes, mut out) = (codes::<u8>(250), [0; WORDS]);
    bencher
        .counter(BytesCount::of_slice(&codes))
        .bench_local(|| kernels::between_u8(isa, black_box(&codes), (40, 180), &mut out));
}

#[divan::bench(args = Isa::supported())]
fn ranks_in_words(bencher: Bencher<'_, '_>, isa: Isa) {
    let (codes, mut out) = (codes::<u16>(4_000), [0; WORDS]);
    bencher
        .counter(BytesCount::of_slice(&codes))
        .bench_local(|| kernels::between_u16(isa, black_box(&codes), (400, 1_800), &mut out));
}

#[divan::bench(args = Isa::supported())]
fn classes_of_160(bencher: Bencher<'_, '_>, isa: Isa) {
    let (codes, mut out) = (codes::<u8>(160), [0; WORDS]);
    let entries = std::array::from_fn(|class| u8::from(class % 3 == 0));
    bencher
        .counter(BytesCount::of_slice(&codes))
        .bench_local(|| kernels::look_up(isa, black_box(&codes), &entries, 160, &mut out));
}

/// A plane of which one row in `rows` is in, packed.
#[divan::bench(args = Isa::supported(), consts = [8, 64, 1_024])]
fn packed<const EVERY: usize>(bencher: Bencher<'_, '_>, isa: Isa) {
    let mut words = [0_u64; WORDS];
    for row in (0..BLOCK).filter(|row| row * 2_654_435_761 % EVERY == 0) {
        words[row / 64] |= 1 << (row % 64);
    }
    let mut out = Vec::with_capacity(BLOCK);
    bencher.bench_local(|| {
        out.clear();
        kernels::pack(isa, black_box(&words), &mut out);
    });
}

/// One block of the flat city, and a plan over it.
struct Block {
    plan: Plan,
    coding: Coding,
}

fn reference() -> Arc<Reference> {
    static REFERENCE: OnceLock<Arc<Reference>> = OnceLock::new();
    let read = || match flat::reference() {
        Ok(reference) => Arc::new(reference),
        Err(problems) => unreachable!("a test reads the flat catalogue: {problems:?}"),
    };
    Arc::clone(REFERENCE.get_or_init(read))
}

impl Block {
    fn of(texts: impl Iterator<Item = String>) -> Self {
        let reference = reference();
        let parameters = BTreeMap::new();
        let as_of = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
        let context = Context { reference: &reference, as_of, parameters: &parameters };
        let core = |text: String| match rules::text::parse(&text, &reference) {
            Ok(condition) => rules::lower(&condition, &reference),
            Err(problems) => unreachable!("{text}: {problems:?}"),
        };
        let plan = Plan::of(&texts.map(core).collect::<Vec<_>>(), &context);
        let firms = flat::Population::new(SEED);
        let profiles: Vec<_> = (0..BLOCK as u64).map(|index| firms.firm(index).profile()).collect();
        let population = Population::load(Arc::clone(&reference), &profiles);
        match Coding::derive(&plan, &population, 1) {
            Ok(coding) => Self { plan, coding },
            Err(refused) => unreachable!("no limit was set: {refused}"),
        }
    }

    /// 1,000 conditions that join four of 40 comparisons in some way.
    fn joined(before: &str, between: &str, after: &str) -> Self {
        let atom = |index: usize| format!("员工数 >= {}", 1 + index % 40);
        let text = |index: usize| {
            let atoms = [index, index / 40 + 7, index / 7 + 13, index * 3 + 29].map(atom);
            format!("{before}{}{after}", atoms.join(between))
        };
        Self::of((0..1_000).map(text))
    }

    fn gates(&self, bencher: Bencher<'_, '_>, isa: Isa) {
        let mut halves = Halves::<WORDS>::new(&self.plan, &self.coding, isa);
        halves.atoms(0);
        let mut counts = Counts::new(self.plan.items());
        let bytes = BytesCount::new(loads_per_word(&self.plan) * WORDS);
        bencher.counter(bytes).bench_local(|| halves.gates(0, black_box(&mut counts)));
    }
}

#[divan::bench(args = Isa::supported())]
fn all_of_four(bencher: Bencher<'_, '_>, isa: Isa) {
    Block::joined("", " 且 ", "").gates(bencher, isa);
}

#[divan::bench(args = Isa::supported())]
fn any_of_four(bencher: Bencher<'_, '_>, isa: Isa) {
    Block::joined("", " 或 ", "").gates(bencher, isa);
}

#[divan::bench(args = Isa::supported())]
fn two_of_four(bencher: Bencher<'_, '_>, isa: Isa) {
    Block::joined("满足任意2项 { ", " ; ", " }").gates(bencher, isa);
}

fn city() -> &'static Block {
    static CITY: OnceLock<Block> = OnceLock::new();
    CITY.get_or_init(|| Block::of(flat::draw_rules(SEED, 10_000, 2_000, 2).iter().map(flat::Rule::text)))
}

#[divan::bench(args = Isa::supported())]
fn atoms_of_10_000(bencher: Bencher<'_, '_>, isa: Isa) {
    let city = city();
    let mut halves = Halves::<WORDS>::new(&city.plan, &city.coding, isa);
    bencher.counter(ItemsCount::new(city.plan.program().atoms().len())).bench_local(|| halves.atoms(0));
}

#[divan::bench(args = Isa::supported())]
fn gates_of_10_000(bencher: Bencher<'_, '_>, isa: Isa) {
    city().gates(bencher, isa);
}

#[divan::bench(args = Isa::supported())]
fn gates_of_10_000_packed(bencher: Bencher<'_, '_>, isa: Isa) {
    let city = city();
    let mut halves = Halves::<WORDS>::new(&city.plan, &city.coding, isa);
    halves.atoms(0);
    bencher.with_inputs(|| Snapshots::on(isa, city.plan.items())).bench_local_values(|mut packed| {
        halves.gates(0, &mut packed);
        packed
    });
}
