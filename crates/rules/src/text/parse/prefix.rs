//! The period in front of a fact's name: 上年度、当年、2025年、近三年、近12个月.

use crate::tree::period::{MAX_YEARS, quarter_number};
use crate::tree::{When, Year};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    None,
    /// A year or a part of it.
    When(When),
    /// 近N年
    Years(u8),
    /// 近N个月
    Months(u16),
    /// 上年度及当年
    SinceLastYear,
}

/// Longest first: 上上年度 before 上年度.
const YEARS: [(&str, u8); 11] = [
    ("上上年度", 2),
    ("前年度", 2),
    ("上一年度", 1),
    ("上年度", 1),
    ("上一年", 1),
    ("上年", 1),
    ("本年度", 0),
    ("当年度", 0),
    ("当年", 0),
    ("本年", 0),
    ("今年", 0),
];

const SINCE_LAST_YEAR: [&str; 3] = ["上年度及当年", "上一年及当年", "上一年度及当年"];

/// Splits the period off the front of a word; what remains is the name, or empty when it is the next word.
pub(super) fn split(word: &str) -> (Prefix, &str) {
    for words in SINCE_LAST_YEAR {
        if let Some(rest) = word.strip_prefix(words) {
            return (Prefix::SinceLastYear, rest);
        }
    }
    if let Some((window, rest)) = word.strip_prefix('近').or(word.strip_prefix("最近")).and_then(split_window) {
        return (window, rest);
    }
    for (words, ago) in YEARS {
        if let Some(rest) = word.strip_prefix(words) {
            let (when, rest) = with_part(Year::Ago(ago), rest);
            return (Prefix::When(when), rest);
        }
    }
    (Prefix::None, word)
}

/// Parts of a year that have names, as first and last month.
const PARTS: [(&str, u8, u8); 3] = [("上半年", 1, 6), ("下半年", 7, 12), ("前三季度", 1, 9)];

/// What follows a year: `2025年` + `一季度工业总产值`, `1-11月营业收入`, `上半年出口额`.
pub(super) fn with_part(year: Year, rest: &str) -> (When, &str) {
    if let Some((when, rest)) = PARTS
        .iter()
        .find_map(|(name, first, last)| rest.strip_prefix(name).map(|rest| (When::months(year, *first, *last), rest)))
    {
        return (when, rest);
    }
    if let Some((first, last, rest)) = months(rest) {
        return (When::months(year, first, last), rest);
    }
    let trimmed = rest.strip_prefix('第').unwrap_or(rest);
    let end = "一季度".len();
    match trimmed.get(..end).and_then(quarter_number) {
        Some(quarter) => (When::Quarter(year, quarter), &trimmed[end..]),
        None => (When::Year(year), rest),
    }
}

/// `1-11月`, `1至11月`, `3月`; what is no span of months is left to be read otherwise.
fn months(text: &str) -> Option<(u8, u8, &str)> {
    let end = text.find('月')?;
    let (span, rest) = (&text[..end], &text[end + '月'.len_utf8()..]);
    let (first, last) = span.split_once(['-', '至', '—', '~']).unwrap_or((span, span));
    let number = |text: &str| small_number(text.trim_end_matches('月')).and_then(|number| u8::try_from(number).ok());
    let (first, last) = (number(first)?, number(last)?);
    (1 <= first && first <= last && last <= 12).then_some((first, last, rest))
}

fn split_window(rest: &str) -> Option<(Prefix, &str)> {
    let end = rest.find(['年', '个'])?;
    let number = small_number(&rest[..end])?;
    let rest = &rest[end..];
    if let Some(rest) = rest.strip_prefix("个月") {
        return (number > 0).then_some((Prefix::Months(number), rest));
    }
    let rest = rest.strip_prefix("个会计年度").or_else(|| rest.strip_prefix('年'))?;
    let years = u8::try_from(number).ok().filter(|years| (1..=MAX_YEARS).contains(years))?;
    Some((Prefix::Years(years), rest))
}

/// `3`, `三`, `十二` up to three digits.
pub(super) fn small_number(text: &str) -> Option<u16> {
    if !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digit = |character| "零一二三四五六七八九".chars().position(|one| one == character);
    let characters: Vec<char> = text.chars().map(|one| if one == '两' { '二' } else { one }).collect();
    let number = match characters.as_slice() {
        ['十'] => 10,
        [one] => digit(*one)?,
        ['十', ones] => 10 + digit(*ones)?,
        [tens, '十'] => digit(*tens)? * 10,
        [tens, '十', ones] => digit(*tens)? * 10 + digit(*ones)?,
        _ => return None,
    };
    u16::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_split_off_names() {
        assert_eq!(split("上年度营业收入"), (Prefix::When(When::Year(Year::Ago(1))), "营业收入"));
        assert_eq!(split("上上年度营业收入"), (Prefix::When(When::Year(Year::Ago(2))), "营业收入"));
        assert_eq!(split("近三年"), (Prefix::Years(3), ""));
        assert_eq!(split("近两年研发费用"), (Prefix::Years(2), "研发费用"));
        assert_eq!(split("近12个月"), (Prefix::Months(12), ""));
        assert_eq!(split("当年二季度用电量"), (Prefix::When(When::Quarter(Year::Ago(0), 2)), "用电量"));
        let months = |first, last| Prefix::When(When::months(Year::Ago(0), first, last));
        assert_eq!(split("当年1-11月营业收入"), (months(1, 11), "营业收入"));
        assert_eq!(split("当年1至11月营业收入"), (months(1, 11), "营业收入"));
        assert_eq!(split("当年上半年出口额"), (months(1, 6), "出口额"));
        assert_eq!(split("上年度及当年"), (Prefix::SinceLastYear, ""));
        assert_eq!(split("营业收入"), (Prefix::None, "营业收入"));
    }

    #[test]
    fn chinese_numerals_are_read() {
        for (text, number) in [("两", 2), ("十", 10), ("十二", 12), ("三十", 30), ("三十六", 36), ("36", 36)] {
            assert_eq!(small_number(text), Some(number), "{text}");
        }
        assert_eq!(small_number("许多"), None);
        assert_eq!(small_number(""), None);
    }
}
