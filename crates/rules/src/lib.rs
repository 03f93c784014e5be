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
//! ```
//! use std::collections::BTreeMap;
//!
//! use rules::{Context, Profile, Reference, Verdict, check, decide, explain, lower, text};
//!
//! let reference = Reference::builtin();
//! let condition = text::parse("注册地 属于 武汉市 且 上年度营业收入 >= 1000万元", reference).unwrap();
//! assert!(check(&condition, reference).is_empty());
//!
//! let json = serde_json::json!({
//!     "uscc": "91420100MA4KX8N35J", "name": "示例公司",
//!     "facts": { "place_registered": "420111", "revenue": { "2025": 9_860_000 } },
//! });
//! let profile = Profile::from_json(&json, reference).unwrap();
//! let none = BTreeMap::new();
//! let context = Context { reference, as_of: "2026-11-23".parse().unwrap(), parameters: &none };
//!
//! let explanation = explain(&condition, &profile, &context, &none);
//! assert_eq!(explanation.verdict, Verdict::NotMet);
//! assert_eq!(explanation.root.children[1].gap.as_ref().unwrap().display, "差 14 万元");
//! assert_eq!(decide(&lower(&condition, reference), &profile, &context), Verdict::NotMet);
//! ```
//!
//! `explain` is the oracle: every other reader (lowered form, population, SQL) must agree with it.

pub mod amount;
#[cfg(any(test, feature = "arbitrary"))]
pub mod arbitrary;
pub mod bulk;
pub mod cases;
mod check;
pub mod context;
pub mod core;
mod evaluate;
mod explain;
mod lower;
pub mod number;
mod plain;
pub mod problem;
pub mod profile;
pub mod program;
pub mod reference;
pub mod schema;
pub mod size;
pub mod text;
pub mod tree;
pub mod uscc;
pub mod value;
pub mod verdict;

pub use amount::{Amount, AmountEstimate};
pub use check::{check, check_amount};
pub use context::Context;
pub use core::{Core, decide, decide_in_year};
pub use evaluate::facts::figures_due;
pub use explain::{explain, explain_in_year};
pub use lower::{given_words, lower, lower_leniently};
pub use plain::{plain, plain_amount, plain_outline};
pub use problem::{Position, Problem, Severity};
pub use profile::{Completeness, Entry, FactState, Period, Profile, Record, RecordList};
pub use program::Program;
pub use reference::{Fact, FactKind, Reference, ReferenceTexts, nearest};
pub use tree::{Condition, Expression};
pub use value::{FactKey, Grade, Value};
pub use verdict::{Actual, Explanation, Gap, Group, MissingFact, Node, UnknownCause, Verdict};
