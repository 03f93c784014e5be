//! One rendered message onto one channel, and how it went.
//!
//! Nothing here decides *whether* to send or *when* to try again: a message comes in, a [`domain::Outcome`] goes out,
//! and the outbox does the rest. An outcome is a decision, never an error:
//!
//! | what happened | outcome |
//! |---|---|
//! | the other side took responsibility (`250` after the dot, any `2xx`) | `Sent` |
//! | nothing was accepted, or a webhook gave no answer (its id makes repeating safe) | `Retry` |
//! | it was refused for good | `Failed`, and the channel is suppressed if its address is dead |
//! | a mail left and no answer came: nobody can know (RFC 1047) | `InDoubt` |
//!
//! Every send takes a `commit` callback. It is awaited right before the bytes whose fate may stay unknown; it persists
//! that they are about to leave and answers whether this process still holds the lease. After a `false` nothing leaves.
//!
//! | file | what it holds |
//! |---|---|
//! | `mailer`, `message` | e-mail: the transports, the MIME message |
//! | `mailbox` | `.eml` files in a folder, for the default run |
//! | `smtp/` | sessions of our own: per-phase timeouts, TLS, reuse, classification of replies |
//! | `hooks`, `signature`, `reply` | Standard Webhooks 1.0.0 |
//! | `backoff` | when to try again, as data |

mod backoff;
mod error;
mod hooks;
mod mailbox;
mod mailer;
mod message;
mod outcome;
mod reply;
mod signature;
mod smtp;

pub use backoff::{MAIL, Schedule, WEBHOOK};
pub use error::DeliveryError;
pub use hooks::{HookParcel, Hooks};
pub use mailer::{MailParcel, MailTransport, Mailer};
pub use smtp::{Login, Security, SmtpSettings, Timeouts};
