//! Rows ⇄ domain values: the only crate that knows the database.
//!
//! ```text
//! Store  reads, and the steps of the outbox      every method takes a Scope first
//! Tx     writes: store.begin() … tx.commit()     dropped = nothing happened
//! ```
//!
//! * SQLite and PostgreSQL hold the same tables and pass the same tests. SQLite has one writer connection and
//!   several readers; what branches on the engine is in `connect`, `tx` and `outbox` only.
//! * Absent and out of scope are one answer: `Ok(None)` or [`Error::NotFound`].
//! * Revisions of policies, items and calls are immutable; saving equal content writes nothing.
//! * Everything written to the library, profiles, contacts and reference data enters the change feed in the same
//!   transaction ([`Store::changes_after`]); the outbox and other records do not.
//! * A row that does not decode is an [`Error::Decode`] naming table, column and row; in a list it is logged and
//!   left out, so that it does not hide the others.
//!
//! ## To add a table
//!
//! 1. Add a step to the `migrations` crate; it says how.
//! 2. Write `entity/<table>.rs` and name it in `entity/mod.rs`, once as a module and once in the list of all
//!    tables, behind the tables it refers to: backup and restore follow that list.
//! 3. Write `<concept>.rs` with `impl Store` for reading and `impl Tx` for writing. Take `&Scope` first and turn
//!    it into a condition in `access`; decode through `row::Row`.
//! 4. If followers must notice writes, add a [`ChangeKind`] and call `self.changed(kind, id)`.
//! 5. Add a file to `tests/` whose bodies run on both engines.

mod access;
mod attempts;
mod audit;
mod backup;
mod bureaus;
mod calls;
mod changes;
mod connect;
mod contacts;
mod enterprises;
mod entity;
mod error;
mod events;
mod files;
mod history;
mod idempotency;
mod imports;
mod items;
mod keys;
mod ledger;
mod outbox;
mod page;
mod policies;
mod profile_patch;
mod pushes;
mod reading;
mod reference_data;
mod results;
mod row;
mod runs;
mod tx;

pub use audit::{AuditEntry, AuditReport};
pub use backup::Manifest;
pub use calls::Library;
pub use changes::{Change, ChangeKind};
pub use connect::{Engine, Store};
pub use contacts::Recipient;
pub use enterprises::{EnterpriseDraft, EnterpriseStream, Merge};
pub use error::Error;
pub use events::{Event, EventKind, Feedback, FeedbackKind};
pub use files::{LARGEST_FILE, StoredFile};
pub use history::HistoryMark;
pub use idempotency::Idempotency;
pub use imports::{ImportRun, ImportState};
pub use items::ItemDraft;
pub use keys::ApiKey;
pub use ledger::ToldLine;
pub use outbox::{Finished, InDoubt, Leased, Next, Recovered, Resolution};
pub use page::{Page, Recorded};
pub use policies::{PolicyDraft, PolicyFilter};
pub use reading::{Reading, ReadingCounts, Readings, Refused, Side};
pub use results::MatchResult;
pub use tx::{Actor, Effect, Saved, Tx};
