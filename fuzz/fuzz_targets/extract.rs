//! `extract` of `crates/extract/tests/corpus/bodies.rs`.
#![no_main]

#[path = "../../crates/extract/tests/corpus/bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::extract(bytes));
