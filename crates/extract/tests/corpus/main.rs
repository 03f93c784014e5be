//! The notices the fuzzer has found worth keeping, read again on every run; `fuzz/README.md` says how to look for more.

mod bodies;

use std::path::Path;

#[test]
fn notices_give_proposals_whose_conditions_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/extract");
    let inputs: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(inputs.len() >= 20, "{} inputs", inputs.len());
    for input in inputs {
        bodies::extract(&std::fs::read(input).unwrap());
    }
}
