//! What was typed, read into a profile. An answer that cannot be read is pointed at, never guessed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rules::number::{NumberError, decimal_text, scaled};
use rules::{Fact, FactKey, FactKind, Profile, Reference};
use serde_json::{Map, Value, json};

use super::asking::{Ask, Asker, days, is_conduct};
use crate::asking::Pairs;
use crate::views::Carried;

pub(super) const CONDUCT: &str = "conduct";
pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";
/// Suffix of the box "成立以来一直在这里".
pub(super) const STAYED: &str = ".stayed";
/// The box "以上都没有" of a list.
pub(super) const ANSWERED: &str = "-";
/// 1 万元 is 10⁶ 分.
const WAN_IN_FEN: u8 = 6;
const FEN: u8 = 2;

/// An answer that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) field: String,
    pub(crate) text: String,
}

/// Everything that was posted, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    given: Pairs,
    faults: Vec<Fault>,
}

impl Answers {
    /// Keeps what answers a question; empty fields are no answers.
    pub(crate) fn new(pairs: Pairs, reference: &Reference) -> Self {
        let known = |field: &str| Ask::parse(field.strip_suffix(STAYED).unwrap_or(field), reference).is_some();
        let given = pairs
            .into_iter()
            .map(|(field, value)| (field, value.trim().to_owned()))
            .filter(|(field, value)| !value.is_empty() && known(field))
            .collect();
        Self { given, faults: Vec::new() }
    }

    pub(crate) fn value(&self, field: &str) -> &str {
        self.given.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    pub(crate) fn has(&self, field: &str, value: &str) -> bool {
        self.given.iter().any(|(name, given)| name == field && given == value)
    }

    pub(crate) fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.text.as_str())
    }

    pub(crate) fn faults(&self) -> usize {
        self.faults.len()
    }

    /// The questions that have an answer.
    pub(crate) fn asks(&self, reference: &Reference) -> Vec<Ask> {
        let mut asks: Vec<Ask> = self.given.iter().filter_map(|(field, _)| Ask::parse(field, reference)).collect();
        asks.sort();
        asks.dedup();
        asks
    }

    /// As hidden fields, so that a further question does not lose the earlier ones.
    pub(crate) fn carried(&self) -> Vec<Carried> {
        self.given.iter().map(|(name, value)| Carried { name: name.clone(), value: value.clone() }).collect()
    }

    /// The profile the answers give. Faults are kept; what could be read is in the profile all the same.
    pub(crate) fn profile(&mut self, asker: &Asker<'_>) -> Profile {
        let mut facts: BTreeMap<FactKey, Value> = BTreeMap::new();
        for ask in self.asks(asker.reference) {
            match &ask {
                Ask::Conduct => self.commit(asker, &mut facts),
                // Part of its record.
                Ask::Day { .. } => {}
                Ask::Fact { key, year } => match self.read(&ask, key, asker) {
                    Ok(Some(value)) => put(&mut facts, key, *year, value),
                    Ok(None) => {}
                    Err(text) => self.faults.push(Fault { field: ask.field(), text }),
                },
            }
        }
        self.parse(facts, asker.reference)
    }

    fn read(&self, ask: &Ask, key: &FactKey, asker: &Asker<'_>) -> Result<Option<Value>, String> {
        let Some(fact) = asker.reference.catalogue.fact(key) else { return Ok(None) };
        let field = ask.field();
        let given = self.value(&field);
        Ok(Some(match &fact.kind {
            FactKind::Amount => json!(decimal_text(number(given, WAN_IN_FEN, "万元")?, FEN)),
            FactKind::Ratio => json!(decimal_text(number(given, fact.scale.saturating_sub(2), "%")?, fact.scale)),
            FactKind::Integer => json!(decimal_text(number(given, fact.scale, &fact.unit)?, fact.scale)),
            FactKind::Bool => json!(given == YES),
            FactKind::Area => self.place(fact, given),
            FactKind::List(_) => return Ok(self.list(fact, &field, asker)),
            _ => json!(given),
        }))
    }

    /// A firm that never moved has been where it is since it was founded.
    fn place(&self, fact: &Fact, given: &str) -> Value {
        let stayed = self.value(&format!("{}{STAYED}", fact.key)) == YES;
        let founded = self.value("established_on");
        match founded.parse::<NaiveDate>() {
            Ok(day) if stayed => json!({ "value": given, "since": day.to_string() }),
            _ => json!({ "value": given }),
        }
    }

    /// What is ticked is there; of the kinds that were offered, the others are not.
    fn list(&self, fact: &Fact, field: &str, asker: &Asker<'_>) -> Option<Value> {
        let shape = fact.list()?;
        let label = shape.label.as_ref()?;
        let (ticked, absent): (Vec<&str>, Vec<&str>) = asker.offered(shape).partition(|code| self.has(field, code));
        let records: Vec<Value> = ticked.into_iter().map(|code| self.record(fact, label, code)).collect();
        let until = tomorrow(asker.day);
        let complete: Vec<Value> = absent
            .into_iter()
            .map(|code| json!({ "scope": { label: code }, "to": until, "source": "declared" }))
            .collect();
        Some(json!({ "records": records, "complete": complete }))
    }

    fn record(&self, fact: &Fact, label: &str, code: &str) -> Value {
        let mut record = json!({ label: code });
        for day in fact.list().into_iter().flat_map(days) {
            let ask = Ask::Day { key: fact.key.clone(), code: code.to_owned(), field: day.key.clone() };
            match self.value(&ask.field()) {
                "" => {}
                given => record[&day.key] = json!(given),
            }
        }
        record
    }

    /// One 承诺 of today completes every conduct list.
    fn commit(&self, asker: &Asker<'_>, facts: &mut BTreeMap<FactKey, Value>) {
        if self.value(CONDUCT) != YES {
            return;
        }
        for fact in asker.reference.catalogue.iter().filter(|fact| is_conduct(fact)) {
            let complete = json!([{ "to": tomorrow(asker.day), "source": "commitment" }]);
            facts.insert(fact.key.clone(), json!({ "records": [], "complete": complete }));
        }
    }

    /// Reads the document; a fact the profile refuses is left out and pointed at.
    fn parse(&mut self, mut facts: BTreeMap<FactKey, Value>, reference: &Reference) -> Profile {
        loop {
            let object: Map<String, Value> =
                facts.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
            let problems = match Profile::from_json(&json!({ "facts": object }), reference) {
                Ok(profile) => return profile,
                Err(problems) => problems,
            };
            let before = facts.len();
            for problem in problems {
                let place = problem.place.clone().unwrap_or_default();
                let word = place.strip_prefix("facts.").unwrap_or(&place);
                let key = word.split(['.', '[']).next().unwrap_or(word).to_owned();
                facts.remove(&FactKey::from(key.as_str()));
                let field = self.field_of(&key, word);
                let remedy = problem.remedy.map(|remedy| format!("，{remedy}")).unwrap_or_default();
                self.faults.push(Fault { field, text: format!("{}{remedy}", problem.message) });
            }
            if facts.len() == before {
                return Profile::default();
            }
        }
    }

    /// The form field a place in the document came from: `facts.revenue.2025` is `revenue.2025`.
    fn field_of(&self, key: &str, word: &str) -> String {
        let exact = self
            .given
            .iter()
            .map(|(field, _)| field)
            .find(|field| word.starts_with(field.as_str()) && field.contains('.'));
        exact.cloned().unwrap_or_else(|| key.to_owned())
    }
}

fn put(facts: &mut BTreeMap<FactKey, Value>, key: &FactKey, year: Option<i32>, value: Value) {
    match year {
        None => drop(facts.insert(key.clone(), value)),
        Some(year) => {
            let years = facts.entry(key.clone()).or_insert_with(|| json!({}));
            if let Some(years) = years.as_object_mut() {
                years.insert(year.to_string(), value);
            }
        }
    }
}

fn tomorrow(day: NaiveDate) -> String {
    day.checked_add_days(Days::new(1)).unwrap_or(day).to_string()
}

/// A typed number: full-width digits, group commas and a unit that is typed along are forgiven.
fn number(typed: &str, scale: u8, unit: &str) -> Result<i64, String> {
    let half_width = |c: char| match c {
        '０'..='９' | '．' | '－' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    let text: String =
        typed.chars().map(half_width).filter(|c| !c.is_whitespace() && *c != ',' && *c != '，').collect();
    let bare = text.strip_suffix(unit).unwrap_or(&text);
    let bare = if unit == "万元" { bare.strip_suffix('万').unwrap_or(bare) } else { bare };
    scaled(bare, scale).map_err(|error| match error {
        NumberError::TooManyDecimals { allowed, .. } => format!("小数位太多，最多 {allowed} 位"),
        NumberError::TooLarge => format!("数太大了，单位是{unit}"),
        _ => format!("请只填数字，单位是{unit}"),
    })
}

#[cfg(test)]
mod tests;
