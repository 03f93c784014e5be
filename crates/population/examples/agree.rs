//! Are the verdicts of columns those of the scalar evaluator? `cargo run --release -p population --example agree -- 100000`
//! compares at least so many random pairs under several days, then every seed and every notice, on every instruction
//! set of this processor. The first pair that differs ends it.

#![expect(clippy::unwrap_used, reason = "a comparison that cannot be made has failed")]

#[path = "../tests/common/agree.rs"]
mod agree;
#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::io::Write as _;

use agree::{agree, notices, seeds};
use common::{conditions_of, context, profiles};
use population::{Count, Isa};
use rules::Context;

const DAYS: [&str; 5] = ["2026-11-23", "2026-01-01", "2025-06-30", "2024-02-29", "2027-12-31"];
/// Conditions and profiles of one round.
const ROUND: (usize, u64) = (250, 100);

fn main() {
    let wanted: u64 = std::env::args().nth(1).map_or(100_000, |argument| argument.parse().unwrap());
    let mut out = std::io::stdout().lock();
    let paths: Vec<&str> = Isa::supported().iter().map(|isa| isa.name()).collect();
    let parameters = BTreeMap::from([("城镇调查失业率控制目标".to_owned(), "5%".to_owned())]);
    let (mut pairs, mut total) = (0, Count::default());
    for round in 0_u64.. {
        if pairs >= wanted {
            break;
        }
        let as_of = DAYS[usize::try_from(round).unwrap() % DAYS.len()].parse().unwrap();
        let context = Context { as_of, parameters: &parameters, ..context() };
        let found = agree(&conditions_of(round, ROUND.0), &profiles(1_000 + round, ROUND.1), &context);
        (total.met, total.open) = (total.met + found.met, total.open + found.open);
        pairs += ROUND.0 as u64 * ROUND.1;
    }
    writeln!(out, "{pairs} random pairs agree on {paths:?}: {} met, {} open", total.met, total.open).unwrap();

    let seeds = seeds();
    let firms: Vec<_> = domain::synthetic::enterprises(7, 400, context().as_of).collect();
    let found = agree(&seeds, &firms, &context());
    let pairs = seeds.len() * firms.len();
    writeln!(out, "{pairs} pairs of {} seed conditions agree: {} met, {} open", seeds.len(), found.met, found.open)
        .unwrap();

    let notices = notices();
    let cores: Vec<_> = notices.iter().map(|notice| notice.core.clone()).collect();
    let mut pairs = 0;
    for ((as_of, parameters), firms) in notices.iter().flat_map(|notice| &notice.firms) {
        agree(&cores, firms, &Context { as_of: *as_of, parameters, ..context() });
        pairs += cores.len() * firms.len();
    }
    writeln!(out, "{pairs} pairs of {} notices agree", notices.len()).unwrap();
}
