//! Standard Webhooks 1.0.0: one signed POST, one attempt.

use domain::{HookLetter, Instant, Outcome, PushId};
use outbound::{Outbound, OutboundError, Request};

use crate::outcome::{chain, failed, lease_lost, retry};
use crate::{reply, signature};

/// One webhook to send. The id is the same on every attempt, so that the receiver can drop what it already has.
#[derive(Clone, Copy)]
pub struct HookParcel<'a> {
    pub push: PushId,
    pub url: &'a str,
    /// `whsec_…`, or two of them separated by a space while one replaces the other.
    pub secret: &'a str,
    pub letter: &'a HookLetter,
    /// Now; the signed timestamp.
    pub at: Instant,
}

impl std::fmt::Debug for HookParcel<'_> {
    /// Neither secret nor address: the address may be one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HookParcel").field("push", &self.push).finish_non_exhaustive()
    }
}

/// Sends webhooks through the guarded client.
#[derive(Clone, Debug)]
pub struct Hooks {
    client: Outbound,
}

impl Hooks {
    pub fn new(client: Outbound) -> Self {
        Self { client }
    }

    /// Sends one webhook, once.
    ///
    /// A request that left and got no answer is `Retry`, not `InDoubt` as with mail: every attempt carries the same
    /// `webhook-id`, by which the standard has receivers recognise a repetition. Losing it would be worse than
    /// repeating it.
    pub async fn send<C, F>(&self, parcel: &HookParcel<'_>, commit: C) -> Outcome
    where
        C: FnOnce() -> F,
        F: Future<Output = bool>,
    {
        if let Err(refused) = self.client.check(parcel.url) {
            return failed(&refused.to_string());
        }
        let (id, timestamp) = (parcel.push.to_string(), parcel.at.0.div_euclid(1000));
        let signature = match signature::sign(parcel.secret, &id, timestamp, &parcel.letter.body) {
            Ok(signature) => signature,
            Err(bad) => return failed(&bad.to_string()),
        };
        if !commit().await {
            return lease_lost();
        }
        let timestamp = timestamp.to_string();
        let headers = [
            ("content-type", "application/json"),
            ("webhook-id", id.as_str()),
            ("webhook-timestamp", timestamp.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        let request = Request { url: parcel.url, headers: &headers, body: &parcel.letter.body };
        match self.client.post(&request).await {
            Ok(reply) => reply::classify(&reply, parcel.at),
            Err(error) => without_answer(&error),
        }
    }
}

/// Why a name was refused at connection time is not told to whoever chose the name.
fn without_answer(error: &OutboundError) -> Outcome {
    match error {
        OutboundError::Refused(_) | OutboundError::Header => failed(&error.to_string()),
        OutboundError::ForbiddenResolution => retry(&error.to_string()),
        _ => retry(&chain(error)),
    }
}
