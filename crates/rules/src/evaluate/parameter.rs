//! Dated parameters: the call's value, else the one published for the place and trade of the enterprise on the as-of
//! day; never extrapolated.

use super::facts::Facts;
use crate::number::Rational;
use crate::profile::FactState;
use crate::reference::{ParameterValue, Reference};
use crate::tree::{When, Year};
use crate::value::{FactKey, Value};

/// What a parameter is looked up for.
const PLACE: &str = "place_registered";
const INDUSTRY: &str = "industry";
/// Everything of a profile that is read here.
pub(crate) const READS: [&str; 2] = [PLACE, INDUSTRY];
/// A parameter published for the whole country holds without knowing the place.
const NATION: &str = "100000";

/// A parameter's value, or why there is none.
pub(crate) enum Parameter {
    Known(Rational),
    /// It differs with a fact that is not known.
    Depends(FactKey),
    Undefined(String),
}

/// `year`: as of the end of that year instead of the as-of day.
pub(crate) fn parameter(facts: &Facts<'_>, name: &str, year: Option<Year>) -> Parameter {
    if let Some(text) = facts.context.parameters.get(name) {
        return match crate::text::parse_quantity(text) {
            Some(quantity) => Parameter::Known(quantity.value()),
            None => Parameter::Undefined(format!("参数「{name}」的值「{text}」不是数值")),
        };
    }
    let reference = facts.reference();
    let Some(parameter) = reference.parameters.get(name) else {
        return Parameter::Undefined(format!("没有参数「{name}」"));
    };
    let Some(day) = year.map_or(Some(facts.as_of()), |year| facts.named(year).last_day(facts.as_of())) else {
        return Parameter::Undefined(format!("参数「{name}」的年份不在日历上"));
    };
    let mut values: Vec<&ParameterValue> = parameter.in_force(day).collect();
    if values.iter().any(|value| value.place != NATION) {
        let [place] = codes(facts, PLACE).try_into().unwrap_or_default();
        if place.is_empty() {
            return Parameter::Depends(FactKey::from(PLACE));
        }
        values.retain(|value| reference.areas.contains(&value.place, &place));
    }
    if values.iter().any(|value| value.industry.is_some()) {
        let [industry] = codes(facts, INDUSTRY).try_into().unwrap_or_default();
        // Where only the section is known and the value differs within it, the class is wanted.
        if industry.is_empty() || values.iter().any(|value| is_narrower(value, &industry, reference)) {
            return Parameter::Depends(FactKey::from(INDUSTRY));
        }
        values.retain(|value| holds_for(value, &industry, reference));
    }
    let depth = |value: &&ParameterValue| {
        let trade = value.industry.as_ref().map_or(0, String::len);
        (reference.areas.path(&value.place).len(), trade, value.from)
    };
    match values.into_iter().max_by_key(depth) {
        Some(value) => Parameter::Known(Rational::scaled(value.value, parameter.scale)),
        None => Parameter::Undefined(format!("参数「{name}」没有 {day} 的值")),
    }
}

fn holds_for(value: &ParameterValue, industry: &str, reference: &Reference) -> bool {
    value.industry.as_ref().is_none_or(|class| reference.industries.contains(class, industry))
}

fn is_narrower(value: &ParameterValue, industry: &str, reference: &Reference) -> bool {
    let class = value.industry.as_ref().filter(|class| *class != industry);
    class.is_some_and(|class| reference.industries.contains(industry, class))
}

/// The different codes stated for a fact.
fn codes(facts: &Facts<'_>, key: &str) -> Vec<String> {
    let Some(fact) = facts.fact(&FactKey::from(key)) else { return Vec::new() };
    let mut codes: Vec<String> = facts
        .entries(fact, When::Now, None)
        .into_iter()
        .filter_map(|entry| match &entry.state {
            FactState::Known(Value::Area(code) | Value::Industry(code)) => Some(code.clone()),
            _ => None,
        })
        .collect();
    codes.dedup();
    codes
}
