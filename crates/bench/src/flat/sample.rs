//! A corner of the city that rules are fitted to: bounds at its quantiles, and only rules that some but not many meet.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::synthetic::Stream;
use rules::Verdict;

use super::fields::{FIELDS, Kind};
use super::firm::{Firm, MISSING, Population};
use super::rule::Rule;

/// Firms of a sample, field by field.
#[derive(Clone, Debug)]
pub struct Sample {
    columns: Vec<Vec<i64>>,
    /// The known values of each field in ascending order.
    sorted: Vec<Vec<i64>>,
}

/// A rule is kept if so many in ten thousand of the sample meet it.
const SELECTIVITY: std::ops::RangeInclusive<usize> = 1..=3_000;

impl Sample {
    pub fn of(population: &Population, firms: u64) -> Self {
        let firms: Vec<Firm> = (0..firms).map(|index| population.firm(index)).collect();
        let column = |field: usize| firms.iter().map(|firm| firm.values[field]).collect();
        let columns: Vec<Vec<i64>> = (0..FIELDS.len()).map(column).collect();
        let sorted = columns.iter().map(|column| {
            let mut known: Vec<i64> = column.iter().copied().filter(|value| *value != MISSING).collect();
            known.sort_unstable();
            known
        });
        Self { sorted: sorted.collect(), columns }
    }

    /// A value as often as it occurs.
    pub(super) fn value(&self, stream: &mut Stream, field: usize) -> i64 {
        if self.sorted[field].is_empty() { 0 } else { *stream.pick(&self.sorted[field]) }
    }

    /// A round number between the tenth and the ninetieth hundredth, as notices write them.
    pub(super) fn bound(&self, stream: &mut Stream, field: usize) -> i64 {
        let known = &self.sorted[field];
        let place = usize::try_from(stream.between(100, 900)).unwrap_or_default() * known.len() / 1_000;
        let value = known.get(place).copied().unwrap_or(1);
        match FIELDS[field].kind {
            Kind::Date => value / 182 * 182,
            // Whole yuan.
            Kind::Amount => round(value.max(100_000)),
            _ => round(value.max(1)),
        }
    }

    fn keeps(&self, rule: &Rule) -> bool {
        let firms = self.columns.first().map_or(0, Vec::len);
        let met = (0..firms).filter(|row| rule.verdict(&|field| self.columns[field][*row]) == Verdict::Met).count();
        SELECTIVITY.contains(&(met * 10_000 / firms.max(1)))
    }
}

/// The leading digits notices write: 1, 1.2, 1.5, 2, 3, 4, 5, 6, 8; below 20 every number.
fn round(value: i64) -> i64 {
    let mut step = 1;
    while value / step >= 100 {
        step *= 10;
    }
    let leading = value / step;
    let round = [80, 60, 50, 40, 30, 20].into_iter().find(|round| leading >= *round).unwrap_or(leading);
    let round = if step > 1 && leading < 20 {
        [15, 12, 10].into_iter().find(|round| leading >= *round).unwrap_or(10)
    } else {
        round
    };
    round * step
}

/// The first `count` rules, fitted to a sample of `firms`.
pub fn draw_rules(seed: u64, count: u64, firms: u64, threads: usize) -> Vec<Rule> {
    let sample = &Sample::of(&Population::new(seed), firms);
    let next = &AtomicU64::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return made;
            }
            made.push((index, fitted(seed, index, sample)));
        }
    };
    let mut made: Vec<(u64, Rule)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.flatten().collect()
    });
    made.sort_unstable_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, rule)| rule).collect()
}

fn fitted(seed: u64, index: u64, sample: &Sample) -> Rule {
    let stream = &mut Stream::new(seed ^ 0x5EED, index);
    loop {
        let rule = Rule::draw(stream, sample);
        if sample.keeps(&rule) {
            return rule;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_do_not_depend_on_how_many_are_made_or_by_how_many_threads() {
        let ten = draw_rules(9, 10, 300, 1);
        assert_eq!(ten, draw_rules(9, 25, 300, 2)[..10]);
        assert!(ten.iter().all(|rule| (2..=8).contains(&rule.leaves().len())), "{ten:?}");
    }

    #[test]
    fn bounds_are_such_as_notices_write() {
        assert_eq!([7, 19, 99, 100, 12_345, 987_654].map(round), [7, 19, 80, 100, 12_000, 800_000]);
    }
}
