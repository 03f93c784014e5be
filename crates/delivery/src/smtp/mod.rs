//! SMTP with sessions of our own over lettre's protocol layer, and never lettre's pool.
//!
//! A pool that recycles a connection whose reply was not read gets out of step: the next mail reads the last mail's
//! reply, and a refused mail counts as sent. So here a session belongs to exactly one mail at a time, is kept only
//! after a complete reply, and is dropped on any doubt: a timeout, a lost byte, a reply out of place.
//!
//! | file | what it holds |
//! |---|---|
//! | `settings` | where the relay is, how to log in, how long each step may take |
//! | `wire` | TCP without Nagle's delay, TLS at once or by STARTTLS |
//! | `session` | one logged-in connection and its steps |
//! | `relay` | which session a mail gets, and when it is thrown away |
//! | `classify` | what each reply at each step means, as one table |

mod classify;
mod relay;
mod session;
mod settings;
mod starttls;
mod wire;

pub(crate) use relay::Relay;
pub use settings::{Login, Security, SmtpSettings, Timeouts};
