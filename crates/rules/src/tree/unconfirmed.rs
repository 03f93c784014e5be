//! A reading nobody has confirmed: proposed from a sentence of a notice, kept beside it until a person decides.
//!
//! It never decides anything: it is open like wording no machine judges, and [`crate::check()`] refuses it, so nothing is
//! published on a guess. Confirming is taking the reading out of its brackets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Condition;

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Unconfirmed {
    /// The words of the notice it was read from.
    pub sentence: String,
    pub reading: Box<Condition>,
}
