//! What is asked of one record: codes, numbers and dates of its fields, put together with 且, 或 and 没有.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figure::Figure;
use super::known;
use crate::evaluate::facts::Facts;
use crate::profile::Record;
use crate::reference::ListShape;
use crate::tree::Operator;
use crate::tree::age::{self, Duration};
use crate::tree::logic::{all, any, not};
use crate::tree::membership::among;
use crate::tree::place::within;
use crate::value::Value;
use crate::verdict::Verdict;

/// One demand on a record. Trees in normal form have two members under `All` and `Any` and one under `None`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// 级别 属于 {国家级, 省级}, 级别 不属于 {…}
    Among {
        field: String,
        negated: bool,
        values: Vec<String>,
    },
    /// 单位排名 <= 3, 发证日期 不早于 2024-01-01, 研发投入 / 设备投资 <= 20%
    Compare {
        left: Figure,
        operator: Operator,
        right: Figure,
    },
    /// 毕业日期 不超过 2年: how long before the as-of day the date lies; 开工日期 至 竣工日期 不超过 2年: how long
    /// before another date of the record.
    Age {
        field: String,
        /// The date field at which the duration ends; absent: the as-of day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<String>,
        /// 满, 超过, 不超过 or 不满.
        operator: Operator,
        duration: Duration,
    },
    All(Vec<Filter>),
    Any(Vec<Filter>),
    /// 没有 ( … ): none of them may hold.
    None(Vec<Filter>),
}

impl Filter {
    pub(crate) fn among(field: impl Into<String>, values: Vec<String>) -> Self {
        Self::Among { field: field.into(), negated: false, values }
    }

    /// The members of a group; empty for a single demand.
    pub fn members(&self) -> &[Self] {
        match self {
            Self::All(members) | Self::Any(members) | Self::None(members) => members,
            Self::Among { .. } | Self::Compare { .. } | Self::Age { .. } => &[],
        }
    }

    /// Whether one record passes; a field it lacks leaves that open.
    pub(super) fn matches(&self, shape: &ListShape, record: &Record, facts: &Facts<'_>) -> Verdict {
        let each = |members: &'_ [Self]| -> Vec<Verdict> {
            members.iter().map(|member| member.matches(shape, record, facts)).collect()
        };
        match self {
            Self::Among { field, negated, values } => {
                let verdict = in_set(record.get(field), values, facts);
                if *negated { not(verdict) } else { verdict }
            }
            Self::Compare { left, operator, right } => {
                let sides = left.value(shape, record).zip(right.value(shape, record));
                known(sides.map(|(left, right)| operator.holds(left.cmp(&right))))
            }
            Self::Age { field, until, operator, duration } => {
                let end = until.as_ref().map_or(Some(facts.as_of()), |until| date(record, until));
                let dates = date(record, field).zip(end);
                known(dates.map(|(start, end)| age::holds(start, *operator, *duration, end)))
            }
            Self::All(members) => all(each(members)),
            Self::Any(members) => any(each(members)),
            Self::None(members) => not(any(each(members))),
        }
    }
}

pub(super) fn date(record: &Record, field: &str) -> Option<NaiveDate> {
    match record.get(field) {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    }
}

fn in_set(value: Option<&Value>, values: &[String], facts: &Facts<'_>) -> Verdict {
    let reference = facts.reference();
    match value {
        Some(Value::Area(code)) => within(&reference.areas, values, code),
        Some(value) => among(&reference.industries, values, value).unwrap_or(Verdict::Unknown),
        None => Verdict::Unknown,
    }
}
