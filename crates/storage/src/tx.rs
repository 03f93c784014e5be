//! The only way to write: a transaction that appends its changes to the feed when it commits.

#![expect(clippy::disallowed_types, reason = "this file is the one door to transactions")]

use std::collections::HashSet;
use std::fmt;

use domain::Instant;
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use crate::audit::AuditDraft;
use crate::changes::ChangeKind;
use crate::connect::Store;
use crate::error::Error;

/// A write in progress. Dropped without [`commit`](Self::commit) it leaves nothing behind.
///
/// Feed and audit are written last, at commit: their counter rows are locked for a moment only, and always in
/// the same order, so two writers can wait for each other but never in a circle.
pub struct Tx {
    pub(crate) db: DatabaseTransaction,
    pub(crate) store: Store,
    changes: Vec<(ChangeKind, String)>,
    seen: HashSet<(ChangeKind, String)>,
    audits: Vec<AuditDraft>,
    /// Ledger keys this transaction claimed: the pushes of one plan may share them.
    pub(crate) claimed: HashSet<String>,
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("changes", &self.changes).finish_non_exhaustive()
    }
}

impl Tx {
    pub(crate) fn new(db: DatabaseTransaction, store: Store) -> Self {
        let (changes, audits) = (Vec::new(), Vec::new());
        Self { db, store, changes, seen: HashSet::new(), audits, claimed: HashSet::new() }
    }

    /// Makes everything visible at once. Returns the newest feed sequence if anything entered the feed.
    pub async fn commit(mut self) -> Result<Option<i64>, Error> {
        let changes = std::mem::take(&mut self.changes);
        let seq = crate::changes::append(&self.db, changes).await?;
        let audits = std::mem::take(&mut self.audits);
        crate::audit::append(&self.db, audits).await?;
        self.db.commit().await?;
        if let Some(seq) = seq {
            self.store.announce(seq);
        }
        Ok(seq)
    }

    /// Takes everything back, now rather than when dropped.
    pub async fn rollback(self) -> Result<(), Error> {
        Ok(self.db.rollback().await?)
    }

    /// Enters a row into the feed, once however often this transaction wrote it.
    pub(crate) fn changed(&mut self, kind: ChangeKind, id: &(impl ToString + ?Sized)) {
        let entry = (kind, id.to_string());
        if self.seen.insert(entry.clone()) {
            self.changes.push(entry);
        }
    }

    /// Enters an act into the audit.
    pub fn audit(
        &mut self,
        actor: &Actor,
        action: &str,
        subject: &(impl ToString + ?Sized),
        detail: serde_json::Value,
        at: Instant,
    ) {
        self.audits.push(AuditDraft {
            at,
            actor: actor.as_str().to_owned(),
            action: action.to_owned(),
            subject: subject.to_string(),
            detail,
        });
    }
}

/// Who did something, in a word that stays readable for ever: `seed`, `key:街道办`, `import:2026-11.xlsx`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(String);

impl Actor {
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a save did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Created,
    Changed,
    /// The content was equal, so nothing was written.
    Unchanged,
}

/// The value as it now stands, and what was done to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved<T> {
    pub value: T,
    pub effect: Effect,
}

/// On SQLite the write lock is taken at once: a transaction that reads first and then writes would fail with
/// a stale snapshot that no busy timeout can wait for.
pub(crate) async fn begin_write(db: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    Ok(db.begin_with_options(options).await?)
}

/// All reads of one transaction see one state.
pub(crate) async fn begin_read(db: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    let mut options = TransactionOptions::default();
    if db.get_database_backend() == sea_orm::DbBackend::Postgres {
        options.isolation_level = Some(IsolationLevel::RepeatableRead);
        options.access_mode = Some(AccessMode::ReadOnly);
    }
    Ok(db.begin_with_options(options).await?)
}
