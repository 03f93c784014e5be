//! What may be asked.

use chrono::NaiveDate;
use domain::{Category, Level};
use serde::{Deserialize, Serialize};

use crate::timeline::Status;

/// Choices of facets: any of the values inside one, all of the facets together. Empty admits all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    pub levels: Vec<Level>,
    /// Area codes; an area includes everything inside it.
    pub areas: Vec<String>,
    pub categories: Vec<Category>,
    pub statuses: Vec<Status>,
}

/// The order of the hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best match first; without words the same as [`Sort::Actionable`].
    #[default]
    Relevance,
    /// Open windows first, those that close first in front.
    Actionable,
    /// Newest publication first.
    Newest,
}

/// One question to the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    text: String,
    truncated: bool,
    /// The day windows are read for.
    pub today: NaiveDate,
    pub filters: Filters,
    /// Codes of the searcher's area and the areas around it; lifts what applies there.
    pub near: Vec<String>,
    pub sort: Sort,
    limit: usize,
    offset: usize,
}

impl Query {
    /// Characters of text that are read; what comes after is dropped and said so.
    pub const LONGEST_TEXT: usize = 200;
    /// Hits on one page at most.
    pub const LARGEST_LIMIT: usize = 100;
    /// Hits before the page at most.
    pub const LARGEST_OFFSET: usize = 10_000;

    /// A question in free words; control characters become spaces, and text beyond
    /// [`Self::LONGEST_TEXT`] characters is dropped. Empty text browses.
    pub fn new(text: &str, today: NaiveDate) -> Self {
        let mut characters =
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).skip_while(|c| c.is_whitespace());
        let head: String = characters.by_ref().take(Self::LONGEST_TEXT).collect();
        let truncated = characters.any(|character| !character.is_whitespace());
        Self {
            text: head.trim().to_owned(),
            truncated,
            today,
            filters: Filters::default(),
            near: Vec::new(),
            sort: Sort::default(),
            limit: 20,
            offset: 0,
        }
    }

    #[must_use]
    pub fn filtered(mut self, filters: Filters) -> Self {
        self.filters = filters;
        self
    }

    #[must_use]
    pub fn near(mut self, codes: Vec<String>) -> Self {
        self.near = codes;
        self
    }

    #[must_use]
    pub fn sorted(mut self, sort: Sort) -> Self {
        self.sort = sort;
        self
    }

    /// One page: at most `limit` hits (1 to [`Self::LARGEST_LIMIT`]) after `offset`.
    #[must_use]
    pub fn page(mut self, offset: usize, limit: usize) -> Self {
        self.offset = offset.min(Self::LARGEST_OFFSET);
        self.limit = limit.clamp(1, Self::LARGEST_LIMIT);
        self
    }

    /// The text as it is searched for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether text was dropped because it was too long.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    pub fn offset(&self) -> usize {
        self.offset
    }
}
