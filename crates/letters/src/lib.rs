//! A planned push becomes the words a person reads: a [`Digest`] in, a [`Letter`] out.
//!
//! Pure: no clock, no disk, no network. The letter is rendered when the push is planned and stored beside it, so
//! "what exactly did we send" is a row in the database and a changed template rewrites no history.
//!
//! | file | what it holds |
//! |---|---|
//! | `digest` | everything a letter can say, as types, with samples |
//! | `grouping` | which line stands under which heading, and the days left |
//! | `words` | the Chinese word for each reason, basis and deadline |
//! | `mail`, `hook` | the two bodies |
//! | `templates` | the embedded templates and a city's own versions of them |
//!
//! To change the wording of a city, override `mail.subject.txt`, `mail.txt` or `mail.html`; an override is checked
//! against every sample before it is accepted.

mod digest;
mod error;
mod grouping;
mod hook;
mod mail;
mod sample;
mod templates;
mod words;

pub use digest::{Digest, Line, LineLinks, Links, Recipient, Sender, Subject};
pub use domain::{HookLetter, Letter, MailLetter};
pub use error::LetterError;
pub use templates::{Letters, TEMPLATES};
pub use words::{basis_words, reason_words};
