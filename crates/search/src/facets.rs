//! Counts beside the choices, each counted as if its own facet had no choice made.

use std::collections::BTreeMap;

use domain::{Category, Level};
use serde::Serialize;

use crate::slots::CATEGORIES;
use crate::timeline::Status;

/// Every level, outermost first, in the order of its ordinals.
pub(crate) const LEVELS: [Level; 4] = [Level::National, Level::Province, Level::City, Level::District];

/// Policies per value. A policy folded under a more local one still counts here: choosing its value
/// brings it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    pub levels: Vec<(Level, usize)>,
    /// Area code and count; an area counts everything inside it.
    pub areas: Vec<(String, usize)>,
    pub categories: Vec<(Category, usize)>,
    pub statuses: Vec<(Status, usize)>,
}

/// Counting while documents stream by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) levels: [usize; LEVELS.len()],
    pub(crate) categories: [usize; CATEGORIES.len()],
    pub(crate) statuses: [usize; Status::ALL.len()],
    pub(crate) areas: BTreeMap<String, usize>,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        sum(&mut self.levels, &other.levels);
        sum(&mut self.categories, &other.categories);
        sum(&mut self.statuses, &other.statuses);
        for (area, count) in other.areas {
            *self.areas.entry(area).or_default() += count;
        }
    }

    /// Values that occur, in their fixed order.
    pub(crate) fn into_facets(self) -> Facets {
        Facets {
            levels: occurring(&LEVELS, &self.levels),
            areas: self.areas.into_iter().filter(|(_, count)| *count > 0).collect(),
            categories: occurring(&CATEGORIES, &self.categories),
            statuses: occurring(&Status::ALL, &self.statuses),
        }
    }
}

fn sum(into: &mut [usize], from: &[usize]) {
    into.iter_mut().zip(from).for_each(|(into, from)| *into += from);
}

fn occurring<T: Copy>(values: &[T], counts: &[usize]) -> Vec<(T, usize)> {
    values.iter().copied().zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect()
}
