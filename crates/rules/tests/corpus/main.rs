//! The inputs the fuzzer has found worth keeping, asked again on every run; `fuzz/README.md` says how to look for more.
#![expect(clippy::unwrap_used, reason = "a test's helpers")]

mod bodies;

use std::path::Path;

/// Every kept input of a target. There are some, or the replay would prove nothing.
fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let inputs: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(inputs.len() >= 20, "{} inputs of {target}", inputs.len());
    for input in inputs {
        body(&std::fs::read(input).unwrap());
    }
}

#[test]
fn texts_parse_and_print_as_before() {
    replay("parse", bodies::parse);
}

#[test]
fn trees_are_checked_and_what_passes_has_a_text() {
    replay("check", bodies::check);
}

#[test]
fn conditions_are_decided_alike_by_every_reader() {
    replay("evaluate", bodies::evaluate);
}

#[test]
fn profiles_are_read_and_written_as_the_same() {
    replay("profile", bodies::profile);
}
