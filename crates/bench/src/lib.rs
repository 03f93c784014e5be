//! What the measurements share: a made-up library, a flat city, interleaved rounds and what the machine can read.

pub mod flat;
pub mod library;
pub mod machine;
pub mod rounds;
