//! Who matches which item, as sets of ordinals: what is stored, compared and followed from week to week.
//!
//! A set is a `RoaringTreemap` in its portable form, which other programs read too. It holds ordinals, not rows, so it
//! outlives the city it was made from. Open pairs are not kept: they are reckoned anew whenever they are wanted.

use domain::EnterpriseOrdinal;
use roaring::RoaringTreemap;

use crate::city::City;
use crate::standings::{Standings, Visitor, is_full};

/// Who meets an item and who almost does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sets {
    pub met: RoaringTreemap,
    pub almost: RoaringTreemap,
}

/// The sets of every fully recorded item whose window is live; `None` of all others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matched(pub Vec<Option<Sets>>);

/// Who matches an item now and did not before, and the other way round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    pub gained: RoaringTreemap,
    pub lost: RoaringTreemap,
}

impl Matched {
    /// Of everybody.
    pub fn of(city: &City) -> Self {
        let entries = city.matcher().entries().iter().zip(city.windows().iter());
        let kept: Vec<bool> = entries.map(|(entry, window)| is_full(entry) && window.is_live()).collect();
        let parts = city.visit(|| Collector { city, kept: &kept, sets: vec![Sets::default(); kept.len()], first: 0 });
        let mut sets = vec![Sets::default(); kept.len()];
        for part in parts {
            for (all, one) in sets.iter_mut().zip(part.sets) {
                all.met |= one.met;
                all.almost |= one.almost;
            }
        }
        Self(kept.into_iter().zip(sets).map(|(kept, sets)| kept.then_some(sets)).collect())
    }
}

impl Matched {
    /// No result for so many entries.
    pub(crate) fn nobody(entries: usize) -> Self {
        Self(vec![None; entries])
    }

    /// Those of another part of the city.
    pub(crate) fn add(&mut self, part: Self) {
        for (all, one) in self.0.iter_mut().zip(part.0) {
            let Some(one) = one else { continue };
            let all = all.get_or_insert_default();
            all.met |= one.met;
            all.almost |= one.almost;
        }
    }
}

impl Sets {
    /// Everybody who matches: 符合 or 基本符合.
    pub fn all(&self) -> RoaringTreemap {
        &self.met | &self.almost
    }

    pub fn holds(&self, ordinal: EnterpriseOrdinal) -> bool {
        self.met.contains(number(ordinal)) || self.almost.contains(number(ordinal))
    }

    /// What has changed since `before`.
    pub fn since(&self, before: &Self) -> Delta {
        let (was, is) = (before.all(), self.all());
        Delta { gained: &is - &was, lost: &was - &is }
    }
}

/// Ordinals count from 1.
pub(crate) fn number(ordinal: EnterpriseOrdinal) -> u64 {
    u64::try_from(ordinal.0).unwrap_or_default()
}

struct Collector<'c> {
    city: &'c City,
    kept: &'c [bool],
    sets: Vec<Sets>,
    first: usize,
}

impl<const W: usize> Visitor<W> for Collector<'_> {
    fn begin(&mut self, first: usize) {
        self.first = first;
    }

    fn visit(&mut self, entry: usize, standings: &Standings<W>) {
        if !self.kept[entry] {
            return;
        }
        let ordinal = |row| number(self.city.ordinal(self.first + row));
        self.sets[entry].met.extend(standings.met.rows().map(ordinal));
        self.sets[entry].almost.extend(standings.almost.rows().map(ordinal));
    }
}
