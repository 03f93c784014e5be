//! The one place that makes unguessable text: API keys, subscription tokens, webhook secrets.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// 256 random bits, safe in addresses.
pub(crate) fn token() -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random()?))
}

/// A Standard Webhooks secret: `whsec_` and 32 random bytes in base64.
pub(crate) fn webhook_secret() -> anyhow::Result<String> {
    Ok(format!("whsec_{}", STANDARD.encode(random()?)))
}

/// An API key; `hqt_` lets a leaked one be recognised by scanners.
pub(crate) fn api_key() -> anyhow::Result<String> {
    Ok(format!("hqt_{}", token()?))
}

fn random() -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness from the system: {error}"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_have_their_forms() {
        assert_ne!(token().unwrap(), token().unwrap());
        assert_eq!(token().unwrap().len(), 43);
        assert!(webhook_secret().unwrap().starts_with("whsec_"));
        assert!(api_key().unwrap().starts_with("hqt_"));
    }
}
