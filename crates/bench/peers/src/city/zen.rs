//! `zen-expression`, pair by pair: the possible reading first, the certain one only if it holds.

use std::hint::black_box;

use bench::flat::{FIELDS, Kind, MISSING};
use rules::Verdict;
use serde_json::{Map, Value as Json, json};
use zen_expression::expression::Standard;
use zen_expression::scope::Scope;
use zen_expression::variable::Variable;
use zen_expression::vm::VM;

use super::{City, say};

type Expression = zen_expression::Expression<Standard>;

pub(crate) struct Zen {
    /// Possible and certain.
    rules: Vec<[Expression; 2]>,
    firms: Vec<Map<String, Json>>,
}

impl Zen {
    /// So many rules and firms.
    pub(crate) fn of(city: &City, (rules, firms): (usize, usize)) -> Result<Self, String> {
        let compiled = |rule, certain| {
            let text = say::zen(rule, certain, false);
            zen_expression::compile_expression(&text).map_err(|error| format!("{text}: {error}"))
        };
        let rules = city.rules.iter().take(rules).map(|rule| Ok([compiled(rule, false)?, compiled(rule, true)?]));
        Ok(Self {
            rules: rules.collect::<Result<_, String>>()?,
            firms: (0..firms.min(city.rows())).map(|row| flat(city, row)).collect(),
        })
    }

    pub(crate) fn agrees(&self, city: &City) -> Result<(), String> {
        for (row, firm) in self.firms.iter().enumerate() {
            let (scope, mut machine) = (scope(firm), VM::new());
            for (item, rule) in self.rules.iter().enumerate() {
                let verdict = city.rules[item].verdict(&|field| city.columns[field][row]);
                let theirs = judged(rule, &scope, &mut machine)?;
                if theirs != verdict {
                    return Err(format!("zen says {theirs:?} and not {verdict:?} of {}", city.rules[item].text()));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn run(&self) {
        for firm in &self.firms {
            let (scope, mut machine) = (scope(firm), VM::new());
            for rule in &self.rules {
                black_box(judged(rule, &scope, &mut machine).is_ok());
            }
        }
    }
}

fn judged(rule: &[Expression; 2], scope: &Scope, machine: &mut VM) -> Result<Verdict, String> {
    let mut holds = |expression: &Expression| {
        let value = expression.evaluate_with_scope(scope, machine).map_err(|error| error.to_string())?;
        value.as_bool().ok_or_else(|| format!("{value:?} is no truth value"))
    };
    Ok(match holds(&rule[0])? {
        false => Verdict::NotMet,
        true if holds(&rule[1])? => Verdict::Met,
        true => Verdict::Unknown,
    })
}

fn scope(firm: &Map<String, Json>) -> Scope {
    Scope::new(Variable::from(Json::Object(firm.clone())))
}

fn flat(city: &City, row: usize) -> Map<String, Json> {
    let mut firm = Map::new();
    for (field, column) in FIELDS.iter().zip(&city.columns) {
        let value = match (column[row], field.kind) {
            (MISSING, _) => Json::Null,
            (tags, Kind::Tags(_)) => json!((0..64).filter(|tag| tags >> tag & 1 == 1).collect::<Vec<_>>()),
            (value, _) => json!(value),
        };
        firm.insert(field.key.to_owned(), value);
    }
    firm
}
