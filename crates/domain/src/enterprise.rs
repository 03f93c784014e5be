//! 企业: one row with one canonical profile document and a revision.

use rules::Profile;

use crate::clock::Instant;

/// Position of an enterprise in the population; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct EnterpriseOrdinal(pub i64);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enterprise {
    pub ordinal: EnterpriseOrdinal,
    /// Counts from 1; every change is kept as a patch beside the actor.
    pub revision: i64,
    pub recorded_at: Instant,
    /// Made up for the demo and says so on every page.
    pub synthetic: bool,
    pub profile: Profile,
}
