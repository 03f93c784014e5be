//! A condition judged for a made-up firm on one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rules::{Context, Explanation, Profile, Reference, explain, text};
use serde_json::{Value as Json, json};

pub(crate) fn told(text: &str, facts: &Json) -> Explanation {
    let reference = Reference::builtin();
    let condition = text::parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
    let profile = Profile::from_json(&json, reference).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let none = BTreeMap::new();
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
    explain(&condition, &profile, &Context { reference, as_of, parameters: &none }, &none)
}
