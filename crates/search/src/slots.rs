//! Category and status of each item, packed into one multi-valued column.
//!
//! A policy matches 科技创新 and 开放 only if one of its items is both, so the two are stored together:
//! `item ordinal (16) | category (8) | status (8) | first day (32)`, one value per span of a
//! timeline, items in order and days ascending. The column is read for every document that matches
//! the words; nothing else of the document is touched until the page is known.

use chrono::{Datelike as _, NaiveDate};
use domain::Category;

use crate::document::Document;
use crate::timeline::{Status, Timeline};

/// Category of a policy without items.
const NO_CATEGORY: u8 = u8::MAX;

/// Every category, in the order of the facet.
pub(crate) const CATEGORIES: [Category; 10] = [
    Category::Cultivation,
    Category::Innovation,
    Category::Upgrading,
    Category::Finance,
    Category::Employment,
    Category::Tax,
    Category::Market,
    Category::Agriculture,
    Category::Green,
    Category::Other,
];

/// A set of small ordinals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask(u16);

impl Mask {
    pub(crate) fn of(ordinals: impl IntoIterator<Item = usize>) -> Self {
        Self(ordinals.into_iter().fold(0, |mask, ordinal| mask | 1 << ordinal))
    }

    pub(crate) fn insert(&mut self, ordinal: usize) {
        self.0 |= 1 << ordinal;
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn contains(self, ordinal: usize) -> bool {
        ordinal < 16 && self.0 & (1 << ordinal) != 0
    }

    /// An empty set of choices admits everything.
    pub(crate) fn admits(self, ordinal: usize) -> bool {
        self.is_empty() || self.contains(ordinal)
    }
}

pub(crate) fn category_ordinal(category: Category) -> usize {
    CATEGORIES.iter().position(|other| *other == category).unwrap_or(CATEGORIES.len() - 1)
}

/// The column values of a document.
pub(crate) fn pack(document: &Document) -> Vec<u64> {
    if document.items.is_empty() {
        return pack_timeline(0, NO_CATEGORY, &document.window);
    }
    let items = document.items.iter().take(usize::from(u16::MAX)).enumerate();
    items
        .flat_map(|(ordinal, item)| {
            let category = u8::try_from(category_ordinal(item.category)).unwrap_or(NO_CATEGORY);
            pack_timeline(ordinal as u64, category, &item.window)
        })
        .collect()
}

fn pack_timeline(ordinal: u64, category: u8, timeline: &Timeline) -> Vec<u64> {
    let spans = timeline.statuses();
    spans
        .map(|(from, status)| {
            (ordinal << 48) | (u64::from(category) << 40) | ((status as u64) << 32) | day_number(from)
        })
        .collect()
}

/// Days since the common era began; days before it count as its first.
pub(crate) fn day_number(day: NaiveDate) -> u64 {
    u64::try_from(day.num_days_from_ce()).unwrap_or(0)
}

/// What a document offers on one day under a choice of categories and statuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Categories of the items whose status is chosen.
    pub(crate) categories: Mask,
    /// Statuses of the items whose category is chosen.
    pub(crate) statuses: Mask,
    /// The most actionable item that passes both, with the day its status ends.
    pub(crate) best: Option<(Status, Option<u64>)>,
}

/// Reads the packed values of one document.
pub(crate) fn offer(values: impl Iterator<Item = u64>, today: u64, categories: Mask, statuses: Mask) -> Offer {
    let mut offer = Offer::default();
    let mut values = values.peekable();
    while let Some(first) = values.next() {
        let ordinal = first >> 48;
        let mut current = first;
        let mut ends = None;
        while let Some(next) = values.next_if(|next| next >> 48 == ordinal) {
            if next & 0xFFFF_FFFF <= today {
                current = next;
            } else if ends.is_none() {
                ends = Some(next & 0xFFFF_FFFF);
            }
        }
        offer.add(current, ends, categories, statuses);
    }
    offer
}

impl Offer {
    fn add(&mut self, value: u64, ends: Option<u64>, categories: Mask, statuses: Mask) {
        let category = (value >> 40 & 0xFF) as usize;
        let status_ordinal = (value >> 32 & 0xFF) as usize;
        let Some(&status) = Status::ALL.get(status_ordinal) else { return };
        let category_passes = categories.admits(category);
        let status_passes = statuses.admits(status_ordinal);
        if status_passes && category < CATEGORIES.len() {
            self.categories.insert(category);
        }
        if category_passes {
            self.statuses.insert(status_ordinal);
        }
        let sooner = |(best, best_ends): (Status, Option<u64>)| {
            (status, ends.unwrap_or(u64::MAX)) < (best, best_ends.unwrap_or(u64::MAX))
        };
        if category_passes && status_passes && self.best.is_none_or(sooner) {
            self.best = Some((status, ends));
        }
    }
}
