//! One logged-in connection and its steps, each with its own time limit and its own expected code.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::time::{Instant, timeout};

use super::classify::{Answer, Phase};
use super::settings::{Login, Timeouts};
use super::wire::Wiring;

/// Mails and time after which a session is not used again; relays limit both and answer 421.
const MOST_MAILS: u32 = 100;
const LONGEST_LIFE: Duration = Duration::from_mins(5);

/// Why a step did not succeed, and whether the session survived it.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) phase: Phase,
    pub(super) answer: Answer,
}

impl Stop {
    pub(super) fn new(phase: Phase, answer: Answer) -> Self {
        Self { phase, answer }
    }

    /// A complete reply about this mail: the session is in step and can be reset for the next one.
    pub(super) fn left_in_step(&self) -> bool {
        let about_the_mail = matches!(self.phase, Phase::Mail | Phase::Rcpt | Phase::Data | Phase::Message);
        about_the_mail && matches!(self.answer, Answer::Reply(code @ 400..=599, _) if code != 421)
    }
}

/// Dropping it closes the connection.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    timeouts: Timeouts,
    opened: Instant,
    mails: u32,
    /// A mail was refused half-way and must be forgotten by the relay first.
    must_reset: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("mails", &self.mails).finish_non_exhaustive()
    }
}

impl Session {
    /// Connects, secures, greets and logs in.
    pub(super) async fn open(
        wiring: &Wiring,
        login: Option<&Login>,
        hello: &str,
        timeouts: Timeouts,
    ) -> Result<Self, Stop> {
        let silent = |phase| move |_| Stop::new(phase, Answer::Silent);
        let tcp = timeout(timeouts.connect, wiring.tcp()).await.map_err(silent(Phase::Connect))??;
        let wire = timeout(timeouts.command, wiring.secure(tcp, hello)).await.map_err(silent(Phase::Tls))??;
        let client = ClientId::Domain(hello.to_owned());
        let greeting = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &client);
        let connection = timeout(timeouts.command, greeting)
            .await
            .map_err(silent(Phase::Connect))?
            .map_err(|error| Stop::new(Phase::Connect, answer(&error)))?;
        let mut session = Self { connection, timeouts, opened: Instant::now(), mails: 0, must_reset: false };
        if let Some(login) = login {
            session.log_in(login).await?;
        }
        Ok(session)
    }

    async fn log_in(&mut self, login: &Login) -> Result<(), Stop> {
        let credentials = Credentials::new(login.username.clone(), login.password.clone());
        let exchange = self.connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
        let reply = timeout(self.timeouts.command, exchange).await;
        expect(Phase::Login, reply, &[235])
    }

    /// Names sender and recipient and announces the message. After it only the message itself is left.
    pub(super) async fn announce(&mut self, sender: &Address, to: &Address) -> Result<(), Stop> {
        if self.must_reset {
            self.step(Phase::Connect, Rset, &[250]).await?;
            self.must_reset = false;
        }
        self.step(Phase::Mail, Mail::new(Some(sender.clone()), Vec::new()), &[250]).await?;
        self.step(Phase::Rcpt, Rcpt::new(to.clone(), Vec::new()), &[250, 251]).await?;
        self.step(Phase::Data, Data, &[354]).await
    }

    /// Sends the message and its dot. `Err` is what the reply was, unless it was exactly 250.
    pub(super) async fn message(&mut self, message: &[u8]) -> Result<String, Stop> {
        let limit = self.timeouts.message(message.len());
        let reply = timeout(limit, self.connection.message(message)).await;
        match reply {
            Ok(Ok(reply)) if reply.has_code(250) => {
                self.mails += 1;
                Ok(joined(&reply))
            }
            other => expect(Phase::Message, other, &[250]).map(|()| String::new()),
        }
    }

    /// Whether the next mail may use it.
    pub(super) fn is_fresh(&self) -> bool {
        self.mails < MOST_MAILS && self.opened.elapsed() < LONGEST_LIFE
    }

    pub(super) fn reset_before_next(&mut self) {
        self.must_reset = true;
    }

    /// Says goodbye as RFC 5321 asks; how the relay takes it no longer matters.
    pub(super) async fn quit(mut self) {
        drop(timeout(self.timeouts.command, self.connection.command(Quit)).await);
    }

    async fn step<C: std::fmt::Display>(&mut self, phase: Phase, command: C, codes: &[u16]) -> Result<(), Stop> {
        let reply = timeout(self.timeouts.command, self.connection.command(command)).await;
        expect(phase, reply, codes)
    }
}

type Timed = Result<Result<Response, Error>, tokio::time::error::Elapsed>;

/// Only these codes will do: a positive reply of another meaning is out of place and ends the session.
fn expect(phase: Phase, reply: Timed, codes: &[u16]) -> Result<(), Stop> {
    let answer = match reply {
        Ok(Ok(reply)) if codes.iter().any(|code| reply.has_code(*code)) => return Ok(()),
        Ok(Ok(reply)) => Answer::Reply(reply.code().into(), joined(&reply)),
        Ok(Err(error)) => answer(&error),
        Err(_elapsed) => Answer::Silent,
    };
    Err(Stop::new(phase, answer))
}

/// A refusal keeps its code and words; everything else is a lost connection.
fn answer(error: &Error) -> Answer {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    match error.status() {
        Some(code) => Answer::Reply(code.into(), cause),
        None => Answer::Lost(cause),
    }
}

fn joined(reply: &Response) -> String {
    reply.message().collect::<Vec<_>>().join(" ")
}
