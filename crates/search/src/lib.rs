//! The Chinese full-text index over the policy library, and the judge of its relevance.
//!
//! The index is derived: it holds nothing that the database does not, carries the change-feed
//! position it reflects, and may be deleted at any time. Its documents do not depend on the day:
//! windows are stored as timelines and read for the `today` of each query.
//!
//! | question | file |
//! |---|---|
//! | what is indexed | `document`, `timeline` |
//! | how Chinese becomes terms | `analysis/` |
//! | where it lives, how it heals | `index`, `home`, `generation`, `directory` |
//! | what may be asked | `query` |
//! | what a misspelled question means | `reading`, `vocabulary` |
//! | how a question becomes terms and weights | `plan` |
//! | what passes, in which order, counted how | `collector`, `slots`, `facets` |
//! | what a person sees | `results`, `highlight` |
//! | how good it is | `judge` |

mod analysis;
mod collector;
mod directory;
mod document;
mod error;
mod facets;
mod generation;
mod highlight;
mod home;
mod index;
pub mod judge;
mod plan;
mod query;
mod reading;
mod results;
mod schema;
mod slots;
mod timeline;
mod vocabulary;

pub use analysis::{Dictionary, DocumentNumber, fold, spelled};
pub use document::{Area, Document, Entry};
pub use error::Error;
pub use facets::Facets;
pub use highlight::mark;
pub use index::{Index, Opened};
pub use query::{Filters, Query, Sort};
pub use results::{Hit, HitItem, Results, Upper};
pub use timeline::{Status, Timeline};
