//! What is indexed: one document per policy with its items folded in.

use chrono::NaiveDate;
use domain::{Call, Category, Coverage, Item, Level, Mode, Policy, PolicyStatus, Support};
use serde::{Deserialize, Serialize};

use crate::timeline::Timeline;

/// One step of an area path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Code of the reference data, e.g. `420115`.
    pub code: String,
    /// 江夏区
    pub name: String,
}

/// A policy as search knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Natural key of the policy.
    pub code: String,
    pub title: String,
    pub document_numbers: Vec<String>,
    pub issuers: Vec<String>,
    pub level: Level,
    /// From the outermost area to the one the policy applies to.
    pub areas: Vec<Area>,
    pub published_on: Option<NaiveDate>,
    pub summary: String,
    /// Full text; empty when only facts were read.
    pub body: String,
    /// The window of the policy itself, shown while it has no items.
    pub window: Timeline,
    pub items: Vec<Entry>,
}

/// An item inside its policy's document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Natural key of the item.
    pub code: String,
    pub name: String,
    pub summary: String,
    pub level: Level,
    pub area: String,
    pub category: Category,
    pub support: Support,
    pub mode: Mode,
    pub coverage: Coverage,
    pub amount_text: Option<String>,
    /// Code of the upper item this one carries out locally.
    pub implements: Option<String>,
    pub window: Timeline,
}

impl Document {
    /// Whether a policy of this status belongs in the index: drafts and suspended ones do not;
    /// repealed ones stay findable and say so.
    pub fn is_listed(status: PolicyStatus) -> bool {
        matches!(status, PolicyStatus::Published | PolicyStatus::Repealed)
    }

    /// The document of `policy` in `areas` (outermost first) with its listed items.
    pub fn new(policy: &Policy, areas: Vec<Area>, items: Vec<Entry>) -> Self {
        let revision = &policy.revision;
        Self {
            code: policy.code.clone(),
            title: revision.title.clone(),
            document_numbers: revision.document_numbers.clone(),
            issuers: revision.issuers.clone(),
            level: revision.level,
            areas,
            published_on: revision.published_on,
            summary: revision.summary.clone(),
            body: revision.body.clone().unwrap_or_default(),
            window: Timeline::of_policy(policy),
            items,
        }
    }

    /// 录入程度 of the best recorded item, `None` without items.
    pub fn coverage(&self) -> Coverage {
        self.items.iter().map(|item| item.coverage).max().unwrap_or(Coverage::None)
    }
}

impl Entry {
    /// The entry of `item` of `policy` with its calls; `implements` is the upper item's code.
    pub fn new(policy: &Policy, item: &Item, calls: &[Call], implements: Option<String>) -> Self {
        let revision = &item.revision;
        Self {
            code: item.code.clone(),
            name: revision.name.clone(),
            summary: revision.summary.clone(),
            level: revision.level,
            area: revision.area.clone(),
            category: revision.category,
            support: revision.support,
            mode: revision.mode,
            coverage: revision.coverage,
            amount_text: revision.amount_text.clone(),
            implements,
            window: Timeline::of_item(policy, item.status, revision, calls),
        }
    }
}
