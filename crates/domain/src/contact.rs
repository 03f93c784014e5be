//! Who is told, where, and what they asked for.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::enterprise::EnterpriseOrdinal;
use crate::id::{ChannelId, ContactId, SubscriptionId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 法定代表人
    LegalRepresentative,
    /// 经办人
    Handler,
    /// 服务专员
    Advisor,
    /// 公众
    Citizen,
}

/// On what ground we may write to this person (PIPL art. 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 本人订阅
    Subscribed,
    /// 履职告知
    OfficialDuty,
    /// 专员代收
    Advisor,
}

/// 联系人. An advisor's contact has no enterprise of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    pub enterprise: Option<EnterpriseOrdinal>,
    pub name: String,
    pub role: Role,
    pub basis: Basis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    Email,
    Webhook,
}

impl ChannelKind {
    /// As in reports and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelState {
    Active,
    /// Stopped by its owner; never written to again until they return.
    Unsubscribed,
    /// Stopped by us: hard bounce, HTTP 410.
    Suppressed,
}

/// 渠道: an address of a kind. `secret` signs webhooks (`whsec_…`) and is never shown or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Channel {
    pub id: ChannelId,
    pub contact: ContactId,
    pub kind: ChannelKind,
    pub address: String,
    pub secret: Option<String>,
    pub state: ChannelState,
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    Immediate,
    Daily,
    Weekly,
    Monthly,
}

/// What a subscription watches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Topic {
    /// Items that fit the enterprise of the contact.
    Matches,
    /// New results of a saved search; needs no enterprise.
    Search { query: String },
}

/// 订阅
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub contact: ContactId,
    pub enterprise: Option<EnterpriseOrdinal>,
    pub topic: Topic,
    pub frequency: Frequency,
    /// Whether urgent calls may come before the next slot (design §8 express).
    pub express: bool,
    pub channels: Vec<ChannelId>,
    pub paused_until: Option<Instant>,
    pub ended_at: Option<Instant>,
    /// Unguessable; in the one-click unsubscribe address.
    pub token: String,
}
