//! Interleaved rounds and their medians: what slows the machine for a while slows every contender alike.

use std::time::{Duration, Instant};

/// Runs every contender once per round, in turn, and returns the times of each in ascending order.
pub(crate) fn interleaved<const N: usize>(rounds: usize, mut contenders: [&mut dyn FnMut(); N]) -> [Vec<Duration>; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            let started = Instant::now();
            contender();
            times.push(started.elapsed());
        }
    }
    for times in &mut times {
        times.sort_unstable();
    }
    times
}

/// The middle one of times in ascending order.
pub(crate) fn median(times: &[Duration]) -> Duration {
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
}
