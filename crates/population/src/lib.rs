//! Every condition over every enterprise at once.

mod choice;
mod circuit;
mod coding;
mod column;
mod gates;
mod kernel;
mod lanes;
mod leaf;
mod plan;
mod plane;
mod population;
mod run;
mod sink;
mod terms;

pub use coding::Coding;
pub use kernel::Isa;
pub use leaf::Leaf;
pub use plan::Plan;
pub use plane::{Plane, Verdicts};
pub use population::{BLOCK, Population};
pub use run::{Sink, run};
pub use sink::{Count, Counts, Listing};
