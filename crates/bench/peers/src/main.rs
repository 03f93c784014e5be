//! Ours beside other engines on the same machine in the same rounds. Answers are compared first; where one differs
//! nothing is measured.
//!
//!     cargo run --release -- one
//!     cargo run --release -- city --enterprises 900000 --items 10000 --rounds 5 --seed 20261123 --python PATH

mod city;
mod one;

use std::process::ExitCode;

const USAGE: &str = "peers one\n\
peers city [--enterprises 900000] [--items 10000] [--rounds 5, at least 5] [--seed 20261123] [--python PATH]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let report = match arguments.split_first() {
        Some((verb, [])) if verb == "one" => one::measure(),
        Some((verb, flags)) if verb == "city" => match order(flags) {
            Some(order) => city::measure(&order),
            None => return usage(),
        },
        _ => return usage(),
    };
    match report {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

fn order(flags: &[String]) -> Option<city::Order> {
    let mut order = city::Order { enterprises: 900_000, items: 10_000, rounds: 5, seed: 20_261_123, python: None };
    for pair in flags.chunks(2) {
        let [flag, value] = pair else { return None };
        match flag.as_str() {
            "--enterprises" => order.enterprises = value.parse().ok().filter(|count| *count > 0)?,
            "--items" => order.items = value.parse().ok().filter(|count| *count > 0)?,
            "--rounds" => order.rounds = value.parse().ok().filter(|rounds| *rounds >= 5)?,
            "--seed" => order.seed = value.parse().ok()?,
            "--python" => order.python = Some(value.clone()),
            _ => return None,
        }
    }
    Some(order)
}
