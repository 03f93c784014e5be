//! The schema's history, one module per step. Knows none of our crates: a step must keep its meaning for ever,
//! while entities and domain types change.
//!
//! ## Rules of the schema
//!
//! * Instants are epoch milliseconds in `BIGINT`; dates are ISO text; no decimal or float column exists.
//! * Ids are UUID text, except `enterprise.ordinal` and append-only sequences, which are `BIGINT`.
//! * Documents (profiles, revisions, outcomes) are JSON in `TEXT`; what is filtered on has its own column.
//! * Portable column types only: the same step runs on SQLite and PostgreSQL.
//!
//! ## To add a step
//!
//! 1. Write `mYYYYMMDD_NNNNNN_verb_object.rs` with `up` and `down`; never touch a step that has been released.
//! 2. Name it in [`Migrator::migrations`], last.
//! 3. Add the table to `storage`, which says there how.

use std::time::Duration;

use sea_orm_migration::prelude::{DbErr, MigrationTrait, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};

mod m20261123_000001_create_library;
mod m20261123_000002_create_enterprise;
mod m20261123_000003_create_contact;
mod m20261123_000004_create_change;
mod m20261123_000005_create_push;
mod m20261123_000006_create_record;
mod m20261125_000007_create_match_result;
mod parts;

/// The list of all steps in their order.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_library::Migration),
            Box::new(m20261123_000002_create_enterprise::Migration),
            Box::new(m20261123_000003_create_contact::Migration),
            Box::new(m20261123_000004_create_change::Migration),
            Box::new(m20261123_000005_create_push::Migration),
            Box::new(m20261123_000006_create_record::Migration),
            Box::new(m20261125_000007_create_match_result::Migration),
        ]
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot reach the database")]
    Unreachable(#[source] DbErr),
    /// The database was made by a newer version of the program, which alone may open it.
    #[error("the database has steps this version does not know: {}", .0.join(", "))]
    Newer(Vec<String>),
    #[error("a migration step failed")]
    Step(#[source] DbErr),
}

/// Names of the steps the database still lacks, oldest first. Changes nothing.
///
/// # Errors
///
/// [`Error::Newer`] when the database holds steps this version does not know.
pub async fn pending(url: &str) -> Result<Vec<String>, Error> {
    let db = connect(url, false).await?;
    let pending = pending_on(&db).await;
    close(db).await?;
    pending
}

/// Applies what is pending and returns the names of the steps applied. Creates a SQLite file that does not exist,
/// not its directory. Several nodes may call it at once: one
/// does the work and the others wait (PostgreSQL; on SQLite there is one node).
pub async fn apply(url: &str) -> Result<Vec<String>, Error> {
    let db = connect(url, true).await?;
    let applied = apply_on(&db).await;
    close(db).await?;
    applied
}

/// Takes every step back, newest first. All data is lost.
pub async fn revert(url: &str) -> Result<(), Error> {
    let db = connect(url, false).await?;
    let reverted = Migrator::down(&db, None).await.map_err(Error::Step);
    close(db).await?;
    reverted
}

async fn apply_on(db: &DatabaseConnection) -> Result<Vec<String>, Error> {
    take_turn(db).await.map_err(Error::Step)?;
    let pending = pending_on(db).await?;
    Migrator::up(db, None).await.map_err(Error::Step)?;
    Ok(pending)
}

async fn pending_on(db: &DatabaseConnection) -> Result<Vec<String>, Error> {
    let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let applied = applied(db).await.map_err(Error::Step)?;
    let unknown: Vec<String> = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
    if !unknown.is_empty() {
        return Err(Error::Newer(unknown));
    }
    Ok(known.into_iter().filter(|name| !applied.contains(name)).collect())
}

async fn applied(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let manager = sea_orm_migration::SchemaManager::new(db);
    if !manager.has_table("seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let rows = db.query_all_raw(parts::statement(db, "SELECT version FROM seaql_migrations ORDER BY version")).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

/// One connection, so that the lock below and the steps share a session; the lock ends with it.
async fn connect(url: &str, create: bool) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite.pragma("busy_timeout", "15000").pragma("foreign_keys", "ON");
        if create { sqlite.create_if_missing(true) } else { sqlite }
    });
    Database::connect(options).await.map_err(Error::Unreachable)
}

async fn close(db: DatabaseConnection) -> Result<(), Error> {
    db.close().await.map_err(Error::Step)
}

async fn take_turn(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        // Any fixed number serves; it must only be the same in every version.
        db.execute_raw(parts::statement(db, "SELECT pg_advisory_lock(7305442186541)")).await?;
    }
    Ok(())
}
