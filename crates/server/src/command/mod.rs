//! One file per command. Each reads configuration and arguments, calls one room, and says what happened.

mod audit;
mod backup;
mod demo;
mod doctor;
mod eval;
mod everyone;
mod extract;
mod generate;
mod import;
mod index;
mod matching;
pub(crate) mod migrate;
mod policy;
mod push;
mod rule;
mod search;
mod seed;
mod serve;
mod user;

use crate::cli::{AuditAction, Cli, Command, EvalAction, IndexAction};
use crate::config::Config;
use crate::failure::Failure;
use crate::telemetry;

/// Runs one command to its end.
pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    let config = Config::load(cli.config.as_deref()).map_err(|error| Failure::bad_input(error.to_string()))?;
    telemetry::install(&config.log).map_err(|error| Failure::bad_input(error.to_string()))?;
    match cli.command {
        Command::Demo(args) => demo::run(config, &args).await,
        Command::Serve(args) => serve::run(&config, args.role).await,
        Command::Migrate { check } => migrate::run(&config, check).await,
        Command::Seed { demo, as_of } => seed::run(&config, demo, as_of).await,
        Command::Doctor(format) => doctor::run(&config, format.json).await,
        Command::Backup { file } => backup::backup(&config, &file).await,
        Command::Restore { file } => backup::restore(&config, &file).await,
        Command::Import(args) => import::run(&config, &args).await,
        Command::Generate(args) => generate::run(&args),
        Command::Search(args) => search::run(&config, &args).await,
        Command::Match(args) => matching::run(&config, &args).await,
        Command::Rule { action } => rule::run(&action),
        Command::Extract { file, json } => extract::propose(&file, json.json),
        Command::Eval { action: EvalAction::Extract { conditions, json } } => extract::judge(&conditions, json.json),
        Command::Index { action: IndexAction::Rebuild } => index::rebuild(&config).await,
        Command::Eval { action: EvalAction::Search(args) } => eval::search(&config, &args).await,
        Command::Push { action } => push::run(&config, &action).await,
        Command::Policy { action } => policy::run(&config, &action).await,
        Command::User { action } => user::run(&config, &action).await,
        Command::Audit { action: AuditAction::Verify(format) } => audit::verify(&config, format.json).await,
        Command::IntakeChild { args } => import::child(&args),
    }
}
