//! The verdicts of columns are those of the scalar evaluator, for every construct, size and instruction set.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;

use population::{BLOCK, Coding, Count, Counts, Isa, Listing, Plan, Population, run};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use rules::{Context, Core, Profile, Reference, Verdict, decide, lower};

static NONE: BTreeMap<String, String> = BTreeMap::new();

fn context() -> Context<'static> {
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    Context { reference: Reference::builtin(), as_of, parameters: &NONE }
}

fn conditions(count: usize) -> Vec<Core> {
    let mut runner = TestRunner::deterministic();
    let strategy = rules::arbitrary::condition();
    (0..count).map(|_| lower(&strategy.new_tree(&mut runner).unwrap().current(), Reference::builtin())).collect()
}

fn profiles(seed: u64, count: u64) -> Vec<Profile> {
    (0..count).map(|index| rules::arbitrary::profile(seed.wrapping_mul(7919).wrapping_add(index))).collect()
}

/// Item, row, met: what the scalar evaluator says of every pair that is not a no.
fn expected(cores: &[Core], profiles: &[Profile]) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    for (item, core) in cores.iter().enumerate() {
        for (row, profile) in profiles.iter().enumerate() {
            match decide(core, profile, &context()) {
                Verdict::Met => found.push((item, row, true)),
                Verdict::Unknown => found.push((item, row, false)),
                Verdict::NotMet => {}
            }
        }
    }
    found
}

fn agree(cores: &[Core], profiles: &[Profile]) {
    let plan = Plan::of(cores, context().as_of);
    let population = Population::load(plan.leaves(), profiles, &context());
    let coding = Coding::derive(&plan, &population, &context(), 2);
    let expected = expected(cores, profiles);
    assert!(profiles.len() < 100 || expected.iter().any(|(.., met)| *met) && expected.iter().any(|(.., met)| !*met));
    for isa in Isa::supported() {
        let found = Listing::merged(run::<64, _>(&plan, &coding, isa, 2, Listing::default));
        assert_eq!(found, expected, "{}", isa.name());
        let narrow = Listing::merged(run::<1, _>(&plan, &coding, isa, 1, Listing::default));
        assert_eq!(narrow, expected, "{} word by word", isa.name());
        let counts = Counts::merged(plan.items(), &run::<64, _>(&plan, &coding, isa, 2, || Counts::new(plan.items())));
        let mut counted = vec![Count::default(); cores.len()];
        for (item, _, met) in &expected {
            if *met { counted[*item].met += 1 } else { counted[*item].open += 1 }
        }
        assert_eq!(counts.0, counted, "{}", isa.name());
    }
}

#[test]
fn random_conditions_and_profiles_agree_pair_by_pair() {
    agree(&conditions(400), &profiles(1, 130));
}

#[test]
fn every_size_around_words_and_blocks_agrees() {
    let cores = conditions(40);
    for size in [0, 1, 63, 64, 65] {
        agree(&cores, &profiles(2, size));
    }
    let block = u64::try_from(BLOCK).unwrap();
    for size in [block - 1, block, block + 1] {
        agree(&cores[20..], &profiles(3, size));
    }
}
