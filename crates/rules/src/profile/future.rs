//! Days that lie ahead although they tell of something that happened.

use chrono::NaiveDate;

use super::{FactState, Profile};
use crate::problem::Problem;
use crate::reference::{Fact, Reference};
use crate::value::Value;

impl Profile {
    /// One problem for every past event dated after `today`: a firm founded tomorrow, a certificate issued next year.
    /// Import and API call it with their clock; reading alone cannot know the day.
    pub fn future_dates(&self, today: NaiveDate, reference: &Reference) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut check = |name: &str, place: String, value: Option<&Value>| {
            if let Some(Value::Date(date)) = value
                && *date > today
            {
                let message = format!("{name} {date} 还没到");
                problems.push(Problem::error(message).place(place).remedy("核对日期"));
            }
        };
        for (key, entries) in &self.facts {
            let Some(fact) = reference.catalogue.fact(key).filter(|fact| fact.past) else { continue };
            for entry in entries {
                if let FactState::Known(value) = &entry.state {
                    check(&fact.name, format!("facts.{key}"), Some(value));
                }
            }
        }
        for (key, list) in &self.lists {
            let Some(shape) = reference.catalogue.fact(key).and_then(Fact::list) else { continue };
            for (index, record) in list.records.iter().enumerate() {
                for field in shape.fields.iter().filter(|field| field.past) {
                    let place = format!("facts.{key}.records[{index}].{}", field.key);
                    check(&field.name, place, record.get(&field.key));
                }
            }
        }
        problems
    }
}
