//! Numbers and comparisons as they are said.

use chrono::{Datelike, NaiveDate};

use crate::number::{count_text, money_text, percent_text, trimmed};
use crate::tree::age::Duration;
use crate::tree::{Dimension, Operator, Quantity, Unit};

/// Places kept of a written percentage; more than a notice ever has.
const PLACES: u8 = 9;

/// Small numbers are said in characters: 三项, 近两年.
pub(super) fn numeral(number: usize) -> String {
    const WORDS: [&str; 11] = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"];
    WORDS.get(number).map_or_else(|| format!(" {number} "), |word| (*word).to_owned())
}

/// 近三年, 近 12 个月.
pub(super) fn recent_years(years: u8) -> String {
    format!("近{}年", numeral(years.into()))
}

/// Money in 万元 and 亿元, shares in percent, the rest with the unit it was written in.
pub(super) fn quantity(quantity: &Quantity) -> String {
    let unit: &Unit = quantity.unit();
    match unit.dimension {
        Dimension::Money => money_text(&quantity.value()),
        Dimension::Dollars => {
            let yuan = money_text(&quantity.value());
            format!("{}美元", yuan.trim_end_matches('元'))
        }
        _ if unit.name == "%" => exact_percent(quantity),
        _ => written(quantity),
    }
}

/// A percentage is a threshold here, so it is never rounded.
fn exact_percent(quantity: &Quantity) -> String {
    let rounded = percent_text(&quantity.value());
    let exact = written(quantity);
    if exact.len() > rounded.len() { exact } else { rounded }
}

fn written(quantity: &Quantity) -> String {
    let unit = quantity.unit();
    let factor = crate::number::Rational::ratio(unit.denominator, unit.numerator);
    let number = factor.map_or_else(|| quantity.value(), |factor| quantity.value().multiply(&factor));
    let number = trimmed(&number, PLACES);
    match unit.name {
        "" => number,
        "%" | "‰" => format!("{number}{}", unit.name),
        name => format!("{number} {name}"),
    }
}

/// `3 项`
pub(super) fn count(count: u32, unit: &str) -> String {
    count_text(&crate::number::Rational::whole(count.into()), unit)
}

pub(super) fn date(date: NaiveDate) -> String {
    format!("{} 年 {} 月 {} 日", date.year(), date.month(), date.day())
}

pub(super) fn duration(duration: Duration) -> String {
    match duration {
        Duration::Years(years) => format!("{years} 年"),
        Duration::Months(months) => format!("{months} 个月"),
        Duration::Days(days) => format!("{days} 天"),
    }
}

/// Of amounts and shares: the boundary is in the word.
pub(super) fn amount_words(operator: Operator) -> &'static str {
    match operator {
        Operator::AtLeast => "不低于",
        Operator::More => "超过",
        Operator::AtMost => "不超过",
        Operator::Less => "低于",
        Operator::Equal => "等于",
        Operator::Differs => "不等于",
    }
}

/// Of things and people counted.
pub(super) fn count_words(operator: Operator) -> &'static str {
    match operator {
        Operator::AtLeast => "不少于",
        Operator::More => "多于",
        Operator::AtMost => "不超过",
        Operator::Less => "少于",
        Operator::Equal => "正好是",
        Operator::Differs => "不是",
    }
}

/// Of days.
pub(super) fn day_words(operator: Operator) -> &'static str {
    match operator {
        Operator::AtLeast => "不早于",
        Operator::More => "晚于",
        Operator::AtMost => "不晚于",
        Operator::Less => "早于",
        Operator::Equal => "正好是",
        Operator::Differs => "不是",
    }
}

/// Of durations.
pub(super) fn age_words(operator: Operator) -> &'static str {
    match operator {
        Operator::AtLeast => "满",
        Operator::More => "超过",
        Operator::AtMost => "不超过",
        Operator::Less => "不满",
        Operator::Equal => "正好满",
        Operator::Differs => "不是正好满",
    }
}
