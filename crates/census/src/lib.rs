//! The city in memory: every enterprise against every item, kept up to date.
//!
//! ```text
//! enterprise documents ──load──▶ City ◀──follow── change feed
//!                                  │ one row per enterprise, items grouped by the context they are judged in
//!                                  ▼
//!                 Standings: planes of 符合, 基本符合 and open ──▶ Visitor: counts, sets of ordinals, one row
//! ```
//!
//! [`Census`] is the handle web and pipeline share: it loads once, follows the feed before it answers, and every answer
//! carries the sequence of the feed it is true for. Verdicts are those of `population`; what a person is told is made
//! from them as `domain::standing` makes it from an explanation.
//!
//! Read in this order: `questions` (what is asked), `city` (the rows), `standings` (planes), `tally` and `matched`
//! (what becomes of them), `handle` (who may ask when).

mod city;
mod concerned;
mod effect;
mod error;
mod file;
mod follow;
mod handle;
mod library;
mod load;
mod matched;
mod proof;
mod questions;
mod results;
mod rows;
mod standings;
mod tally;

pub use city::City;
pub use effect::{Effect, Proposal};
pub use error::Error;
pub use handle::{Census, Followed, Phase, Settings};
pub use library::Library;
pub use matched::{Delta, Matched, Sets};
pub use population::Count;
pub use proof::{Difference, Proof};
pub use results::Earlier;
pub use standings::{Standings, Visitor};
pub use tally::{ItemTally, Tally};
