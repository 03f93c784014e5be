//! Names are resolved by the system and judged by the policy, each time a connection is opened.

use std::fmt;
use std::net::SocketAddr;

use domain::UrlPolicy;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Which part of the policy a connection must satisfy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// TLS: the public internet and what the operator opened.
    Permitted,
    /// Clear text: only what the operator opened.
    Opened,
}

impl Reach {
    pub(crate) fn allows(self, policy: &UrlPolicy, address: SocketAddr) -> bool {
        match self {
            Self::Permitted => policy.permits(address.ip()),
            Self::Opened => policy.opens(address.ip()),
        }
    }
}

/// Refuses a name if *any* of its addresses is out of reach: keeping the harmless ones would let an attacker mix one
/// public address with the one he is after and try again until he is lucky.
#[derive(Clone, Debug)]
pub(crate) struct GuardedResolver {
    pub(crate) policy: UrlPolicy,
    pub(crate) reach: Reach,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            // Port 0 is replaced by reqwest with the port of the address.
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if let Some(forbidden) = guard.first_out_of_reach(&addresses) {
                tracing::warn!(host = name.as_str(), %forbidden, "outbound request refused: name resolves out of reach");
                return Err(ForbiddenResolution.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl GuardedResolver {
    fn first_out_of_reach(&self, addresses: &[SocketAddr]) -> Option<SocketAddr> {
        addresses.iter().copied().find(|address| !self.reach.allows(&self.policy, *address))
    }
}

/// Travels through reqwest's error chain and is found again by type.
#[derive(Debug)]
pub(crate) struct ForbiddenResolution;

impl fmt::Display for ForbiddenResolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name resolves to an address that is not allowed")
    }
}

impl std::error::Error for ForbiddenResolution {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_forbidden_address_refuses_a_mixed_answer() {
        let guard = GuardedResolver { policy: UrlPolicy::default(), reach: Reach::Permitted };
        let public: SocketAddr = "93.184.216.34:0".parse().unwrap();
        let inside: SocketAddr = "[::ffff:10.0.0.1]:0".parse().unwrap();
        assert_eq!(guard.first_out_of_reach(&[public]), None);
        assert_eq!(guard.first_out_of_reach(&[public, inside]), Some(inside));
    }

    #[test]
    fn clear_text_reaches_only_what_was_opened() {
        let guard =
            GuardedResolver { policy: UrlPolicy::new(vec!["10.0.0.0/8".parse().unwrap()]), reach: Reach::Opened };
        assert_eq!(guard.first_out_of_reach(&["10.1.2.3:0".parse().unwrap()]), None);
        assert!(guard.first_out_of_reach(&["93.184.216.34:0".parse().unwrap()]).is_some());
    }
}
