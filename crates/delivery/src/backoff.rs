//! When to try again, as data. Pure: jitter is an argument.

/// Delays after the first attempt, in seconds; when they are used up, the push has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    delays: &'static [u32],
}

/// Nobody may ask us to wait longer than this, in milliseconds.
const LONGEST_WAIT: i64 = 24 * 3_600_000;

/// Jitter is only ever added, up to this many thousandths of the delay.
const JITTER_PER_MILLE: i64 = 200;

/// The example schedule of Standard Webhooks 1.0.0, ten attempts over three days:
///
/// | attempt | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
/// |---|---|---|---|---|---|---|---|---|---|---|
/// | after | 0 | 5 s | 5 min | 30 min | 2 h | 5 h | 10 h | 14 h | 20 h | 24 h |
pub const WEBHOOK: Schedule = Schedule { delays: &[5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] };

/// Ten attempts over two and a half days. The first waits outlast greylisting, the sum outlasts a weekend outage of a
/// relay; RFC 5321 §4.5.4.1 asks for four to five days of a *relay*, which is what ours does after it has accepted.
///
/// | attempt | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
/// |---|---|---|---|---|---|---|---|---|---|---|
/// | after | 0 | 1 min | 5 min | 15 min | 1 h | 4 h | 8 h | 12 h | 16 h | 20 h |
pub const MAIL: Schedule = Schedule { delays: &[60, 300, 900, 3_600, 14_400, 28_800, 43_200, 57_600, 72_000] };

impl Schedule {
    /// Milliseconds to wait after attempt number `attempt` (from 1), or `None` when it was the last one.
    ///
    /// `asked` is what the other side asked for; it can lengthen a wait, to a day at most, and never shorten it.
    /// `jitter` is a random number; equal failures of many pushes come back spread over a fifth of the delay.
    pub fn wait_after(self, attempt: i64, asked: Option<i64>, jitter: u32) -> Option<i64> {
        let position = usize::try_from(attempt.checked_sub(1)?).ok()?;
        let delay = i64::from(*self.delays.get(position)?) * 1000;
        let wait = delay.max(asked.unwrap_or(0).clamp(0, LONGEST_WAIT));
        Some(wait + wait * JITTER_PER_MILLE / 1000 * i64::from(jitter % 1000) / 1000)
    }

    /// How often a push is tried at all.
    pub fn attempts(self) -> usize {
        self.delays.len() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(schedule: Schedule) -> Vec<i64> {
        (1..).map_while(|attempt| schedule.wait_after(attempt, None, 0)).map(|millis| millis / 1000).collect()
    }

    #[test]
    fn the_documented_tables_are_the_data() {
        assert_eq!(waits(WEBHOOK), [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
        assert_eq!(waits(MAIL), [60, 300, 900, 3_600, 14_400, 28_800, 43_200, 57_600, 72_000]);
        assert_eq!((WEBHOOK.attempts(), MAIL.attempts()), (10, 10));
    }

    #[test]
    fn the_last_attempt_has_no_next_and_nonsense_has_none_either() {
        for attempt in [i64::MIN, -1, 0, 10, i64::MAX] {
            assert_eq!(WEBHOOK.wait_after(attempt, Some(1), 0), None, "{attempt}");
        }
    }

    #[test]
    fn the_other_side_can_only_lengthen_a_wait_and_only_to_a_day() {
        let asked = |millis| WEBHOOK.wait_after(1, Some(millis), 0);
        assert_eq!(asked(-5), Some(5_000));
        assert_eq!(asked(1_000), Some(5_000));
        assert_eq!(asked(60_000), Some(60_000));
        assert_eq!(asked(i64::MAX), Some(LONGEST_WAIT));
    }

    #[test]
    fn jitter_adds_less_than_a_fifth_and_never_subtracts() {
        for jitter in [0, 1, 500, 999, 1000, u32::MAX] {
            let wait = MAIL.wait_after(1, None, jitter).unwrap();
            assert!((60_000..72_000).contains(&wait), "{jitter}: {wait}");
        }
    }
}
