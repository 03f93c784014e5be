//! From the wording of a notice to a proposed condition, leaf by leaf tied to the words it was read from.
//!
//! Deterministic and offline: a small grammar of the language of notices over the catalogue's names and a dictionary
//! kept as data. Reading is total and linear: any text gives a proposal, never a panic. What is not understood stays
//! wording for a person; what is understood with a doubt waits for a person to confirm it.
//!
//! ```text
//! notice ─split─▶ sentences, pieces, clauses ─clause─▶ leaves ─piece─▶ tree ─condition─▶ text of the rule language
//! ```

mod clause;
mod condition;
mod convention;
mod dictionary;
mod event;
pub mod judge;
pub mod leaf;
mod number;
mod piece;
mod place;
mod propose;
mod quantity;
mod rule;
mod split;
mod subject;
mod text;
mod tier;
pub mod unit;
mod view;
pub mod window;

pub use condition::{condition, text_of};
pub use propose::{Proposal, Sentence, propose, propose_refused};
pub use view::{view, view_tree};
