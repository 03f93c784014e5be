//! PostgreSQL: one table of flat columns, one query per rule, asked through one `psql`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use bench::flat::FIELDS;
use cluster::Database;

use super::child::Lines;
use super::columns::parsed;
use super::{Answer, City, POSTGRES, say};

const END: &str = "end";

pub(crate) struct Postgres {
    lines: Lines,
    rules: Vec<String>,
    /// Dropped last: the session must have ended.
    _database: Database,
}

impl Postgres {
    /// `None`, with a line that says so, where there is no PostgreSQL.
    pub(crate) fn start(city: &City, csv: &Path) -> Result<Option<Self>, String> {
        let Some(database) = cluster::database() else { return Ok(None) };
        let lines = Lines::start(
            Command::new("psql").args(["--no-psqlrc", "-qtA", "-v", "ON_ERROR_STOP=1"]).arg(database.url()),
        )?;
        let columns: Vec<String> = FIELDS.iter().map(|field| format!("{} bigint", field.key)).collect();
        let load = format!(
            "CREATE TABLE firms (token bigint, {});\n\\copy firms FROM '{}' CSV HEADER\nVACUUM (FREEZE, ANALYZE) firms;\n\\echo {END}\n",
            columns.join(", "),
            csv.display()
        );
        lines.ask(&load, END)?;
        let rules = city.rules.iter().take(POSTGRES).map(say::sql).collect();
        Ok(Some(Self { lines, rules, _database: database }))
    }

    pub(crate) fn answers(&self) -> Result<Vec<Answer>, String> {
        let queries = self.queries(|rule| {
            format!(
                "count(*) FILTER (WHERE {rule}), count(*) FILTER (WHERE {rule} IS NULL), \
                 sum(token) FILTER (WHERE {rule}), sum(token) FILTER (WHERE {rule} IS NULL)"
            )
        });
        let said = self.lines.ask(&queries, END)?;
        said.iter().map(|line| parsed(line).ok_or_else(|| format!("psql said {line}"))).collect()
    }

    /// Counts every rule once.
    pub(crate) fn time(&self) {
        let counts = |rule: &String| format!("count(*) FILTER (WHERE {rule}), count(*) FILTER (WHERE {rule} IS NULL)");
        self.lines.run(&self.queries(counts), END);
    }

    pub(crate) fn failed(&self) -> Option<String> {
        self.lines.failed()
    }

    fn queries(&self, select: impl Fn(&String) -> String) -> String {
        let mut text = String::new();
        for rule in &self.rules {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "SELECT {} FROM firms;", select(rule));
        }
        text + &format!("\\echo {END}\n")
    }
}
