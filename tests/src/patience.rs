//! Waiting for what another process does: asked again and again until a deadline, never for a fixed time.

use std::time::{Duration, Instant};

/// Between two questions.
const PAUSE: Duration = Duration::from_millis(5);

/// Asks until there is an answer; panics with `what` when the time is over.
pub fn until<T>(what: &str, within: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + within;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {within:?} for {what}");
        pause(PAUSE);
    }
}

/// Lets another process go on for this long.
#[expect(clippy::disallowed_methods, reason = "another process has a clock of its own")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}
