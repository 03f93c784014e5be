//! What each reply at each step means. Pure: one function, one table.

use std::fmt;

use domain::Outcome;

use crate::outcome::{brief, dead, failed, retry};

/// The steps of a session, as far as their failures differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Name, TCP, greeting, EHLO.
    Connect,
    Tls,
    Login,
    Mail,
    Rcpt,
    Data,
    /// The message, its dot and the reply.
    Message,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Tls => "securing the connection",
            Self::Login => "logging in",
            Self::Mail => "naming the sender",
            Self::Rcpt => "naming the recipient",
            Self::Data => "announcing the message",
            Self::Message => "sending the message",
        })
    }
}

/// What came instead of what the step needs; at [`Phase::Message`] also what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A complete reply: code and text.
    Reply(u16, String),
    /// The connection broke or made no sense.
    Lost(String),
    /// Nothing came in time.
    Silent,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reply(code, text) => write!(f, "{code} {text}"),
            Self::Lost(cause) => write!(f, "the connection was lost: {cause}"),
            Self::Silent => f.write_str("no reply in time"),
        }
    }
}

/// The one refusal of a sender that is about the message.
const TOO_LARGE: u16 = 552;

/// | at | 250 | 4xx | 5xx | lost or silent | anything else |
/// |---|---|---|---|---|---|
/// | connecting, TLS, login | – | retry | retry | retry | retry |
/// | sender | – | retry | retry; failed if the message is too large | retry | retry |
/// | recipient | – | retry | failed, suppressed if the address is dead | retry | retry |
/// | DATA | – | retry | failed, suppressed if the address is dead | retry | retry |
/// | after the dot | **sent** | retry | failed, suppressed if the address is dead | **in doubt** | **in doubt** |
///
/// What the relay holds against *us* (the first two rows, and 530 anywhere) is no fault of the recipient and goes
/// away when the configuration is repaired, so it is never `Failed`; see [`needs_a_person`].
pub(crate) fn classify(phase: Phase, answer: &Answer) -> Outcome {
    let words = brief(&format!("{phase}: {answer}"));
    match (phase, answer) {
        (Phase::Message, Answer::Reply(250, text)) => Outcome::Sent { receipt: brief(&format!("250 {text}")) },
        (Phase::Message, Answer::Lost(_) | Answer::Silent) => Outcome::InDoubt { cause: words },
        (Phase::Connect | Phase::Tls | Phase::Login, _) | (_, Answer::Reply(530, _)) => retry(&words),
        (Phase::Rcpt | Phase::Data | Phase::Message, Answer::Reply(500..=599, text)) if is_dead_address(text) => {
            dead(&words)
        }
        (Phase::Rcpt | Phase::Data | Phase::Message, Answer::Reply(500..=599, _))
        | (Phase::Mail, Answer::Reply(TOO_LARGE, _)) => failed(&words),
        (Phase::Message, Answer::Reply(code, _)) if !(400..=499).contains(code) => Outcome::InDoubt { cause: words },
        _ => retry(&words),
    }
}

/// Whether nothing will get better until somebody repairs the configuration.
pub(crate) fn needs_a_person(phase: Phase, answer: &Answer) -> bool {
    match (phase, answer) {
        (Phase::Mail, Answer::Reply(TOO_LARGE, _)) => false,
        (Phase::Tls, Answer::Lost(_))
        | (_, Answer::Reply(530, _))
        | (Phase::Connect | Phase::Tls | Phase::Login | Phase::Mail, Answer::Reply(500..=599, _)) => true,
        _ => false,
    }
}

/// Whether the enhanced code (RFC 3463) says that the mailbox or its domain does not exist, has moved or takes no
/// mail. A bare 550 says nothing of the kind: large providers use it for limits and content as well.
fn is_dead_address(text: &str) -> bool {
    let enhanced = text.split_whitespace().next().unwrap_or_default();
    matches!(enhanced, "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: [Phase; 6] = [Phase::Connect, Phase::Tls, Phase::Login, Phase::Mail, Phase::Rcpt, Phase::Data];

    fn reply(line: &str) -> Answer {
        let (code, text) = line.split_once(' ').unwrap();
        Answer::Reply(code.parse().unwrap(), text.into())
    }

    fn kind(phase: Phase, answer: &Answer) -> &'static str {
        match classify(phase, answer) {
            Outcome::Sent { .. } => "sent",
            Outcome::Retry { .. } => "retry",
            Outcome::Failed { suppress_channel: true, .. } => "dead",
            Outcome::Failed { .. } => "failed",
            Outcome::InDoubt { .. } => "in doubt",
        }
    }

    #[test]
    fn every_reply_at_every_step_means_what_the_table_says() {
        let check = |phase, line: &str, expected| assert_eq!(kind(phase, &reply(line)), expected, "{phase:?} {line}");
        check(Phase::Message, "250 2.0.0 Ok: queued as 4F1", "sent");
        check(Phase::Message, "451 4.3.0 not stored", "retry");
        check(Phase::Message, "421 4.3.2 closing", "retry");
        check(Phase::Message, "554 5.7.1 spam", "failed");
        check(Phase::Message, "550 5.1.1 unknown", "dead");
        for odd in ["251 ok", "220 ok", "354 go on", "600 what", "150 what"] {
            check(Phase::Message, odd, "in doubt");
        }
        for phase in [Phase::Connect, Phase::Tls, Phase::Login] {
            for line in ["421 busy", "454 no tls now", "535 5.7.8 wrong", "554 no service", "530 5.7.0 tls first"] {
                check(phase, line, "retry");
            }
        }
        check(Phase::Mail, "451 later", "retry");
        check(Phase::Mail, "553 5.1.8 sender refused", "retry");
        check(Phase::Mail, "530 5.7.0 log in", "retry");
        check(Phase::Mail, "552 5.3.4 too large", "failed");
        check(Phase::Rcpt, "450 4.2.0 greylisted", "retry");
        check(Phase::Rcpt, "452 4.2.2 full", "retry");
        check(Phase::Rcpt, "530 5.7.0 log in", "retry");
        check(Phase::Rcpt, "550 5.1.1 no such user", "dead");
        check(Phase::Rcpt, "550 5.1.10 null mx", "dead");
        check(Phase::Rcpt, "550 5.2.1 disabled", "dead");
        check(Phase::Rcpt, "550 5.7.1 policy", "failed");
        check(Phase::Rcpt, "550 Mail content denied", "failed");
        check(Phase::Rcpt, "551 5.1.6 moved", "dead");
        check(Phase::Rcpt, "250 unexpected", "retry");
        check(Phase::Data, "451 later", "retry");
        check(Phase::Data, "554 5.5.1 no valid recipients", "failed");
        check(Phase::Data, "250 not 354", "retry");
    }

    #[test]
    fn a_lost_connection_is_in_doubt_only_after_the_message_left() {
        for answer in [Answer::Lost("reset".into()), Answer::Silent] {
            assert_eq!(kind(Phase::Message, &answer), "in doubt");
            for phase in BEFORE {
                assert_eq!(kind(phase, &answer), "retry", "{phase:?}");
            }
        }
    }

    #[test]
    fn only_what_the_configuration_causes_calls_for_a_person() {
        let check = |phase, line: &str, expected| assert_eq!(needs_a_person(phase, &reply(line)), expected, "{line}");
        check(Phase::Login, "535 5.7.8 wrong", true);
        check(Phase::Mail, "553 5.1.8 sender refused", true);
        check(Phase::Rcpt, "530 5.7.0 log in", true);
        check(Phase::Connect, "421 busy", false);
        check(Phase::Rcpt, "550 5.1.1 no such user", false);
        check(Phase::Mail, "552 5.3.4 too large", false);
        assert!(needs_a_person(Phase::Tls, &Answer::Lost("invalid certificate".into())));
        assert!(!needs_a_person(Phase::Connect, &Answer::Lost("refused".into())));
    }
}
