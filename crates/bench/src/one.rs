//! One profile against a whole library: condition by condition, as one shared program, and with every reason.

use std::collections::BTreeMap;
use std::fmt;
use std::hint::black_box;
use std::time::Duration;

use chrono::NaiveDate;
use rules::program::{Evaluator, Scratch, Statistics};
use rules::{Condition, Context, Core, Profile, Program, Reference, Verdict};

use crate::order::One as Order;
use bench::library::Library;
use bench::rounds::{interleaved, median};

/// How many explanations one round makes; each costs as much as many verdicts.
const EXPLAINED: usize = 500;

/// What was measured, on what.
pub(crate) struct Report {
    order: Order,
    leaves: BTreeMap<&'static str, usize>,
    derived: usize,
    statistics: Statistics,
    verdicts: [usize; 3],
    explained: usize,
    scalar: Vec<Duration>,
    shared: Vec<Duration>,
    explaining: Vec<Duration>,
}

/// A profile and condition on which the two ways differ.
#[derive(Debug)]
pub(crate) struct Disagreement(String);

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the shared program disagrees, nothing is measured: {}", self.0)
    }
}

pub(crate) fn measure(order: Order) -> Result<Report, Disagreement> {
    let reference = Reference::builtin();
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
    let none = BTreeMap::new();
    let context = Context { reference, as_of: day, parameters: &none };
    let library = Library::made_up(order.seed, order.conditions, reference);
    let cores: Vec<Core> = library.conditions.iter().map(|condition| rules::lower(condition, reference)).collect();
    let evaluator = Evaluator::new(Program::of(&cores), reference);
    let profiles: Vec<Profile> = domain::synthetic::enterprises(order.seed, order.profiles, day).collect();
    let verdicts = agreed(&library.conditions, &cores, &evaluator, &profiles, &context)?;

    let explained = EXPLAINED.min(library.conditions.len());
    let (mut scratch, mut answers) = (Scratch::default(), Vec::new());
    let [scalar, shared, explaining] = interleaved(
        order.rounds,
        [
            &mut || {
                for profile in &profiles {
                    for core in &cores {
                        black_box(rules::decide(core, profile, &context));
                    }
                }
            },
            &mut || {
                for profile in &profiles {
                    evaluator.decide(profile, &context, &mut scratch, &mut answers);
                    black_box(&answers);
                }
            },
            &mut || {
                for (condition, profile) in library.conditions.iter().take(explained).zip(profiles.iter().cycle()) {
                    black_box(rules::explain(condition, profile, &context, &none));
                }
            },
        ],
    );
    let statistics = evaluator.program().statistics();
    let Library { leaves, derived, .. } = library;
    Ok(Report { order, leaves, derived, statistics, verdicts, explained, scalar, shared, explaining })
}

/// How often each verdict was given, once both ways have given the same on every profile and condition.
fn agreed(
    conditions: &[Condition],
    cores: &[Core],
    evaluator: &Evaluator,
    profiles: &[Profile],
    context: &Context<'_>,
) -> Result<[usize; 3], Disagreement> {
    let (mut scratch, mut verdicts) = (Scratch::default(), Vec::new());
    let mut counts = [0; 3];
    for profile in profiles {
        evaluator.decide(profile, context, &mut scratch, &mut verdicts);
        for ((core, condition), verdict) in cores.iter().zip(conditions).zip(&verdicts) {
            let scalar = rules::decide(core, profile, context);
            if scalar != *verdict {
                let text = rules::text::print(condition, context.reference);
                return Err(Disagreement(format!("{scalar:?} ≠ {verdict:?} of {} for\n{text}", profile.name)));
            }
            counts[match scalar {
                Verdict::Met => 0,
                Verdict::Unknown => 1,
                Verdict::NotMet => 2,
            }] += 1;
        }
    }
    Ok(counts)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Order { conditions, profiles, rounds, seed } = self.order;
        let leaves: usize = self.leaves.values().sum();
        writeln!(
            f,
            "seed {seed}, {conditions} conditions, {profiles} made-up profiles, {rounds} rounds, one thread\n"
        )?;
        for (name, count) in &self.leaves {
            writeln!(f, "  {name:18} {count:7} leaves {:>3} %", count * 100 / leaves.max(1))?;
        }
        writeln!(f, "  {:18} {:7} of {leaves}, {} %", "worked out", self.derived, self.derived * 100 / leaves.max(1))?;
        let [met, unknown, not_met] = self.verdicts;
        writeln!(f, "\n{}", self.statistics)?;
        writeln!(f, "equal on every verdict: {met} met, {unknown} unknown, {not_met} not met\n")?;
        let profiles = u128::from(profiles);
        writeln!(f, "median of {rounds} (fastest – slowest), µs per profile against all conditions")?;
        for (name, times) in [("scalar loop", &self.scalar), ("shared program", &self.shared)] {
            let micros = |time: Duration| time.as_micros() / profiles.max(1);
            let (low, high) = (times.first().copied().unwrap_or_default(), times.last().copied().unwrap_or_default());
            writeln!(f, "  {name:18} {:7} ({} – {})", micros(median(times)), micros(low), micros(high))?;
        }
        let (scalar, shared) = (median(&self.scalar).as_nanos(), median(&self.shared).as_nanos().max(1));
        let tenths = scalar * 10 / shared;
        writeln!(f, "  {:18} {}.{} times faster", "shared program", tenths / 10, tenths % 10)?;
        let explained = u128::try_from(self.explained).unwrap_or(1).max(1);
        let each = median(&self.explaining).as_nanos() / explained;
        writeln!(f, "  {:18} {}.{:03} µs each", "one explanation", each / 1000, each % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_agree_on_a_small_library_and_the_report_says_so() {
        let order = Order { conditions: 400, profiles: 3, rounds: 5, seed: 3 };
        let report = measure(order).unwrap();
        assert_eq!(report.verdicts.iter().sum::<usize>(), 1_200);
        assert!(report.verdicts.iter().all(|count| *count > 0), "{:?}", report.verdicts);
        assert_eq!((report.scalar.len(), report.shared.len(), report.explaining.len()), (5, 5, 5));
        let text = report.to_string();
        assert!(text.contains("equal on every verdict") && text.contains("400 conditions"), "{text}");
    }
}
