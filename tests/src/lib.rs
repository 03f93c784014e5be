//! The harness of the end-to-end tests: our program as a real process on its own directory and database.

#![expect(clippy::expect_used, reason = "a harness stops the test where something is not as it must be")]

pub mod books;
mod browser;
pub mod kill;
pub mod letter;
pub mod patience;
mod program;
mod serving;
pub mod sinks;

pub use browser::Browser;
pub use program::{Outcome, Program};
pub use serving::{Reply, Serving};

/// The interpreter with `tests/external/requirements.txt` installed, as `HANQITONG_PYTHON` names it.
pub fn python() -> Option<std::ffi::OsString> {
    std::env::var_os("HANQITONG_PYTHON")
}

/// Whether `HANQITONG_REQUIRE_{what}` says that a missing program is a failure and not a skip.
pub fn is_required(what: &str) -> bool {
    std::env::var_os(format!("HANQITONG_REQUIRE_{what}")).is_some_and(|value| value == "1")
}
