//! The reckoning as a person would write it down.

use super::Part;
use super::evaluate::{Choice, limit, size, value};
use super::span::Span;
use crate::evaluate::facts::Facts;
use crate::evaluate::measure::{Measure, unit_of};
use crate::evaluate::reading::Estimate;
use crate::plain::{OTHERWISE, plain_band, plain_inline};
use crate::text::print_expression;
use crate::tree::{Arithmetic, Expression};

/// `上年度设备投资 812 万元 × 10% = 81.2 万元,未到上限 2000 万元`
pub(super) fn reckoning(part: &Part, facts: &Facts<'_>) -> String {
    match part {
        Part::Of(Expression::Quantity(fixed)) if fixed.value().signum() == 0 => "没有金额".to_owned(),
        Part::Of(expression @ Expression::Quantity(_)) => format!("定额 {}", value(expression, facts).span.display()),
        Part::Of(expression) => {
            let span = value(expression, facts).span;
            let formula = with_values(expression, facts);
            if span.high.is_none() { formula } else { format!("{formula} = {}", span.display()) }
        }
        Part::Bounded { part, floor, cap } => {
            let base = size(part, facts).span;
            let mut words = reckoning(part, facts);
            for (bound, is_floor) in [(floor, true), (cap, false)] {
                let Some(bound) = bound else { continue };
                let limit = if is_floor { value(bound, facts) } else { limit(bound, facts) }.span;
                let name = if is_floor { "下限" } else { "上限" };
                let shown = if limit.is_exact() { limit.display() } else { with_values(bound, facts) };
                // Past the bound, at it or before it, as far as that is certain.
                let (value, limit) =
                    (base.high.as_ref().filter(|_| base.is_exact()), limit.high.as_ref().filter(|_| limit.is_exact()));
                words.push_str(&match value.zip(limit) {
                    Some((value, limit)) if (value < limit) == is_floor && value != limit => {
                        format!(",按{name} {shown}")
                    }
                    Some(_) if is_floor => format!(",不低于下限 {shown}"),
                    Some((value, limit)) if value == limit => format!(",正好到上限 {shown}"),
                    Some(_) => format!(",未到上限 {shown}"),
                    None => format!(",{name} {shown}"),
                });
            }
            words
        }
        Part::Sum(parts) => format!("{};合计 {}", each(parts, facts), size(part, facts).span.display()),
        Part::Best(parts) => format!("{};取高 {}", each(parts, facts), size(part, facts).span.display()),
        Part::UpTo(part) => format!("{};具体由主管部门核定,不超过这个数", reckoning(part, facts)),
        Part::Tier(bands) => {
            let keys: Vec<String> = bands.keys.iter().map(|key| with_values(key, facts)).collect();
            let name = |index: usize| bands.rows.get(index).map(|row| plain_band(&row.intervals));
            format!("{},{}", keys.join("、"), chosen(&Choice::by_bands(bands, facts), name, facts))
        }
        Part::Cases(cases) => {
            let name = |index: usize| cases.rows.get(index).map(|row| plain_inline(&row.when, facts.reference()));
            chosen(&Choice::by_cases(cases, facts), name, facts)
        }
    }
}

fn each(parts: &[Part], facts: &Facts<'_>) -> String {
    parts.iter().map(|part| reckoning(part, facts)).collect::<Vec<_>>().join(";")
}

/// The row that applies and its reckoning; while that is open, what each possible row pays.
fn chosen(choice: &Choice<'_>, name: impl Fn(usize) -> Option<String>, facts: &Facts<'_>) -> String {
    let named = |index: usize| name(index).unwrap_or_else(|| OTHERWISE.to_owned());
    match choice.rows.as_slice() {
        [(index, Some(part))] => format!("适用“{}”:{}", named(*index), reckoning(part, facts)),
        [(_, None)] => "哪一档都不是,没有金额".to_owned(),
        possible => {
            let pays = |part: Option<&Part>| part.map_or_else(Span::nothing, |part| size(part, facts).span);
            let rows = possible.iter().map(|(index, part)| format!("“{}” {}", named(*index), pays(*part).display()));
            format!("可能适用:{}", rows.collect::<Vec<_>>().join(";"))
        }
    }
}

/// The expression with the value behind each fact: `上年度设备投资 812 万元 × 10%`.
fn with_values(expression: &Expression, facts: &Facts<'_>) -> String {
    match expression {
        Expression::Arithmetic { left, operator, right } => {
            let side = |side: &Expression, is_right: bool| {
                let text = with_values(side, facts);
                match side {
                    Expression::Arithmetic { operator: inner, .. }
                        if is_right || operator.binds_tightly() && !inner.binds_tightly() =>
                    {
                        format!("({text})")
                    }
                    _ => text,
                }
            };
            let sign = match operator {
                Arithmetic::Plus => "+",
                Arithmetic::Minus => "−",
                Arithmetic::Times => "×",
                Arithmetic::Over => "÷",
            };
            format!("{} {sign} {}", side(left, false), side(right, true))
        }
        Expression::Quantity(quantity) => {
            let measure = Measure::of(expression, facts.reference());
            measure.show(&quantity.value(), quantity.unit().dimension.base_name())
        }
        named => {
            let text = print_expression(named, facts.reference());
            let measure = Measure::of(named, facts.reference());
            let unit = unit_of(named, facts.reference());
            match facts.read(named).estimate {
                Estimate::Known(range) => match (range.low.finite(), range.high.finite()) {
                    (Some(low), Some(high)) if low == high => format!("{text} {}", measure.show(low, &unit)),
                    (Some(low), Some(high)) => {
                        format!("{text} {} 至 {}", measure.show(low, &unit), measure.show(high, &unit))
                    }
                    (Some(low), None) => format!("{text} 至少 {}", measure.show(low, &unit)),
                    _ => format!("{text}(待补)"),
                },
                Estimate::NotApplicable => format!("{text}(不适用)"),
                Estimate::Unknown(_) => format!("{text}(待补)"),
            }
        }
    }
}
