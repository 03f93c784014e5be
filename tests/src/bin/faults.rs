//! The fault runs of the end-to-end tests, as many as wanted and with their numbers.
//!
//!     cargo run -p e2e --bin faults -- kill --kills 200 --engine postgres --seed 7
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program")]

use std::process::ExitCode;

use e2e::kill::{self, Engine, Victim};

/// Set for the children: this binary is then the program under test.
const AS_PROGRAM: &str = "HANQITONG_FAULTS_CHILD";

fn main() -> ExitCode {
    if std::env::var_os(AS_PROGRAM).is_some() {
        return server::main();
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(order) = Order::read(&arguments) else {
        eprintln!("faults kill [--kills 20] [--engine sqlite|postgres] [--seed N]");
        return ExitCode::from(2);
    };
    order.carry_out()
}

struct Order {
    kills: usize,
    engine: Engine,
    seed: u64,
}

impl Order {
    fn read(arguments: &[String]) -> Option<Self> {
        let (verb, flags) = arguments.split_first()?;
        let mut order = Self { kills: 20, engine: Engine::Sqlite, seed: kill::fresh_seed() };
        if verb != "kill" || flags.len() % 2 != 0 {
            return None;
        }
        for pair in flags.chunks(2) {
            match (pair[0].as_str(), pair[1].as_str()) {
                ("--kills", text) => order.kills = text.parse().ok()?,
                ("--seed", text) => order.seed = text.parse().ok()?,
                ("--engine", "sqlite") => order.engine = Engine::Sqlite,
                ("--engine", "postgres") => order.engine = Engine::Postgres,
                _ => return None,
            }
        }
        Some(order)
    }

    fn carry_out(&self) -> ExitCode {
        let Ok(exe) = std::env::current_exe() else { return ExitCode::FAILURE };
        println!("engine               {:?}\nseed                 {}", self.engine, self.seed);
        let victim = Victim { exe: &exe, variables: &[(AS_PROGRAM, "1")] };
        let Some(toll) = kill::kill_runs(victim, self.engine, self.kills, self.seed) else {
            return ExitCode::FAILURE;
        };
        println!("{toll}");
        for complaint in toll.lost.iter().chain(&toll.invented).chain(&toll.confirmed_repeated) {
            println!("  {complaint}");
        }
        if toll.is_bearable() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
