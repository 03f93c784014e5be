//! Who may see and change what. Every finder and writer of `storage` takes one.

use serde::{Deserialize, Serialize};

use crate::enterprise::EnterpriseOrdinal;
use crate::id::BureauId;

/// What a call may reach. Only `server` and `pipeline` may name `System`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Published library only.
    Public,
    /// The library and this one enterprise.
    Enterprise(EnterpriseOrdinal),
    /// The library and, for writing, this bureau's policies.
    Bureau(BureauId),
    /// Enterprises registered within this area, for reading.
    Area(String),
    System,
}

/// What an API key may do within its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    ReadEnterprise,
    WriteEnterprise,
    WritePolicy,
}
