//! Small library objects for tests of this crate and its neighbours. Made up, and minimal.

use chrono::NaiveDate;

use crate::call::{Call, CallOrigin, CallStatus};
use crate::id::{CallId, ItemId, PolicyId};
use crate::item::{Category, Coverage, Guide, Item, ItemRevision, Mode, Support};
use crate::policy::{Level, Policy, PolicyRevision, PolicyStatus, Validity};

/// A published city policy without a term.
pub fn policy(code: &str) -> Policy {
    Policy {
        id: PolicyId::of(code),
        code: code.to_owned(),
        bureau: None,
        status: PolicyStatus::Published,
        revision_number: 1,
        revision: PolicyRevision {
            title: format!("示例政策 {code}"),
            document_numbers: Vec::new(),
            issuers: vec!["示例局".to_owned()],
            level: Level::City,
            area: "420100".to_owned(),
            kind: None,
            published_on: None,
            published_precision: None,
            effective_on: None,
            valid_until: None,
            validity: Validity::InForce,
            source_url: None,
            body: None,
            verbatim: false,
            summary: String::new(),
        },
    }
}

/// A published application item of policy `p` with full coverage and no condition yet.
pub fn item(code: &str) -> Item {
    Item {
        id: ItemId::of(code),
        code: code.to_owned(),
        policy: PolicyId::of("p"),
        bureau: None,
        implements: None,
        status: PolicyStatus::Published,
        revision_number: 1,
        revision: ItemRevision {
            name: format!("示例事项 {code}"),
            summary: String::new(),
            level: Level::City,
            area: "420100".to_owned(),
            category: Category::Other,
            support: Support::Grant,
            mode: Mode::Application,
            coverage: Coverage::Full,
            condition: None,
            sentences: std::collections::BTreeMap::new(),
            notes: Vec::new(),
            amount: None,
            relations: Vec::new(),
            amount_text: None,
            amount_low: None,
            amount_high: None,
            quota: None,
            parameters: std::collections::BTreeMap::new(),
            rolling: false,
            usual_months: Vec::new(),
            guide: Guide::default(),
            catalogue_hash: String::new(),
        },
    }
}

/// A published synthetic call; days as ISO text.
pub fn call(item_code: &str, batch: &str, opens: Option<&str>, closes: Option<&str>) -> Call {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    Call {
        id: CallId::of(&format!("{item_code}/{batch}")),
        item: ItemId::of(item_code),
        batch: batch.to_owned(),
        origin: CallOrigin::Synthetic,
        status: CallStatus::Published,
        opens_on: opens.and_then(day),
        closes_on: closes.and_then(day),
        as_of: None,
        parameters: std::collections::BTreeMap::new(),
        quota: None,
        contact: None,
        source_url: None,
        revision_number: 1,
    }
}
