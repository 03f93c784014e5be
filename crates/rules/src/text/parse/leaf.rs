//! One requirement: a comparison, an age, a membership, a place, wording or a mark.

use super::{Parsed, Parser, prefix};
use crate::text::names::{Resolved, Sort};
use crate::text::parse::prefix::Prefix;
use crate::text::token::{Token, shortened};
use crate::tree::age::Duration;
use crate::tree::{
    Age, Comparison, Condition, Contains, Each, Expression, FactReference, Mark, Membership, Operator, Place,
    Residence, When, Window, Year,
};
use crate::value::FactKey;

impl Parser<'_> {
    pub(super) fn leaf(&mut self) -> Parsed<Condition> {
        match self.peek().word() {
            Some("承诺") => self.wording("承诺", Condition::Attestation),
            Some("人工") => self.wording("人工", Condition::Manual),
            Some("优先") => self.wording("优先", |text| Condition::Mark(Mark::Preference(text))),
            Some("择优") => {
                self.next += 1;
                Ok(Condition::Mark(Mark::Competitive))
            }
            Some("名额") => self.quota(),
            _ => self.requirement(),
        }
    }

    fn wording(&mut self, word: &str, make: impl Fn(String) -> Condition) -> Parsed<Condition> {
        self.next += 1;
        self.quoted(word).map(make)
    }

    fn quota(&mut self) -> Parsed<Condition> {
        self.next += 1;
        if let Token::Number { decimal, suffix } = self.peek()
            && ["", "名", "家", "个", "项"].contains(&suffix.as_str())
            && let Ok(places) = decimal.parse()
        {
            self.next += 1;
            return Ok(Condition::Mark(Mark::Quota(places)));
        }
        self.fail("「名额」后面要写一个整数", "如 名额 10")
    }

    fn requirement(&mut self) -> Parsed<Condition> {
        match self.age_until()? {
            Some(age) => Ok(age),
            None => self.undated_requirement(),
        }
    }

    fn undated_requirement(&mut self) -> Parsed<Condition> {
        if let Some(residence) = self.residence()? {
            return Ok(residence);
        }
        if let Some(each) = self.each()? {
            return Ok(each);
        }
        if self.records_ahead() {
            let start = (self.next, self.depth);
            let records = self.record_set()?;
            if !self.tally_ahead() {
                return self.records(records);
            }
            // What the records come to is compared: the leaf begins with an expression.
            (self.next, self.depth) = start;
        }
        let left = self.expression()?;
        match self.peek().clone() {
            Token::Compare(operator) => {
                self.next += 1;
                match self.rank(&left, operator)? {
                    Some(ranked) => Ok(ranked),
                    None => self.comparison(left, operator),
                }
            }
            Token::Word(word) => self.worded(left, &word),
            Token::Number { suffix, .. } if suffix.ends_with("以上") => self.fail_bare_boundary("以上"),
            Token::Number { suffix, .. } if suffix.ends_with("以下") => self.fail_bare_boundary("以下"),
            other => {
                let message = format!("这里缺少比较,却是{}", other.shown());
                self.fail(&message, "如 >= 100万元、属于 武汉市、满 1年;是否类写成「独立法人 为 是」")
            }
        }
    }

    fn comparison(&mut self, left: Expression, operator: Operator) -> Parsed<Condition> {
        let right = self.expression()?;
        if let Some(words @ ("以上" | "以下" | "以内")) = self.peek().word() {
            let words = words.to_owned();
            return self.fail_bare_boundary(&words);
        }
        Ok(Condition::Compare(Comparison { left, operator, right }))
    }

    /// What follows an expression in words.
    fn worded(&mut self, left: Expression, word: &str) -> Parsed<Condition> {
        if let Some(operator) = date_operator(word) {
            self.next += 1;
            return self.comparison(left, operator);
        }
        if let Some(operator) = age_operator(word) {
            return self.age(left, operator, word);
        }
        if let Some(operator) = rank_operator(word) {
            self.next += 1;
            return match self.rank(&left, operator)? {
                Some(ranked) => Ok(ranked),
                None => self.comparison(left, operator),
            };
        }
        match word {
            "以上" | "以下" | "以内" => self.fail_bare_boundary(word),
            "属于" | "为" => self.among(left, false),
            "不属于" | "不为" => self.among(left, true),
            "含" | "包含" => self.contains(left, false),
            "不含" | "不包含" => self.contains(left, true),
            _ => {
                let message = format!("这里应是比较,却是「{}」", shortened(word));
                self.fail(&message, "如 >= 100万元、属于 武汉市、满 1年;是否类写成「独立法人 为 是」")
            }
        }
    }

    /// `数字化水平 不低于 二级`: the codes from there upwards.
    fn rank(&mut self, left: &Expression, operator: Operator) -> Parsed<Option<Condition>> {
        let Expression::Fact(FactReference { fact, when: When::Now, source: None }) = left else { return Ok(None) };
        if !self.names.is_ordered(fact) {
            return Ok(None);
        }
        let value = match self.peek() {
            Token::Word(value) | Token::Quoted(value) => value.clone(),
            _ => return Ok(None),
        };
        let Some(values) = self.names.ranked(fact, operator, &value) else {
            let nearest = self.names.option(fact, &value).err().flatten();
            let remedy =
                nearest.map_or_else(|| "请核对取值,以及两头之外有没有".to_owned(), |near| format!("是不是「{near}」?"));
            let message =
                format!("「{}」没有「{} {}」的取值", self.names.name(fact), operator.rank_words(), shortened(&value));
            return self.fail(&message, &remedy);
        };
        self.next += 1;
        Ok(Some(Condition::Membership(Membership { fact: fact.clone(), negated: false, values })))
    }

    fn age(&mut self, left: Expression, operator: Operator, word: &str) -> Parsed<Condition> {
        let fact = match left {
            Expression::Fact(FactReference { fact, when: When::Now, source: None })
                if self.names.sort(&fact) == Some(Sort::Date) =>
            {
                fact
            }
            _ => {
                let message = format!("「{word}」只用于日期,如 成立日期 {word} 1年");
                return self.fail(&message, &format!("数值用「{}」比较", operator.sign()));
            }
        };
        self.next += 1;
        Ok(Condition::Age(Age { fact, operator, duration: self.duration()?, until: None }))
    }

    /// `截至上年末 从事细分市场起始日 满 3年`
    fn age_until(&mut self) -> Parsed<Option<Condition>> {
        let Some(words) = self.peek().word().and_then(|word| word.strip_prefix("截至")) else { return Ok(None) };
        let Some(year) = Year::of_end_words(words) else {
            let message = format!("「截至」后面应是年末,却是「{}」", shortened(words));
            return self.fail(&message, "写成 截至上年末 或 截至2025年末;现状不用写截至");
        };
        self.next += 1;
        match self.undated_requirement()? {
            Condition::Age(age) => Ok(Some(Condition::Age(Age { until: Some(year), ..age }))),
            _ => self.fail("「截至…年末」后面只能是日期满多久", "如 截至上年末 从事细分市场起始日 满 3年"),
        }
    }

    pub(super) fn duration(&mut self) -> Parsed<Duration> {
        if let Token::Number { decimal, suffix } = self.peek()
            && let Ok(number) = decimal.parse::<u16>()
        {
            let duration = match suffix.as_str() {
                "年" | "周年" => Some(Duration::Years(number)),
                "个月" | "月" => Some(Duration::Months(number)),
                "天" | "日" => Some(Duration::Days(number)),
                _ => None,
            };
            if let Some(duration) = duration {
                self.next += 1;
                return Ok(duration);
            }
        }
        let message = format!("这里应是时长,却是{}", self.peek().shown());
        self.fail(&message, "写成整数加 年、个月 或 天,如 满 18个月")
    }

    fn among(&mut self, left: Expression, negated: bool) -> Parsed<Condition> {
        let fact = self.bare_fact(left, "属于")?;
        let sort = self.names.sort(&fact);
        if !matches!(sort, Some(Sort::Area | Sort::Industry | Sort::Code | Sort::Flag)) {
            let name = self.names.name(&fact);
            return self
                .fail(&format!("「{name}」不是代码、地区或行业,不能用「属于」"), "数值用 >= 等比较,文字用「含」");
        }
        self.next += 1;
        let names = self.names;
        match sort {
            Some(Sort::Area) => {
                let areas = self.values(|value| names.area(value), "地区")?;
                Ok(Condition::Place(Place { fact, negated, areas }))
            }
            Some(Sort::Industry) => {
                let values = self.values(|value| names.industry(value), "行业")?;
                Ok(Condition::Membership(Membership { fact, negated, values }))
            }
            _ => {
                let key = fact.clone();
                let values = self.values(|value| names.option(&key, value), "取值")?;
                Ok(Condition::Membership(Membership { fact, negated, values }))
            }
        }
    }

    fn contains(&mut self, left: Expression, negated: bool) -> Parsed<Condition> {
        let fact = self.bare_fact(left, "含")?;
        if self.names.sort(&fact) != Some(Sort::Text) {
            let name = self.names.name(&fact);
            return self.fail(&format!("「{name}」不是文字,不能用「含」"), "代码、地区和行业用「属于」");
        }
        self.next += 1;
        let words = self.values(|value| Ok(value.to_owned()), "词语")?;
        Ok(Condition::Contains(Contains { fact, negated, words }))
    }

    fn bare_fact(&mut self, left: Expression, word: &str) -> Parsed<FactKey> {
        if let Expression::Fact(FactReference { fact, when: When::Now, source: None }) = left {
            return Ok(fact);
        }
        let message = format!("「{word}」前面只能是一个事实,不带年度和来源");
        self.fail(&message, "如 注册地 属于 武汉市")
    }

    /// `{甲, 乙}` or a single value, each resolved by `find`, which gives the nearest known value when it cannot.
    pub(super) fn values(&mut self, find: impl Fn(&str) -> Resolved, sort: &str) -> Parsed<Vec<String>> {
        if *self.peek() != Token::BraceOpen {
            return Ok(vec![self.value(&find, sort)?]);
        }
        self.next += 1;
        let mut values = vec![self.value(&find, sort)?];
        while *self.peek() == Token::Comma {
            self.next += 1;
            values.push(self.value(&find, sort)?);
        }
        self.expect(&Token::BraceClose, "逗号或「}」", "集合写成 {甲, 乙}")?;
        Ok(values)
    }

    fn value(&mut self, find: &impl Fn(&str) -> Resolved, sort: &str) -> Parsed<String> {
        let text = match self.peek() {
            Token::Word(text) | Token::Quoted(text) => text.clone(),
            Token::Number { decimal, suffix } => format!("{decimal}{suffix}"),
            other => {
                let message = format!("这里应是{sort},却是{}", other.shown());
                return self.fail(&message, "有特殊符号的名称放在「」里");
            }
        };
        match find(&text) {
            Ok(value) => {
                self.next += 1;
                Ok(value)
            }
            Err(nearest) => {
                let remedy = nearest.map_or_else(|| format!("请核对{sort}的写法"), |near| format!("是不是「{near}」?"));
                self.fail(&format!("没有「{}」这个{sort}", shortened(&text)), &remedy)
            }
        }
    }

    /// `在武汉市注册 满 2年`. A fact whose name begins with 在 (在职职工) is not one.
    fn residence(&mut self) -> Parsed<Option<Condition>> {
        let Some((area, fact, used)) = self.residence_words() else { return Ok(None) };
        let area = match self.names.area(&area) {
            Ok(area) => area,
            Err(nearest) => {
                let remedy = nearest.map_or_else(|| "请核对地区名称".to_owned(), |near| format!("是不是「{near}」?"));
                return self.fail(&format!("没有「{}」这个地区", shortened(&area)), &remedy);
            }
        };
        self.next += used;
        let Some(operator) = self.peek().word().and_then(age_operator) else {
            let message = format!("这里应是「满」,却是{}", self.peek().shown());
            return self.fail(&message, "写成 在武汉市注册 满 2年;只看现在在哪里用 注册地 属于 武汉市");
        };
        self.next += 1;
        Ok(Some(Condition::Residence(Residence { fact, area, operator, duration: self.duration()? })))
    }

    /// Area, place fact and the number of words, written as one word or as three.
    fn residence_words(&self) -> Option<(String, FactKey, usize)> {
        let word = self.peek().word()?;
        let rest = word.strip_prefix('在')?;
        if self.names.find(word).is_some() {
            return None;
        }
        let mut joined = rest.to_owned();
        for used in 1..=3 {
            if let Some((area, fact)) = verb_behind(&joined) {
                return Some((area, fact, used));
            }
            match self.peek_at(used) {
                Token::Word(next) | Token::Quoted(next) => joined.push_str(next),
                _ => return None,
            }
        }
        None
    }

    /// `近2年每年 ( 研发费用 / 营业收入 >= 3% )`
    fn each(&mut self) -> Parsed<Option<Condition>> {
        let Some(word) = self.peek().word() else { return Ok(None) };
        let (Prefix::Years(years), rest) = prefix::split(word) else { return Ok(None) };
        let rest = rest.to_owned();
        let start = self.next;
        let actual_years = rest.is_empty() && self.eat_actual_years();
        if !(rest == "每年" || rest.is_empty() && self.peek_at(1).word() == Some("每年")) {
            self.next = start;
            return Ok(None);
        }
        self.next += 1 + usize::from(rest.is_empty());
        let Token::Open(Some(_)) = self.peek() else {
            return self.fail("「每年」后面要有一对括号", "写成 近2年每年 ( 研发费用 / 营业收入 >= 3% )");
        };
        self.next += 1;
        let inner = self.requirement()?;
        self.close_bracket()?;
        match inner {
            Condition::Compare(comparison) => {
                Ok(Some(Condition::Each(Each { window: Window { years, actual_years }, comparison })))
            }
            _ => self.fail("「每年」的括号里只能是一个数值比较", "写成 近2年每年 ( 研发费用 / 营业收入 >= 3% )"),
        }
    }
}

fn verb_behind(words: &str) -> Option<(String, FactKey)> {
    crate::tree::place::VERBS.iter().find_map(|(fact, verb)| {
        let area = words.strip_suffix(verb).filter(|area| !area.is_empty())?;
        Some((area.to_owned(), FactKey::from(*fact)))
    })
}

pub(super) fn date_operator(word: &str) -> Option<Operator> {
    Operator::ALL.into_iter().find(|operator| operator.date_words() == word)
}

pub(super) fn rank_operator(word: &str) -> Option<Operator> {
    Operator::ALL.into_iter().find(|operator| operator.rank_words() == word)
}

pub(super) fn age_operator(word: &str) -> Option<Operator> {
    Operator::ALL.into_iter().find(|operator| operator.age_words() == word)
}
