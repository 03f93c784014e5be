//! The self-check: which questions to ask, and what the answers say. Nothing of it outlives the request.
//!
//! | question | file |
//! |---|---|
//! | which facts are asked, and in which words | `asking` |
//! | what was typed, as a profile | `answers` |

mod answers;
mod asking;

pub(crate) use answers::Answers;
pub(crate) use asking::{Ask, Asker};
