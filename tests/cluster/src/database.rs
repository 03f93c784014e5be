//! An empty database for one test.

use std::env;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Problem;
use crate::binaries::{Binaries, run};
use crate::server::{Durability, Server};

/// An empty database that is dropped with this guard.
#[derive(Debug)]
pub struct Database {
    url: String,
    name: String,
    maintenance: String,
    binaries: Binaries,
}

impl Database {
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Creates an empty database on a server, for tests that hold a [`Server`] of their own.
    pub fn create_on(server: &Server) -> Result<Self, Problem> {
        Self::create(server.binaries().clone(), server.url())
    }

    /// Creates a second database with everything this one holds. Nobody may be connected to this one.
    pub fn copy(&self) -> Result<Self, Problem> {
        Self::create_from(&self.name, self.binaries.clone(), self.maintenance.clone())
    }

    fn create(binaries: Binaries, maintenance: String) -> Result<Self, Problem> {
        Self::create_from("template0", binaries, maintenance)
    }

    fn create_from(template: &str, binaries: Binaries, maintenance: String) -> Result<Self, Problem> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("hanqitong_test_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut command = binaries.command("createdb");
        // The C collation orders text by bytes, as SQLite does.
        command.args(["--encoding=UTF8", "--locale=C", "--template", template, "--maintenance-db"]);
        run(command.arg(&maintenance).arg(&name))?;
        Ok(Self { url: with_database(&maintenance, &name), name, maintenance, binaries })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let mut command = self.binaries.command("dropdb");
        command.args(["--force", "--if-exists", "--maintenance-db"]).arg(&self.maintenance).arg(&self.name);
        if let Err(problem) = run(&mut command) {
            eprintln!("dropping `{}`: {problem}", self.name);
        }
    }
}

/// An empty database of the server this process shares, or `None` with a line `skipped: …` when there is no
/// PostgreSQL.
///
/// # Panics
///
/// When `HANQITONG_REQUIRE_POSTGRES=1` and there is none, or when PostgreSQL is installed and does not work.
pub fn database() -> Option<Database> {
    let created = match given_server() {
        Some(url) => Binaries::find().and_then(|binaries| Database::create(binaries, url)),
        None => shared_server().as_ref().map_err(repeat).and_then(Database::create_on),
    };
    match created {
        Ok(database) => Some(database),
        Err(Problem::NotInstalled) if setting("HANQITONG_REQUIRE_POSTGRES").as_deref() != Some("1") => {
            eprintln!("skipped: {}", Problem::NotInstalled);
            None
        }
        Err(problem) => panic!("{problem}"),
    }
}

fn shared_server() -> &'static Result<Server, Problem> {
    static SHARED: OnceLock<Result<Server, Problem>> = OnceLock::new();
    SHARED.get_or_init(|| Server::start(Durability::Fast))
}

fn given_server() -> Option<String> {
    setting("HANQITONG_TEST_POSTGRES_URL").filter(|url| !url.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "test harness: which PostgreSQL to use is a matter of the machine")]
fn setting(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// The shared failure, told again to each test that meets it.
fn repeat(problem: &Problem) -> Problem {
    match problem {
        Problem::NotInstalled => Problem::NotInstalled,
        other => Problem::Failed { program: "shared PostgreSQL".to_owned(), said: other.to_string() },
    }
}

/// The same address with another database; parameters after `?` stay.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let authority_start = address.find("://").map_or(0, |at| at + 3);
    let authority_end = address[authority_start..].find('/').map_or(address.len(), |at| authority_start + at);
    let parameters = parameters.map(|rest| format!("?{rest}")).unwrap_or_default();
    format!("{}/{name}{parameters}", &address[..authority_end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_an_address_is_replaced_and_its_parameters_stay() {
        assert_eq!(
            with_database("postgres://u:p@h:1/old?sslmode=disable", "new"),
            "postgres://u:p@h:1/new?sslmode=disable"
        );
        assert_eq!(with_database("postgres://u@h:1", "new"), "postgres://u@h:1/new");
    }
}
