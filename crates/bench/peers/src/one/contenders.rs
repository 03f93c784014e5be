//! The four ways to decide the same rules. Everything is compiled beforehand; every run reads each firm anew.

use std::collections::BTreeMap;
use std::hint::black_box;

use cel::Value as CelValue;
use chrono::NaiveDate;
use rules::program::{Evaluator, Scratch};
use rules::{Context, Core, Program, Reference, Verdict};
use serde_json::{Map, Value as Json};
use zen_expression::expression::Standard;
use zen_expression::scope::Scope;
use zen_expression::variable::Variable;
use zen_expression::vm::VM;

use super::firm::Firm;
use super::rule::Rule;

pub(crate) struct Contenders {
    texts: Vec<String>,
    cores: Vec<Core>,
    evaluator: Evaluator,
    zen: Vec<zen_expression::Expression<Standard>>,
    cel: Vec<cel::Program>,
    none: BTreeMap<String, String>,
    day: NaiveDate,
}

impl Contenders {
    pub(crate) fn of(rules: &[Rule]) -> Result<Self, String> {
        let reference = Reference::builtin();
        let texts: Vec<String> = rules.iter().map(Rule::ours).collect();
        let lowered = |text: &String| {
            let condition = rules::text::parse(text, reference).map_err(|problems| format!("{text}\n{problems:?}"))?;
            Ok(rules::lower(&condition, reference))
        };
        let cores: Vec<Core> = texts.iter().map(lowered).collect::<Result<_, String>>()?;
        let zen = |rule: &Rule| zen_expression::compile_expression(&rule.zen()).map_err(|error| error.to_string());
        let cel = |rule: &Rule| cel::Program::compile(&rule.cel()).map_err(|error| error.to_string());
        Ok(Self {
            evaluator: Evaluator::new(Program::of(&cores), reference),
            zen: rules.iter().map(zen).collect::<Result<_, _>>()?,
            cel: rules.iter().map(cel).collect::<Result<_, _>>()?,
            cores,
            texts,
            none: BTreeMap::new(),
            day: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default(),
        })
    }

    fn context(&self) -> Context<'_> {
        Context { reference: Reference::builtin(), as_of: self.day, parameters: &self.none }
    }

    /// How many verdicts are yes, once all four have given the same everywhere.
    pub(crate) fn agreed(&self, firms: &[Firm]) -> Result<usize, String> {
        let (mut scratch, mut verdicts, mut met) = (Scratch::default(), Vec::new(), 0);
        for firm in firms {
            self.evaluator.decide(&firm.profile, &self.context(), &mut scratch, &mut verdicts);
            let (scope, context) = (scope(&firm.flat), cel_context(&firm.flat)?);
            let mut machine = VM::new();
            for (index, verdict) in verdicts.iter().enumerate() {
                let ours = rules::decide(&self.cores[index], &firm.profile, &self.context());
                let zen =
                    self.zen[index].evaluate_with_scope(&scope, &mut machine).map_err(|error| error.to_string())?;
                let cel = self.cel[index].execute(&context).map_err(|error| error.to_string())?;
                let theirs = match (zen.as_bool(), cel) {
                    (Some(zen), CelValue::Bool(cel)) if zen == cel => zen,
                    (zen, cel) => return Err(format!("{zen:?} and {cel:?} of\n{}", self.texts[index])),
                };
                let wanted = if theirs { Verdict::Met } else { Verdict::NotMet };
                if (*verdict, ours) != (wanted, wanted) {
                    return Err(format!("{verdict:?}, {ours:?} and {wanted:?} of\n{}", self.texts[index]));
                }
                met += usize::from(theirs);
            }
        }
        Ok(met)
    }

    pub(crate) fn shared(&self, firms: &[Firm]) {
        let (mut scratch, mut verdicts) = (Scratch::default(), Vec::new());
        for firm in firms {
            self.evaluator.decide(&firm.profile, &self.context(), &mut scratch, &mut verdicts);
            black_box(&verdicts);
        }
    }

    pub(crate) fn scalar(&self, firms: &[Firm]) {
        for firm in firms {
            for core in &self.cores {
                black_box(rules::decide(core, &firm.profile, &self.context()));
            }
        }
    }

    pub(crate) fn zen(&self, firms: &[Firm]) {
        for firm in firms {
            let scope = scope(&firm.flat);
            let mut machine = VM::new();
            for rule in &self.zen {
                black_box(rule.evaluate_with_scope(&scope, &mut machine).is_ok());
            }
        }
    }

    pub(crate) fn cel(&self, firms: &[Firm]) {
        for firm in firms {
            let Ok(context) = cel_context(&firm.flat) else { continue };
            for rule in &self.cel {
                black_box(rule.execute(&context).is_ok());
            }
        }
    }
}

fn scope(flat: &Map<String, Json>) -> Scope {
    Scope::new(Variable::from(Json::Object(flat.clone())))
}

fn cel_context(flat: &Map<String, Json>) -> Result<cel::Context<'static, 'static>, String> {
    let mut context = cel::Context::default();
    for (key, value) in flat {
        let value = match value {
            Json::Bool(holds) => CelValue::Bool(*holds),
            Json::Number(number) => CelValue::Int(number.as_i64().unwrap_or_default()),
            other => CelValue::from(other.as_str().unwrap_or_default()),
        };
        context.add_variable_from_value(key.as_str(), value);
    }
    Ok(context)
}
