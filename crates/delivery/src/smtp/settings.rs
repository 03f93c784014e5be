//! Where the relay is, how to log in, how long each step may take.

use std::fmt;
use std::time::Duration;

use outbound::Trust;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Clear text: a relay on this host or in a closed network.
    None,
    /// Clear text first, then TLS; without TLS nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// The password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    pub username: String,
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("username", &self.username).finish_non_exhaustive()
    }
}

/// How long each step may take before the session is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Name and TCP.
    pub connect: Duration,
    /// Greeting, TLS, and each command with its reply.
    pub command: Duration,
    /// Each started MiB of the message.
    pub body_per_mib: Duration,
    /// From the final dot to its reply, when the relay may be scanning the message.
    pub dot: Duration,
}

impl Default for Timeouts {
    /// RFC 5321 §4.5.3.2 gives commands five minutes and the final dot ten. The dot keeps its ten: cutting it short
    /// makes mails that were accepted look lost. A command that takes over a minute can be tried again later.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_mins(1),
            body_per_mib: Duration::from_mins(3),
            dot: Duration::from_mins(10),
        }
    }
}

impl Timeouts {
    /// For a message of this many bytes and the reply to its dot.
    pub(crate) fn message(&self, bytes: usize) -> Duration {
        let started = u32::try_from(bytes / (1 << 20) + 1).unwrap_or(u32::MAX);
        self.body_per_mib.saturating_mul(started).saturating_add(self.dot)
    }
}

/// A relay.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Name or address; with TLS the certificate must be for it.
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub login: Option<Login>,
    pub trust: Trust,
    pub timeouts: Timeouts,
    /// Sessions at the same time; more mails wait for one.
    pub sessions: usize,
}

impl SmtpSettings {
    /// A relay without login, the built-in roots, the default timeouts and four sessions.
    pub fn new(host: &str, port: u16, security: Security) -> Self {
        Self {
            host: host.to_owned(),
            port,
            security,
            login: None,
            trust: Trust::builtin(),
            timeouts: Timeouts::default(),
            sessions: 4,
        }
    }
}
