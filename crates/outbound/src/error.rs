//! Why a request got no answer. What matters to a sender is whether it may have been received.

use std::time::Duration;

use domain::UrlProblem;
use thiserror::Error;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// No address, name or resolved address is in any message: those go to whoever owns the webhook.
#[derive(Debug, Error)]
pub enum OutboundError {
    #[error("the address is refused: {0}")]
    Refused(#[from] UrlProblem),
    #[error("the name resolves to an address that is not allowed")]
    ForbiddenResolution,
    #[error("a header of the request is malformed")]
    Header,
    #[error("no connection could be opened")]
    Connect(#[source] reqwest::Error),
    #[error("the request was sent or half sent and no complete answer came")]
    Unanswered(#[source] reqwest::Error),
    #[error("no answer within {} s", .0.as_secs_f32())]
    Deadline(Duration),
    #[error("the certificate cannot be used")]
    Certificate(#[source] BoxError),
    #[error("the client cannot be built")]
    Build(#[source] reqwest::Error),
}

impl OutboundError {
    /// Whether the other side may have received the request although no answer came.
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Unanswered(_) | Self::Deadline(_))
    }
}
