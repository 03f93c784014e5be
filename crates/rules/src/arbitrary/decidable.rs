//! Judging the judge: what is Met or NotMet on partial knowledge must stay so however the gaps are filled, and what is
//! Unknown should differ among the ways to fill them. The second is measured, not promised.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::world::{Case, today};
use super::writer::Family;
use crate::context::Context;
use crate::core::{Core, decide};
use crate::lower::{lower, lower_plainly};
use crate::reference::Reference;
use crate::text::print;
use crate::verdict::Verdict;

/// How often conditions of one family were open, and how often needlessly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub cases: usize,
    /// With every leaf judged for itself.
    pub leaf_by_leaf: Open,
    /// As conditions are lowered.
    pub lowered: Open,
}

/// Open answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    pub unknown: usize,
    /// Unknown, though every way to fill the gaps gives the same answer.
    pub decidable: usize,
}

/// The tallies of all families.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report(BTreeMap<Family, Tally>);

/// A verdict that some way to fill the gaps contradicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsound(pub String);

/// Tries every completion of random cases, one for each seed.
pub fn measure(seeds: std::ops::Range<u64>) -> Result<Report, Unsound> {
    let mut report = Report::default();
    for seed in seeds {
        let case = Case::new(seed);
        let reference = Reference::builtin();
        let (core, plain) = (lower(&case.condition, reference), lower_plainly(&case.condition, reference));
        let [verdict, leaf_by_leaf] = [&core, &plain].map(|core| judged(core, &case.known));
        let possible = possible(&core, &case);
        let is_kept = leaf_by_leaf == Verdict::Unknown || leaf_by_leaf == verdict;
        if !is_kept || verdict != Verdict::Unknown && possible != BTreeSet::from([rank(verdict)]) {
            let text = print(&case.condition, reference);
            let known = case.known.to_json(reference);
            return Err(Unsound(format!("seed {seed} says {verdict:?}, was {leaf_by_leaf:?}\n{text}\n{known:#}")));
        }
        let is_decidable = possible.len() == 1 && !possible.contains(&rank(Verdict::Unknown));
        let tally = report.0.entry(case.family).or_default();
        tally.cases += 1;
        tally.lowered.count(verdict, is_decidable);
        tally.leaf_by_leaf.count(leaf_by_leaf, is_decidable);
    }
    Ok(report)
}

fn judged(core: &Core, profile: &crate::Profile) -> Verdict {
    let none = BTreeMap::new();
    decide(core, profile, &Context { reference: Reference::builtin(), as_of: today(), parameters: &none })
}

/// Every answer the completions give; no more are tried once two differ.
fn possible(core: &Core, case: &Case) -> BTreeSet<u8> {
    let mut answers = BTreeSet::new();
    for completion in case.completions() {
        answers.insert(rank(judged(core, &completion)));
        if answers.len() > 1 {
            break;
        }
    }
    answers
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NotMet => 0,
        Verdict::Unknown => 1,
        Verdict::Met => 2,
    }
}

impl Report {
    /// All families together.
    pub fn total(&self) -> Tally {
        self.0.values().fold(Tally::default(), |all, one| Tally {
            cases: all.cases + one.cases,
            leaf_by_leaf: all.leaf_by_leaf.and(one.leaf_by_leaf),
            lowered: all.lowered.and(one.lowered),
        })
    }
}

impl Open {
    fn count(&mut self, verdict: Verdict, is_decidable: bool) {
        self.unknown += usize::from(verdict == Verdict::Unknown);
        self.decidable += usize::from(verdict == Verdict::Unknown && is_decidable);
    }

    fn and(self, other: Self) -> Self {
        Self { unknown: self.unknown + other.unknown, decidable: self.decidable + other.decidable }
    }

    /// Of ten thousand unknown answers, how many need not be.
    pub fn per_myriad(self) -> usize {
        self.decidable * 10_000 / self.unknown.max(1)
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = self.per_myriad();
        write!(f, "{:>9} {:>9} {:>3}.{:02} %", self.unknown, self.decidable, share / 100, share % 100)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:22} {:>9} {:>28} {:>28}", "", "", "leaf by leaf", "as lowered")?;
        let columns = format!("{:>9} {:>9} {:>8}", "unknown", "needless", "share");
        writeln!(f, "{:22} {:>9} {columns} {columns}", "", "cases")?;
        let all = [("together".to_owned(), self.total())];
        for (name, tally) in self.0.iter().map(|(family, tally)| (family.to_string(), *tally)).chain(all) {
            let Tally { cases, leaf_by_leaf, lowered } = tally;
            writeln!(f, "{name:22} {cases:>9} {leaf_by_leaf} {lowered}")?;
        }
        Ok(())
    }
}
