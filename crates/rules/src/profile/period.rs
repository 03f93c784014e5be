//! The time of an entry: a year, a quarter or a span, read from and written to JSON.

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
        let first = |index: u32| {
            let year = year.checked_add(i32::try_from(index / 4).ok()?)?;
            NaiveDate::from_ymd_opt(year, index % 4 * 3 + 1, 1)
        };
        let index = quarter.checked_sub(1).filter(|index| *index < 4)?;
        Some(Self { from: Some(first(index)?), to: Some(first(index + 1)?) })
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

    /// The year and quarter this period is exactly, if it is one.
    pub fn as_quarter(self) -> Option<(i32, u32)> {
        let from = self.from?;
        let quarter = from.month0() / 3 + 1;
        (Self::quarter(from.year(), quarter) == Some(self)).then_some((from.year(), quarter))
    }

    /// Whether the day lies in `[from, to)`.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// `2025`, `2025Q3`, or nothing for a span that is neither.
    pub(super) fn label(self) -> Option<String> {
        self.as_year()
            .map(|year| year.to_string())
            .or_else(|| self.as_quarter().map(|(year, quarter)| format!("{year}Q{quarter}")))
    }

    /// Writes the end with the given key, if there is one.
    pub(super) fn write_end(key: &str, end: Option<NaiveDate>, object: &mut Map<String, Json>) {
        if let Some(day) = end {
            object.insert(key.to_owned(), Json::String(day.to_string()));
        }
    }
}

/// Reads `2025` or `2025Q3`.
pub(super) fn read_label(text: &str) -> Result<Period, Misfit> {
    let text = text.trim().trim_end_matches('年');
    let (year, quarter) = match text.split_once(['Q', 'q']) {
        Some((year, quarter)) => (year, Some(quarter)),
        None => (text, None),
    };
    let misfit = || Misfit {
        message: format!("“{text}”不是年度或季度"),
        remedy: Some("年度写 2025,季度写 2025Q3".to_owned()),
    };
    let year: i32 = Some(year).filter(|year| year.len() == 4).and_then(|year| year.parse().ok()).ok_or_else(misfit)?;
    if !YEARS.contains(&year) {
        return Err(Misfit { message: format!("{year} 年不合情理"), remedy: Some("检查年份".to_owned()) });
    }
    let period = match quarter {
        None => Period::year(year),
        Some(quarter) => quarter.parse().ok().and_then(|quarter| Period::quarter(year, quarter)),
    };
    period.ok_or_else(misfit)
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
