//! Which time a condition speaks of: years relative to the as-of day, quarters, windows, spans of events.

use chrono::{Datelike, Months, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::profile::Period;

/// The largest `N` of 近N年.
pub const MAX_YEARS: u8 = 30;

/// A calendar year, counted back from the as-of day (当年 is 0, 上年度 1, 上上年度 2) or named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Year {
    Ago(u8),
    Named(i32),
}

/// The period a fact is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// No period written: the state on the as-of day; inside 每年 ( … ) the year in turn.
    Now,
    Year(Year),
    /// A quarter 1–4 of a year.
    Quarter(Year, u8),
    /// Months of a year, first and last included; made by [`When::months`].
    Months(Year, u8, u8),
}

/// 近N年 of yearly figures: the last `years` completed calendar years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    pub years: u8,
    /// 不足按实际: leaves out years in which the enterprise did not exist yet.
    pub actual_years: bool,
}

/// The span in which an event or certificate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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

    /// 31 December of the year. `None` outside the calendar.
    pub fn last_day(self, as_of: NaiveDate) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.resolve(as_of), 12, 31)
    }

    /// 上年末, 2025年末
    pub fn end_words(self) -> String {
        match self {
            Self::Ago(0) => "当年末".into(),
            Self::Ago(years) => format!("{}年末", "上".repeat(usize::from(years))),
            Self::Named(year) => format!("{year}年末"),
        }
    }

    /// The year whose end the words name.
    pub fn of_end_words(words: &str) -> Option<Self> {
        match words.strip_suffix("年末").or(words.strip_suffix("年度末"))? {
            "当" | "本" => Some(Self::Ago(0)),
            "前" => Some(Self::Ago(2)),
            ups if !ups.is_empty() && ups.chars().all(|up| up == '上') => {
                u8::try_from(ups.chars().count()).ok().map(Self::Ago)
            }
            year => year.parse().ok().filter(|year| (1900..2200).contains(year)).map(Self::Named),
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
    /// Months of a year, first and last included: a whole year and a quarter are called what they are.
    pub fn months(year: Year, first: u8, last: u8) -> Self {
        match (first, last) {
            (1, 12) => Self::Year(year),
            (1 | 4 | 7 | 10, last) if last == first + 2 => Self::Quarter(year, last / 3),
            (first, last) => Self::Months(year, first, last),
        }
    }

    /// The same part of the year `of` makes of the year.
    pub(crate) fn with_year(self, of: impl FnOnce(Year) -> Option<Year>) -> Option<Self> {
        Some(match self {
            Self::Now => return None,
            Self::Year(year) => Self::Year(of(year)?),
            Self::Quarter(year, quarter) => Self::Quarter(of(year)?, quarter),
            Self::Months(year, first, last) => Self::Months(of(year)?, first, last),
        })
    }

    pub fn words(self) -> String {
        match self {
            Self::Now => String::new(),
            Self::Year(year) => year.words(),
            Self::Quarter(year, quarter) => format!("{}{}", year.words(), quarter_words(quarter)),
            Self::Months(year, first, last) => format!("{}{}", year.words(), month_words(first, last)),
        }
    }

    /// The same, with the years resolved: what a person reads as the period of a value.
    pub fn resolved_words(self, as_of: NaiveDate) -> Option<String> {
        self.with_year(|year| Some(Year::Named(year.resolve(as_of)))).map(Self::words)
    }

    /// The span of days meant; `None` for [`When::Now`].
    pub fn period(self, as_of: NaiveDate) -> Option<Period> {
        match self {
            Self::Now => None,
            Self::Year(year) => Period::year(year.resolve(as_of)),
            Self::Quarter(year, quarter) => Period::quarter(year.resolve(as_of), quarter.into()),
            Self::Months(year, first, last) => Period::months(year.resolve(as_of), first.into(), last.into()),
        }
    }
}

/// 一季度 … 四季度.
pub fn quarter_words(quarter: u8) -> &'static str {
    QUARTERS[usize::from(quarter.clamp(1, 4) - 1)]
}

/// 3月, 1-11月.
pub fn month_words(first: u8, last: u8) -> String {
    if first == last { format!("{first}月") } else { format!("{first}-{last}月") }
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
    fn months_of_a_year_include_the_first_and_the_last() {
        let months = When::months(Year::Ago(1), 1, 11).period(day("2026-11-23")).unwrap();
        assert_eq!(months, Period { from: Some(day("2025-01-01")), to: Some(day("2025-12-01")) });
        assert_eq!(When::months(Year::Ago(1), 1, 12), When::Year(Year::Ago(1)));
        assert_eq!(When::months(Year::Ago(0), 10, 12), When::Quarter(Year::Ago(0), 4));
        assert_eq!(When::months(Year::Ago(0), 2, 4).words(), "当年2-4月");
    }

    #[test]
    fn a_year_no_calendar_holds_is_no_period() {
        assert_eq!(When::Year(Year::Named(i32::MAX)).period(day("2026-11-23")), None);
    }
}
