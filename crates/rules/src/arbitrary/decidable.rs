//! Judging the judge: what is Met or NotMet on partial knowledge must stay so however the gaps are filled, and what is
//! Unknown should differ among the ways to fill them. The second is measured, not promised.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::world::{Case, today};
use super::writer::Family;
use crate::context::Context;
use crate::core::{Core, decide};
use crate::lower::lower;
use crate::reference::Reference;
use crate::text::print;
use crate::verdict::Verdict;

/// How often conditions of one family were open, and how often needlessly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub cases: usize,
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

/// Tries every completion of so many random cases.
pub fn measure(seeds: std::ops::Range<u64>) -> Result<Report, Unsound> {
    let mut report = Report::default();
    for seed in seeds {
        let case = Case::new(seed);
        let core = lower(&case.condition, Reference::builtin());
        let verdict = judged(&core, &case.known);
        let possible = possible(&core, &case);
        if verdict != Verdict::Unknown && possible != BTreeSet::from([rank(verdict)]) {
            let text = print(&case.condition, Reference::builtin());
            return Err(Unsound(format!(
                "seed {seed} says {verdict:?}\n{text}\n{:#?}",
                case.known.to_json(Reference::builtin())
            )));
        }
        let tally = report.0.entry(case.family).or_default();
        tally.cases += 1;
        if verdict == Verdict::Unknown {
            tally.unknown += 1;
            tally.decidable += usize::from(possible.len() == 1 && !possible.contains(&rank(Verdict::Unknown)));
        }
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
            unknown: all.unknown + one.unknown,
            decidable: all.decidable + one.decidable,
        })
    }
}

impl Tally {
    /// Of ten thousand unknown answers, how many need not be.
    pub fn per_myriad(self) -> usize {
        self.decidable * 10_000 / self.unknown.max(1)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:22} {:>9} {:>9} {:>9} {:>8}", "", "cases", "unknown", "decidable", "share")?;
        let all = [("together".to_owned(), self.total())];
        for (name, tally) in self.0.iter().map(|(family, tally)| (family.to_string(), *tally)).chain(all) {
            let Tally { cases, unknown, decidable } = tally;
            let (whole, rest) = (tally.per_myriad() / 100, tally.per_myriad() % 100);
            writeln!(f, "{name:22} {cases:>9} {unknown:>9} {decidable:>9} {whole:>3}.{rest:02} %")?;
        }
        Ok(())
    }
}
