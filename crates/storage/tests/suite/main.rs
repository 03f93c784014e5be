//! Everything storage promises, kept on SQLite and on PostgreSQL by the same bodies.

#![expect(clippy::unwrap_used, reason = "shared bodies of tests fail by panicking")]

mod contacts;
mod engines;
mod feed;
mod imports;
mod library;
mod material;
