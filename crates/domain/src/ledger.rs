//! 告知账: what has been told to whom, for ever. The digest is what is not yet in here, never a time window.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::enterprise::EnterpriseOrdinal;
use crate::id::{ItemId, SubscriptionId};

/// Why a line is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A rule was wrong and what we said no longer holds. Occasion: item revision.
    Corrected,
    /// What we recommended is repealed or out of force. Occasion: policy revision.
    Repealed,
    /// Three days or fewer are left. Occasion: call.
    ClosesIn3Days,
    /// Fourteen days or fewer are left. Occasion: call.
    ClosesIn14Days,
    /// A call has opened for something already recommended. Occasion: call.
    WindowOpens,
    /// 符合 or 基本符合 for the first time. Occasion: item revision.
    NewlyMatched,
    /// A notice is out whose condition is not recorded yet: 条件待录入. Occasion: call.
    Published,
}

impl Reason {
    const ALL: [Self; 7] = [
        Self::Corrected,
        Self::Repealed,
        Self::ClosesIn3Days,
        Self::ClosesIn14Days,
        Self::WindowOpens,
        Self::NewlyMatched,
        Self::Published,
    ];

    /// The reason of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }

    /// The word in stored keys; never change one.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::Repealed => "repealed",
            Self::ClosesIn3Days => "closes_in_3_days",
            Self::ClosesIn14Days => "closes_in_14_days",
            Self::WindowOpens => "window_opens",
            Self::NewlyMatched => "newly_matched",
            Self::Published => "published",
        }
    }
}

/// One thing told once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerKey {
    pub subscription: SubscriptionId,
    pub enterprise: Option<EnterpriseOrdinal>,
    pub item: Option<ItemId>,
    pub reason: Reason,
    /// Item revision, policy revision or call batch, by reason.
    pub occasion: String,
}

impl fmt::Display for LedgerKey {
    /// The unique key as stored: five parts, `-` where a part is absent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let enterprise = self.enterprise.map_or_else(|| "-".to_owned(), |ordinal| ordinal.0.to_string());
        let item = self.item.map_or_else(|| "-".to_owned(), |item| item.to_string());
        write!(f, "{}/{enterprise}/{item}/{}/{}", self.subscription, self.reason.as_str(), self.occasion)
    }
}

/// A stored key that does not have the five parts of one.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a ledger key")]
pub struct BadLedgerKey(String);

impl FromStr for LedgerKey {
    type Err = BadLedgerKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_key(text).ok_or_else(|| BadLedgerKey(text.to_owned()))
    }
}

fn parse_key(text: &str) -> Option<LedgerKey> {
    let mut parts = text.splitn(5, '/');
    let subscription = parts.next()?.parse().ok()?;
    let enterprise = match parts.next()? {
        "-" => None,
        ordinal => Some(EnterpriseOrdinal(ordinal.parse().ok()?)),
    };
    let item = match parts.next()? {
        "-" => None,
        item => Some(item.parse().ok()?),
    };
    let reason = Reason::from_word(parts.next()?)?;
    Some(LedgerKey { subscription, enterprise, item, reason, occasion: parts.next()?.to_owned() })
}

/// *Claimed* with the plan, *told* when sent, *released* when its push ends failed or suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerState {
    Claimed,
    Told,
    Released,
}

/// What one subscription has been told (or is being told) about one enterprise.
#[derive(Clone, Debug, Default)]
pub struct Told {
    occasions: BTreeMap<(ItemId, Reason), Vec<String>>,
}

impl Told {
    pub fn contains(&self, item: ItemId, reason: Reason, occasion: &str) -> bool {
        self.occasions.get(&(item, reason)).is_some_and(|known| known.iter().any(|one| one == occasion))
    }

    /// The newest item revision under which this was recommended, unless a later correction took it back.
    pub fn recommended(&self, item: ItemId) -> Option<i64> {
        let newest = |reason| self.occasions.get(&(item, reason))?.iter().filter_map(|at| at.parse::<i64>().ok()).max();
        let recommended = newest(Reason::NewlyMatched)?;
        newest(Reason::Corrected).is_none_or(|corrected| corrected < recommended).then_some(recommended)
    }
}

impl FromIterator<LedgerKey> for Told {
    fn from_iter<I: IntoIterator<Item = LedgerKey>>(keys: I) -> Self {
        let mut occasions: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for key in keys {
            if let Some(item) = key.item {
                occasions.entry((item, key.reason)).or_default().push(key.occasion);
            }
        }
        Self { occasions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(reason: Reason, occasion: &str) -> LedgerKey {
        LedgerKey {
            subscription: SubscriptionId::of("s"),
            enterprise: Some(EnterpriseOrdinal(7)),
            item: Some(ItemId::of("i")),
            reason,
            occasion: occasion.to_owned(),
        }
    }

    #[test]
    fn every_key_survives_its_stored_text() {
        for reason in Reason::ALL {
            let full = key(reason, "2026-1/特");
            let bare = LedgerKey { enterprise: None, item: None, ..full.clone() };
            for one in [full, bare] {
                assert_eq!(one.to_string().parse::<LedgerKey>().unwrap(), one);
            }
        }
        assert!("not a key".parse::<LedgerKey>().is_err());
    }

    #[test]
    fn a_correction_takes_a_recommendation_back_and_a_later_match_renews_it() {
        let item = ItemId::of("i");
        let told = |keys: &[LedgerKey]| keys.iter().cloned().collect::<Told>();
        let first = key(Reason::NewlyMatched, "1");
        let corrected = key(Reason::Corrected, "2");
        let again = key(Reason::NewlyMatched, "3");
        assert_eq!(told(std::slice::from_ref(&first)).recommended(item), Some(1));
        assert_eq!(told(&[first.clone(), corrected.clone()]).recommended(item), None);
        assert_eq!(told(&[first, corrected, again]).recommended(item), Some(3));
    }
}
