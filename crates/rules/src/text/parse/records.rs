//! Requirements on record lists: certificates, awards, incidents.

use super::prefix::{Prefix, split};
use super::{Parsed, Parser};
use crate::text::names::Sort;
use crate::text::token::Token;
use crate::tree::{Condition, Filter, Quantifier, Records, Span, Tallied, Tally, When};
use crate::value::FactKey;

/// How many records there are, as a number to reckon with.
const NUMBERS: [&str; 4] = ["项数", "人数", "件数", "次数"];

/// What is told of a field, by the word behind its name.
type OfField = fn(String) -> Tallied;

const TALLIES: [(&str, OfField); 3] = [("合计", Tallied::Sum), ("最高", Tallied::Greatest), ("最低", Tallied::Least)];

/// 从未 and its kin, with the span they imply.
fn negation(word: &str) -> Option<(Quantifier, Span)> {
    Some(match word {
        "从未" | "无" => (Quantifier::None, Span::Ever),
        "未列入" => (Quantifier::None, Span::InForce),
        "列入" => (Quantifier::Some, Span::InForce),
        "有" => (Quantifier::Some, Span::Ever),
        _ => return None,
    })
}

impl Parser<'_> {
    /// Whether a list follows, after an optional 从未 … and a span.
    pub(super) fn records_ahead(&self) -> bool {
        let mut offset = 0;
        if self.peek().word().is_some_and(|word| negation(word).is_some()) {
            return true;
        }
        if let (Token::Date(_), Some("至"), Token::Date(_)) = (self.peek(), self.peek_at(1).word(), self.peek_at(2)) {
            return true;
        }
        if let Token::Number { suffix, .. } = self.peek() {
            let Some(rest) = suffix.strip_prefix('年') else { return false };
            return if rest.is_empty() { self.list_at(1) } else { self.is_list(rest) };
        }
        if let Token::Word(word) | Token::Quoted(word) = self.peek_at(offset) {
            if self.is_list(word) {
                return true;
            }
            let (prefix, rest) = split(word);
            if !rest.is_empty() {
                return prefix != Prefix::None && self.is_list(rest);
            }
            offset += 1;
        }
        self.list_at(offset)
    }

    fn list_at(&self, offset: usize) -> bool {
        match self.peek_at(offset) {
            Token::Word(word) | Token::Quoted(word) => self.is_list(word),
            _ => false,
        }
    }

    fn is_list(&self, name: &str) -> bool {
        self.names.list(name).is_some()
    }

    /// The list with its span and what is asked of each record; nothing yet of how many there are.
    pub(super) fn record_set(&mut self) -> Parsed<Records> {
        let start = self.peek().word().and_then(negation);
        self.next += usize::from(start.is_some());
        let (quantifier, mut span) = start.unwrap_or((Quantifier::Some, Span::Ever));
        let (found, list, selection) = self.span_and_list()?;
        span = found.unwrap_or(span);
        let mut filters = Vec::new();
        if self.eat("含") {
            filters.push(self.label_filter(&list)?);
        }
        if matches!(self.peek(), Token::Open(_)) {
            self.filters(&list, &mut filters)?;
        }
        if self.eat("有效") {
            span = Span::InForce;
        }
        Ok(Records { list, selection, span, quantifier, filters })
    }

    /// What is asked of the number of records.
    pub(super) fn records(&mut self, mut records: Records) -> Parsed<Condition> {
        let quantifier = &mut records.quantifier;
        if self.eat("每项都") {
            *quantifier = self.every(quantifier, &records.list)?;
        }
        self.eat("数量");
        if let Token::Compare(operator) = *self.peek() {
            if matches!(quantifier, Quantifier::Every(_)) {
                return self.fail("「每项都」后面不能再比较数量", "数量另写一个条件,用「且」连接");
            }
            if *quantifier == Quantifier::None {
                return self.fail("「从未」「无」「未列入」后面不能再比较数量", "删去比较,或删去否定词");
            }
            self.next += 1;
            *quantifier = Quantifier::Count(operator, self.count()?);
        }
        Ok(Condition::Records(records))
    }

    /// Whether what the records come to follows: `项数`, `的 设备投资 合计`.
    pub(super) fn tally_ahead(&self) -> bool {
        self.peek().word().is_some_and(|word| word.starts_with('的') || NUMBERS.contains(&word))
    }

    /// `近3年 投资项目 ( 种类 为 技改 ) 的 设备投资 合计`
    pub(super) fn tally(&mut self) -> Parsed<Tally> {
        let records = self.record_set()?;
        if records.quantifier == Quantifier::None {
            return self.fail("「从未」「无」「未列入」的清单没有合计", "删去否定词");
        }
        let word = self.peek().word().unwrap_or_default().to_owned();
        if NUMBERS.contains(&word.as_str()) {
            self.next += 1;
            return Ok(Tally { records, of: Tallied::Number });
        }
        let Some(rest) = word.strip_prefix('的') else {
            let message = format!("清单「{}」不能直接参加计算", self.names.name(&records.list));
            return self.fail(&message, "写明算什么,如 近3年 投资项目 项数、近3年 投资项目 的 设备投资 合计");
        };
        let rest = rest.to_owned();
        self.next += usize::from(rest.is_empty());
        let (field, of) = self.tallied_field(&records.list, &rest)?;
        Ok(Tally { records, of: of(field) })
    }

    /// A field with the word behind it, written apart or together.
    fn tallied_field(&mut self, list: &FactKey, rest: &str) -> Parsed<(String, OfField)> {
        let whole = match self.peek() {
            _ if !rest.is_empty() => rest.to_owned(),
            Token::Word(word) | Token::Quoted(word) => word.clone(),
            _ => String::new(),
        };
        let joined = TALLIES.iter().find_map(|(word, of)| Some((whole.strip_suffix(word)?, *of)));
        if let Some((name, of)) = joined.filter(|(name, _)| self.names.field(list, name).is_some()) {
            return Ok((self.field_named(list, name)?, of));
        }
        let field = self.field_named(list, &whole)?;
        let found = TALLIES.iter().find(|(word, _)| self.peek().word() == Some(word));
        let Some((_, of)) = found else {
            return self.fail("这里缺少「合计」「最高」或「最低」", "如 近3年 投资项目 的 设备投资 合计");
        };
        self.next += 1;
        Ok((field, *of))
    }

    /// `每项都 ( 总投资 >= 5000万元 )`
    fn every(&mut self, quantifier: &Quantifier, list: &FactKey) -> Parsed<Quantifier> {
        if *quantifier == Quantifier::None {
            return self.fail("「从未」「无」「未列入」和「每项都」不能同用", "删去其中一个");
        }
        if !matches!(self.peek(), Token::Open(Some(_))) {
            return self.fail("「每项都」后面要有一对括号", "写成 近3年 投资项目 每项都 ( 总投资 >= 5000万元 )");
        }
        let mut demand = Vec::new();
        self.filters(list, &mut demand)?;
        Ok(Quantifier::Every(demand))
    }

    fn span_and_list(&mut self) -> Parsed<(Option<Span>, FactKey, Option<String>)> {
        if let (Token::Date(from), Some("至"), Token::Date(to)) =
            (self.peek().clone(), self.peek_at(1).word(), self.peek_at(2).clone())
        {
            self.next += 3;
            let (list, selection) = self.list_name()?;
            return Ok((Some(Span::Between(from, to)), list, selection));
        }
        if self.list_at(0) {
            let (list, selection) = self.list_name()?;
            return Ok((None, list, selection));
        }
        let named = self.named()?;
        if named.sort != Sort::List {
            let name = self.names.name(&named.fact);
            return self.fail(&format!("「{name}」不是清单"), "数值用 >= 等比较,代码用「属于」");
        }
        let span = match named.prefix {
            Prefix::None => None,
            Prefix::When(When::Year(year)) => Some(Span::Year(year)),
            Prefix::Years(years) => Some(Span::Years(years)),
            Prefix::Months(months) => Some(Span::Months(months)),
            Prefix::SinceLastYear => Some(Span::SinceLastYear),
            Prefix::When(_) => return self.fail("清单不能按季度、月份取", "写成 上年度、近3年、近12个月 或 起止日期"),
        };
        Ok((span, named.fact, named.selection))
    }

    fn list_name(&mut self) -> Parsed<(FactKey, Option<String>)> {
        let name = match self.peek() {
            Token::Word(name) | Token::Quoted(name) => name.clone(),
            other => {
                let message = format!("这里应是清单名称,却是{}", other.shown());
                return self.fail(&message, "如 资质证书、获奖、重大违法、经营异常名录");
            }
        };
        let Some(found) = self.names.list(&name) else { return self.unknown_name(&name) };
        self.next += 1;
        Ok(found)
    }

    /// `含 {甲, 乙}`: on the field that names the record.
    fn label_filter(&mut self, list: &FactKey) -> Parsed<Filter> {
        let Some(field) = self.names.label(list) else {
            let name = self.names.name(list);
            return self.fail(
                &format!("「{name}」不分类别,不能用「含」"),
                "在名称后用括号写条件,如 ( 列入日期 不早于 2024-01-01 )",
            );
        };
        let values = self.field_values(list, &field)?;
        Ok(Filter::among(field, values))
    }

    pub(super) fn field_values(&mut self, list: &FactKey, field: &str) -> Parsed<Vec<String>> {
        let names = self.names;
        self.values(|value| names.field_option(list, field, value), "取值")
    }

    fn count(&mut self) -> Parsed<u32> {
        if let Token::Number { decimal, suffix } = self.peek()
            && crate::tree::Unit::find(suffix).is_some()
            && let Ok(count) = decimal.parse()
        {
            self.next += 1;
            return Ok(count);
        }
        self.fail("清单的数量要和一个整数比较", "如 知识产权 含 发明专利 >= 4件")
    }
}
