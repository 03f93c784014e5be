//! `generate enterprises|items`: a made-up city of any size, as a file that `import enterprises` reads; a made-up
//! library to measure with.

mod city;
mod library;
mod pieces;

use std::path::Path;

use crate::cli::{Generate, GenerateKind};
use crate::failure::Failure;

pub(super) fn run(args: &Generate) -> Result<(), Failure> {
    match args.kind {
        GenerateKind::Enterprises => city::run(args),
        GenerateKind::Items => library::run(args),
    }
}

/// Opens the file to write.
fn create(path: &Path) -> Result<std::fs::File, Failure> {
    let refused = |error| Failure::bad_input(format!("--out:写不了 {}({error})", path.display()));
    std::fs::File::create(path).map_err(refused)
}
