//! What can stand on either side of a comparison: facts at a period, windows, growth, arithmetic, parameters.

use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::period::{When, Window, Year};
use super::quantity::Quantity;
use super::score::Score;
use super::tally::Tally;
use crate::value::FactKey;

/// A number or a date.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    Quantity(Quantity),
    Date(NaiveDate),
    Fact(FactReference),
    /// 近2年研发费用, 近2年平均研发费用
    Over {
        fold: Fold,
        fact: FactKey,
        source: Option<String>,
        window: Window,
    },
    /// 上年度营业收入 同比增长率, 近2年营业收入 平均增长率
    Growth {
        of: FactKey,
        source: Option<String>,
        growth: Growth,
    },
    /// 参数「失业率控制目标」, 上年度参数「失业率控制目标」: as published for the as-of day, or for the end of a year.
    Parameter {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        year: Option<Year>,
    },
    /// What the records of a list come to.
    Tally(Tally),
    /// A score defined by 设, by its name.
    Score(Arc<Score>),
    Arithmetic {
        left: Box<Expression>,
        operator: Arithmetic,
        right: Box<Expression>,
    },
}

/// 上年度营业收入, or 上年度营业收入@tax when the notice names its source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct FactReference {
    pub fact: FactKey,
    pub when: When,
    /// Catalogue id of the only source that counts.
    pub source: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    /// 近2年研发费用 (the default reading: 累计)
    Sum,
    /// 平均
    Mean,
    /// 最低
    Least,
    /// 最高
    Greatest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// 同比增长率: against the same period a year before.
    YearOnYear(When),
    /// 近N年平均增长率: the mean of the N yearly rates.
    Average(u8),
    /// 近N年复合增长率: `(last / first)^(1/N) − 1`, compared by powers.
    Compound(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Arithmetic {
    #[serde(rename = "+")]
    Plus,
    #[serde(rename = "-")]
    Minus,
    #[serde(rename = "*")]
    Times,
    #[serde(rename = "/")]
    Over,
}

impl Arithmetic {
    pub fn sign(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
        }
    }

    /// `*` and `/` bind tighter than `+` and `-`.
    pub fn binds_tightly(self) -> bool {
        matches!(self, Self::Times | Self::Over)
    }
}

impl Fold {
    /// The word before the fact's name; a sum needs none.
    pub fn words(self) -> &'static str {
        match self {
            Self::Sum => "",
            Self::Mean => "平均",
            Self::Least => "最低",
            Self::Greatest => "最高",
        }
    }
}

impl When {
    /// The same period one year earlier.
    pub fn year_before(self) -> Option<Self> {
        let before = |year| match year {
            Year::Ago(years) => years.checked_add(1).map(Year::Ago),
            Year::Named(year) => year.checked_sub(1).map(Year::Named),
        };
        self.with_year(before)
    }
}
