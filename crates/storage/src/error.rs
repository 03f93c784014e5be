//! What can go wrong between rows and domain values.

use sea_orm::{DbErr, SqlErr};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database did not answer in time. Nothing is known to be wrong with the request: try again.
    #[error("cannot reach the database")]
    Unreachable(#[source] DbErr),
    #[error("the database refused a statement")]
    Database(#[source] DbErr),
    /// Absent, or outside the scope: the two are never told apart.
    #[error("{what} `{id}` not found")]
    NotFound { what: &'static str, id: String },
    /// The scope may never do this, whatever the row.
    #[error("this scope may not {what}")]
    OutOfScope { what: &'static str },
    /// Somebody else wrote the same natural key.
    #[error("a row with the same key exists")]
    Conflict(#[source] DbErr),
    /// The value refers to a row that does not exist.
    #[error("a row this one refers to does not exist")]
    Dangling(#[source] DbErr),
    #[error("table `{table}`, column `{column}`, row `{id}` does not decode")]
    Decode { table: &'static str, column: &'static str, id: String, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("`{what}` does not encode")]
    Encode { what: &'static str, source: serde_json::Error },
    #[error("the database address `{0}` is neither `sqlite:` nor `postgres:`")]
    UnknownEngine(String),
    #[error("a file of {size} bytes is larger than {largest}")]
    TooLarge { size: usize, largest: usize },
    #[error("backup line {line}: {message}")]
    BadBackup { line: u64, message: String },
    /// A restore adds to nothing: the target must hold no rows.
    #[error("table `{0}` of the target is not empty")]
    NotEmpty(&'static str),
    #[error("the backup has schema `{backup}`, this database `{database}`")]
    OtherSchema { backup: String, database: String },
    #[error("the condition was read for another database engine")]
    OtherEngine,
    #[error("a task that reads was cut off")]
    CutOff(#[from] tokio::task::JoinError),
    #[error("writing or reading a backup")]
    Io(#[from] std::io::Error),
}

impl Error {
    pub(crate) fn not_found(what: &'static str, id: &(impl ToString + ?Sized)) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    /// Whether the same call may succeed later unchanged: the database is down, restarting or busy.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Database(error) => is_connection_lost(error),
            _ => false,
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match (&error, error.sql_err()) {
            (DbErr::Conn(_) | DbErr::ConnectionAcquire(_), _) => Self::Unreachable(error),
            (_, Some(SqlErr::UniqueConstraintViolation(_))) => Self::Conflict(error),
            (_, Some(SqlErr::ForeignKeyConstraintViolation(_))) => Self::Dangling(error),
            _ => Self::Database(error),
        }
    }
}

/// A statement cut off by a restart fails with the driver's I/O error or one of PostgreSQL's 57P0x; a SQLite
/// writer that waited out the busy timeout says so in words. The driver's types are not ours to name, so the
/// text decides.
fn is_connection_lost(error: &DbErr) -> bool {
    let text = error.to_string();
    [
        "error communicating with database",
        "terminating connection",
        "database is locked",
        "starting up",
        "shutting down",
    ]
    .iter()
    .any(|sign| text.contains(sign))
}
