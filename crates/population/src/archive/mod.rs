//! Everything known about every enterprise, packed: what any question under any context is answered from.
//!
//! ```text
//! segment of 32,768 rows ── one store per fact ── length and bytes of each row: tag, value, tag, value …
//!                                              └─ tables: what tags stand for, texts and codes once each
//! ```
//!
//! A tag stands for period, origin, grade and kind of an entry, so most entries are one byte and a number. Credit code
//! and name are not kept: no condition reads them.

mod bytes;
mod facts;
mod file;
mod lists;
mod segment;
mod store;
mod value;

pub use bytes::Held;
pub(crate) use bytes::{Reader, end_of, unzigzag};
pub(crate) use facts::{Facts, Tag, period};
pub use file::Unusable;
pub(crate) use file::{Head, read};
pub(crate) use lists::Lists;
pub(crate) use segment::{SEGMENT, Segment};
pub(crate) use store::Parts;
pub(crate) use value::{Kind, Pool};
