//! 兑现标准: how much an item pays one enterprise, as the notice words it, and what that comes to.
//!
//! An amount is never negative, and what is unknown is never zero: an unknown base leaves everything between the floor
//! and the cap possible.

mod evaluate;
mod span;
#[cfg(test)]
mod tests;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Severity};
use crate::reference::Reference;
use crate::tree::{Bands, Cases, Expression, Quantity};

pub use evaluate::{AmountEstimate, ShareEstimate, estimate, estimate_cap, estimate_ends};
pub use span::range_text;

/// `上年度设备投资 * 10% 最高 2000万元 分担 { 市级 50% ; 区级 50% }`
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    pub part: Part,
    /// Which level pays which share; empty where the notice does not say.
    pub shares: Vec<Share>,
}

/// A part of an amount.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AmountPart")]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Money by an expression: fixed, a rate of a base, so much a head. Below zero it pays nothing, so that
    /// `( 研发费用 - 营业收入 * 5% ) * 20%` is the wording 超过 5% 以上的部分.
    Of(Expression),
    /// 最低 and 最高, either of which may depend on other facts. Where they contradict, the cap holds.
    Bounded { part: Box<Part>, floor: Option<Expression>, cap: Option<Expression> },
    /// 合计 { … ; … }: parts with caps of their own.
    Sum(Vec<Part>),
    /// 择高 { … ; … }: of several standards the one that pays most.
    Best(Vec<Part>),
    /// 至多 …: the notice names a bound only; how much within it, the authority decides.
    UpTo(Box<Part>),
    /// 分档 上年度营业收入 { … }: how it is reckoned depends on a figure. In no row nothing is paid.
    Tier(Bands<Part>),
    /// 分情形 { 当 … : … ; 其余 : … }: how it is reckoned depends on the situation.
    Cases(Cases<Part>),
}

/// One level's share of the whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// 国家级, 省级, 市级 or 区级.
    pub level: String,
    pub part: Quantity,
}

impl Amount {
    /// Reads and checks the text form.
    ///
    /// # Errors
    ///
    /// Every mistake of the text, or of what it says, with its remedy.
    pub fn read(text: &str, reference: &Reference) -> Result<Self, Vec<Problem>> {
        let amount = crate::text::parse_amount(text, reference)?;
        let mut problems = crate::check_amount(&amount, reference);
        problems.retain(|problem| problem.severity == Severity::Error);
        if problems.is_empty() { Ok(amount) } else { Err(problems) }
    }
}

/// The levels that may share, highest first.
pub(crate) const LEVELS: [&str; 4] = ["国家级", "省级", "市级", "区级"];
