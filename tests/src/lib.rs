//! The harness of the end-to-end tests: our program as a real process on its own directory and database.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a harness stops the test where something is not as it must be"
)]

mod browser;
mod program;
mod serving;

pub use browser::Browser;
pub use program::{Outcome, Program};
pub use serving::Serving;

/// Whether `HANQITONG_REQUIRE_{what}` says that a missing program is a failure and not a skip.
pub fn is_required(what: &str) -> bool {
    std::env::var_os(format!("HANQITONG_REQUIRE_{what}")).is_some_and(|value| value == "1")
}
