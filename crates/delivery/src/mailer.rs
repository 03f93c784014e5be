//! E-mail: one letter, one address, one attempt.

use std::path::PathBuf;

use domain::{EmailAddress, Instant, MailLetter, Outcome, PushId};

use crate::error::DeliveryError;
use crate::mailbox::MailboxFolder;
use crate::message;
use crate::outcome::{dead, failed, lease_lost, retry};
use crate::smtp::{Relay, SmtpSettings};

/// Where mails go.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// Into this folder, one `.eml` file each.
    Mailbox(PathBuf),
    /// To a relay.
    Smtp(Box<SmtpSettings>),
}

/// One mail to send. The id becomes file name and Message-ID, so every attempt is the same mail.
#[derive(Clone, Copy, Debug)]
pub struct MailParcel<'a> {
    pub push: PushId,
    pub to: &'a str,
    pub letter: &'a MailLetter,
    /// Now; the Date header.
    pub at: Instant,
}

/// Sends mails. Build it once and share it: it keeps sessions with the relay open between mails.
#[derive(Debug)]
pub struct Mailer {
    sender: EmailAddress,
    wire: Wire,
}

#[derive(Debug)]
enum Wire {
    Mailbox(MailboxFolder),
    Smtp(Box<Relay>),
}

impl Mailer {
    /// `sender` is the address in From and in the envelope, where bounces go.
    ///
    /// # Errors
    /// If an address, the host or the folder cannot be used. No connection is opened.
    pub fn new(sender: &str, transport: &MailTransport) -> Result<Self, DeliveryError> {
        let sender = EmailAddress::parse(sender)
            .map_err(|problem| DeliveryError::Sender { address: sender.to_owned(), problem })?;
        let wire = match transport {
            MailTransport::Mailbox(folder) => Wire::Mailbox(MailboxFolder::open(folder)?),
            MailTransport::Smtp(settings) => Wire::Smtp(Box::new(Relay::new(&sender, (**settings).clone())?)),
        };
        Ok(Self { sender, wire })
    }

    /// Sends one mail, once. `commit` is awaited when only the message itself is left to be sent; if it answers
    /// `false`, nothing is.
    ///
    /// The future may be dropped at any time: its connection is closed with it and never used again.
    pub async fn send<C, F>(&self, parcel: &MailParcel<'_>, commit: C) -> Outcome
    where
        C: FnOnce() -> F,
        F: Future<Output = bool>,
    {
        let to = match EmailAddress::parse(parcel.to) {
            Ok(to) => to,
            Err(problem) => return dead(&problem.to_string()),
        };
        let message = match message::compose(parcel.letter, &self.sender, &to, parcel.push, parcel.at) {
            Ok(message) => message,
            Err(problem) => return failed(&problem.to_string()),
        };
        match &self.wire {
            Wire::Smtp(relay) => relay.send(&to, &message, commit).await,
            Wire::Mailbox(folder) => {
                if !commit().await {
                    return lease_lost();
                }
                keep(folder, parcel.push, message).await
            }
        }
    }
}

/// Writing a file again is harmless, so a failed write is never in doubt.
async fn keep(folder: &MailboxFolder, push: PushId, message: Vec<u8>) -> Outcome {
    match folder.keep(push, message).await {
        Ok(path) => {
            let name = path.file_name().unwrap_or_default();
            Outcome::Sent { receipt: format!("kept as {}", name.display()) }
        }
        Err(error) => retry(&format!("the mailbox folder cannot be written: {error}")),
    }
}
