//! Made-up enterprises (and, for measurements, items) for demo and tests: skewed like a real city, and marked as made up.
//!
//! Everything follows from a seed, a number and a day. Each enterprise draws from a stream of its own, so the first
//! hundred of ten thousand are the same as a hundred asked for alone. Integers only: the same on every machine.
//!
//! Names begin with 演示 and codes carry the registrar area 420199, which does not exist.

mod contacts;
mod deeds;
mod facts;
mod firm;
pub mod items;
mod lists;
mod market;
mod sheet;
mod stream;
mod summary;

use chrono::NaiveDate;
use rules::Profile;

pub use contacts::{SyntheticContact, contact};
pub use stream::Stream;
pub use summary::{ListCount, Missing, Summary};

/// The first `count` made-up enterprises, with figures of the three calendar years closed before `as_of`.
pub fn enterprises(seed: u64, count: u32, as_of: NaiveDate) -> impl Iterator<Item = Profile> {
    (0..count).map(move |index| enterprise(seed, index, as_of))
}

/// The made-up enterprise with this number.
pub fn enterprise(seed: u64, index: u32, as_of: NaiveDate) -> Profile {
    let mut stream = stream::Stream::new(seed, index.into());
    let firm = firm::Firm::found(index, as_of, &mut stream);
    let mut sheet = sheet::Sheet::new(&firm, &mut stream);
    facts::fill(&firm, &mut sheet);
    lists::fill(&firm, &mut sheet);
    facts::income_tax(&firm, &mut sheet);
    deeds::fill(&firm, &mut sheet);
    sheet.finish()
}

#[cfg(test)]
mod tests;
