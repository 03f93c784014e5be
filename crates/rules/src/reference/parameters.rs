//! Dated parameters: figures a condition names and somebody else sets (城镇调查失业率控制目标).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::areas::Areas;
use super::industries::Industries;
use super::source::{Entry, Source, TomlSource as _, calendar_date};
use crate::number::scaled;
use crate::problem::Problem;

/// Scale of a share, a sum of money and a plain count.
const RATIO_SCALE: u8 = 6;
const AMOUNT_SCALE: u8 = 2;

/// One value for one time and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterValue {
    pub from: NaiveDate,
    /// First day it no longer holds.
    pub to: Option<NaiveDate>,
    pub place: String,
    /// The class of enterprises it holds for; absent: all.
    pub industry: Option<String>,
    pub value: i64,
    /// Where it was published, ready to show.
    pub source: String,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub aliases: Vec<String>,
    /// Decimal places of every value: 6 for a ratio, 2 for money in 元, 0 for a count.
    pub scale: u8,
    pub values: Vec<ParameterValue>,
}

impl Parameter {
    /// The values that hold on a day.
    pub fn in_force(&self, day: NaiveDate) -> impl Iterator<Item = &ParameterValue> {
        self.values.iter().filter(move |value| value.from <= day && value.to.is_none_or(|to| day < to))
    }
}

/// All parameters by name and alias.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    parameters: Vec<Parameter>,
    names: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    parameters: Vec<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParameter {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    kind: Kind,
    values: Vec<RawValue>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Ratio,
    Amount,
    Integer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawValue {
    from: Datetime,
    to: Option<Datetime>,
    place: String,
    industry: Option<String>,
    value: String,
    source: String,
}

impl Parameters {
    pub(super) fn parse(
        source: &Source<'_>,
        areas: &Areas,
        industries: &Industries,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let Some(document) = source.document::<Document>(problems) else { return Self::default() };
        let mut parameters = Self::default();
        for entry in source.entries::<RawParameter>(document.parameters, problems) {
            let parameter =
                read(&entry, areas, industries, &mut |message| problems.push(source.problem(entry.line, message)));
            let index = parameters.parameters.len();
            for name in std::iter::once(&parameter.name).chain(&parameter.aliases) {
                if parameters.names.insert(name.clone(), index).is_some() {
                    problems.push(source.problem(entry.line, format!("参数名“{name}”重复")));
                }
            }
            parameters.parameters.push(parameter);
        }
        parameters
    }

    pub fn get(&self, name: &str) -> Option<&Parameter> {
        self.names.get(name.trim()).map(|index| &self.parameters[*index])
    }

    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter()
    }

    /// The closest known name to a mistyped one.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        super::nearest(name, self.names.keys().map(String::as_str))
    }
}

fn read(
    entry: &Entry<RawParameter>,
    areas: &Areas,
    industries: &Industries,
    complain: &mut impl FnMut(String),
) -> Parameter {
    let raw = &entry.value;
    let scale = match raw.kind {
        Kind::Ratio => RATIO_SCALE,
        Kind::Amount => AMOUNT_SCALE,
        Kind::Integer => 0,
    };
    let mut values: Vec<ParameterValue> = Vec::new();
    for value in &raw.values {
        match read_value(value, raw.kind, scale, areas, industries) {
            Ok(value) => values.push(value),
            Err(message) => complain(format!("{}:{message}", raw.name)),
        }
    }
    values.sort_by(|a, b| (&a.place, &a.industry, a.from).cmp(&(&b.place, &b.industry, b.from)));
    for pair in values.windows(2) {
        let same = (&pair[0].place, &pair[0].industry) == (&pair[1].place, &pair[1].industry);
        if same && pair[0].to.is_none_or(|to| to > pair[1].from) {
            complain(format!("{}:{} 起的两个值时间重叠", raw.name, pair[1].from));
        }
    }
    Parameter { name: raw.name.clone(), aliases: raw.aliases.clone(), scale, values }
}

fn read_value(
    raw: &RawValue,
    kind: Kind,
    scale: u8,
    areas: &Areas,
    industries: &Industries,
) -> Result<ParameterValue, String> {
    let from = calendar_date(raw.from).ok_or("from 不是日期")?;
    let to = raw.to.map(|to| calendar_date(to).ok_or("to 不是日期")).transpose()?;
    let place = areas.find(&raw.place).ok_or_else(|| format!("不认识的地区“{}”", raw.place))?.to_owned();
    let class = |name: &String| industries.find(name).ok_or_else(|| format!("不认识的行业“{name}”"));
    let industry = raw.industry.as_ref().map(class).transpose()?;
    // A percentage is moved two places by reading it at a scale two smaller.
    let (digits, scale) = match (kind, raw.value.strip_suffix('%')) {
        (Kind::Ratio, Some(percent)) => (percent, scale - 2),
        _ => (raw.value.as_str(), scale),
    };
    let value = scaled(digits, scale).map_err(|error| format!("“{}”{error}", raw.value))?;
    Ok(ParameterValue { from, to, place, industry, value, source: raw.source.clone() })
}
