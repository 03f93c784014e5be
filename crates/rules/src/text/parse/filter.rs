//! The brackets behind a list: demands on the fields of one record.

use super::leaf::{age_operator, date_operator, rank_operator};
use super::{Connective, Parsed, Parser};
use crate::reference::nearest;
use crate::text::names::Sort;
use crate::text::token::{Token, shortened};
use crate::tree::{Arithmetic, Figure, Filter, Operator};
use crate::value::FactKey;

const EXAMPLE: &str = "如 单位排名 <= 3、级别 属于 {省级, 国家级}";
const SPAN_EXAMPLE: &str = "如 开工日期 至 竣工日期 不超过 2年";

impl Parser<'_> {
    /// `( 单位排名 <= 3 且 级别 属于 {省级, 国家级} )`: members of one 且 stand beside those found before.
    pub(super) fn filters(&mut self, list: &FactKey, filters: &mut Vec<Filter>) -> Parsed<()> {
        self.next += 1;
        match self.demands(list)? {
            (Some(Connective::Or), any) => filters.push(Filter::Any(any)),
            (_, all) => filters.extend(all),
        }
        self.close_filters()
    }

    fn demands(&mut self, list: &FactKey) -> Parsed<(Option<Connective>, Vec<Filter>)> {
        self.descend()?;
        let mut filters = vec![self.filter(list)?];
        let mut level = None;
        while self.eat_connective(&mut level) {
            filters.push(self.filter(list)?);
        }
        self.depth -= 1;
        Ok((level, filters))
    }

    fn close_filters(&mut self) -> Parsed<()> {
        self.expect(&Token::Close, "「且」「或」或「)」", "清单括号里的条件用「且」或「或」连接")
    }

    fn filter(&mut self, list: &FactKey) -> Parsed<Filter> {
        match self.peek() {
            Token::Open(Some(close)) if !self.continues_expression(*close) => {
                self.next += 1;
                let (level, mut members) = self.demands(list)?;
                self.close_filters()?;
                match level {
                    Some(Connective::And) => Ok(Filter::All(members)),
                    Some(Connective::Or) => Ok(Filter::Any(members)),
                    None => members.pop().ok_or(super::Failed),
                }
            }
            Token::Word(word) if word == "没有" && matches!(self.peek_at(1), Token::Open(Some(_))) => {
                self.next += 2;
                let (level, members) = self.demands(list)?;
                self.close_filters()?;
                Ok(Filter::None(match level {
                    Some(Connective::And) => vec![Filter::All(members)],
                    _ => members,
                }))
            }
            _ => self.demand(list),
        }
    }

    /// A field or an expression of fields and what is asked of it.
    fn demand(&mut self, list: &FactKey) -> Parsed<Filter> {
        let left = self.figure(list)?;
        if self.peek().word() == Some("至") {
            return self.time_between(list, left);
        }
        match self.peek().clone() {
            Token::Compare(operator) => self.field_comparison(list, left, operator),
            Token::Word(word) => {
                if let Some(negated) = set_word(&word) {
                    let field = self.lone_field(left, &word)?;
                    self.next += 1;
                    let values = self.field_values(list, &field)?;
                    return Ok(Filter::Among { field, negated, values });
                }
                if let Some(operator) = date_operator(&word).or_else(|| rank_operator(&word)) {
                    return self.field_comparison(list, left, operator);
                }
                match age_operator(&word) {
                    Some(operator) => self.field_age(list, left, operator, &word),
                    None => self.fail(&format!("这里应是比较,却是「{}」", shortened(&word)), EXAMPLE),
                }
            }
            other => self.fail(&format!("这里应是比较,却是{}", other.shown()), EXAMPLE),
        }
    }

    fn lone_field(&mut self, left: Figure, word: &str) -> Parsed<String> {
        match left {
            Figure::Field(field) => Ok(field),
            _ => self.fail(&format!("「{word}」前面只能是一个栏目,不能是算式"), EXAMPLE),
        }
    }

    /// `毕业日期 不超过 2年`
    fn field_age(&mut self, list: &FactKey, left: Figure, operator: Operator, word: &str) -> Parsed<Filter> {
        let Some(field) = self.date_field(list, left) else {
            let message = format!("「{word}」只用于日期栏目,后面写时长");
            return self.fail(&message, &format!("数值用「{}」比较", operator.sign()));
        };
        self.next += 1;
        Ok(Filter::Age { field, until: None, operator, duration: self.duration()? })
    }

    /// `开工日期 至 竣工日期 不超过 2年`, from the 至 on. A side that is no date is complained of where it stands.
    fn time_between(&mut self, list: &FactKey, left: Figure) -> Parsed<Filter> {
        const BOTH_DATES: &str = "「至」的两边都要是日期栏目";
        let Some(field) = self.date_field(list, left) else { return self.fail(BOTH_DATES, SPAN_EXAMPLE) };
        self.next += 1;
        let start = self.next;
        let right = self.figure_operand(list)?;
        let Some(until) = self.date_field(list, right) else {
            self.next = start;
            return self.fail(BOTH_DATES, SPAN_EXAMPLE);
        };
        let Some(operator) = self.peek().word().and_then(age_operator) else {
            let message = format!("这里应是「满」「超过」「不超过」或「不满」,却是{}", self.peek().shown());
            return self.fail(&message, SPAN_EXAMPLE);
        };
        self.next += 1;
        Ok(Filter::Age { field, until: Some(until), operator, duration: self.duration()? })
    }

    fn date_field(&self, list: &FactKey, figure: Figure) -> Option<String> {
        match figure {
            Figure::Field(field) if self.names.field_sort(list, &field) == Some(Sort::Date) => Some(field),
            _ => None,
        }
    }

    fn field_comparison(&mut self, list: &FactKey, left: Figure, operator: Operator) -> Parsed<Filter> {
        self.next += 1;
        if let (Figure::Field(field), Token::Word(value) | Token::Quoted(value)) = (&left, self.peek().clone())
            && !matches!(self.names.field_sort(list, field), Some(Sort::Number | Sort::Date))
        {
            return match self.names.field_ranked(list, field, operator, &value) {
                Some(values) => {
                    self.next += 1;
                    Ok(Filter::among(field, values))
                }
                None => self.fail(&format!("「{}」不分高低,不能比较", shortened(&value)), EXAMPLE),
            };
        }
        Ok(Filter::Compare { left, operator, right: self.figure(list)? })
    }

    /// `term (+|-) term …` over the fields of a record.
    fn figure(&mut self, list: &FactKey) -> Parsed<Figure> {
        self.descend()?;
        let mut operators = 0;
        let mut left = self.figure_term(list, &mut operators)?;
        while let Token::Arithmetic(operator @ (Arithmetic::Plus | Arithmetic::Minus)) = *self.peek() {
            self.next += 1;
            self.count_operator(&mut operators)?;
            left = joined(left, operator, self.figure_term(list, &mut operators)?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn figure_term(&mut self, list: &FactKey, operators: &mut usize) -> Parsed<Figure> {
        let mut left = self.figure_operand(list)?;
        while let Token::Arithmetic(operator @ (Arithmetic::Times | Arithmetic::Over)) = *self.peek() {
            self.next += 1;
            self.count_operator(operators)?;
            left = joined(left, operator, self.figure_operand(list)?);
        }
        Ok(left)
    }

    fn figure_operand(&mut self, list: &FactKey) -> Parsed<Figure> {
        match self.peek().clone() {
            Token::Open(_) => {
                self.next += 1;
                let inner = self.figure(list)?;
                self.expect(&Token::Close, "运算符或「)」", "括号要配对")?;
                Ok(inner)
            }
            Token::Date(date) => {
                self.next += 1;
                Ok(Figure::Date(date))
            }
            Token::Number { .. } | Token::Arithmetic(Arithmetic::Minus) => Ok(Figure::Quantity(self.quantity()?)),
            Token::Word(name) | Token::Quoted(name) => self.field_named(list, &name).map(Figure::Field),
            other => {
                let message = format!("这里应是栏目名称,却是{}", other.shown());
                self.fail(&message, &self.known_fields(list))
            }
        }
    }

    /// A field of the list by name; the nearest one is suggested for a mistyped name.
    pub(super) fn field_named(&mut self, list: &FactKey, name: &str) -> Parsed<String> {
        let Some(field) = self.names.field(list, name) else {
            let message = format!("「{}」没有「{}」这一栏", self.names.name(list), shortened(name));
            let near = nearest(name, self.names.field_names(list));
            let remedy = near.map_or_else(|| self.known_fields(list), |near| format!("是不是「{near}」?"));
            return self.fail(&message, &remedy);
        };
        self.next += 1;
        Ok(field)
    }

    fn known_fields(&self, list: &FactKey) -> String {
        format!("可用的栏目:{}", self.names.field_names(list).join("、"))
    }
}

/// Whether the word asks for membership, and for its opposite.
fn set_word(word: &str) -> Option<bool> {
    match word {
        "属于" | "为" | "含" => Some(false),
        "不属于" | "不为" | "不含" => Some(true),
        _ => None,
    }
}

fn joined(left: Figure, operator: Arithmetic, right: Figure) -> Figure {
    Figure::Arithmetic { left: Box::new(left), operator, right: Box::new(right) }
}
