//! Consecutive enterprises, packed fact by fact.

use std::collections::BTreeMap;

use rules::{FactKey, Profile};

use super::facts::Facts;
use super::lists::Lists;

/// Rows of a segment: few enough that an edit moves little, enough that tables are shared by many.
pub(crate) const SEGMENT: usize = 32_768;

/// Up to [`SEGMENT`] rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Segment {
    pub(super) facts: BTreeMap<FactKey, Facts>,
    pub(super) lists: BTreeMap<FactKey, Lists>,
}

impl Segment {
    /// Writes a row, old or new. What the profile says nothing of is emptied.
    pub(crate) fn set(&mut self, row: usize, profile: &Profile) {
        for (key, facts) in &mut self.facts {
            if !profile.facts.contains_key(key) {
                facts.set(row, &[]);
            }
        }
        for (key, lists) in &mut self.lists {
            if !profile.lists.contains_key(key) {
                lists.set(row, &rules::RecordList::default());
            }
        }
        for (key, entries) in &profile.facts {
            if !self.facts.contains_key(key) {
                self.facts.insert(key.clone(), Facts::default());
            }
            if let Some(facts) = self.facts.get_mut(key) {
                facts.set(row, entries);
            }
        }
        for (key, list) in &profile.lists {
            if !self.lists.contains_key(key) {
                self.lists.insert(key.clone(), Lists::default());
            }
            if let Some(lists) = self.lists.get_mut(key) {
                lists.set(row, list);
            }
        }
    }

    pub(crate) fn facts(&self, key: &FactKey) -> Option<&Facts> {
        self.facts.get(key)
    }

    pub(crate) fn lists(&self, key: &FactKey) -> Option<&Lists> {
        self.lists.get(key)
    }

    /// Everything known of a row that conditions can read. Facts with nothing said are left out.
    pub(crate) fn profile(&self, row: usize) -> Profile {
        let mut profile = Profile::default();
        for (key, facts) in &self.facts {
            let mut entries = Vec::new();
            facts.entries(facts.store.parts(row).part(), &mut entries);
            if !entries.is_empty() {
                profile.facts.insert(key.clone(), entries);
            }
        }
        for (key, lists) in &self.lists {
            let part = lists.store.parts(row).part();
            if !part.is_empty() {
                lists.list(part, profile.lists.entry(key.clone()).or_default());
            }
        }
        profile
    }

    /// Memory that is ours.
    pub(crate) fn own(&self) -> usize {
        self.facts.values().map(Facts::own).chain(self.lists.values().map(Lists::own)).sum()
    }
}
