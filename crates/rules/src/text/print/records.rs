//! The text of what is asked of record lists and of the fields of a record.

use super::{Printer, bracketed, quoted_if_needed, set};
use crate::tree::{Figure, Filter, Quantifier, Records, Span, Tally};
use crate::value::FactKey;

impl Printer<'_> {
    pub(super) fn records(&self, records: &Records) -> String {
        let subject = match &records.selection {
            Some(selection) => quoted_if_needed(selection),
            None => self.name(&records.list),
        };
        let register = ["名录", "名单", "失信被执行人"].iter().any(|word| subject.ends_with(word));
        let in_force = records.span == Span::InForce;
        let mut words = Vec::new();
        match (&records.quantifier, in_force && register) {
            (Quantifier::Some, true) => words.push("列入".to_owned()),
            (Quantifier::None, true) => words.push("未列入".to_owned()),
            (Quantifier::None, false) if records.span == Span::Ever => words.push("从未".to_owned()),
            (Quantifier::None, false) => words.push("无".to_owned()),
            _ => {}
        }
        words.push(records.span.words());
        words.push(subject);
        words.extend(self.filters(records));
        if in_force && (!register || matches!(records.quantifier, Quantifier::Count(..) | Quantifier::Every(_))) {
            words.push("有效".to_owned());
        }
        match &records.quantifier {
            Quantifier::Count(operator, count) => words.push(format!("{} {count}项", operator.sign())),
            Quantifier::Every(demand) => words.push(format!("每项都 ( {} )", self.demands(&records.list, demand))),
            Quantifier::Some | Quantifier::None => {}
        }
        words.retain(|word| !word.is_empty());
        words.join(" ")
    }

    /// `近3年 投资项目 的 设备投资 合计`
    pub(super) fn tally(&self, Tally { records, of }: &Tally) -> String {
        let subject = self.records(records);
        match of.field() {
            Some(field) => format!("{subject} 的 {} {}", self.field(&records.list, field), of.word()),
            None => format!("{subject} {}", of.word()),
        }
    }

    /// `含 …` for the label when it comes first, brackets for the rest.
    fn filters(&self, Records { list, filters, .. }: &Records) -> Vec<String> {
        let mut words = Vec::new();
        let mut rest = filters.as_slice();
        if let [Filter::Among { field, negated: false, values }, others @ ..] = rest
            && self.names.label(list).as_ref() == Some(field)
        {
            words.push(format!("含 {}", self.options(list, field, values)));
            rest = others;
        }
        if !rest.is_empty() {
            words.push(format!("( {} )", self.demands(list, rest)));
        }
        words
    }

    /// What the brackets behind a list hold: members of one 且, or one 或.
    pub(super) fn demands(&self, list: &FactKey, filters: &[Filter]) -> String {
        match filters {
            [Filter::Any(members)] => self.connected(list, members, " 或 "),
            many => self.connected(list, many, " 且 "),
        }
    }

    fn connected(&self, list: &FactKey, members: &[Filter], connective: &str) -> String {
        members.iter().map(|member| self.filter(list, member)).collect::<Vec<_>>().join(connective)
    }

    fn filter(&self, list: &FactKey, filter: &Filter) -> String {
        match filter {
            Filter::Among { field, negated, values } => self.field_among(list, field, *negated, values),
            Filter::Compare { left, operator, right } => {
                let sign = match (left, right) {
                    (Figure::Date(_), _) | (_, Figure::Date(_)) => operator.date_words(),
                    _ => operator.sign(),
                };
                format!("{} {sign} {}", self.figure(list, left), self.figure(list, right))
            }
            Filter::Age { field, until, operator, duration } => {
                let until = until.as_ref().map_or_else(String::new, |until| format!(" 至 {}", self.field(list, until)));
                format!("{}{until} {} {duration}", self.field(list, field), operator.age_words())
            }
            Filter::All(members) => format!("( {} )", self.connected(list, members, " 且 ")),
            Filter::Any(members) => format!("( {} )", self.connected(list, members, " 或 ")),
            Filter::None(members) => match members.as_slice() {
                [Filter::All(all)] => format!("没有 ( {} )", self.connected(list, all, " 且 ")),
                many => format!("没有 ( {} )", self.connected(list, many, " 或 ")),
            },
        }
    }

    fn field_among(&self, list: &FactKey, field: &str, negated: bool, values: &[String]) -> String {
        let name = self.field(list, field);
        if let Some(lowest) = self.names.field_lowest(list, field, values).filter(|_| !negated) {
            return format!("{name} 不低于 {}", quoted_if_needed(lowest));
        }
        let verb = match (negated, values.len()) {
            (false, 1) => "为",
            (true, 1) => "不为",
            (false, _) => "属于",
            (true, _) => "不属于",
        };
        format!("{name} {verb} {}", self.options(list, field, values))
    }

    fn figure(&self, list: &FactKey, figure: &Figure) -> String {
        match figure {
            Figure::Field(field) => self.field(list, field),
            Figure::Quantity(quantity) => quantity.to_string(),
            Figure::Date(date) => date.to_string(),
            Figure::Arithmetic { left, operator, right } => {
                let operand = |figure: &Figure, is_right| {
                    let inner = match figure {
                        Figure::Arithmetic { operator, .. } => Some(*operator),
                        _ => None,
                    };
                    bracketed(self.figure(list, figure), inner, *operator, is_right)
                };
                format!("{} {} {}", operand(left, false), operator.sign(), operand(right, true))
            }
        }
    }

    fn field(&self, list: &FactKey, field: &str) -> String {
        quoted_if_needed(&self.names.field_name(list, field))
    }

    fn options(&self, list: &FactKey, field: &str, values: &[String]) -> String {
        set(values.iter().map(|value| self.names.field_option_name(list, field, value)))
    }
}
