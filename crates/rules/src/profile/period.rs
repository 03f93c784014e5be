//! The time of an entry: a year, months of one or a span, read from and written to JSON.

use chrono::{Datelike as _, NaiveDate};
use serde_json::{Map, Value as Json};

use super::Period;
use crate::reference::{Misfit, read_date};

/// Years a figure may belong to.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2098;

impl Period {
    /// The calendar year. `None` outside the calendar.
    pub fn year(year: i32) -> Option<Self> {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        Some(Self { from: Some(first(year)?), to: Some(first(year.checked_add(1)?)?) })
    }

    /// The calendar quarter, 1 to 4.
    pub fn quarter(year: i32, quarter: u32) -> Option<Self> {
        let last = quarter.checked_mul(3)?;
        Self::months(year, last.checked_sub(2)?, last)
    }

    /// Whole months of one year, first and last included, 1 to 12.
    pub fn months(year: i32, first: u32, last: u32) -> Option<Self> {
        let (next_year, next) = if last == 12 { (year.checked_add(1)?, 1) } else { (year, last.checked_add(1)?) };
        let period = Self {
            from: Some(NaiveDate::from_ymd_opt(year, first, 1)?),
            to: Some(NaiveDate::from_ymd_opt(next_year, next, 1)?),
        };
        (first <= last).then_some(period)
    }

    /// From a day on, without an end.
    pub fn since(day: NaiveDate) -> Self {
        Self { from: Some(day), to: None }
    }

    /// The year this period is exactly, if it is one.
    pub fn as_year(self) -> Option<i32> {
        let year = self.from?.year();
        (Self::year(year) == Some(self)).then_some(year)
    }

    /// Year, first and last month, where the period is whole months of one year.
    fn as_months(self) -> Option<(i32, u32, u32)> {
        let (from, to) = (self.from?, self.to?);
        let last = to.pred_opt()?;
        let months = (from.year(), from.month(), last.month());
        (Self::months(months.0, months.1, months.2) == Some(self)).then_some(months)
    }

    /// Whether the day lies in `[from, to)`.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// `2025`, `2025Q3`, `2025M01-11`, or nothing for a span that is none of them.
    pub fn label(self) -> Option<String> {
        Some(match self.as_months()? {
            (year, 1, 12) => year.to_string(),
            (year, first, last) if first % 3 == 1 && last == first + 2 => format!("{year}Q{}", last / 3),
            (year, first, last) => format!("{year}M{first:02}-{last:02}"),
        })
    }

    /// What [`Self::label`] writes, as a person reads it: `2025 年`, `2025 年第 3 季度`, `2025 年 1 至 11 月`.
    pub fn words(self) -> Option<String> {
        Some(match self.as_months()? {
            (year, 1, 12) => format!("{year} 年"),
            (year, first, last) if first % 3 == 1 && last == first + 2 => format!("{year} 年第 {} 季度", last / 3),
            (year, first, last) if first == last => format!("{year} 年 {first} 月"),
            (year, first, last) => format!("{year} 年 {first} 至 {last} 月"),
        })
    }

    /// Reads `2025`, `2025Q3` or `2025M01-11`.
    pub fn of_label(text: &str) -> Result<Self, Misfit> {
        let text = text.trim().trim_end_matches('年');
        let misfit = || Misfit {
            message: format!("“{text}”不是年度、季度或月份"),
            remedy: Some("年度写 2025,季度写 2025Q3,1 至 11 月写 2025M01-11".to_owned()),
        };
        let (year, part) = text.split_at_checked(4).ok_or_else(misfit)?;
        let year: i32 =
            Some(year).filter(|year| is_digits(year)).and_then(|year| year.parse().ok()).ok_or_else(misfit)?;
        if !YEARS.contains(&year) {
            return Err(Misfit { message: format!("{year} 年不合情理"), remedy: Some("检查年份".to_owned()) });
        }
        let number = |text: &str| -> Option<u32> { Some(text).filter(|text| is_digits(text))?.parse().ok() };
        let period = match part.split_at_checked(1) {
            None => Self::year(year),
            Some(("Q" | "q", quarter)) => number(quarter).and_then(|quarter| Self::quarter(year, quarter)),
            Some(("M" | "m", months)) => {
                let (first, last) = months.split_once('-').unwrap_or((months, months));
                number(first).zip(number(last)).and_then(|(first, last)| Self::months(year, first, last))
            }
            Some(_) => None,
        };
        period.ok_or_else(misfit)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads the ends of a span: `from` or `since`, and `to` (first day out) or `until` (last day in).
pub(super) fn read_span(object: &Map<String, Json>) -> Result<Period, Misfit> {
    let from = end(object, "from")?.or(end(object, "since")?);
    let to = match end(object, "to")? {
        Some(to) => Some(to),
        None => end(object, "until")?.and_then(|until| until.succ_opt()),
    };
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(Misfit { message: "起止日期颠倒".to_owned(), remedy: Some("from 要早于 to".to_owned()) });
    }
    Ok(Period { from, to })
}

fn end(object: &Map<String, Json>, key: &str) -> Result<Option<NaiveDate>, Misfit> {
    match object.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => read_date(text.trim()).map(Some),
        Some(other) => Err(Misfit {
            message: format!("“{other}”不是日期"),
            remedy: Some("写成 \"2024-01-31\"".to_owned()),
        }),
    }
}
