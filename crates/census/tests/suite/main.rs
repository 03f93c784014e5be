//! The city in memory says what the explanation of each pair says, and stays so on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "shared bodies of tests fail by panicking")]

mod following;
mod place;
mod proof;
mod restart;
mod results;
mod standings;
