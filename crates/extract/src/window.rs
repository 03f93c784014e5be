//! The time a figure or an event is asked for: 上年度, 近两年, 2024年第一季度, 申请前12个月, from day to day.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::number;
use crate::text::Text;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    LastYear,
    /// 近N年
    LastYears(u8),
    /// 近N个月, 申请前N个月
    Months(u16),
    CurrentYear,
    /// 上一年及当年
    LastAndCurrentYear,
    /// Accumulated up to the application.
    YearToApplication,
    Year(u16),
    Quarter(u16, u8),
    Days(Day, Day),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Day {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl Window {
    /// One name for each window: `last_year`, `last_3y`, `2024Q1`, `2023-10-01..2025-09-30`.
    pub fn words(self) -> String {
        match self {
            Self::LastYear => "last_year".into(),
            Self::LastYears(years) => format!("last_{years}y"),
            Self::Months(months) => format!("last_{months}m"),
            Self::CurrentYear => "current_year".into(),
            Self::LastAndCurrentYear => "last_and_current_year".into(),
            Self::YearToApplication => "year_to_application".into(),
            Self::Year(year) => year.to_string(),
            Self::Quarter(year, quarter) => format!("{year}Q{quarter}"),
            Self::Days(from, to) => format!("{}..{}", from.words(), to.words()),
        }
    }
}

impl Day {
    pub(crate) fn words(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

const NAMED: &[(&str, Window)] = &[
    ("截至申报当期累计", Window::YearToApplication),
    ("当年累计", Window::YearToApplication),
    ("上一年度及当年", Window::LastAndCurrentYear),
    ("上年度及当年", Window::LastAndCurrentYear),
    ("上一年及当年", Window::LastAndCurrentYear),
    ("上一个会计年度", Window::LastYear),
    ("上一完整会计年度", Window::LastYear),
    ("上一会计年度", Window::LastYear),
    ("上一自然年度", Window::LastYear),
    ("上个年度", Window::LastYear),
    ("上一个年度", Window::LastYear),
    ("上一年度", Window::LastYear),
    ("上年度", Window::LastYear),
    ("上一年", Window::LastYear),
    ("上年", Window::LastYear),
    ("最近一年", Window::LastYear),
    ("最近一个会计年度", Window::LastYear),
    ("近一年", Window::LastYear),
    ("近1年", Window::LastYear),
    ("前一年度", Window::LastYear),
    ("去年", Window::LastYear),
    ("本年度", Window::CurrentYear),
    ("当年度", Window::CurrentYear),
    ("当年", Window::CurrentYear),
];

/// The window said in `span` (the last one) and where it stands.
fn find(text: &Text, span: Range<usize>) -> Option<(Window, Range<usize>)> {
    let mut found = None;
    let mut at = span.start;
    while at < span.end {
        match read(text, at, span.end) {
            Some((window, end)) => {
                found = Some((window, at..end));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The years back that a heading names: 近三年有下列情形之一的.
pub(crate) fn recent(text: &Text, span: Range<usize>) -> Option<Window> {
    let (window, _) = find(text, span)?;
    matches!(window, Window::LastYear | Window::LastYears(_) | Window::Months(_)).then_some(window)
}

/// The window that begins at `at`, and where it ends.
pub(crate) fn read(text: &Text, at: usize, limit: usize) -> Option<(Window, usize)> {
    if let Some((words, window)) = NAMED.iter().find(|(words, _)| text.starts_with(at, words)) {
        let end = at + words.chars().count();
        // 截至上年末 says as of which day, not over which time.
        if text.at(end) == Some('末') {
            return None;
        }
        // 当年(提出申请之日前12个月内): the remark says what is meant.
        if let Some((inside, behind)) = text.bracket(end)
            && let Some((window, _)) = find(text, inside)
        {
            return Some((window, behind));
        }
        return Some((*window, end));
    }
    trailing(text, at).or_else(|| lately(text, at)).or_else(|| calendar(text, at, limit))
}

/// 近三年, 最近两个会计年度, 前12个月内, 申请前1年内.
fn trailing(text: &Text, at: usize) -> Option<(Window, usize)> {
    let (word, start) = text.any_at(at, &["最近", "近", "过去", "前"])?;
    let number = number::read(text, start)?;
    let count: u16 = number.value.rounded_text(0).parse().ok().filter(|count| *count > 0)?;
    let (unit, end) =
        text.any_at(number.end, &["个会计年度", "个自然年度", "个年度", "个完整会计年度", "个月", "年"])?;
    let end = text.any_at(end, &["以内", "内", "来"]).map_or(end, |(_, end)| end);
    let is_application = word == "前" && before_application(text, at);
    Some(match (unit, is_application) {
        ("个月", _) => (Window::Months(count), end),
        ("年", true) if count == 1 => (Window::Months(12), end),
        _ if count == 1 => (Window::LastYear, end),
        _ => (Window::LastYears(u8::try_from(count).ok()?), end),
    })
}

/// 三年来, 三年内未发生: said without 近.
fn lately(text: &Text, at: usize) -> Option<(Window, usize)> {
    let front = text.at(at.wrapping_sub(1));
    if front.is_some_and(|one| one.is_ascii_digit() || "第后起业校".contains(one)) {
        return None;
    }
    let number = number::read(text, at).filter(|number| !number.is_year)?;
    let (words, end) = text.any_at(number.end, &["年来", "年以来", "年内", "年以内", "年"])?;
    // 连续三年累计 adds up over them; any other bare 三年 is a length of time.
    if words == "年" && !text.starts_with(end, "累计") {
        return None;
    }
    let is_past = words.ends_with('来') || text.any_at(end, &["未", "无", "没有", "不存在", "累计"]).is_some();
    let years: u8 = number.value.rounded_text(0).parse().ok().filter(|years| *years > 0 && is_past)?;
    Some((if years == 1 { Window::LastYear } else { Window::LastYears(years) }, end))
}

fn before_application(text: &Text, at: usize) -> bool {
    text.contains_any(at.saturating_sub(12)..at, &["申请", "申报"])
}

/// 2015年, 2024年第一季度, 2023年10月1日到2025年9月30日.
fn calendar(text: &Text, at: usize, limit: usize) -> Option<(Window, usize)> {
    if at > 0 && text.at(at - 1).is_some_and(|one| one.is_ascii_digit()) {
        return None;
    }
    if let Some((from, behind)) = day(text, at) {
        let (_, next) = text.any_at(behind, &["到", "至", "-", "~"])?;
        let (to, end) = day(text, next).or_else(|| day_of(text, next, from.year))?;
        return (end <= limit).then_some((Window::Days(from, to), end));
    }
    let number = number::read(text, at).filter(|number| number.is_year)?;
    let year: u16 = number.value.rounded_text(0).parse().ok()?;
    let (_, end) = text.any_at(number.end, &["年度", "年"])?;
    let start = if text.at(end) == Some('第') { end + 1 } else { end };
    let quarters = ["一季度", "二季度", "三季度", "四季度"];
    if let Some(quarter) = (0_u8..4).find(|quarter| text.starts_with(start, quarters[usize::from(*quarter)])) {
        return Some((Window::Quarter(year, quarter + 1), start + 3));
    }
    // A year with a month is a day or a stretch, not a figure's year.
    let is_date =
        number::read(text, end).is_some_and(|month| text.at(month.end).is_some_and(|one| "月至-~到".contains(one)));
    // 2021年至2023年, 2008年至今: no single year.
    let is_open = text.any_at(end, &["以来", "以后", "起", "至今", "至", "-"]).is_some();
    let is_end = text.at(at.wrapping_sub(1)).is_some_and(|one| "至-~".contains(one));
    (!is_date && !is_open && !is_end).then_some((Window::Year(year), end))
}

/// `2022年1月1日` and where it ends.
pub(crate) fn day(text: &Text, at: usize) -> Option<(Day, usize)> {
    let (year, at) = part(text, at, '年')?;
    day_of(text, at, year)
}

/// `11月30日` of a year said before.
fn day_of(text: &Text, at: usize, year: u16) -> Option<(Day, usize)> {
    let (month, at) = part(text, at, '月')?;
    let (day, end) = part(text, at, '日')?;
    let in_range = (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    in_range.then_some((Day { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? }, end))
}

/// A number and the character behind it.
fn part(text: &Text, at: usize, unit: char) -> Option<(u16, usize)> {
    let number = number::read(text, at).filter(|number| number.scale == 1)?;
    (text.at(number.end) == Some(unit)).then_some(())?;
    Some((number.value.rounded_text(0).parse().ok()?, number.end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_from_the_words_of_notices() {
        let day = |year, month, day| Day { year, month, day };
        for (words, expected) in [
            ("上年度营业收入", Some(Window::LastYear)),
            ("上一年研发投入", Some(Window::LastYear)),
            ("填报上一年及当年内", Some(Window::LastAndCurrentYear)),
            ("近3年未发生", Some(Window::LastYears(3))),
            ("最近两个会计年度", Some(Window::LastYears(2))),
            ("近十二个月", Some(Window::Months(12))),
            ("申请受理截止日期前三年内", Some(Window::LastYears(3))),
            ("申请创业担保贷款前1年内", Some(Window::Months(12))),
            ("当年(提出申请之日前12个月内)新招用", Some(Window::Months(12))),
            ("当年新认定", Some(Window::CurrentYear)),
            ("2015年营业收入", Some(Window::Year(2015))),
            ("2024年第一季度产值", Some(Window::Quarter(2024, 1))),
            ("近两年(2023年10月1日到2025年9月30日)", Some(Window::Days(day(2023, 10, 1), day(2025, 9, 30)))),
            ("2022年以来开工", None),
            ("三年来无违规记录", Some(Window::LastYears(3))),
            ("3年内未发生安全事故", Some(Window::LastYears(3))),
            ("毕业5年内未就业", None),
            ("连续3年累计入库税收", Some(Window::LastYears(3))),
            ("经营3年", None),
            ("2008年至今", None),
            ("2021-2023年", None),
            ("截至上年末", None),
            ("上年销售收入", Some(Window::LastYear)),
            ("2023年1月1日至11月30日", Some(Window::Days(day(2023, 1, 1), day(2023, 11, 30)))),
            ("年销售收入", None),
            ("前10名", None),
        ] {
            let text = Text::new(words);
            assert_eq!(find(&text, 0..text.len()).map(|(window, _)| window), expected, "{words}");
        }
    }
}
