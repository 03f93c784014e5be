//! What is wrong with the configuration of a channel. Sending itself has no errors, only outcomes.

use std::path::PathBuf;

use thiserror::Error;

#[derive(Debug, Error)]
pub enum DeliveryError {
    #[error("the sender address `{address}` is not usable: {problem}")]
    Sender { address: String, problem: domain::AddressProblem },
    #[error("`{host}` is neither a host name nor an ip address")]
    Host { host: String },
    #[error("the mailbox folder `{}` cannot be created", folder.display())]
    Mailbox { folder: PathBuf, source: std::io::Error },
    #[error("tls cannot be configured")]
    Tls(#[from] outbound::OutboundError),
}
