//! One address, two engines: SQLite with one writer and several readers, or a PostgreSQL pool.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rules::Reference;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction};
use tokio::sync::watch;

use crate::error::Error;
use crate::tx::{Tx, begin_read, begin_write};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The database. Cheap to clone; all clones share the connections.
///
/// Reads are methods of `Store`, writes are methods of [`Tx`]. The outbox is the exception: its steps are
/// transactions of their own, because none may stay open while bytes travel.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    reference: Arc<Reference>,
    committed: watch::Sender<i64>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("engine", &self.inner.engine).finish_non_exhaustive()
    }
}

impl Store {
    /// Connects to `sqlite://<path>` or `postgres://…`. The schema must have been migrated; `connections` bounds
    /// the pool (on SQLite: the readers, the writer is always one).
    pub async fn connect(url: &str, connections: u32, reference: Arc<Reference>) -> Result<Self, Error> {
        let (engine, writer, reader) = if url.starts_with("sqlite:") {
            // Two writers would only meet at the file's lock; one connection queues them in memory, in order.
            let writer = open(sqlite(url, 1, false)).await?;
            (Engine::Sqlite, writer, open(sqlite(url, connections, true)).await?)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = open(limited(url, connections, ANSWER)).await?;
            (Engine::Postgres, pool.clone(), pool)
        } else {
            return Err(Error::UnknownEngine(url.split(':').next().unwrap_or_default().to_owned()));
        };
        let (committed, _) = watch::channel(0);
        Ok(Self { inner: Arc::new(Inner { engine, writer, reader, reference, committed }) })
    }

    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    pub fn reference(&self) -> &Arc<Reference> {
        &self.inner.reference
    }

    /// Begins a write. On SQLite it waits for its turn; dropped without [`Tx::commit`] it is rolled back.
    pub async fn begin(&self) -> Result<Tx, Error> {
        Ok(Tx::new(begin_write(&self.inner.writer).await?, self.clone()))
    }

    /// Asks both connections for an answer: for readiness.
    pub async fn ping(&self) -> Result<(), Error> {
        self.inner.writer.ping().await.map_err(Error::Unreachable)?;
        self.inner.reader.ping().await.map_err(Error::Unreachable)
    }

    /// Wakes up when this process commits to the change feed. Other nodes' commits are found by asking the feed.
    pub fn watch_changes(&self) -> watch::Receiver<i64> {
        self.inner.committed.subscribe()
    }

    /// Closes the connections; on SQLite this folds the write-ahead log into the file.
    pub async fn close(self) -> Result<(), Error> {
        self.inner.reader.close_by_ref().await?;
        self.inner.writer.close_by_ref().await?;
        Ok(())
    }

    pub(crate) fn announce(&self, seq: i64) {
        self.inner.committed.send_if_modified(|newest| {
            let newer = seq > *newest;
            *newest = seq.max(*newest);
            newer
        });
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.inner.reader
    }

    /// Several reads that must agree with each other.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction, Error> {
        begin_read(&self.inner.reader).await
    }
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, Error> {
    let connection = Database::connect(options).await.map_err(Error::Unreachable)?;
    connection.execute_unprepared("SELECT 1").await.map_err(Error::Unreachable)?;
    Ok(connection)
}

/// How long a caller waits for a SQLite connection: behind an import of ten thousand rows, not behind a stuck one.
const TURN: Duration = Duration::from_secs(20);
/// How long a caller waits for a PostgreSQL connection; while the server is down this is how long an answer takes.
const ANSWER: Duration = Duration::from_secs(3);

fn limited(url: &str, connections: u32, patience: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections.max(1)).acquire_timeout(patience).sqlx_logging(false);
    options
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = limited(url, connections, TURN);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .pragma("journal_mode", "WAL")
            // A commit that was answered survives a power cut; NORMAL would lose the last ones.
            .pragma("synchronous", "FULL")
            .pragma("busy_timeout", "15000")
            .pragma("foreign_keys", "ON")
            .pragma("query_only", if read_only { "ON" } else { "OFF" })
    });
    options
}
