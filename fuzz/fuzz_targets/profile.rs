//! `profile` of `crates/rules/tests/corpus/bodies.rs`.
#![no_main]

#[path = "../../crates/rules/tests/corpus/bodies.rs"]
#[expect(dead_code, reason = "one of several bodies")]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::profile(bytes));
