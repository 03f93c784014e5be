//! Every condition over every enterprise at once.
//!
//! ```text
//! profiles ─load─▶ Population     one column per leaf: number of a period, code, count of records
//! conditions ────▶ Plan           rulers (subject, cuts), registers (fact, memberships), circuit of gates
//!                    │ derive     terms reckoned exactly, then ranked among the cuts in use
//!                    ▼
//!                  Coding ─run─▶ planes of 4,096 rows ─gates─▶ verdicts ─▶ Sink
//! ```
//!
//! Pure: no disk, no clock, no async; threads are scoped to one call. The verdicts are those of [`rules::decide`], pair
//! by pair; a value outside 64 bits is reckoned with big fractions, never wrong.
//!
//! Read in this order: [`Leaf`] (what is read), [`Population`] (columns), `lanes` and `terms` (values of a span of
//! rows), [`Plan`] (what is asked), [`Coding`] (ranks and classes), `gates` and `kernel` (bits), [`Sink`] (what becomes
//! of the verdicts).

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
pub use sink::{Breakdown, Count, Counts, Groups, Listing, Row};
pub use snapshot::{Change, Changes, Snapshot, Snapshots, Stamp, Unreadable};
