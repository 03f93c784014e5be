//! The steps that carry a policy from a file to a mailbox. Each is callable on its own.
//!
//! | step | what it does |
//! |---|---|
//! | [`ingest`] | files and seeds → library and enterprises |

pub mod error;
pub mod ingest;

pub use error::Error;
