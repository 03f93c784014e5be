//! Interleaved rounds and their medians: what slows the machine for a while slows every contender alike.

use std::time::{Duration, Instant};

/// Runs every contender once per round, in turn, and returns the times of each in ascending order.
pub fn interleaved<const N: usize>(rounds: usize, contenders: [&mut dyn FnMut(); N]) -> [Vec<Duration>; N] {
    let mut contest = Contest::default();
    for contender in contenders {
        contest.enter(String::new(), contender);
    }
    let mut lines = contest.run(rounds).into_iter();
    std::array::from_fn(|_| lines.next().map(|line| line.times).unwrap_or_default())
}

/// Contenders in the order in which they take turns.
#[derive(Default)]
pub struct Contest<'a>(Vec<(String, Box<dyn FnMut() + 'a>)>);

impl std::fmt::Debug for Contest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// The times of one contender.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    /// In ascending order.
    pub times: Vec<Duration>,
    /// In the order of the rounds.
    pub rounds: Vec<Duration>,
}

impl<'a> Contest<'a> {
    pub fn enter(&mut self, name: impl Into<String>, contender: impl FnMut() + 'a) {
        self.0.push((name.into(), Box::new(contender)));
    }

    pub fn run(mut self, rounds: usize) -> Vec<Line> {
        let mut times = vec![Vec::new(); self.0.len()];
        for _ in 0..rounds {
            for ((_, contender), times) in self.0.iter_mut().zip(&mut times) {
                let started = Instant::now();
                contender();
                times.push(started.elapsed());
            }
        }
        let named = self.0.into_iter().map(|(name, _)| name).zip(times);
        named
            .map(|(name, rounds)| {
                let mut times = rounds.clone();
                times.sort_unstable();
                Line { name, times, rounds }
            })
            .collect()
    }
}

impl Line {
    /// Seconds: the middle one, the fastest and the slowest.
    pub fn seconds(&self) -> [f64; 3] {
        let at = |place: usize| self.times.get(place).copied().unwrap_or_default().as_secs_f64();
        [median(&self.times).as_secs_f64(), at(0), at(self.times.len().saturating_sub(1))]
    }

    /// How many times as long as another, round by round: the middle one, the least and the most.
    pub fn against(&self, other: &Self) -> [f64; 3] {
        let rounds = self.rounds.iter().zip(&other.rounds);
        let mut ratios: Vec<f64> =
            rounds.map(|(mine, other)| mine.as_secs_f64() / other.as_secs_f64().max(1e-9)).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        let at = |place: usize| ratios.get(place).copied().unwrap_or(f64::NAN);
        [at(ratios.len() / 2), at(0), at(ratios.len().saturating_sub(1))]
    }
}

/// The middle one of times in ascending order.
pub fn median(times: &[Duration]) -> Duration {
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contenders_take_turns_and_the_median_is_the_middle() {
        let order = std::cell::RefCell::new(String::new());
        let (mut a, mut b) = (|| order.borrow_mut().push('a'), || order.borrow_mut().push('b'));
        let times = interleaved(3, [&mut a, &mut b]);
        assert_eq!((order.borrow().as_str(), times[0].len(), times[1].len()), ("ababab", 3, 3));
        assert!(times[0].is_sorted());
        assert_eq!(median(&[1, 2, 9].map(Duration::from_secs)), Duration::from_secs(2));
    }

    #[test]
    fn a_ratio_compares_within_the_round() {
        let line = |seconds: [u64; 3]| {
            let rounds: Vec<Duration> = seconds.into_iter().map(Duration::from_secs).collect();
            Line { name: String::new(), times: rounds.clone(), rounds }
        };
        let hundredths = line([2, 40, 9]).against(&line([1, 10, 3])).map(|ratio| format!("{ratio:.2}"));
        assert_eq!(hundredths, ["3.00", "2.00", "4.00"]);
    }
}
