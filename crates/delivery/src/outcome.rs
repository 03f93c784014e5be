//! Short ways to say an outcome.

use domain::Outcome;

/// Characters of the other side's words that are kept with an attempt.
const LONGEST_CAUSE: usize = 300;

pub(crate) fn retry(cause: &str) -> Outcome {
    Outcome::Retry { cause: brief(cause), after_millis: None }
}

pub(crate) fn failed(cause: &str) -> Outcome {
    Outcome::Failed { cause: brief(cause), suppress_channel: false }
}

/// Failed, and the address is dead: nothing more is sent there.
pub(crate) fn dead(cause: &str) -> Outcome {
    Outcome::Failed { cause: brief(cause), suppress_channel: true }
}

/// What a sender answers when `commit` says that the message is no longer his.
pub(crate) fn lease_lost() -> Outcome {
    retry("the lease was lost before the message left")
}

/// One line of bounded length, whatever the other side said.
pub(crate) fn brief(text: &str) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_CAUSE).collect();
    one_line.trim_end().to_owned()
}

/// An error with its causes, outermost first.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
