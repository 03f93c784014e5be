//! Which session a mail gets, and when one is thrown away.

use std::sync::{Mutex, PoisonError};

use domain::{EmailAddress, Outcome};
use lettre::Address;
use tokio::sync::Semaphore;

use super::classify::{Answer, Phase, classify, needs_a_person};
use super::session::{Session, Stop};
use super::settings::SmtpSettings;
use super::wire::Wiring;
use crate::error::DeliveryError;
use crate::outcome::{lease_lost, retry};

/// A relay and the sessions that wait for the next mail.
#[derive(Debug)]
pub(crate) struct Relay {
    settings: SmtpSettings,
    wiring: Wiring,
    sender: Address,
    /// Our name in EHLO: the domain mails come from.
    hello: String,
    slots: Semaphore,
    parked: Mutex<Vec<Session>>,
}

impl Relay {
    pub(crate) fn new(sender: &EmailAddress, settings: SmtpSettings) -> Result<Self, DeliveryError> {
        let wiring = Wiring::new(&settings)?;
        let envelope_sender = sender.as_str().parse().map_err(|_| DeliveryError::Sender {
            address: sender.to_string(),
            problem: domain::AddressProblem::LocalPart,
        })?;
        Ok(Self {
            wiring,
            sender: envelope_sender,
            hello: sender.domain().to_owned(),
            slots: Semaphore::new(settings.sessions.max(1)),
            parked: Mutex::default(),
            settings,
        })
    }

    pub(crate) async fn send<C, F>(&self, to: &EmailAddress, message: &[u8], commit: C) -> Outcome
    where
        C: FnOnce() -> F,
        F: Future<Output = bool>,
    {
        // Held until the end: it bounds the connections, which the relay counts.
        let Ok(_slot) = self.slots.acquire().await else { return retry("the mailer is shutting down") };
        let Ok(to) = to.as_str().parse::<Address>() else {
            return crate::outcome::failed("the address is refused by the mail library");
        };
        let mut session = match self.announce(&to).await {
            Ok(session) => session,
            Err(stop) => return report(&stop),
        };
        if !commit().await {
            // The relay waits for a message; there is no way back but to hang up.
            return lease_lost();
        }
        match session.message(message).await {
            Ok(receipt) => {
                self.park(session).await;
                classify(Phase::Message, &Answer::Reply(250, receipt))
            }
            Err(stop) => {
                self.park_if_in_step(session, &stop).await;
                report(&stop)
            }
        }
    }

    /// A session that has announced a mail to `to`. One that went stale while it was parked is replaced: nothing of
    /// the mail has left yet.
    async fn announce(&self, to: &Address) -> Result<Session, Stop> {
        if let Some(mut parked) = self.take_parked() {
            match parked.announce(&self.sender, to).await {
                Ok(()) => return Ok(parked),
                Err(stop) if stop.left_in_step() => {
                    self.park_if_in_step(parked, &stop).await;
                    return Err(stop);
                }
                Err(stale) => tracing::debug!(answer = %stale.answer, "parked session was stale"),
            }
        }
        let Self { wiring, settings, hello, .. } = self;
        let mut session = Session::open(wiring, settings.login.as_ref(), hello, settings.timeouts).await?;
        match session.announce(&self.sender, to).await {
            Ok(()) => Ok(session),
            Err(stop) => {
                self.park_if_in_step(session, &stop).await;
                Err(stop)
            }
        }
    }

    fn take_parked(&self) -> Option<Session> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Only after a complete reply that was understood; everything else is dropped with its owner.
    async fn park_if_in_step(&self, mut session: Session, stop: &Stop) {
        if stop.left_in_step() {
            session.reset_before_next();
            self.park(session).await;
        }
    }

    async fn park(&self, session: Session) {
        if session.is_fresh() {
            self.parked.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        } else {
            session.quit().await;
        }
    }
}

/// Logs what the operator must know; what the recipient's side said is kept with the attempt.
fn report(stop: &Stop) -> Outcome {
    let Stop { phase, answer } = stop;
    if needs_a_person(*phase, answer) {
        tracing::error!(%phase, %answer, "the mail relay refuses this installation");
    }
    classify(*phase, answer)
}
