//! Measurements a reader can repeat on any machine. What is compared is proven equal before a number is printed.
//!
//!     cargo run --release -p bench -- one --conditions 10000 --profiles 40 --rounds 7 --seed 20261123
//!     cargo run --release -p bench -- city --shape flat --enterprises 900000 --items 10000 --rounds 5 --seed 20261123
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program")]

mod city;
mod one;
mod order;

use std::process::ExitCode;

use order::Order;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let report = match Order::read(&arguments) {
        Some(Order::One(order)) => {
            one::measure(order).map(|report| report.to_string()).map_err(|wrong| wrong.to_string())
        }
        Some(Order::City(order)) => city::measure(order).map(|report| report.to_string()),
        None => {
            eprintln!("{}", order::USAGE);
            return ExitCode::from(2);
        }
    };
    match report {
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
