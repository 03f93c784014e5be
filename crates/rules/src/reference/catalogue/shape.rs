//! What a single value must look like, and how it is read from JSON and shown.

use chrono::NaiveDate;
use serde::ser::{Serialize, Serializer};
use serde_json::Value as Json;

use super::FactKind;
use crate::evaluate::facts::in_base_units;
use crate::number::{
    NumberError, Rational, count_text, decimal_text, money_text, percent_text, scaled, scaled_from_json,
};
use crate::reference::{Reference, nearest};
use crate::value::Value;

/// Years a date may lie in. 2099 and 9999 are what forms write for "no end"; such a date is left out instead.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2098;

/// The form of one value, of a fact or of a record's field.
#[derive(Clone, Copy, Debug)]
pub struct ValueShape<'a> {
    pub kind: &'a FactKind,
    pub unit: &'a str,
    pub scale: u8,
    pub signed: bool,
    pub max: Option<i64>,
}

/// What is wrong with a value. In Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub message: String,
    /// What to write instead.
    pub remedy: Option<String>,
}

impl Misfit {
    fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: Some(remedy.into()) }
    }
}

impl ValueShape<'_> {
    /// Reads one JSON value; names of codes, places and industries become their codes.
    pub fn read(&self, json: &Json, reference: &Reference) -> Result<Value, Misfit> {
        match self.kind {
            FactKind::Bool => read_bool(json),
            FactKind::Integer | FactKind::Amount | FactKind::Ratio => self.read_number(json).map(Value::Number),
            FactKind::Date => read_date(text_of(json, "日期,如 2024-01-31")?).map(Value::Date),
            FactKind::Text => text_of(json, "文字").map(|text| Value::Text(text.to_owned())),
            FactKind::Code { .. } => self.read_code(text_of(json, "文字")?).map(Value::Code),
            FactKind::Codes { .. } => self.read_codes(json),
            FactKind::Area => read_area(json, reference),
            FactKind::Industry => read_industry(json, reference),
            FactKind::List(_) => Err(Misfit::new("这里不能填清单", "清单写在 records 里")),
        }
    }

    /// What one stored unit of a number is worth in base units; of anything else one.
    pub fn stored_unit(&self) -> Rational {
        if self.kind.is_number() { in_base_units(1, self.scale, self.unit) } else { Rational::whole(1) }
    }

    /// The canonical JSON of a value of this shape, to be serialised.
    pub(crate) fn written<'v>(&self, value: &'v Value) -> Written<'v> {
        Written { value, scale: self.scale }
    }

    /// The value as a person reads it: `86 万元`, `2.6%`, `东西湖区`, `是`.
    pub fn display(&self, value: &Value, reference: &Reference) -> String {
        match value {
            Value::Bool(true) => "是".to_owned(),
            Value::Bool(false) => "否".to_owned(),
            Value::Number(number) => self.display_number(&Rational::scaled(*number, self.scale)),
            Value::Date(date) => date.to_string(),
            Value::Text(text) | Value::Code(text) => text.clone(),
            Value::Codes(codes) => codes.iter().map(String::as_str).collect::<Vec<_>>().join("、"),
            Value::Area(code) => reference.areas.name(code).unwrap_or(code).to_owned(),
            Value::Industry(code) => match reference.industries.name(code) {
                Some(name) => format!("{name}({code})"),
                None => code.clone(),
            },
        }
    }

    /// A number of this shape, computed or stored, as a person reads it.
    pub fn display_number(&self, number: &Rational) -> String {
        match self.kind {
            FactKind::Amount => money_text(number),
            FactKind::Ratio => percent_text(number),
            _ => count_text(number, self.unit),
        }
    }

    fn read_number(&self, json: &Json) -> Result<i64, Misfit> {
        self.bounded(scaled_from_json(json, self.scale).map_err(|error| self.explain(&error))?)
    }

    /// A scaled number, unless it lies outside what this shape allows.
    pub(crate) fn bounded(&self, number: i64) -> Result<i64, Misfit> {
        if number < 0 && !self.signed {
            return Err(Misfit::new("不能是负数", "没有就填 0,不知道就不填"));
        }
        match self.max.filter(|max| number > *max) {
            Some(max) => {
                let max = decimal_text(max, self.scale);
                Err(Misfit::new(format!("超过最大值 {max}"), self.expectation()))
            }
            None => Ok(number),
        }
    }

    fn explain(&self, error: &NumberError) -> Misfit {
        let remedy = match error {
            NumberError::UnitInside { number, unit } => match self.converted(number, unit) {
                Some(converted) => format!("{},“{number}{unit}”应填 {converted}", self.expectation()),
                None => self.expectation(),
            },
            NumberError::ImpreciseFloat => "用引号括起来,写成字符串".to_owned(),
            _ => self.expectation(),
        };
        Misfit::new(error.to_string(), remedy)
    }

    fn expectation(&self) -> String {
        match self.kind {
            FactKind::Ratio => "填小数,3% 填 0.03".to_owned(),
            _ if self.unit.is_empty() => "填数字".to_owned(),
            _ => format!("填数字,单位是{}", self.unit),
        }
    }

    /// What `100` with unit `万元` should have been written as.
    fn converted(&self, number: &str, unit: &str) -> Option<String> {
        let unit = unit.trim();
        let zeros: u8 = match (self.kind, unit) {
            (FactKind::Amount, "元") => 0,
            (FactKind::Amount, "千元") => 3,
            (FactKind::Amount, "万元" | "万") => 4,
            (FactKind::Amount, "亿元" | "亿") => 8,
            (FactKind::Ratio, "%" | "\u{ff05}") => {
                return scaled(number, self.scale - 2).ok().map(|n| decimal_text(n, self.scale));
            }
            (_, unit) if unit == self.unit => 0,
            _ => return None,
        };
        scaled(number, self.scale + zeros).ok().map(|value| decimal_text(value, self.scale))
    }

    fn read_code(&self, text: &str) -> Result<String, Misfit> {
        let text = text.trim();
        let options = self.kind.options();
        let found =
            options.iter().find(|option| option.code == text || option.aliases.iter().any(|alias| alias == text));
        found.map(|option| option.code.clone()).ok_or_else(|| {
            let names = || options.iter().flat_map(|option| std::iter::once(&option.code).chain(&option.aliases));
            let remedy = if let Some(near) = nearest(text, names().map(String::as_str)) {
                format!("是不是“{near}”?")
            } else {
                let first: Vec<_> = options.iter().take(12).map(|option| option.code.as_str()).collect();
                let more = if options.len() > first.len() { " 等" } else { "" };
                format!("可填:{}{more}", first.join("、"))
            };
            Misfit::new(format!("没有“{text}”这个选项"), remedy)
        })
    }

    fn read_codes(&self, json: &Json) -> Result<Value, Misfit> {
        let Json::Array(items) = json else {
            return Err(Misfit::new("要填多个选项的数组", "写成 [\"选项一\", \"选项二\"]"));
        };
        items.iter().map(|item| self.read_code(text_of(item, "文字")?)).collect::<Result<_, _>>().map(Value::Codes)
    }
}

/// A value on its way into canonical JSON.
pub(crate) struct Written<'v> {
    value: &'v Value,
    scale: u8,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Bool(value) => serializer.serialize_bool(*value),
            // A whole number stays a JSON number; a fraction is a text, so that no reader makes a float of it.
            Value::Number(value) => match value.checked_rem(10_i64.pow(self.scale.into())) {
                Some(0) => serializer.serialize_i64(value / 10_i64.pow(self.scale.into())),
                _ => serializer.serialize_str(&decimal_text(*value, self.scale)),
            },
            Value::Date(date) => date.serialize(serializer),
            Value::Text(text) | Value::Code(text) | Value::Area(text) | Value::Industry(text) => {
                serializer.serialize_str(text)
            }
            Value::Codes(codes) => codes.serialize(serializer),
        }
    }
}

fn text_of<'a>(json: &'a Json, wanted: &str) -> Result<&'a str, Misfit> {
    json.as_str()
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Misfit::new(format!("“{json}”的类型不对"), format!("要填{wanted}")))
}

fn read_bool(json: &Json) -> Result<Value, Misfit> {
    match json {
        Json::Bool(value) => Ok(Value::Bool(*value)),
        Json::String(text) if matches!(text.trim(), "是" | "有" | "true") => Ok(Value::Bool(true)),
        Json::String(text) if matches!(text.trim(), "否" | "无" | "没有" | "false") => Ok(Value::Bool(false)),
        _ => Err(Misfit::new(format!("“{json}”不是是或否"), "填 true 或 false,也可写 是、否")),
    }
}

pub(crate) fn read_date(text: &str) -> Result<NaiveDate, Misfit> {
    let date: NaiveDate = iso_date(text)
        .or_else(|| text.parse().ok())
        .ok_or_else(|| Misfit::new(format!("“{text}”不是日历上的日期"), "写成 2024-01-31"))?;
    if YEARS.contains(&chrono::Datelike::year(&date)) {
        Ok(date)
    } else {
        Err(Misfit::new(format!("日期 {date} 不合情理"), "长期有效或没有截止日的,不要填这个日期"))
    }
}

/// `2024-01-31` and nothing else: how nearly every date is written, read without the general parser.
fn iso_date(text: &str) -> Option<NaiveDate> {
    let number = |digits: &str| -> Option<u32> {
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let (year, rest) = text.split_once('-').filter(|(year, rest)| year.len() == 4 && rest.len() == 5)?;
    let (month, day) = rest.split_once('-').filter(|(month, _)| month.len() == 2)?;
    NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, number(month)?, number(day)?)
}

fn read_area(json: &Json, reference: &Reference) -> Result<Value, Misfit> {
    let text = text_of(json, "地区代码或名称")?;
    reference.areas.find(text).map(|code| Value::Area(code.to_owned())).ok_or_else(|| {
        let remedy = match reference.areas.nearest(text) {
            Some(near) => format!("是不是“{near}”?"),
            None => "填六位行政区划代码、功能区编号或名称,如 420111、420100-ELHT、洪山区".to_owned(),
        };
        Misfit::new(format!("不认识的地区“{text}”"), remedy)
    })
}

fn read_industry(json: &Json, reference: &Reference) -> Result<Value, Misfit> {
    let text = text_of(json, "行业代码或名称")?;
    reference.industries.find(text).filter(|code| !code.starts_with('@')).map(Value::Industry).ok_or_else(|| {
        let remedy = match reference.industries.nearest(text) {
            Some(near) => format!("是不是“{near}”?"),
            None => "填 GB/T 4754 代码或名称,如 I65、软件和信息技术服务业".to_owned(),
        };
        Misfit::new(format!("不认识的行业“{text}”"), remedy)
    })
}
