//! The one way out over HTTP: a client that cannot be turned against the network it runs in.
//!
//! A webhook address comes from outside and the answer comes from outside, so both are hostile:
//!
//! | danger | what holds it |
//! |---|---|
//! | an address that means our own network | `domain::UrlPolicy` on the parsed host, before anything is opened |
//! | a name that resolves there, now or later | `resolver`: one forbidden address refuses the whole answer |
//! | either, by a way nobody thought of | the peer's address is compared once more before the answer is believed |
//! | a redirect or a proxy from the environment | neither is ever followed |
//! | an answer that never ends | one deadline over everything, at most [`Limits::reply_bytes`] read, nothing unpacked |
//!
//! It also holds what every TLS connection of the process shares: [`install_tls_provider`] and [`Trust`].

mod client;
mod error;
mod resolver;
mod tls;

pub use client::{Limits, Outbound, Reply, Request};
pub use error::OutboundError;
pub use tls::{Trust, install_tls_provider};
