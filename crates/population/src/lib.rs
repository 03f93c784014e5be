//! Every condition over every enterprise at once.
//!
//! ```text
//! profiles ─pack─▶ Population     all that conditions can read, a few hundred bytes an enterprise
//! conditions ────▶ Plan           rulers (subject, cuts), registers (fact, memberships), circuit of gates
//!                    │ derive     leaves read span by span, terms reckoned exactly, then ranked among the cuts in use
//!                    ▼
//!                  Coding ─run─▶ planes of 4,096 rows ─gates─▶ verdicts ─▶ Sink
//! ```
//!
//! A population answers any plan of its reference data, on any day and with any parameters: columns are made for a span
//! of rows and dropped, only ranks, classes and bits are kept. So a draft with leaves nobody asked for needs nothing
//! loaded, and every day or set of parameters is a plan of its own over the same rows.
//!
//! Pure: no disk, no clock, no async; threads are scoped to one call. The verdicts are those of [`rules::decide`], pair
//! by pair; a value outside 64 bits is reckoned with big fractions, never wrong.
//!
//! Read in this order: [`Population`] and `archive` (the packed form), `leaf` (what is read), `reading` (columns of a
//! span), `lanes` and `terms` (values), [`Plan`] (what is asked), [`Coding`] (ranks and classes), `gates` and `kernel`
//! (bits), [`Sink`] (what becomes of the verdicts).

mod archive;
mod choice;
mod circuit;
mod coding;
mod column;
pub mod draft;
mod gates;
mod kernel;
mod lanes;
mod leaf;
#[cfg(feature = "measure")]
pub mod measure;
mod plan;
mod plane;
mod population;
mod reading;
mod refused;
mod run;
mod sink;
mod snapshot;
mod terms;

pub use archive::{Held, Unusable};
pub use coding::Coding;
pub use kernel::Isa;
pub use plan::{Plan, Report};
pub use plane::{Plane, Verdicts};
pub use population::{BLOCK, Population};
pub use refused::Refused;
pub use run::{Sink, run, run_around, run_items};
pub use sink::{Answered, Breakdown, Count, Counts, Groups, Listing, Row};
pub use snapshot::{Change, Changes, Renewals, Snapshot, Snapshots, Spare, Stamp, Unreadable};
