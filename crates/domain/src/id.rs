//! Identifiers. Library ids are UUIDv5 of a natural key, so they are the same on every installation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Namespace of every natural key of this product (itself UUIDv5 of `hanqitong` in the DNS namespace).
const NAMESPACE: Uuid = Uuid::from_u128(0x5b1c_9d0e_6a51_5f0d_9f39_2d1b_7c3e_8a44);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id of a natural key; the kind is part of the name, so equal keys of two kinds differ.
            pub fn of(natural_key: &str) -> Self {
                Self(Uuid::new_v5(&NAMESPACE, format!(concat!($kind, ":{}"), natural_key).as_bytes()))
            }

            pub fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// 部门; natural key: its code.
    BureauId "bureau";
    /// 政策文件; natural key: its code in the seeds or the source id of an import.
    PolicyId "policy";
    /// 政策事项; natural key: the item code.
    ItemId "item";
    /// 申报通知; natural key: item code and batch.
    CallId "call";
    /// 联系人; natural key: enterprise and role address.
    ContactId "contact";
    ChannelId "channel";
    SubscriptionId "subscription";
    /// 推送批次; natural key: kind and slot.
    RunId "run";
    /// 推送; natural key: its dedupe key.
    PushId "push";
    /// 投递尝试; natural key: push and number.
    AttemptId "attempt";
}
