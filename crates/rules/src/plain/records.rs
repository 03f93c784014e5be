//! Lists as sentences: 近三年没有重大违法(要有信用报告或承诺).

use super::Speaker;
use super::expression::year_words;
use super::leaf::either;
use super::number::{amount_words, count, count_words, date, day_words, quantity, recent_years};
use crate::reference::Fact;
use crate::text::names::{NO, YES};
use crate::tree::{Filter, Quantifier, Records, Span};
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
        match (records.quantifier, records.span) {
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
                let said = count(number, "项");
                format!("{time}{valid}{subject}{named}{rest}{} {said}", count_words(operator))
            }
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
            [Filter::Among { field, values }, rest @ ..] if label.as_ref() == Some(field) => {
                (self.options(list, field, values), rest.iter().map(|filter| self.filter(list, filter)).collect())
            }
            all => (String::new(), all.iter().map(|filter| self.filter(list, filter)).collect()),
        }
    }

    fn filter(&self, list: &FactKey, filter: &Filter) -> String {
        match filter {
            Filter::Among { field, values } => {
                let options = self.options(list, field, values);
                let verb = if [YES, NO].contains(&options.as_str()) { ":" } else { "是" };
                format!("{}{verb}{options}", self.names.field_name(list, field))
            }
            Filter::Number { field, operator, quantity: bound } => {
                format!("{}{} {}", self.names.field_name(list, field), amount_words(*operator), quantity(bound))
            }
            Filter::Date { field, operator, date: day } => {
                format!("{}{} {}", self.names.field_name(list, field), day_words(*operator), date(*day))
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
