//! Expressions: arithmetic over numbers, dates, parameters and facts at a period.

use super::prefix::{Prefix, split, with_part};
use super::{Parsed, Parser};
use crate::text::names::{Found, Sort};
use crate::text::token::{Token, shortened};
use crate::tree::{Arithmetic, Expression, FactReference, Fold, Growth, When, Window, Year};
use crate::value::FactKey;

/// The most operators in one expression; each nests the tree one deeper.
const MAX_OPERATORS: usize = 24;

/// A fact's name as read: with its period and how a window is folded.
pub(super) struct Named {
    pub(super) fact: FactKey,
    pub(super) sort: Sort,
    /// The part of the list named, if it is one.
    pub(super) selection: Option<String>,
    pub(super) prefix: Prefix,
    /// 不足按实际
    pub(super) actual_years: bool,
    pub(super) fold: Option<Fold>,
}

pub(super) const FOLDS: [(&str, Fold); 6] = [
    ("累计", Fold::Sum),
    ("合计", Fold::Sum),
    ("平均", Fold::Mean),
    ("年均", Fold::Mean),
    ("最低", Fold::Least),
    ("最高", Fold::Greatest),
];

impl Parser<'_> {
    /// `term (+|-) term …`
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.descend()?;
        let mut operators = 0;
        let mut left = self.term(&mut operators)?;
        while let Token::Arithmetic(operator @ (Arithmetic::Plus | Arithmetic::Minus)) = *self.peek() {
            self.next += 1;
            self.count_operator(&mut operators)?;
            left = joined(left, operator, self.term(&mut operators)?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn term(&mut self, operators: &mut usize) -> Parsed<Expression> {
        let mut left = self.operand()?;
        while let Token::Arithmetic(operator @ (Arithmetic::Times | Arithmetic::Over)) = *self.peek() {
            self.next += 1;
            self.count_operator(operators)?;
            left = joined(left, operator, self.operand()?);
        }
        Ok(left)
    }

    pub(super) fn count_operator(&mut self, operators: &mut usize) -> Parsed<()> {
        *operators += 1;
        if *operators > MAX_OPERATORS {
            let message = format!("一个算式里超过 {MAX_OPERATORS} 个运算");
            return self.fail(&message, "把算式拆成几个条件");
        }
        Ok(())
    }

    fn operand(&mut self) -> Parsed<Expression> {
        if let Some(score) = self.score()? {
            return Ok(score);
        }
        if self.records_ahead() {
            return self.tally().map(Expression::Tally);
        }
        if let Some(parameter) = self.parameter()? {
            return Ok(parameter);
        }
        match self.peek().clone() {
            Token::Open(_) => {
                self.next += 1;
                let inner = self.expression()?;
                self.close_bracket()?;
                Ok(inner)
            }
            Token::Date(date) => {
                self.next += 1;
                Ok(Expression::Date(date))
            }
            Token::Number { .. } if self.year_ahead().is_none() => Ok(Expression::Quantity(self.quantity()?)),
            Token::Arithmetic(Arithmetic::Minus) => Ok(Expression::Quantity(self.quantity()?)),
            _ => {
                let named = self.named()?;
                self.fact(named)
            }
        }
    }

    /// A fact's name with what follows it: its source and a rate of growth.
    fn fact(&mut self, named: Named) -> Parsed<Expression> {
        let source = self.source()?;
        if let Some(growth) = self.growth(&named)? {
            return Ok(Expression::Growth { of: named.fact, source, growth });
        }
        let when = match named.prefix {
            Prefix::None => When::Now,
            Prefix::When(when) => when,
            Prefix::Years(years) => {
                let window = Window { years, actual_years: named.actual_years };
                return Ok(Expression::Over {
                    fold: named.fold.unwrap_or(Fold::Sum),
                    fact: named.fact,
                    source,
                    window,
                });
            }
            Prefix::Months(_) | Prefix::SinceLastYear => {
                return self.fail("年度数据不能按月份或「上年度及当年」取", "写成 上年度、近2年 或 2025年");
            }
        };
        if named.fold.is_some() {
            return self.fail("「平均」「最低」「最高」要跟在 近N年 后面", "如 近2年平均研发费用");
        }
        Ok(Expression::Fact(FactReference { fact: named.fact, when, source }))
    }

    fn source(&mut self) -> Parsed<Option<String>> {
        if *self.peek() != Token::At {
            return Ok(None);
        }
        self.next += 1;
        let name = self.peek().word().unwrap_or_default().to_owned();
        let Some(source) = self.names.source(&name) else {
            let known = self.names.source_names().join("、");
            return self.fail(&format!("没有叫「{}」的数据来源", shortened(&name)), &format!("可用:{known}"));
        };
        self.next += 1;
        Ok(Some(source))
    }

    fn growth(&mut self, named: &Named) -> Parsed<Option<Growth>> {
        let Some(word) = self.peek().word() else { return Ok(None) };
        let growth = match (word, named.prefix) {
            ("同比增长率" | "同比增速" | "同比增长", Prefix::When(when)) => Growth::YearOnYear(when),
            ("平均增长率", Prefix::Years(years)) => Growth::Average(years),
            ("复合增长率", Prefix::Years(years)) => Growth::Compound(years),
            ("同比增长率" | "同比增速" | "同比增长" | "平均增长率" | "复合增长率", _) => {
                return self.fail("增长率缺少时间", "写成 上年度营业收入 同比增长率 或 近2年营业收入 平均增长率");
            }
            _ => return Ok(None),
        };
        self.next += 1;
        Ok(Some(growth))
    }

    /// `参数「…」`, `上年度参数「…」`, `2025年参数「…」`: with the year whose value is meant, if one is written.
    fn parameter(&mut self) -> Parsed<Option<Expression>> {
        let (year, rest) = match (self.year_ahead(), self.peek().word().map(split)) {
            (Some((year, rest)), _) => (Some(year), rest),
            (None, Some((Prefix::When(When::Year(year)), rest))) => (Some(year), rest.to_owned()),
            (None, Some((Prefix::None, rest))) => (None, rest.to_owned()),
            _ => return Ok(None),
        };
        if rest != "参数" {
            return Ok(None);
        }
        self.next += 1;
        Ok(Some(Expression::Parameter { name: self.quoted("参数")?, year }))
    }

    /// The year in front of a name: `2025年营业收入`, `2025年 营业收入`.
    fn year_ahead(&self) -> Option<(Year, String)> {
        let Token::Number { decimal, suffix } = self.peek() else { return None };
        let rest = suffix.strip_prefix('年')?;
        let year = decimal.parse().ok().filter(|year| (1900..2200).contains(year))?;
        Some((Year::Named(year), rest.strip_prefix('度').unwrap_or(rest).to_owned()))
    }

    /// Reads period and name. The catalogue decides first: a name that begins like a period is still a name.
    pub(super) fn named(&mut self) -> Parsed<Named> {
        if let Some(Found { fact, sort, selection }) = self.name_ahead() {
            self.next += 1;
            return Ok(Named { fact, sort, selection, prefix: Prefix::None, actual_years: false, fold: None });
        }
        let (prefix, mut rest) = if let Some((year, rest)) = self.year_ahead() {
            let (when, rest) = with_part(year, &rest);
            (Prefix::When(when), rest.to_owned())
        } else if let Some(word) = self.peek().word() {
            let (prefix, rest) = split(word);
            (prefix, rest.to_owned())
        } else {
            let message = format!("这里应是事实名称或数值,却是{}", self.peek().shown());
            return self.fail(&message, "如 上年度营业收入、成立日期、100万元");
        };
        let actual_years = rest.is_empty() && matches!(prefix, Prefix::Years(_)) && self.eat_actual_years();
        self.fill(&mut rest)?;
        let (prefix, mut rest) = match prefix {
            Prefix::When(When::Year(year)) => {
                let (when, rest) = with_part(year, &rest);
                (Prefix::When(when), rest.to_owned())
            }
            other => (other, rest),
        };
        self.fill(&mut rest)?;
        let mut fold = None;
        if self.names.find(&rest).is_none()
            && let Some((word, found)) = FOLDS.into_iter().find(|(word, _)| rest.starts_with(word))
        {
            fold = Some(found);
            rest = rest[word.len()..].to_owned();
            self.fill(&mut rest)?;
        }
        let Some(Found { fact, sort, selection }) = self.names.find(&rest) else { return self.unknown_name(&rest) };
        self.next += 1;
        Ok(Named { fact, sort, selection, prefix, actual_years, fold })
    }

    fn name_ahead(&self) -> Option<Found> {
        match self.peek() {
            Token::Word(name) | Token::Quoted(name) => self.names.find(name),
            _ => None,
        }
    }

    /// When the word is used up, the name is in the next one.
    fn fill(&mut self, rest: &mut String) -> Parsed<()> {
        if !rest.is_empty() {
            return Ok(());
        }
        self.next += 1;
        match self.peek() {
            Token::Word(name) | Token::Quoted(name) => {
                name.clone_into(rest);
                Ok(())
            }
            other => {
                let message = format!("这里应是事实名称,却是{}", other.shown());
                self.fail(&message, "时间后面写事实名称,如 上年度营业收入")
            }
        }
    }

    /// `近3年(不足按实际)`; stops on the last token of it.
    pub(super) fn eat_actual_years(&mut self) -> bool {
        let found = matches!(self.peek_at(1), Token::Open(_))
            && self.peek_at(2).word() == Some("不足按实际")
            && *self.peek_at(3) == Token::Close;
        self.next += if found { 3 } else { 0 };
        found
    }

    pub(super) fn unknown_name<T>(&mut self, name: &str) -> Parsed<T> {
        let shown = shortened(name);
        if let Some(keyword) = KEYWORDS.into_iter().find(|keyword| name.contains(keyword)) {
            let remedy = format!("「{keyword}」前后要留空格,如 注册地 {keyword} …");
            return self.fail(&format!("没有叫「{shown}」的事实"), &remedy);
        }
        let remedy = match self.names.nearest(name) {
            Some(nearest) => format!("是不是「{nearest}」?"),
            None => "事实名称见事实目录".to_owned(),
        };
        self.fail::<T>(&format!("没有叫「{shown}」的事实"), &remedy)
    }
}

const KEYWORDS: [&str; 6] = ["不属于", "属于", "不超过", "超过", "晚于", "早于"];

fn joined(left: Expression, operator: Arithmetic, right: Expression) -> Expression {
    Expression::Arithmetic { left: Box::new(left), operator, right: Box::new(right) }
}
