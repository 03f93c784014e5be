//! Reading a profile: which entries count, what they say together, and what is missing.

#[cfg(any(test, feature = "arbitrary"))]
pub(crate) mod arbitrary;
pub(crate) mod condition;
pub(crate) mod counting;
pub(crate) mod derived;
pub(crate) mod facts;
pub(crate) mod finding;
pub(crate) mod measure;
pub(crate) mod parameter;
pub(crate) mod range;
pub(crate) mod reading;
pub(crate) mod score;
pub(crate) mod size;
