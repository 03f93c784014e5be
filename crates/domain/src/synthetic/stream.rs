//! One enterprise's stream of random draws, and the few distributions a city needs. Integer arithmetic throughout.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

/// 2^(k/10) in thousandths, for k from 0 to 10.
const POWERS: [i64; 11] = [1000, 1072, 1149, 1231, 1320, 1414, 1516, 1625, 1741, 1866, 2000];

#[derive(Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    pub fn new(seed: u64, index: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(index);
        Self(generator)
    }

    /// Evenly from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).saturating_add(1).max(1).unsigned_abs();
        // The bias of the remainder is below 2⁻³² for every span used here.
        low.saturating_add_unsigned(self.0.next_u64() % span)
    }

    /// True with the given probability in thousandths.
    pub fn chance(&mut self, thousandths: i64) -> bool {
        self.between(0, 999) < thousandths
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let last = i64::try_from(items.len()).unwrap_or(1) - 1;
        let index = usize::try_from(self.between(0, last)).unwrap_or_default();
        &items[index]
    }

    /// One item with a probability in proportion to its weight.
    pub fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> i64) -> &'a T {
        let total: i64 = items.iter().map(&weight).sum();
        let mut left = self.between(1, total);
        items
            .iter()
            .find(|item| {
                left -= weight(item);
                left <= 0
            })
            .unwrap_or(&items[0])
    }

    /// About normal with mean 0 and standard deviation 1000: the sum of the eight bytes of one draw, shifted and scaled.
    pub(super) fn normal(&mut self) -> i64 {
        const MEAN: i64 = 8 * 255 / 2;
        // √(8 · (256² − 1) / 12)
        const DEVIATION: i64 = 209;
        let sum: i64 = self.0.next_u64().to_le_bytes().into_iter().map(i64::from).sum();
        (sum - MEAN) * 1000 / DEVIATION
    }

    /// About log-normal around `median`; `spread` is the standard deviation in doublings, in thousandths.
    pub fn log_normal(&mut self, median: i64, spread: i64) -> i64 {
        scale_by_power_of_two(median, self.normal() * spread / 1000)
    }
}

/// `value · 2^(exponent/1000)`, the fraction interpolated.
fn scale_by_power_of_two(value: i64, exponent: i64) -> i64 {
    let (doublings, fraction) = (exponent.div_euclid(1000), exponent.rem_euclid(1000));
    let tenth = usize::try_from(fraction / 100).unwrap_or_default();
    let factor = POWERS[tenth] + (POWERS[tenth + 1] - POWERS[tenth]) * (fraction % 100) / 100;
    let scaled = value.saturating_mul(factor) / 1000;
    match u32::try_from(doublings) {
        Ok(doublings) => scaled.saturating_mul(1_i64.checked_shl(doublings).unwrap_or(i64::MAX)),
        Err(_) => scaled.checked_shr(u32::try_from(-doublings).unwrap_or(u32::MAX)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_are_scaled_exactly_and_between_them_smoothly() {
        assert_eq!(scale_by_power_of_two(1000, 0), 1000);
        assert_eq!(scale_by_power_of_two(1000, 3000), 8000);
        assert_eq!(scale_by_power_of_two(1000, -2000), 250);
        assert_eq!(scale_by_power_of_two(1000, 500), 1414);
        assert_eq!(scale_by_power_of_two(1000, -500), 707);
    }

    #[test]
    fn draws_keep_to_their_bounds_and_weights() {
        let mut stream = Stream::new(1, 1);
        let draws: Vec<i64> = (0..1000).map(|_| stream.between(-3, 3)).collect();
        assert_eq!((draws.iter().min(), draws.iter().max()), (Some(&-3), Some(&3)));
        let heavy = (0..1000).filter(|_| *stream.weighted(&[1, 9], |weight| *weight) == 9).count();
        assert!((850..950).contains(&heavy), "{heavy}");
        let mean: i64 = (0..1000).map(|_| stream.normal()).sum::<i64>() / 1000;
        assert!(mean.abs() < 150, "{mean}");
    }
}
