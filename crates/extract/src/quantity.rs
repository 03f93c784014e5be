//! A number with its unit and its comparison: what is demanded, and whether the boundary belongs.
//!
//! 以上 以下 以内 不低于 不少于 不超过 达到 至少 满 include the number; 超过 高于 大于 低于 少于 小于 不足 不满 do not;
//! an explicit (含) or (不含) wins.

mod compared;

use std::ops::Range;

use rules::number::Rational;
use rules::tree::Operator;

pub(crate) use self::compared::far;
use self::compared::{after, before, boundary};
use crate::number::{self, Number};
use crate::text::Text;
use crate::unit::{self, Measure, Unit};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// Comparison words, number, unit, and comparison words behind.
    pub(crate) span: Range<usize>,
    pub(crate) operator: Option<Operator>,
    /// In base units: 元, 1, months.
    pub(crate) value: Rational,
    /// The other end of `500万元至1000万元`.
    pub(crate) upper: Option<Upper>,
    pub(crate) measure: Measure,
    pub(crate) unit: &'static str,
    /// 以内 and 内, which with a time may also say when.
    pub(crate) is_within: bool,
    /// The boundary is written out: (含), (不含).
    pub(crate) is_explicit: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upper {
    pub(crate) value: Rational,
    pub(crate) includes: bool,
}

/// The quantity that begins at `at`; comparison words in front are looked for back to `from`.
pub(crate) fn read(text: &Text, from: usize, at: usize) -> Option<Quantity> {
    if text.at(at.wrapping_sub(1)).is_some_and(|before| before == '第' || before.is_ascii_digit()) {
        return None;
    }
    let first = number::read(text, at)?;
    let (first, unit, upper) = with_unit(text, at, first)?;
    let mut quantity = Quantity {
        span: at..unit.end,
        operator: None,
        value: unit.base(&first.value),
        upper: None,
        measure: unit.measure,
        unit: unit.name,
        is_within: false,
        is_explicit: false,
    };
    if let Some(Second { number, end, includes }) = upper {
        quantity.upper = Some(Upper { value: unit.base(&number.value), includes: includes.unwrap_or(true) });
        quantity.is_explicit = includes.is_some();
        quantity.span.end = end;
        return Some(closed(text, quantity));
    }
    before(text, from, &mut quantity);
    after(text, &mut quantity);
    bounded(text, &mut quantity);
    Some(quantity)
}

/// 1000万元以上5000万元以下, 1000万元以上至5000万元: two ends of one range.
fn bounded(text: &Text, quantity: &mut Quantity) {
    if !matches!(quantity.operator, Some(Operator::AtLeast | Operator::More)) {
        return;
    }
    let joint = text.any_at(quantity.span.end, &["至", "到", "-"]);
    let start = joint.map_or(quantity.span.end, |(_, end)| end);
    let Some(number) = number::read(text, start) else { return };
    let Some(unit) = unit::read(text, number.end).filter(|unit| unit.name == quantity.unit) else { return };
    let mut other = Quantity {
        span: start..unit.end,
        operator: None,
        value: unit.base(&number.value),
        upper: None,
        ..quantity.clone()
    };
    after(text, &mut other);
    // 1亿元以上至5亿元以上 would be two tiers.
    let ends = match other.operator {
        None => joint.is_some(),
        Some(operator) => matches!(operator, Operator::AtMost | Operator::Less),
    };
    if ends && other.value > quantity.value {
        let includes = other.operator != Some(Operator::Less);
        quantity.upper = Some(Upper { value: other.value, includes });
        quantity.span.end = other.span.end;
    }
}

/// The other number of a range, where it ends, and whether it says itself that it belongs: `2000万(不含)美元`.
struct Second {
    number: Number,
    end: usize,
    includes: Option<bool>,
}

/// `1000万元`, `500-1000万元`, `5%至10%`, `50%`, `百分之十`.
fn with_unit(text: &Text, at: usize, first: Number) -> Option<(Number, Unit, Option<Second>)> {
    if first.is_share {
        let unit = Unit { measure: Measure::Share, name: "", numerator: 1, denominator: 1, end: first.end };
        return Some((first, unit, None));
    }
    let unit = unit::read(text, first.end).or_else(|| unnamed(text, &first)).or_else(|| rank(text, at, &first));
    if first.is_year && unit.as_ref().is_none_or(|unit| unit.name == "年") {
        return None;
    }
    let behind = unit.as_ref().map_or(first.end, |unit| unit.end);
    let (_, behind) = boundary(text, behind);
    let Some((_, next)) = text.any_at(behind, &["至", "-", "~", "到"]) else { return Some((first, unit?, None)) };
    let range = number::read(text, next).and_then(|number| {
        let (includes, behind) = boundary(text, number.end);
        let unit = unit::read(text, behind)?;
        Some((Second { number, end: unit.end, includes }, unit))
    });
    match (unit, range) {
        // 500-1000万元: the second number's scale is the first one's too.
        (None, Some((second, unit))) => {
            let value = if first.scale == 1 {
                first.value.multiply(&Rational::whole(second.number.scale))
            } else {
                first.value.clone()
            };
            Some((Number { value, ..first }, unit, Some(second)))
        }
        (Some(one), Some((second, other))) if one.measure == other.measure && one.name == other.name => {
            Some((first, one, Some(second)))
        }
        (Some(unit), _) => Some((first, unit, None)),
        (None, None) => None,
    }
}

/// 不超过200万, 500万以上: yuan, left out.
fn unnamed(text: &Text, number: &Number) -> Option<Unit> {
    let ends = text.at(number.end).is_none_or(|next| ",。;、)".contains(next))
        || text.any_at(number.end, &["以上", "以下", "以内", "及以上", "(含)", "的"]).is_some();
    (number.scale >= 10_000 && ends).then_some(Unit {
        measure: Measure::Money,
        name: "元",
        numerator: 1,
        denominator: 1,
        end: number.end,
    })
}

/// 排名前三: a place in a ranking, its unit left out.
fn rank(text: &Text, at: usize, number: &Number) -> Option<Unit> {
    let ends = text.at(number.end).is_none_or(|next| ",。;、)的".contains(next));
    (text.at(at.wrapping_sub(1)) == Some('前') && ends).then_some(Unit {
        measure: Measure::Other,
        name: "",
        numerator: 1,
        denominator: 1,
        end: number.end,
    })
}

/// Which ends of a range belong: `5000万元至2亿元(含)`.
fn closed(text: &Text, mut quantity: Quantity) -> Quantity {
    let (says, end) = boundary(text, quantity.span.end);
    if let (Some(includes), Some(upper)) = (says, quantity.upper.as_mut()) {
        upper.includes = includes;
        quantity.is_explicit = true;
    }
    quantity.span.end = if text.starts_with(end, "之间") { end + 2 } else { end };
    quantity.operator = Some(Operator::AtLeast);
    quantity
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(words: &str) -> String {
        let text = Text::new(words);
        let found = (0..text.len()).find_map(|at| read(&text, 0, at));
        let Some(quantity) = found else { return "-".into() };
        let sign = quantity.operator.map_or("?", Operator::sign);
        let upper = quantity
            .upper
            .map(|upper| {
                format!("..{}{}", if upper.includes { "=" } else { "" }, rules::number::trimmed(&upper.value, 4))
            })
            .unwrap_or_default();
        format!(
            "{sign} {}{upper} {:?} [{}]",
            rules::number::trimmed(&quantity.value, 4),
            quantity.measure,
            text.words(quantity.span)
        )
    }

    #[test]
    fn comparisons_say_whether_the_boundary_belongs() {
        for (words, expected) in [
            ("收入2000万元以上", ">= 20000000 Money [2000万元以上]"),
            ("收入不低于1亿元", ">= 100000000 Money [不低于1亿元]"),
            ("达到2000万元", ">= 20000000 Money [达到2000万元]"),
            ("超过50%", "> 0.5 Share [超过50%]"),
            ("低于2%", "< 0.02 Share [低于2%]"),
            ("不足1年", "< 12 Months [不足1年]"),
            ("50%以下（含50%）", "<= 0.5 Share [50%以下(含50%)]"),
            ("50%以下（不含）", "< 0.5 Share [50%以下(不含)]"),
            ("小于5,000万元(含)", "<= 50000000 Money [小于5,000万元(含)]"),
            ("0.2亿元(含)以上", ">= 20000000 Money [0.2亿元(含)以上]"),
            ("超过100人", "> 100 People [超过100人]"),
            ("达到3件及以上", ">= 3 Things [达到3件及以上]"),
            ("满一年(含)以上", ">= 12 Months [满一年(含)以上]"),
            ("3年内", "<= 36 Months [3年内]"),
            ("股份1/3以上", ">= 0.3333 Share [1/3以上]"),
            ("500-1000万元之间", ">= 5000000..=10000000 Money [500-1000万元之间]"),
            ("1000万元以上5000万元以下", ">= 10000000..=50000000 Money [1000万元以上5000万元以下]"),
            ("1000万元(不含)以上5000万元(含)以下", "> 10000000..=50000000 Money [1000万元(不含)以上5000万元(含)以下]"),
            ("1000万元及以上至5000万元、", ">= 10000000..=50000000 Money [1000万元及以上至5000万元]"),
            ("1000万元以上至5000万元以上", ">= 10000000 Money [1000万元以上]"),
            ("每满一万人", "? 10000 People [一万人]"),
            ("1000万元以上500万元以下", ">= 10000000 Money [1000万元以上]"),
            ("5000万元至2亿元(不含)", ">= 50000000..200000000 Money [5000万元至2亿元(不含)]"),
            ("1000万-2000万（不含）美元", ">= 10000000..20000000 Dollars [1000万-2000万(不含)美元]"),
            ("10家单位以上", ">= 10 Things [10家单位以上]"),
            ("给予20万元", "? 200000 Money [20万元]"),
            ("通过3项", "? 3 Things [3项]"),
            ("过亿", "-"),
            ("产值过百亿元", "> 10000000000 Money [过百亿元]"),
            ("总投资亿元以上", ">= 100000000 Money [亿元以上]"),
            ("注册成立超3年", "> 36 Months [超3年]"),
            ("不超3年", "<= 36 Months [不超3年]"),
            ("合同期满3个月", "? 3 Months [3个月]"),
            ("排名前三)", "? 3 Other [三]"),
            ("2015年", "-"),
            ("第三项", "-"),
            ("不超过200万,", "<= 2000000 Money [不超过200万]"),
            ("2万元/平方米", "? 20000 Money [2万元/平方米]"),
            ("超过5%以上", "> 0.05 Share [超过5%以上]"),
        ] {
            assert_eq!(reading(words), expected, "{words}");
        }
    }
}
