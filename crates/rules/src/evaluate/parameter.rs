//! Dated parameters: the call's value, else the published one for the enterprise's place on the as-of day.

use super::facts::Facts;
use crate::number::Rational;
use crate::profile::FactState;
use crate::reference::ParameterValue;
use crate::tree::When;
use crate::value::{FactKey, Value};

/// The place a parameter is looked up for.
const PLACE: &str = "place_registered";
/// A parameter published for the whole country holds without knowing the place.
const NATION: &str = "100000";

/// A parameter's value, or why there is none.
pub(crate) enum Parameter {
    Known(Rational),
    /// It differs from place to place, and the place is unknown.
    PlaceUnknown(FactKey),
    Undefined(String),
}

pub(crate) fn parameter(facts: &Facts<'_>, name: &str) -> Parameter {
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
    let day = facts.as_of();
    let in_force = |value: &&ParameterValue| value.from <= day && value.to.is_none_or(|to| day < to);
    let place = match places(facts).as_slice() {
        [place] => place.clone(),
        _ if parameter.values.iter().filter(in_force).all(|value| value.place == NATION) => NATION.to_owned(),
        _ => return Parameter::PlaceUnknown(FactKey::from(PLACE)),
    };
    let found = reference.parameters.value(name, &place, day, &reference.areas);
    let found = found.map(|value| Rational::scaled(value.value, parameter.scale));
    found.map_or_else(|| Parameter::Undefined(format!("参数「{name}」没有 {day} 的值")), Parameter::Known)
}

fn places(facts: &Facts<'_>) -> Vec<String> {
    let Some(fact) = facts.fact(&FactKey::from(PLACE)) else { return Vec::new() };
    let mut places: Vec<String> = facts
        .entries(fact, When::Now, None)
        .into_iter()
        .filter_map(|entry| match &entry.state {
            FactState::Known(Value::Area(code)) => Some(code.clone()),
            _ => None,
        })
        .collect();
    places.dedup();
    places
}
