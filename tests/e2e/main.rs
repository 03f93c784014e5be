//! The promises of the product, each kept by the real program as a process. One file per promise.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "the helpers of tests stop them")]

mod bad_input;
mod containers;
mod demo;
mod explain;
mod external;
mod house;
mod kill;
mod operate;
mod pages;
mod publish;
mod walk;

/// The program as it is in this tree.
const EXE: &str = env!("CARGO_BIN_EXE_hanqitong-under-test");

/// The city's day, as the program under test sees it.
fn today() -> chrono::NaiveDate {
    #[expect(clippy::disallowed_methods, reason = "another process has the same clock")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let china = 8 * 3600;
    let seconds = i64::try_from(now.as_secs()).unwrap() + china;
    chrono::DateTime::from_timestamp(seconds, 0).unwrap().date_naive()
}
