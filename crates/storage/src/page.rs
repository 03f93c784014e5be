//! Pages of lists and entries of histories.

use domain::Instant;

use crate::error::Error;
use crate::row;

/// Some rows in their order, and the cursor to go on from if there are more. Cursors are keys, not offsets:
/// rows written meanwhile make no row appear twice or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a query that asked for one row more than `limit`.
    pub(crate) fn cut(mut rows: Vec<T>, limit: u64, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { rows, next }
    }

    pub(crate) fn readable<D>(self, decode: impl Fn(T) -> Result<D, Error>) -> Page<D> {
        Page { rows: row::readable(self.rows, decode), next: self.next }
    }
}

/// One immutable revision with who wrote it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<T> {
    /// Counts from 1.
    pub number: i64,
    pub at: Instant,
    pub by: String,
    pub content: T,
}
