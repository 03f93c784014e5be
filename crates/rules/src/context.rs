//! What an evaluation depends on besides condition and profile.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::reference::Reference;

/// Reference data, the as-of day and the parameters of the call.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub reference: &'a Reference,
    /// 评价日: the call's date if it sets one, else the day of evaluation.
    pub as_of: NaiveDate,
    /// Parameters set by item or call, name → value in the text form (`5.5%`). They overrule the reference data.
    pub parameters: &'a BTreeMap<String, String>,
}
