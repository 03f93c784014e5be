//! `intake-child intake-child GATE FILE`: the reading process alone.

use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.as_slice() {
        [_, command, gate, file] if command == intake::sheet::CHILD_COMMAND => {
            intake::sheet::run_child(gate, Path::new(file), &mut io::stdout().lock())
        }
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}
