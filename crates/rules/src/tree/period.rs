//! Which time a condition speaks of: years relative to the as-of day, quarters, windows, spans of events.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::profile::Period;

/// The largest `N` of 近N年.
pub const MAX_YEARS: u8 = 30;

/// A calendar year, counted back from the as-of day (当年 is 0, 上年度 1, 上上年度 2) or named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Year {
    Ago(u8),
    Named(i32),
}

/// The period a fact is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// No period written: the state on the as-of day; inside 每年 ( … ) the year in turn.
    Now,
    Year(Year),
    /// A quarter 1–4 of a year.
    Quarter(Year, u8),
}

/// 近N年 of yearly figures: the last `years` completed calendar years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Window {
    pub years: u8,
    /// 不足按实际: leaves out years in which the enterprise did not exist yet.
    pub actual_years: bool,
}

/// The span in which an event or certificate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// At any time.
    Ever,
    /// In force on the as-of day: 有效, 列入.
    InForce,
    /// 近N年: the last N completed calendar years and the days of this one up to the as-of day.
    Years(u8),
    /// 近N个月: rolling, back from the as-of day.
    Months(u16),
    Year(Year),
    /// 上年度及当年, up to the as-of day.
    SinceLastYear,
    /// Both days included.
    Between(NaiveDate, NaiveDate),
}

impl Year {
    /// The calendar year meant on `as_of`.
    pub fn resolve(self, as_of: NaiveDate) -> i32 {
        match self {
            Self::Ago(years) => as_of.year() - i32::from(years),
            Self::Named(year) => year,
        }
    }

    pub fn words(self) -> String {
        match self {
            Self::Ago(0) => "当年".into(),
            Self::Ago(years) => format!("{}年度", "上".repeat(usize::from(years))),
            Self::Named(year) => format!("{year}年"),
        }
    }
}

const QUARTERS: [&str; 4] = ["一季度", "二季度", "三季度", "四季度"];

impl When {
    pub fn words(self) -> String {
        match self {
            Self::Now => String::new(),
            Self::Year(year) => year.words(),
            Self::Quarter(year, quarter) => format!("{}{}", year.words(), quarter_words(quarter)),
        }
    }

    /// The same, with the years resolved: what a person reads as the period of a value.
    pub fn resolved_words(self, as_of: NaiveDate) -> Option<String> {
        match self {
            Self::Now => None,
            Self::Year(year) => Some(Year::Named(year.resolve(as_of)).words()),
            Self::Quarter(year, quarter) => {
                Some(format!("{}{}", Year::Named(year.resolve(as_of)).words(), quarter_words(quarter)))
            }
        }
    }

    /// The span of days meant; `None` for [`When::Now`].
    pub fn period(self, as_of: NaiveDate) -> Option<Period> {
        match self {
            Self::Now => None,
            Self::Year(year) => Period::year(year.resolve(as_of)),
            Self::Quarter(year, quarter) => Period::quarter(year.resolve(as_of), quarter.into()),
        }
    }
}

/// 一季度 … 四季度.
pub fn quarter_words(quarter: u8) -> &'static str {
    QUARTERS[usize::from(quarter.clamp(1, 4) - 1)]
}

/// The number of 一季度 … 四季度.
pub fn quarter_number(words: &str) -> Option<u8> {
    let index = QUARTERS.iter().position(|name| *name == words)?;
    u8::try_from(index + 1).ok()
}

impl Window {
    /// The years of the window, the most recent first, each as years ago.
    pub fn years_ago(self) -> impl Iterator<Item = u8> {
        1..=self.years
    }

    pub fn words(self) -> String {
        let actual = if self.actual_years { "(不足按实际)" } else { "" };
        format!("近{}年{actual}", self.years)
    }
}

impl Span {
    /// First and last day, both included; an absent end is open.
    pub fn days(self, as_of: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let january = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        match self {
            Self::Ever => (None, Some(as_of)),
            Self::InForce => (Some(as_of), Some(as_of)),
            Self::Years(years) => (january(as_of.year() - i32::from(years)), Some(as_of)),
            Self::Months(months) => (as_of.checked_sub_months(Months::new(months.into())), Some(as_of)),
            Self::Year(year) => {
                let year = year.resolve(as_of);
                let last = NaiveDate::from_ymd_opt(year, 12, 31);
                (january(year), last.map(|last| if year == as_of.year() { as_of } else { last }))
            }
            Self::SinceLastYear => (january(as_of.year() - 1), Some(as_of)),
            Self::Between(from, to) => (Some(from), Some(to)),
        }
    }

    /// The words before the list's name; 有效 and 列入 are written elsewhere.
    pub fn words(self) -> String {
        match self {
            Self::Ever | Self::InForce => String::new(),
            Self::Years(years) => format!("近{years}年"),
            Self::Months(months) => format!("近{months}个月"),
            Self::Year(year) => year.words(),
            Self::SinceLastYear => "上年度及当年".into(),
            Self::Between(from, to) => format!("{from} 至 {to}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn last_year_is_the_calendar_year_before_the_as_of_day() {
        let last = When::Year(Year::Ago(1));
        let of = |as_of| last.period(day(as_of)).unwrap();
        assert_eq!(of("2026-12-31"), Period::year(2025).unwrap());
        assert_eq!(of("2027-01-01"), Period::year(2026).unwrap());
    }

    #[test]
    fn the_last_three_years_of_events_begin_with_the_third_completed_year_and_reach_today() {
        let (from, to) = Span::Years(3).days(day("2026-11-23"));
        assert_eq!((from, to), (Some(day("2023-01-01")), Some(day("2026-11-23"))));
    }

    #[test]
    fn rolling_months_go_back_from_the_as_of_day() {
        assert_eq!(Span::Months(12).days(day("2026-11-23")).0, Some(day("2025-11-23")));
    }

    #[test]
    fn a_quarter_is_three_months() {
        let second = When::Quarter(Year::Ago(0), 2).period(day("2026-11-23")).unwrap();
        assert_eq!(second, Period { from: Some(day("2026-04-01")), to: Some(day("2026-07-01")) });
    }

    #[test]
    fn a_year_no_calendar_holds_is_no_period() {
        assert_eq!(When::Year(Year::Named(i32::MAX)).period(day("2026-11-23")), None);
    }
}
