//! Measurements a reader can repeat on any machine. What is compared is proven equal before a number is printed.
//!
//!     cargo run --release -p bench -- one --conditions 10000 --profiles 40 --rounds 7 --seed 20261123
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program")]

mod library;
mod one;
mod rounds;

use std::process::ExitCode;

/// What to measure and on how much.
#[derive(Clone, Copy, Debug)]
struct Order {
    conditions: usize,
    profiles: u32,
    rounds: usize,
    seed: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(order) = Order::read(&arguments) else {
        eprintln!("bench one [--conditions 10000] [--profiles 40] [--rounds 7, at least 5] [--seed 20261123]");
        return ExitCode::from(2);
    };
    match one::measure(order) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(disagreement) => {
            eprintln!("{disagreement}");
            ExitCode::FAILURE
        }
    }
}

impl Order {
    fn read(arguments: &[String]) -> Option<Self> {
        let (verb, flags) = arguments.split_first()?;
        let mut order = Self { conditions: 10_000, profiles: 40, rounds: 7, seed: 20_261_123 };
        if verb != "one" || flags.len() % 2 != 0 {
            return None;
        }
        for pair in flags.chunks(2) {
            let number = &pair[1];
            match pair[0].as_str() {
                "--conditions" => order.conditions = number.parse().ok().filter(|conditions| *conditions > 0)?,
                "--profiles" => order.profiles = number.parse().ok().filter(|profiles| *profiles > 0)?,
                "--rounds" => order.rounds = number.parse().ok().filter(|rounds| *rounds >= 5)?,
                "--seed" => order.seed = number.parse().ok()?,
                _ => return None,
            }
        }
        Some(order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Order> {
        Order::read(&text.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn fewer_than_five_rounds_and_unknown_flags_are_refused() {
        assert_eq!(read("one --rounds 5 --seed 3").map(|order| (order.rounds, order.seed)), Some((5, 3)));
        for wrong in ["", "two", "one --rounds", "one --rounds 4", "one --profiles 0", "one --speed 9"] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
