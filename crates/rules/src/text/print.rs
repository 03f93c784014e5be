//! The canonical text of a condition: what [`super::parse`] reads back as the same tree.

mod amount;
mod records;
mod tables;

use super::lex::is_word;
use super::names::{KEYWORDS, Names};
use crate::reference::Reference;
use crate::tree::expression::{Arithmetic, Expression, FactReference, Growth};
use crate::tree::{
    Comparison, Condition, Contains, Each, Filter, Membership, Place, Residence, Unconfirmed, When, Year,
};
use crate::value::FactKey;

pub use amount::print_amount;
pub(crate) use tables::intervals as print_intervals;

/// The text of a whole condition, with the scores it uses in lines before it.
pub fn print(condition: &Condition, reference: &Reference) -> String {
    let printer = Printer { names: Names::new(reference) };
    let definitions = condition.scores().into_iter().map(|score| printer.definition(&score) + "\n");
    definitions.collect::<String>() + &printer.outermost(condition)
}

/// The words of a condition or a part of one: scores by name only. A leaf is one line and the key of its sentence.
pub fn wording(condition: &Condition, reference: &Reference) -> String {
    Printer { names: Names::new(reference) }.outermost(condition)
}

/// The text of an expression, without the comparison around it.
pub(crate) fn print_expression(expression: &Expression, reference: &Reference) -> String {
    Printer { names: Names::new(reference) }.expression(expression)
}

/// The text of what is asked of the records of a list, without the brackets around it.
pub(crate) fn print_demands(list: &FactKey, filters: &[Filter], reference: &Reference) -> String {
    Printer { names: Names::new(reference) }.demands(list, filters)
}

struct Printer<'a> {
    names: Names<'a>,
}

impl Printer<'_> {
    /// The members of the outermost group stand on lines of their own.
    fn outermost(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(children) if children.len() > 1 => self.joined(children, "\n且 "),
            Condition::Any(children) if children.len() > 1 => self.joined(children, "\n或 "),
            other => self.inner(other),
        }
    }

    /// Without brackets of its own.
    fn inner(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(children) if !children.is_empty() => self.joined(children, " 且 "),
            Condition::Any(children) if !children.is_empty() => self.joined(children, " 或 "),
            other => self.member(other),
        }
    }

    fn joined(&self, children: &[Condition], connective: &str) -> String {
        children.iter().map(|child| self.member(child)).collect::<Vec<_>>().join(connective)
    }

    /// As a member of a group.
    fn member(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(children) if children.is_empty() => "无要求".into(),
            Condition::Any(children) if children.is_empty() => "不符合".into(),
            Condition::All(_) | Condition::Any(_) => format!("( {} )", self.inner(condition)),
            Condition::None(children) => match children.as_slice() {
                [all @ Condition::All(_)] => format!("没有 ( {} )", self.inner(all)),
                many => format!("没有 ( {} )", self.joined(many, " 或 ")),
            },
            Condition::Tier(bands) => format!("分档 {}", self.bands(bands, |branch| self.inner(branch))),
            Condition::Cases(cases) => format!("分情形 {}", self.cases(cases, |branch| self.inner(branch))),
            Condition::AtLeast { k, of } => {
                let items: Vec<String> = of.iter().map(|child| self.inner(child)).collect();
                format!("满足任意{k}项 {{ {} }}", items.join(" ; "))
            }
            leaf => self.leaf(leaf),
        }
    }

    fn leaf(&self, leaf: &Condition) -> String {
        match leaf {
            Condition::Compare(comparison) => self.comparison(comparison),
            Condition::Each(Each { window, comparison }) => {
                format!("{}每年 ( {} )", window.words(), self.comparison(comparison))
            }
            Condition::Age(age) => {
                let until = age.until.map(|year| format!("截至{} ", year.end_words())).unwrap_or_default();
                format!("{until}{} {} {}", self.name(&age.fact), age.operator.age_words(), age.duration)
            }
            Condition::Membership(membership) => self.membership(membership),
            Condition::Contains(Contains { fact, negated, words }) => {
                let verb = if *negated { "不含" } else { "含" };
                format!("{} {verb} {}", self.name(fact), set(words.iter().cloned()))
            }
            Condition::Place(Place { fact, negated, areas }) => {
                let verb = if *negated { "不属于" } else { "属于" };
                let areas = areas.iter().map(|area| self.names.area_name(area));
                format!("{} {verb} {}", self.name(fact), set(areas))
            }
            Condition::Residence(residence) => self.residence(residence),
            Condition::Records(records) => self.records(records),
            Condition::Attestation(text) => format!("承诺「{text}」"),
            Condition::Manual(text) => format!("人工「{text}」"),
            Condition::Mark(mark) => mark.words(),
            Condition::Unconfirmed(Unconfirmed { sentence, reading }) => {
                format!("待确认「{sentence}」( {} )", self.inner(reading))
            }
            Condition::All(_)
            | Condition::Any(_)
            | Condition::None(_)
            | Condition::AtLeast { .. }
            | Condition::Tier(_)
            | Condition::Cases(_) => self.member(leaf),
        }
    }

    fn comparison(&self, Comparison { left, operator, right }: &Comparison) -> String {
        let sign = match (left, right) {
            (_, Expression::Date(_)) | (Expression::Date(_), _) => operator.date_words(),
            _ => operator.sign(),
        };
        format!("{} {sign} {}", self.expression(left), self.expression(right))
    }

    fn membership(&self, Membership { fact, negated, values }: &Membership) -> String {
        if let Some(lowest) = self.names.lowest(fact, values).filter(|_| !negated) {
            return format!("{} 不低于 {}", self.name(fact), quoted_if_needed(lowest));
        }
        let names: Vec<String> = values.iter().map(|value| self.names.member_name(fact, value)).collect();
        let verb = match (negated, names.len(), self.names.is_industry(fact)) {
            (false, 1, false) => "为",
            (true, 1, false) => "不为",
            (false, ..) => "属于",
            (true, ..) => "不属于",
        };
        format!("{} {verb} {}", self.name(fact), set(names.into_iter()))
    }

    fn residence(&self, Residence { fact, area, operator, duration }: &Residence) -> String {
        let verbs = crate::tree::place::VERBS;
        let verb = verbs.iter().find(|(key, _)| *key == fact.as_str()).map_or("注册", |(_, verb)| verb);
        let area = self.names.area_name(area);
        let place = if is_word(&area) { format!("在{area}{verb}") } else { format!("在 「{area}」 {verb}") };
        format!("{place} {} {duration}", operator.age_words())
    }

    fn name(&self, fact: &FactKey) -> String {
        quoted_if_needed(&self.names.name(fact))
    }

    fn expression(&self, expression: &Expression) -> String {
        match expression {
            Expression::Score(score) => quoted_if_needed(&score.name),
            Expression::Quantity(quantity) => quantity.to_string(),
            Expression::Date(date) => date.to_string(),
            Expression::Parameter { name, year } => {
                format!("{}参数「{name}」", year.map(Year::words).unwrap_or_default())
            }
            Expression::Tally(tally) => self.tally(tally),
            Expression::Fact(FactReference { fact, when, source }) => {
                format!("{}{}", self.dated_name(*when, fact), self.source(source.as_deref()))
            }
            Expression::Over { fold, fact, source, window } => {
                let name = self.after_words(&format!("{}{}", window.words(), fold.words()), fact);
                format!("{name}{}", self.source(source.as_deref()))
            }
            Expression::Growth { of, source, growth } => {
                let source = self.source(source.as_deref());
                match growth {
                    Growth::YearOnYear(when) => format!("{}{source} 同比增长率", self.dated_name(*when, of)),
                    Growth::Average(years) => {
                        format!("{}{source} 平均增长率", self.after_words(&format!("近{years}年"), of))
                    }
                    Growth::Compound(years) => {
                        format!("{}{source} 复合增长率", self.after_words(&format!("近{years}年"), of))
                    }
                }
            }
            Expression::Arithmetic { left, operator, right } => {
                format!(
                    "{} {} {}",
                    self.operand(left, *operator, false),
                    operator.sign(),
                    self.operand(right, *operator, true)
                )
            }
        }
    }

    fn dated_name(&self, when: When, fact: &FactKey) -> String {
        self.after_words(&when.words(), fact)
    }

    /// `上年度营业收入` in one word where that reads back; a space before a quoted name.
    fn after_words(&self, words: &str, fact: &FactKey) -> String {
        let name = self.name(fact);
        let gap = if words.is_empty() || !name.starts_with('「') { "" } else { " " };
        format!("{words}{gap}{name}")
    }

    fn source(&self, source: Option<&str>) -> String {
        source.map(|source| format!("@{}", self.names.source_name(source))).unwrap_or_default()
    }

    /// Brackets where the tree's shape differs from what precedence gives.
    fn operand(&self, operand: &Expression, around: Arithmetic, is_right: bool) -> String {
        let inner = match operand {
            Expression::Arithmetic { operator, .. } => Some(*operator),
            _ => None,
        };
        bracketed(self.expression(operand), inner, around, is_right)
    }
}

/// An operand of `around`, in brackets where precedence alone would read it differently.
fn bracketed(text: String, inner: Option<Arithmetic>, around: Arithmetic, is_right: bool) -> String {
    match inner {
        Some(operator)
            if is_right && operator.binds_tightly() == around.binds_tightly()
                || around.binds_tightly() && !operator.binds_tightly() =>
        {
            format!("( {text} )")
        }
        _ => text,
    }
}

/// A single value bare, several in braces.
fn set(values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.map(|value| quoted_if_needed(&value)).collect();
    match values.as_slice() {
        [value] => value.clone(),
        _ => format!("{{{}}}", values.join(", ")),
    }
}

pub(super) fn quoted_if_needed(name: &str) -> String {
    if is_word(name) && !KEYWORDS.contains(&name) { name.to_owned() } else { format!("「{name}」") }
}
