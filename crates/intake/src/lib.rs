//! Outside bytes become text and rows here, behind one gate, and nowhere else.
//!
//! ```text
//! path ──survey──▶ format, encoding, sha-256        one pass, constant memory, nothing parsed
//!      ──Source──▶ Line::Row | Line::Reject …       a stream; a bad line is an item, not the end
//! ```
//!
//! | what arrives | who reads it | what bounds it |
//! |---|---|---|
//! | CSV, JSON lines | this process | [`Gate`]: bytes in the file, bytes in one line, in one record |
//! | XLSX | a limited child process ([`sheet::run_child`]) | `zip` walk with counted bytes, then address space, CPU and wall clock |
//!
//! What a person gets back: [`reject`] writes the lines that were not taken as a CSV that Excel opens in Chinese,
//! [`template`] makes the form to fill in.

mod decode;
pub mod error;
pub mod gate;
mod guard;
mod json;
mod list;
pub mod reject;
pub mod sheet;
pub mod source;
pub mod survey;
mod table;
pub mod template;
mod walk;
pub mod write;

pub use error::IntakeError;
pub use gate::Gate;
pub use list::{ListColumn, ListFile};
pub use reject::{Reject, RejectFile};
pub use sheet::Isolation;
pub use source::{Content, Line, Row, Source};
pub use survey::{Format, Survey, survey};
pub use template::{Column, Template};
pub use write::{BYTE_ORDER_MARK, csv_text};
