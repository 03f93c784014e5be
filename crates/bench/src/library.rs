//! The made-up library of [`domain::synthetic::items`] as conditions, with what they use.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::synthetic::items::{self, Mix};
use rules::{Condition, Reference};

/// Conditions with the number of leaves of every operator.
#[derive(Debug)]
pub struct Library {
    pub conditions: Vec<Condition>,
    pub leaves: BTreeMap<&'static str, usize>,
    pub derived: usize,
}

impl Library {
    /// The same for the same seed.
    pub fn made_up(seed: u64, conditions: usize, reference: &Reference) -> Self {
        let count = u32::try_from(conditions).unwrap_or(u32::MAX);
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
        let texts = items::items(seed, count, day).map(|item| item.condition);
        let conditions: Vec<Condition> = texts.filter_map(|text| rules::text::parse(&text, reference).ok()).collect();
        let mut mix = Mix::default();
        for condition in &conditions {
            mix.add(condition, reference);
        }
        let small = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let leaves = mix.leaves.iter().map(|(name, count)| (*name, small(*count))).collect();
        Self { leaves, derived: small(mix.derived()), conditions }
    }
}
