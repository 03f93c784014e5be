//! Lists as sentences: 近三年没有重大违法(要有信用报告或承诺).

use super::Speaker;
use super::expression::year_words;
use super::leaf::either;
use super::number::{age_words, amount_words, count, count_words, date, day_words, duration, quantity, recent_years};
use crate::evaluate::measure::Measure;
use crate::reference::Fact;
use crate::text::names::{NO, YES};
use crate::tree::records::PIECES;
use crate::tree::{Arithmetic, Figure, Filter, Quantifier, Records, Span, Tallied, Tally};
use crate::value::FactKey;

/// The source of lists that one dated 承诺 or a 专项信用报告 completes.
const CREDIT_REPORT: &str = "credit_report";

impl Speaker<'_> {
    pub(super) fn records(&self, records: &Records) -> String {
        let subject = records.selection.clone().unwrap_or_else(|| self.names.name(&records.list));
        let register = ["名录", "名单", "失信被执行人"].iter().any(|word| subject.ends_with(word));
        let subject = if ["名录", "名单"].iter().any(|word| subject.ends_with(word)) {
            format!("“{subject}”")
        } else {
            subject
        };
        let (label, rest) = self.filters(records);
        let rest = if rest.is_empty() { String::new() } else { format!("({})", rest.join(",")) };
        let named = if label.is_empty() { String::new() } else { format!(":{label}") };
        let time = span_words(records.span);
        match (&records.quantifier, records.span) {
            (Quantifier::Some, Span::InForce) if register => format!("现在被列入{subject}{named}{rest}"),
            (Quantifier::None, Span::InForce) if register => {
                format!("现在没有被列入{subject}{named}{rest}{}", self.proof(&records.list))
            }
            (Quantifier::Some, Span::InForce) => format!("有在有效期内的{subject}{named}{rest}"),
            (Quantifier::None, Span::InForce) => {
                format!("没有在有效期内的{subject}{named}{rest}{}", self.proof(&records.list))
            }
            (Quantifier::Some, Span::Ever) => format!("有{subject}{named}{rest}"),
            (Quantifier::None, Span::Ever) => {
                format!("从来没有过{subject}{named}{rest}{}", self.proof(&records.list))
            }
            (Quantifier::Some, _) => format!("{time}有{subject}{named}{rest}"),
            (Quantifier::None, _) => format!("{time}没有{subject}{named}{rest}{}", self.proof(&records.list)),
            (Quantifier::Count(operator, number), span) => {
                let valid = if span == Span::InForce { "在有效期内的" } else { "" };
                let said = count(*number, "项");
                format!("{time}{valid}{subject}{named}{rest}{} {said}", count_words(*operator))
            }
            (Quantifier::Every(demand), span) => {
                let valid = if span == Span::InForce { "在有效期内的" } else { "" };
                let demand = match demand.as_slice() {
                    [Filter::Any(members)] => self.said(&records.list, members, ",或者"),
                    many => self.said(&records.list, many, ",并且"),
                };
                format!("{time}{valid}{subject}{named}{rest}每一项都要做到:{demand}")
            }
        }
    }

    /// `近三年投资项目(种类是技改)的设备投资合计`
    pub(super) fn tally(&self, Tally { records, of }: &Tally) -> String {
        let name = records.selection.clone().unwrap_or_else(|| self.names.name(&records.list));
        let (label, rest) = self.filters(records);
        let label = if label.is_empty() { label } else { format!(":{label}") };
        let rest = if rest.is_empty() { rest.concat() } else { format!("({})", rest.join(",")) };
        let valid = if records.span == Span::InForce { "在有效期内的" } else { "" };
        let set = format!("{}{valid}{name}{label}{rest}", span_words(records.span));
        let field = of.field().map(|field| self.names.field_name(&records.list, field)).unwrap_or_default();
        match of {
            Tallied::Number if self.names.field_unit(&records.list, PIECES) == Some("人") => format!("{set}的人数"),
            Tallied::Number => format!("{set}的项数"),
            Tallied::Sum(_) => format!("{set}的{field}合计"),
            Tallied::Greatest(_) => format!("{set}中最高的{field}"),
            Tallied::Least(_) => format!("{set}中最低的{field}"),
        }
    }

    /// What shows that nothing happened; silence does not.
    fn proof(&self, list: &FactKey) -> &'static str {
        let best = self.reference.catalogue.fact(list).and_then(|fact: &Fact| fact.precedence.first());
        if best.is_some_and(|rank| rank.iter().any(|source| source == CREDIT_REPORT)) {
            "(要有信用报告或承诺)"
        } else {
            "(要有完整记录或承诺)"
        }
    }

    /// The kinds of record meant, and the other demands on it.
    fn filters(&self, Records { list, filters, .. }: &Records) -> (String, Vec<String>) {
        let label = self.names.label(list);
        match filters.as_slice() {
            [Filter::Among { field, negated: false, values }, rest @ ..] if label.as_ref() == Some(field) => {
                (self.options(list, field, values), rest.iter().map(|filter| self.filter(list, filter)).collect())
            }
            all => (String::new(), all.iter().map(|filter| self.filter(list, filter)).collect()),
        }
    }

    fn filter(&self, list: &FactKey, filter: &Filter) -> String {
        let name = |field: &String| self.names.field_name(list, field);
        match filter {
            Filter::Among { field, negated, values } => {
                let options = self.options(list, field, values);
                let verb = match ([YES, NO].contains(&options.as_str()), negated) {
                    (true, false) => ":",
                    (true, true) => "不为",
                    (false, false) => "是",
                    (false, true) => "不是",
                };
                format!("{}{verb}{options}", name(field))
            }
            Filter::Compare { left, operator, right } => {
                let shape = self.reference.catalogue.fact(list).and_then(Fact::list);
                let is_date = shape.is_some_and(|shape| Measure::of_figure(left, shape) == Measure::Date);
                let words = if is_date { day_words(*operator) } else { amount_words(*operator) };
                let bound = self.figure(list, right);
                let gap =
                    if bound.starts_with(|first: char| first.is_ascii_digit() || first == '-') { " " } else { "" };
                format!("{}{words}{gap}{bound}", self.figure(list, left))
            }
            Filter::Age { field, until, operator, duration: length } => {
                let until = until.as_ref().map_or_else(|| "起".to_owned(), |until| format!("到{}", name(until)));
                format!("自{}{until}{} {}", name(field), age_words(*operator), duration(*length))
            }
            Filter::All(members) => format!("({})", self.said(list, members, ",并且")),
            Filter::Any(members) => format!("({})", self.said(list, members, ",或者")),
            Filter::None(members) => match members.as_slice() {
                [Filter::All(all)] => format!("没有同时做到({})", self.said(list, all, ",并且")),
                [one] => format!("不是这样:{}", self.filter(list, one)),
                many => format!("一项都不是({})", self.said(list, many, ";")),
            },
        }
    }

    fn said(&self, list: &FactKey, filters: &[Filter], between: &str) -> String {
        filters.iter().map(|filter| self.filter(list, filter)).collect::<Vec<_>>().join(between)
    }

    fn figure(&self, list: &FactKey, figure: &Figure) -> String {
        let operand = |figure: &Figure| {
            let said = self.figure(list, figure);
            if matches!(figure, Figure::Arithmetic { .. }) { format!("({said})") } else { said }
        };
        match figure {
            Figure::Field(field) => self.names.field_name(list, field),
            Figure::Quantity(number) => quantity(number),
            Figure::Date(day) => date(*day),
            Figure::Arithmetic { left, operator, right } => {
                let words = match operator {
                    Arithmetic::Plus => "加",
                    Arithmetic::Minus => "减去",
                    Arithmetic::Times => "乘以",
                    Arithmetic::Over => "除以",
                };
                format!("{}{words}{}", operand(left), operand(right))
            }
        }
    }

    fn options(&self, list: &FactKey, field: &str, values: &[String]) -> String {
        let names: Vec<String> = values.iter().map(|value| self.names.field_option_name(list, field, value)).collect();
        either(&names)
    }
}

fn span_words(span: Span) -> String {
    match span {
        Span::Ever | Span::InForce => String::new(),
        Span::Years(years) => recent_years(years),
        Span::Months(months) => format!("近 {months} 个月"),
        Span::Year(year) => year_words(year),
        Span::SinceLastYear => "去年和今年".into(),
        Span::Between(from, to) => format!("{} 至 {} ", date(from), date(to)),
    }
}
