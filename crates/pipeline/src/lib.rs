//! The five steps, and the clock that starts them. Open the files in this order and you have read the product.
//!
//! | step | file | |
//! |---|---|---|
//! | 1 | `ingest` | files and seeds → library and enterprises |
//! | 2 | `index` | the full-text index follows the library |
//! | 3 | `matching` | every enterprise against every item; `listing` says whom to call about one, `proving` compares once a week |
//! | 4 | `planning` | what each recipient hears in a slot, rendered, in the outbox |
//! | 5 | `dispatch` | what is due leaves the house |
//!
//! `scheduler` starts them; `context` is what they share; `demo` adds made-up calls to a real library.

pub mod context;
pub mod demo;
pub mod dispatch;
pub mod error;
pub mod index;
pub mod ingest;
pub mod listing;
pub mod matching;
pub mod planning;
pub mod proving;
pub mod scheduler;

pub use context::{Context, Crons, Settings};
pub use error::Error;
