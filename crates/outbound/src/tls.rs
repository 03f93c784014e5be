//! One TLS provider (ring) and one set of trusted roots for mail and webhooks.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::OutboundError;

/// Makes ring the provider of the process. Call it first in `main`; later calls change nothing.
///
/// Two providers in one process make rustls panic on the first handshake that does not name one.
pub fn install_tls_provider() {
    // An error only says that one is installed already, which is what was asked for.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Whose certificates are believed: the roots built into the binary, and what the operator adds.
#[derive(Clone, Debug)]
pub struct Trust {
    roots: Arc<RootCertStore>,
}

impl Trust {
    /// Mozilla's roots, fixed at build time: the same answer on every machine, also in an empty container.
    pub fn builtin() -> Self {
        Self { roots: Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }) }
    }

    /// The built-in roots and every certificate in `pem`, for a relay or intranet with its own authority.
    ///
    /// # Errors
    /// [`OutboundError::Certificate`] if the text is not PEM, holds no certificate, or one that cannot be a root.
    pub fn with_pem(pem: &[u8]) -> Result<Self, OutboundError> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| OutboundError::Certificate(Box::new(error)))?;
            roots.add(certificate).map_err(|error| OutboundError::Certificate(Box::new(error)))?;
        }
        if roots.len() == before {
            return Err(OutboundError::Certificate("no certificate found".into()));
        }
        Ok(Self { roots: Arc::new(roots) })
    }

    /// TLS 1.2 and 1.3 with these roots and no client certificate.
    ///
    /// # Errors
    /// Only if the provider lacks the safe default protocol versions.
    pub fn client_config(&self) -> Result<ClientConfig, OutboundError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| OutboundError::Certificate(Box::new(error)))?;
        Ok(config.with_root_certificates(Arc::clone(&self.roots)).with_no_client_auth())
    }
}
