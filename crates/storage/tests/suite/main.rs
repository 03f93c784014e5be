//! Everything storage promises, kept on SQLite and on PostgreSQL by the same bodies.

#![expect(clippy::unwrap_used, reason = "shared bodies of tests fail by panicking")]

mod audit;
mod backup;
mod contacts;
mod engines;
mod enterprises;
mod feed;
mod imports;
mod ledger;
mod library;
mod material;
#[path = "../oracle/mod.rs"]
mod oracle;
mod outage;
mod outbox;
mod reading;
mod reading_edges;
mod records;
mod runs;
