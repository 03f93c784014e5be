//! How many Unknown answers are needless: random conditions in a world so small that every gap can be filled in every
//! way. Fails on an answer that is wrong.
//!
//!     cargo run --release -p rules --features arbitrary --example unknown -- 100000
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program")]

use std::process::ExitCode;

const CASES: u64 = 100_000;

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).map_or(Ok(CASES), |number| number.parse());
    let Ok(cases) = wanted else {
        eprintln!("unknown [CASES, {CASES} unless told]");
        return ExitCode::from(2);
    };
    match rules::arbitrary::decidable::measure(0..cases) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(unsound) => {
            eprintln!("{}", unsound.0);
            ExitCode::FAILURE
        }
    }
}
