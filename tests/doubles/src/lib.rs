//! The other side of the wire, for tests: an SMTP server and an HTTP server that do exactly what a test tells them to.
//!
//! Both write what they accepted to its own file, fsynced *before* they answer. The folder is therefore an oracle: it
//! tells what was really delivered, also when the process under test was killed in the middle.
//!
//! | file | what it is |
//! |---|---|
//! | `smtp` | [`SmtpSink`]: TLS or none, login or none, any reply, silence or hanging up at any step |
//! | `http` | [`HttpSink`]: any status, header and body; silence, hanging up, endless bodies |
//! | `authority` | a self-signed certificate for `localhost` and 127.0.0.1 |
//! | `spool` | the folder both write to |
#![expect(clippy::unwrap_used, reason = "a double that cannot do its part should stop the test at once")]

mod authority;
mod http;
mod smtp;
mod spool;

pub use authority::Authority;
pub use http::{Answer, HttpSink, Received};
pub use smtp::{Act, Fault, Login, Mail, Phase, Security, SmtpSink, SmtpSinkOptions};
