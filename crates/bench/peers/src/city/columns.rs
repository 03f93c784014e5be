//! Polars and DuckDB, in one Python that holds the same columns and is asked round by round.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::child::Lines;
use super::{Answer, City, DUCKDB, POLARS, say};

const DRIVER: &str = include_str!("columns.py");
const END: &str = "end";

pub(crate) struct Columns(Lines);

impl Columns {
    pub(crate) fn start(python: &str, city: &City, csv: &Path) -> Result<Self, String> {
        let lines = Lines::start(Command::new(python).args(["-u", "-c", DRIVER]).arg(csv))?;
        let mut rules = String::new();
        // Writing into a text cannot fail.
        for rule in city.rules.iter().take(POLARS) {
            let _ = writeln!(rules, "rule polars {}", say::polars(rule));
        }
        for rule in city.rules.iter().take(DUCKDB) {
            let _ = writeln!(rules, "rule duckdb {}", say::sql(rule));
        }
        lines.ask(&format!("{rules}ready\n"), END)?;
        Ok(Self(lines))
    }

    /// Counts and sums of tokens of each rule, in order.
    pub(crate) fn answers(&self, engine: &str) -> Result<Vec<Answer>, String> {
        let said = self.0.ask(&format!("answers {engine}\n"), END)?;
        said.iter().map(|line| parsed(line).ok_or_else(|| format!("{engine} said {line}"))).collect()
    }

    /// Counts every rule once.
    pub(crate) fn time(&self, engine: &str) {
        self.0.run(&format!("time {engine}\n"), END);
    }

    pub(crate) fn failed(&self) -> Option<String> {
        self.0.failed()
    }
}

/// Four whole numbers with blanks between.
pub(super) fn parsed(line: &str) -> Option<Answer> {
    let mut numbers =
        line.split(['|', ' ']).map(|number| if number.is_empty() { Some(0) } else { number.parse().ok() });
    let mut next = || numbers.next().flatten();
    Some(Answer { met: next()?, open: next()?, met_ids: next()?, open_ids: next()? })
}
