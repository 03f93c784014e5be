//! Flags that follow from other facts: 小型微利企业, 达到四上标准.

use crate::reference::{Derivation, Fact, Reference};
use crate::tree::Condition;

/// The condition a flag follows from; `None` where it can only be stated.
pub(crate) fn derived_condition(fact: &Fact, reference: &Reference) -> Option<Condition> {
    match &fact.derived {
        Some(Derivation::Condition(text)) => crate::text::parse(text, reference).ok(),
        _ => None,
    }
}
