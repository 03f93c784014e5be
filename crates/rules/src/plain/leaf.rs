//! Leaves as sentences.

use super::Speaker;
use super::expression::{window_words, year_words};
use super::number::{age_words, amount_words, count_words, day_words, duration};
use crate::evaluate::facts::ESTABLISHED;
use crate::evaluate::measure::Measure;
use crate::reference::FactKind;
use crate::text::names::YES;
use crate::tree::{
    Age, Comparison, Condition, Contains, Dimension, Each, Expression, Mark, Membership, Operator, Place, Residence,
};
use crate::value::FactKey;

impl Speaker<'_> {
    pub(super) fn leaf(&self, leaf: &Condition) -> String {
        match leaf {
            Condition::Compare(comparison) => self.comparison(comparison, ""),
            Condition::Each(Each { window, comparison }) => {
                format!("{}每年{}", window_words(*window), self.comparison(comparison, "都"))
            }
            Condition::Age(age) => self.age(age),
            Condition::Membership(membership) => self.membership(membership),
            Condition::Contains(Contains { fact, negated, words }) => {
                let verb = if *negated { "里没有写" } else { "里写有" };
                let words: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
                format!("{}{verb}{}", self.names.name(fact), either(&words))
            }
            Condition::Place(place) => self.place(place),
            Condition::Residence(residence) => self.residence(residence),
            Condition::Records(records) => self.records(records),
            Condition::Attestation(text) => format!("企业书面承诺:{text}"),
            Condition::Manual(text) => format!("由主管部门认定:{text}"),
            Condition::Mark(mark) => mark_words(mark),
            Condition::Unconfirmed(unconfirmed) => format!("待人工核对原文:{}", unconfirmed.sentence),
            Condition::All(_)
            | Condition::Any(_)
            | Condition::None(_)
            | Condition::AtLeast { .. }
            | Condition::Tier(_)
            | Condition::Cases(_) => self.node(leaf),
        }
    }

    fn comparison(&self, Comparison { left, operator, right }: &Comparison, before: &str) -> String {
        let said = self.expression(left);
        if let Expression::Quantity(bound) = right
            && bound.value().signum() == 0
        {
            return format!("{said}{before}{}", zero_words(*operator));
        }
        let measure = Measure::of(left, self.reference);
        let words = match measure {
            Measure::Date => day_words(*operator),
            Measure::Number(Dimension::People | Dimension::Things) => count_words(*operator),
            Measure::Number(_) | Measure::Share | Measure::Unclear => amount_words(*operator),
        };
        let bound = self.bound(right, measure);
        let gap = if bound.starts_with(|first: char| first.is_ascii_digit() || first == '-') { " " } else { "" };
        format!("{said}{before}{words}{gap}{bound}")
    }

    /// A bare number takes the unit of what it is compared with.
    fn bound(&self, right: &Expression, measure: Measure) -> String {
        let said = self.expression(right);
        match (right, measure) {
            (Expression::Quantity(bound), Measure::Number(dimension))
                if bound.unit().name.is_empty() && !dimension.base_name().is_empty() =>
            {
                format!("{said} {}", dimension.base_name())
            }
            (Expression::Quantity(bound), Measure::Share) if bound.unit().name.is_empty() => {
                measure.show(&bound.value(), "")
            }
            _ => said,
        }
    }

    fn age(&self, Age { fact, operator, duration: length, until }: &Age) -> String {
        let from =
            if fact.as_str() == ESTABLISHED { "成立".to_owned() } else { format!("自{}起", self.names.name(fact)) };
        let until = until.map(|year| format!("截至{}底", year_words(year))).unwrap_or_default();
        format!("{until}{from}{} {}", age_words(*operator), duration(*length))
    }

    fn membership(&self, Membership { fact, negated, values }: &Membership) -> String {
        let name = self.names.name(fact);
        let kind = self.reference.catalogue.fact(fact).map(|fact| &fact.kind);
        let values: Vec<String> = values.iter().map(|value| self.names.member_name(fact, value)).collect();
        match (kind, values.as_slice()) {
            (Some(FactKind::Bool), [value]) => self.flag(fact, &name, (value == YES) != *negated),
            (Some(FactKind::Industry), _) => {
                format!("{name}{}{}", if *negated { "不属于" } else { "属于" }, either(&values))
            }
            (Some(FactKind::Codes { .. }), _) => {
                format!("{name}{}{}", if *negated { "不包括" } else { "包括" }, either(&values))
            }
            _ => format!("{name}{}{}", if *negated { "不是" } else { "是" }, either(&values)),
        }
    }

    /// The catalogue says how a flag is put; without that, name and answer.
    fn flag(&self, fact: &FactKey, name: &str, holds: bool) -> String {
        let fact = self.reference.catalogue.fact(fact);
        let said = fact.and_then(|fact| if holds { fact.yes.clone() } else { fact.no.clone() });
        said.unwrap_or_else(|| format!("{name}:{}", if holds { "是" } else { "否" }))
    }

    fn place(&self, Place { fact, negated, areas }: &Place) -> String {
        let areas: Vec<String> = areas.iter().map(|area| self.names.area_name(area)).collect();
        let (areas, not) = (either(&areas), if *negated { "不" } else { "" });
        match fact.as_str() {
            "place_registered" => format!("公司{not}注册在{areas}"),
            "place_tax" => format!("{not}在{areas}交税"),
            "place_statistics" => format!("统计报表{not}报给{areas}(统计关系)"),
            "place_operating" => format!("实际{not}在{areas}办公、生产"),
            _ => format!("{}{not}在{areas}", self.names.name(fact)),
        }
    }

    fn residence(&self, Residence { fact, area, operator, duration: length }: &Residence) -> String {
        let verbs = crate::tree::place::VERBS;
        let verb = verbs.iter().find(|(key, _)| *key == fact.as_str()).map_or("注册", |(_, verb)| *verb);
        let area = self.names.area_name(area);
        format!("连续在{area}{verb}{} {}", age_words(*operator), duration(*length))
    }
}

fn zero_words(operator: Operator) -> &'static str {
    match operator {
        Operator::AtLeast => "不小于 0",
        Operator::More => "大于 0",
        Operator::AtMost => "不大于 0",
        Operator::Less => "小于 0",
        Operator::Equal => "为 0",
        Operator::Differs => "不为 0",
    }
}

fn mark_words(mark: &Mark) -> String {
    match mark {
        Mark::Competitive => "择优支持,达到条件不等于入选".into(),
        Mark::Quota(places) => format!("名额 {places} 个"),
        Mark::Preference(text) => format!("优先支持:{text}"),
    }
}

/// `小型或微型`, `甲、乙或丙`
pub(super) fn either(values: &[String]) -> String {
    match values {
        [] => "(未写明)".into(),
        [one] => one.clone(),
        [first @ .., last] => format!("{}或{last}", first.join("、")),
    }
}
