//! 申报通知 / 批次: one window of an item.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{CallId, ItemId};

/// Whether a call was really published or is a made-up one of the demo. Shown wherever the call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOrigin {
    Official,
    Synthetic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStatus {
    Published,
    Withdrawn,
}

/// One window: opens, closes (both inclusive days; `None` is not stated), as-of date, parameters, contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub id: CallId,
    pub item: ItemId,
    /// Natural key beside the item, e.g. `2026-1`.
    pub batch: String,
    pub origin: CallOrigin,
    pub status: CallStatus,
    pub opens_on: Option<NaiveDate>,
    pub closes_on: Option<NaiveDate>,
    /// 评价基准日; the day of evaluation when absent.
    pub as_of: Option<NaiveDate>,
    pub parameters: BTreeMap<String, String>,
    pub quota: Option<i64>,
    pub contact: Option<String>,
    pub source_url: Option<String>,
    pub revision_number: i64,
}
