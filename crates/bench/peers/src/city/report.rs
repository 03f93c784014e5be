//! The table of engines: rates, and how many times ours, round by round.

use bench::machine;
use bench::rounds::Line;

use super::Order;

pub(super) const ONE_OURS: &str = "one rule, its firms: population";
pub(super) const ONE_DUCKDB: &str = "one rule, its firms: DuckDB, one scan";

/// A contender and the pairs it answers in a round.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) pairs: usize,
}

pub(super) fn table(order: &Order, entries: &[Entry], lines: &[Line]) -> String {
    let Order { enterprises, items, rounds, seed, .. } = order;
    let mut text = format!(
        "seed {seed}, {enterprises} firms × {items} rules, {rounds} interleaved rounds, {}\n\
         equal on counts and ids of every rule that is timed\n\n| engine | million pairs a second | slower than ours, median (range) |\n|---|---|---|\n",
        machine::processor()
    );
    let (Some(first), Some(ours)) = (entries.first(), lines.first()) else { return text };
    for (entry, line) in entries.iter().zip(lines).filter(|(entry, _)| !entry.name.starts_with("one rule")) {
        let share = first.pairs as f64 / entry.pairs.max(1) as f64;
        let rate = entry.pairs as f64 / line.seconds()[0] / 1e6;
        text += &row(&entry.name, &format!("{rate:.1}"), line.against(ours).map(|ratio| ratio * share));
    }
    let named = |name: &str| lines.iter().find(|line| line.name == name);
    if let (Some(ours), Some(theirs)) = (named(ONE_OURS), named(ONE_DUCKDB)) {
        text += "\n| one rule over all firms, the ids | ms | slower than ours, median (range) |\n|---|---|---|\n";
        for line in [ours, theirs] {
            text += &row(&line.name, &format!("{:.2}", line.seconds()[0] * 1e3), line.against(ours));
        }
    }
    text
}

fn row(name: &str, figure: &str, [middle, least, most]: [f64; 3]) -> String {
    let short = |ratio: f64| if ratio < 100.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") };
    format!("| {name} | {figure} | {} ({} – {}) |\n", short(middle), short(least), short(most))
}
