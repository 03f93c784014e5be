//! Random conditions and profiles over the embedded catalogue, for property tests here and in other crates.

pub mod decidable;
pub mod world;
mod writer;

pub use crate::evaluate::arbitrary::profile;
pub use crate::tree::arbitrary::condition;
