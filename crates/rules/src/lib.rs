//! Conditions over facts: what a notice demands, and whether an enterprise meets it.
//!
//! Pure: no clock, no disk, no network, no async. The day of evaluation is an argument.
//!
//! ```text
//! text ──parse──▶ Condition ──check──▶ problems, all at once
//!                    │ lower
//!                    ▼
//!                  Core ──decide──▶ Verdict          one bit of news, fast
//! Condition ──explain──▶ Explanation                 the same verdict with every reason
//! ```
//!
//! `explain` is the oracle: every other reader (lowered form, population, SQL) must agree with it.

mod check;
pub mod context;
pub mod core;
mod evaluate;
mod explain;
mod lower;
pub mod number;
pub mod problem;
pub mod profile;
pub mod reference;
pub mod size;
pub mod text;
pub mod tree;
pub mod uscc;
pub mod value;
pub mod verdict;

pub use check::check;
pub use context::Context;
pub use core::{Core, decide};
pub use explain::explain;
pub use lower::lower;
pub use problem::{Position, Problem, Severity};
pub use profile::{Completeness, Entry, FactState, Period, Profile, Record, RecordList};
pub use reference::{Fact, FactKind, Reference, ReferenceTexts, nearest};
pub use tree::{Condition, Expression};
pub use value::{FactKey, Grade, Value};
pub use verdict::{Actual, Explanation, Gap, Group, MissingFact, Node, UnknownCause, Verdict};
