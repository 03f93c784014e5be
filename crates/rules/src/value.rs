//! What a fact can hold. Numbers are scaled integers; the scale lives in the catalogue, never here.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The English key of a fact in the catalogue, e.g. `revenue`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FactKey(String);

impl FactKey {
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for FactKey {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

/// One known value. `Number` is scaled by the catalogue entry of its fact (money: 分).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    Bool(bool),
    Number(i64),
    Date(NaiveDate),
    Text(String),
    /// A code of a closed list named by the catalogue, e.g. `存续` of 登记状态.
    Code(String),
    Codes(BTreeSet<String>),
    /// GB/T 2260 code or the own id of an overlay zone, e.g. `420111`, `420100-ELHT`.
    Area(String),
    /// GB/T 4754-2017: section letter with 0–4 digits, e.g. `I65`, `C3921`.
    Industry(String),
}

/// How well a value is evidenced, after 国办函〔2016〕108号: A is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// 发证机构数据
    A,
    /// 窗口核验
    B,
    /// 企业上传
    C,
    /// 企业自报或承诺
    D,
}
