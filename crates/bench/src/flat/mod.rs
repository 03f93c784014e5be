//! A flat city: 41 facts that stand by themselves and rules of 3 to 8 leaves over them, the shape other engines can say
//! too. Skewed, correlated and with gaps; everything follows from a seed and a number.

mod fields;
mod firm;
mod rule;
mod sample;

pub use fields::{FIELDS, Field, Kind, reference};
pub use firm::{Firm, MISSING, Population};
pub use rule::{Leaf, Rule, Test};
pub use sample::{Sample, draw_rules};
