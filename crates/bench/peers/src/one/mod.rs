//! `one`: one firm against 10,000 rules, ours beside two general expression engines. Only what all three can say:
//! comparisons, membership and logic over profiles that know everything.

mod contenders;
mod firm;
mod rule;

use std::time::Duration;

use bench::rounds::{interleaved, median};
use contenders::Contenders;
use domain::synthetic::Stream;
use firm::Firm;
use rule::{Facts, Rule};
use rules::Reference;

const RULES: u64 = 10_000;
const FIRMS: u64 = 20;
const ROUNDS: usize = 7;
const SEED: u64 = 20_261_123;

pub(crate) fn measure() -> Result<String, String> {
    let facts = Facts::of(Reference::builtin());
    let rules: Vec<Rule> = (0..RULES).map(|index| Rule::draw(&facts, &mut Stream::new(SEED, index))).collect();
    let firms: Vec<Firm> =
        (0..FIRMS).map(|index| Firm::draw(&facts, &mut Stream::new(SEED ^ 1, index))).collect::<Result<_, _>>()?;
    let contenders = Contenders::of(&rules)?;
    let met = contenders.agreed(&firms)?;
    let times = interleaved(
        ROUNDS,
        [
            &mut || contenders.shared(&firms),
            &mut || contenders.scalar(&firms),
            &mut || contenders.zen(&firms),
            &mut || contenders.cel(&firms),
        ],
    );
    let names = ["rules, shared program", "rules, one by one", "zen-expression 2.1", "cel 0.15"];
    Ok(report(met, &names, &times))
}

/// Medians a firm and ratios to ours: the ratios are what carries over to another machine.
fn report(met: usize, names: &[&str; 4], times: &[Vec<Duration>; 4]) -> String {
    let all = RULES * FIRMS;
    let mut text = format!(
        "seed {SEED}, {RULES} rules, {FIRMS} firms, median of {ROUNDS} interleaved rounds, one thread\n\
         equal on every verdict: {met} of {all} met\n\n{:24}{:>14}{:>12}{:>16}\n",
        "", "µs per firm", "ns per rule", "times the first"
    );
    let first = median(&times[0]).as_secs_f64();
    for (name, times) in names.iter().zip(times) {
        let seconds = median(times).as_secs_f64();
        let (per_firm, per_rule) = (seconds * 1e6 / FIRMS as f64, seconds * 1e9 / all as f64);
        text += &format!("{name:24}{per_firm:>14.0}{per_rule:>12.0}{:>16.1}\n", seconds / first);
    }
    text
}
