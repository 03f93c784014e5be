//! A throw-away PostgreSQL for tests: started from the installed binaries, always stopped, never shared with data.
//!
//! ```no_run
//! let Some(database) = cluster::database() else { return }; // says "skipped: …" when there is no PostgreSQL
//! connect(database.url());
//! # fn connect(_: &str) {}
//! ```
//!
//! * [`database`] gives an empty database of the one server of this process, dropped with its guard.
//! * [`Server::start`] gives a server of one's own, for tests that stop, restart or kill it.
//! * `HANQITONG_TEST_POSTGRES_URL` uses a given server (its user must be allowed to create databases).
//! * `HANQITONG_REQUIRE_POSTGRES=1` makes a missing PostgreSQL a failure instead of a skip.
//!
//! The server runs as an unprivileged user when the tests run as root, which `initdb` refuses. It dies with the
//! test process, however that ends: a watchdog shell holds the read end of a pipe and stops it at end of file.

mod account;
mod binaries;
mod database;
mod server;
mod watchdog;

pub use binaries::Binaries;
pub use database::{Database, database};
pub use server::{Durability, Server};

/// Why there is no server.
#[derive(Debug)]
pub enum Problem {
    /// Neither PATH nor the distribution's directories hold `initdb`, `pg_ctl` and `createdb`.
    NotInstalled,
    /// A program could not be run or said no; the text is its own.
    Failed {
        program: String,
        said: String,
    },
    Io(std::io::Error),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotInstalled => f.write_str("no PostgreSQL binaries in PATH or /usr/lib/postgresql/*/bin"),
            Self::Failed { program, said } => write!(f, "`{program}` failed: {said}"),
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Problem {}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}
