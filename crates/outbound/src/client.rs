//! The guarded client.

use std::time::Duration;

use domain::UrlPolicy;
use reqwest::redirect::Policy;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::error::OutboundError;
use crate::resolver::{ForbiddenResolution, GuardedResolver, Reach};
use crate::tls::Trust;

/// How long and how much, whatever the other side does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Name, TCP and TLS together.
    pub connect: Duration,
    /// Everything, from the first look-up to the last byte read.
    pub total: Duration,
    /// Bytes of the answer's body that are read; the rest is left on the wire.
    pub reply_bytes: usize,
}

impl Default for Limits {
    /// 5 s to connect, 20 s in all (Standard Webhooks advises 15 to 30), 64 KiB.
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(20), reply_bytes: 64 * 1024 }
    }
}

/// A POST. Header names and values are checked when it is sent.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub url: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a str,
}

/// What came back, whatever the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// `Retry-After` as sent, if it is text.
    pub retry_after: Option<String>,
    /// At most [`Limits::reply_bytes`].
    pub body: Vec<u8>,
}

/// Build it once and share it: it keeps connections open between requests.
#[derive(Clone, Debug)]
pub struct Outbound {
    policy: UrlPolicy,
    limits: Limits,
    /// For `https`; reaches what the policy permits.
    encrypted: reqwest::Client,
    /// For `http`; reaches only what the operator opened.
    clear: reqwest::Client,
}

impl Outbound {
    /// # Errors
    /// If the TLS configuration cannot be built.
    pub fn new(policy: UrlPolicy, limits: Limits, trust: &Trust) -> Result<Self, OutboundError> {
        let encrypted = guarded_client(&policy, Reach::Permitted, limits, trust)?;
        let clear = guarded_client(&policy, Reach::Opened, limits, trust)?;
        Ok(Self { policy, limits, encrypted, clear })
    }

    /// Judges an address without calling it, for whoever is about to store one.
    ///
    /// # Errors
    /// The rule it breaks.
    pub fn check(&self, url: &str) -> Result<Url, OutboundError> {
        Ok(self.policy.check(url)?)
    }

    /// Sends one request, once. Dropping the future closes its connection.
    ///
    /// # Errors
    /// [`OutboundError::may_have_arrived`] tells whether the other side may have acted on it.
    pub async fn post(&self, request: &Request<'_>) -> Result<Reply, OutboundError> {
        let url = self.policy.check(request.url)?;
        let (client, reach) =
            if url.scheme() == "http" { (&self.clear, Reach::Opened) } else { (&self.encrypted, Reach::Permitted) };
        let deadline = Instant::now() + self.limits.total;
        let answer = timeout_at(deadline, send(client, url, request)).await;
        let mut response = answer.unwrap_or(Err(OutboundError::Deadline(self.limits.total)))?;
        self.refuse_unreachable(reach, &response)?;
        let retry_after = response.headers().get(reqwest::header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        let body = read_at_most(&mut response, self.limits.reply_bytes, deadline).await;
        Ok(Reply { status, retry_after, body })
    }

    /// The tripwire: reached only by a bug in the two guards before it, and then nothing of the answer is used.
    fn refuse_unreachable(&self, reach: Reach, response: &reqwest::Response) -> Result<(), OutboundError> {
        match response.remote_addr() {
            Some(peer) if !reach.allows(&self.policy, peer) => {
                tracing::error!(%peer, "outbound request reached an address that is not allowed");
                Err(OutboundError::ForbiddenResolution)
            }
            _ => Ok(()),
        }
    }
}

async fn send(client: &reqwest::Client, url: Url, request: &Request<'_>) -> Result<reqwest::Response, OutboundError> {
    let mut post = client.post(url).body(request.body.to_owned());
    for (name, value) in request.headers {
        post = post.header(*name, *value);
    }
    post.send().await.map_err(place)
}

/// The status has decided already; a body that breaks off or outlasts the deadline keeps what arrived.
async fn read_at_most(response: &mut reqwest::Response, limit: usize, deadline: Instant) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < limit
        && let Ok(Ok(Some(chunk))) = timeout_at(deadline, response.chunk()).await
    {
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    body
}

/// Whether anything of the request can have left.
fn place(error: reqwest::Error) -> OutboundError {
    // Addresses of subscribers do not belong in logs.
    let error = error.without_url();
    if is_forbidden(&error) {
        OutboundError::ForbiddenResolution
    } else if error.is_builder() {
        OutboundError::Header
    } else if error.is_connect() {
        OutboundError::Connect(error)
    } else {
        OutboundError::Unanswered(error)
    }
}

fn is_forbidden(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<ForbiddenResolution>() {
            return true;
        }
        cause = error.source();
    }
    false
}

#[expect(clippy::disallowed_methods, reason = "the one place that builds clients, with the guard")]
fn guarded_client(
    policy: &UrlPolicy,
    reach: Reach,
    limits: Limits,
    trust: &Trust,
) -> Result<reqwest::Client, OutboundError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(trust.client_config()?)
        .dns_resolver(GuardedResolver { policy: policy.clone(), reach })
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .http1_only()
        .connect_timeout(limits.connect)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("hanqitong/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(OutboundError::Build)
}
