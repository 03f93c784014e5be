//! The `v1` signature of Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// What a secret starts with as it is shown to people.
const PREFIX: &str = "whsec_";

/// The standard's bounds of a secret, in bytes.
const SECRET_LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the secret is not `whsec_` and 24 to 64 bytes of base64")]
pub(crate) struct BadSecret;

/// The value of `webhook-signature`. While a key is being replaced `secrets` holds both, separated by a space; the
/// receiver accepts the message if any one verifies.
pub(crate) fn sign(secrets: &str, id: &str, timestamp: i64, body: &str) -> Result<String, BadSecret> {
    let signatures: Result<Vec<_>, _> = secrets.split_whitespace().map(|one| v1(one, id, timestamp, body)).collect();
    let signatures = signatures?;
    if signatures.is_empty() { Err(BadSecret) } else { Ok(signatures.join(" ")) }
}

fn v1(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String, BadSecret> {
    let encoded = secret.strip_prefix(PREFIX).ok_or(BadSecret)?;
    let key = STANDARD.decode(encoded).map_err(|_| BadSecret)?;
    if !SECRET_LENGTH.contains(&key.len()) {
        return Err(BadSecret);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| BadSecret)?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// The example of the standard's reference libraries.
    #[test]
    fn the_published_vector_is_reproduced() {
        let signature = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_a_key_is_replaced_both_sign() {
        let other = format!("whsec_{}", STANDARD.encode([7; 32]));
        let both = sign(&format!("{SECRET} {other}"), "id", 1, "{}").unwrap();
        let each = [sign(SECRET, "id", 1, "{}").unwrap(), sign(&other, "id", 1, "{}").unwrap()];
        assert_eq!(both, each.join(" "));
        assert_ne!(each[0], each[1]);
    }

    #[test]
    fn a_secret_out_of_bounds_is_refused() {
        let of = |length: usize| format!("whsec_{}", STANDARD.encode(vec![1; length]));
        for bad in ["", "abc", "whsec_", "whsec_!!!", &of(23), &of(65), &SECRET[6..]] {
            assert_eq!(sign(bad, "id", 1, "{}"), Err(BadSecret), "{bad:?}");
        }
        assert!(sign(&of(24), "id", 1, "{}").is_ok() && sign(&of(64), "id", 1, "{}").is_ok());
    }
}
