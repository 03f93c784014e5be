//! 告知账: what has been told to whom, for ever. The digest is what is not yet in here, never a time window.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::enterprise::EnterpriseOrdinal;
use crate::id::{ItemId, SubscriptionId};

/// Why a line is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A rule or text was wrong and the standing of someone who was told changed.
    Corrected,
    /// 符合 or 基本符合 for the first time under this item revision.
    NewlyMatched,
    WindowOpens,
    ClosesIn14Days,
    ClosesIn3Days,
    Amended,
    Repealed,
    /// A notice without a condition: 条件待录入.
    Published,
    StillWatching,
}

/// One thing told once: the occasion is the item revision, call, date mark, policy revision or month.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerKey {
    pub subscription: SubscriptionId,
    pub enterprise: Option<EnterpriseOrdinal>,
    pub item: Option<ItemId>,
    pub reason: Reason,
    pub occasion: String,
}

impl fmt::Display for LedgerKey {
    /// The unique key as stored: five parts, `-` where a part is absent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.subscription)?;
        match self.enterprise {
            Some(ordinal) => write!(f, "{}/", ordinal.0)?,
            None => f.write_str("-/")?,
        }
        match self.item {
            Some(item) => write!(f, "{item}/")?,
            None => f.write_str("-/")?,
        }
        write!(f, "{:?}/{}", self.reason, self.occasion)
    }
}

/// *Claimed* with the plan, *told* when sent, *released* when its push ends failed or suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerState {
    Claimed,
    Told,
    Released,
}
