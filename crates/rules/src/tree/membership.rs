//! A code, a flag or an industry among a set, and words inside a text.

use serde::{Deserialize, Serialize};

use crate::value::FactKey;

/// `登记状态 属于 {存续, 在业}`, `所属行业 不属于 {房地产业}`, `独立法人 为 是`.
/// Industries contain their subdivisions; a code set is in when one of its codes is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Membership {
    pub fact: FactKey,
    /// 不属于
    pub negated: bool,
    pub values: Vec<String>,
}

/// `经营范围 含 {生产, 加工}`: at least one of the words occurs in the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Contains {
    pub fact: FactKey,
    /// 不含
    pub negated: bool,
    pub words: Vec<String>,
}
