//! Whom a made-up enterprise lets us write to. Addresses end in `.example`, which nobody can own.

use crate::contact::{Basis, Frequency, Role};

use super::stream::Stream;

/// Keeps the draws of contacts apart from those of the profile.
const SALT: u64 = 0x636f_6e74_6163_7473;

/// A contact with its channels and its subscription, before storage gives them ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntheticContact {
    pub name: String,
    pub role: Role,
    pub basis: Basis,
    pub email: String,
    /// Path under the receiver's address, for the firms whose own system listens.
    pub webhook_path: Option<String>,
    pub frequency: Frequency,
    pub express: bool,
}

/// The contact of the made-up enterprise with this number; about one in ten has left none.
pub fn contact(seed: u64, index: u32) -> Option<SyntheticContact> {
    let mut stream = Stream::new(seed ^ SALT, index.into());
    if stream.chance(100) {
        return None;
    }
    let role = if stream.chance(350) { Role::LegalRepresentative } else { Role::Handler };
    let title = if role == Role::Handler { "经办人" } else { "法定代表人" };
    let frequency = stream
        .weighted(&[(Frequency::Weekly, 75), (Frequency::Daily, 15), (Frequency::Monthly, 10)], |(_, weight)| *weight);
    Some(SyntheticContact {
        name: format!("演示{title}"),
        role,
        basis: if stream.chance(800) { Basis::Subscribed } else { Basis::OfficialDuty },
        email: format!("firm-{index:05}@qiye.example"),
        webhook_path: stream.chance(150).then(|| format!("/hooks/firm-{index:05}")),
        frequency: frequency.0,
        express: stream.chance(800),
    })
}
