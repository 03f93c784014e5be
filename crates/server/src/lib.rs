//! The `hanqitong` program: commands, configuration, telemetry and wiring. No business rules live here.
//!
//! A command is one file in `command/`. stdout holds results (with `--json` one document), stderr everything else.

mod app;
mod cli;
mod clock;
mod command;
pub mod config;
mod failure;
mod output;
mod secret;
mod telemetry;
mod usage;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use cli::Cli;
pub use config::Config;

/// Parses the command line, runs the command and gives its exit code: 0 done, 1 failed, 2 wrong usage or bad input.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage_exit(&error),
    };
    outbound::install_tls_provider();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::Failure::from(error).report(),
    };
    match runtime.block_on(command::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// `--help` and `--version` are results; everything else is wrong usage.
fn usage_exit(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            drop(error.print());
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            drop(error.print());
            ExitCode::from(2)
        }
        _ => {
            output::progress(usage::describe(error));
            ExitCode::from(2)
        }
    }
}

/// Whether a command line is one of ours, without running it. For documents and containers that name commands.
///
/// # Errors
/// The Chinese text a person would see.
pub fn check_usage(args: &[&str]) -> Result<(), String> {
    match Cli::try_parse_from(std::iter::once(&"hanqitong").chain(args)) {
        Ok(_) => Ok(()),
        Err(error) => Err(usage::describe(&error)),
    }
}
