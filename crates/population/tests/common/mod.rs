//! Random conditions and firms, and the day they are judged on.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rules::{Context, Core, Profile, Reference, lower};

static NONE: BTreeMap<String, String> = BTreeMap::new();

/// The reference data compiled in.
pub(crate) fn reference() -> Arc<Reference> {
    static BUILTIN: LazyLock<Arc<Reference>> = LazyLock::new(|| Arc::new(Reference::builtin().clone()));
    Arc::clone(&BUILTIN)
}

pub(crate) fn context() -> Context<'static> {
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    Context { reference: Reference::builtin(), as_of, parameters: &NONE }
}

/// Other conditions for every seed.
pub(crate) fn conditions_of(seed: u64, count: usize) -> Vec<Core> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = rules::arbitrary::condition();
    (0..count).map(|_| lower(&strategy.new_tree(&mut runner).unwrap().current(), Reference::builtin())).collect()
}

pub(crate) fn profiles(seed: u64, count: u64) -> Vec<Profile> {
    (0..count).map(|index| rules::arbitrary::profile(seed.wrapping_mul(7919).wrapping_add(index))).collect()
}
