//! Expressions as they are said: 去年研发费用占营业收入的比例.

use super::Speaker;
use super::number::{date, numeral, quantity, recent_years};
use crate::evaluate::measure::Measure;
use crate::tree::period::quarter_words;
use crate::tree::{Arithmetic, Expression, FactReference, Fold, Growth, When, Window, Year};
use crate::value::FactKey;

impl Speaker<'_> {
    pub(super) fn expression(&self, expression: &Expression) -> String {
        match expression {
            Expression::Quantity(number) => quantity(number),
            Expression::Date(day) => date(*day),
            Expression::Tally(tally) => self.tally(tally),
            Expression::Parameter { name, year } => {
                format!("{}公布的{name}", year.map(year_words).unwrap_or_default())
            }
            Expression::Fact(FactReference { fact, when, source }) => {
                format!("{}{}{}", when_words(*when), self.names.name(fact), self.source(source.as_deref()))
            }
            Expression::Over { fold, fact, source, window } => {
                let source = self.source(source.as_deref());
                format!("{}{}{source}{}", window_words(*window), self.names.name(fact), fold_words(*fold))
            }
            Expression::Growth { of, source, growth } => self.growth(of, source.as_deref(), *growth),
            Expression::Score(score) => score.name.clone(),
            Expression::Arithmetic { left, operator, right } => self.arithmetic(left, *operator, right),
        }
    }

    fn growth(&self, of: &FactKey, source: Option<&str>, growth: Growth) -> String {
        let (name, source) = (self.names.name(of), self.source(source));
        match growth {
            Growth::YearOnYear(when) => format!("{}{name}{source}比上一年同期的增长率", when_words(when)),
            Growth::Average(years) => format!("{}{name}{source}每年增长率的平均数", recent_years(years)),
            Growth::Compound(years) => format!("{}{name}{source}的年均复合增长率", recent_years(years)),
        }
    }

    fn arithmetic(&self, left: &Expression, operator: Arithmetic, right: &Expression) -> String {
        let share = matches!(
            (Measure::of(left, self.reference), Measure::of(right, self.reference)),
            (Measure::Number(part), Measure::Number(whole)) if part == whole
        );
        if operator == Arithmetic::Over && share {
            let whole = self.without_repetition(left, right);
            return format!("{}占{whole}的比例", self.operand(left));
        }
        let (left, right) = (self.operand(left), self.operand(right));
        match operator {
            Arithmetic::Plus => format!("{left}与{}之和", spaced(&right)),
            Arithmetic::Minus => format!("{left}减去{}", spaced(&right)),
            Arithmetic::Times => format!("{left}乘以{}", spaced(&right)),
            Arithmetic::Over => format!("{left}除以{}", spaced(&right)),
        }
    }

    /// `去年研发费用占营业收入的比例`: the time is said once where it is the same.
    fn without_repetition(&self, left: &Expression, right: &Expression) -> String {
        let said = self.operand(right);
        let time = match (left, right) {
            (Expression::Fact(part), Expression::Fact(whole)) if part.when == whole.when => when_words(part.when),
            (Expression::Over { window: part, .. }, Expression::Over { window: whole, .. }) if part == whole => {
                window_words(*part)
            }
            _ => return said,
        };
        said.strip_prefix(time.as_str()).map(str::to_owned).unwrap_or(said)
    }

    fn operand(&self, operand: &Expression) -> String {
        let said = self.expression(operand);
        if matches!(operand, Expression::Arithmetic { .. }) { format!("({said})") } else { said }
    }

    pub(super) fn source(&self, source: Option<&str>) -> String {
        source.map(|source| format!("(以{}为准)", self.names.source_name(source))).unwrap_or_default()
    }
}

pub(super) fn year_words(year: Year) -> String {
    match year {
        Year::Ago(0) => "今年".into(),
        Year::Ago(1) => "去年".into(),
        Year::Ago(2) => "前年".into(),
        Year::Ago(years) => format!("{}年前", numeral(years.into())),
        Year::Named(year) => format!("{year} 年"),
    }
}

fn when_words(when: When) -> String {
    match when {
        When::Now => String::new(),
        When::Year(year) => year_words(year),
        When::Quarter(year, quarter) => format!("{}{}", year_words(year), quarter_words(quarter)),
        When::Months(year, first, last) if first == last => format!("{} {first} 月", year_words(year)),
        When::Months(year, first, last) => format!("{} {first} 至 {last} 月", year_words(year)),
    }
}

pub(super) fn window_words(window: Window) -> String {
    let actual = if window.actual_years { "(成立不满的按实际年数)" } else { "" };
    format!("{}{actual}", recent_years(window.years))
}

fn fold_words(fold: Fold) -> &'static str {
    match fold {
        Fold::Sum => "合计",
        Fold::Mean => "的年平均数",
        Fold::Least => "最低的一年",
        Fold::Greatest => "最高的一年",
    }
}

/// Figures stand apart from the words before them.
fn spaced(operand: &str) -> String {
    if operand.starts_with(|first: char| first.is_ascii_digit()) { format!(" {operand}") } else { operand.to_owned() }
}
