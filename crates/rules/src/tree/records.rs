//! Records of a list: certificates, awards, incidents, grants. An empty list is not knowledge.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::compare::Operator;
use super::period::Span;
use super::quantity::Quantity;
use crate::value::FactKey;

/// `近3年 获奖 含 省级科技奖励 ( 单位排名 <= 3 )`, `从未 …`, `未列入 …`, `知识产权 含 Ⅰ类 >= 4项`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Records {
    pub list: FactKey,
    /// A named part of the list from the catalogue: 重大违法 is the part of 违法记录 that is serious.
    pub selection: Option<String>,
    pub span: Span,
    pub quantifier: Quantifier,
    /// All must hold for a record to count.
    pub filters: Vec<Filter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantifier {
    /// At least one.
    Some,
    /// Not one: 从未, 未列入, 无.
    None,
    /// The number of them compared.
    Count(Operator, u32),
}

/// One demand on a field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// 级别 属于 {国家级, 省级}
    Among { field: String, values: Vec<String> },
    /// 单位排名 <= 3
    Number { field: String, operator: Operator, quantity: Quantity },
    /// 发证日期 不早于 2024-01-01
    Date { field: String, operator: Operator, date: NaiveDate },
}
