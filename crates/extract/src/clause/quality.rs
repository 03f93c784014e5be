//! What is said without a number: places, days, lists and certificates, sizes, qualities, directions.

use rules::number::Rational;
use rules::tree::Operator;

use super::{Carried, Clause, INCIDENTS, absorbed};
use crate::leaf::{Doubt, Reading};
use crate::unit::Measure;
use crate::window::{self, Day};
use crate::{dictionary, event, number, place};

/// Words of a bracket that explains and asks for nothing.
const REMARKS: &[&str] = &["按实际", "按照实际", "下同", "例如", "适当放宽", "放宽至"];

impl Clause<'_> {
    /// (经营不足3年的,按实际年限计算), (含分支机构), (例如…): brackets that ask for nothing. Where they end.
    pub(super) fn remark(&self, at: usize) -> Option<usize> {
        let (inside, behind) = self.text.bracket(at)?;
        let explains =
            self.text.any_at(inside.start, &["含", "包括", "不含", "不包括", "以下简称", "指", "即", "下称"]).is_some();
        (explains || self.text.contains_any(inside, REMARKS)).then_some(behind)
    }

    /// 近3年内注册成立的: no older than that.
    pub(super) fn young(&mut self, at: usize) -> Option<usize> {
        let (_, start) = self.text.any_at(at, &["最近", "近"])?;
        let number = number::read(self.text, start)?;
        let (_, end) = self.text.any_at(number.end, &["年内", "年以内", "年"])?;
        let (_, end) = self.text.any_at(end, &["新注册", "新成立", "新设立", "注册成立", "注册", "成立", "设立"])?;
        let months = number.value.multiply(&Rational::whole(12));
        let reading = Reading::Number {
            operator: Operator::AtMost,
            value: months,
            upper: None,
            measure: Measure::Months,
            unit: "年",
        };
        let mut leaf = self.leaf(at..end, reading);
        leaf.subject = "成立时间".into();
        leaf.fact = Some("established_on".into());
        self.push(leaf, end);
        Some(end)
    }

    /// 2022年以来, 2022年1月1日(含)以后, 2020年1月1日前注册
    pub(super) fn since(&mut self, at: usize) -> Option<usize> {
        let (day, next) = match window::day(self.text, at) {
            Some(found) => found,
            None => {
                let year = number::read(self.text, at).filter(|number| number.is_year)?;
                let (_, end) = self.text.any_at(year.end, &["年度", "年"])?;
                (Day { year: rules::number::trimmed(&year.value, 0).parse().ok()?, month: 1, day: 1 }, end)
            }
        };
        let includes = self.text.any_at(next, &["(含)", "(含当日)"]);
        let next = includes.map_or(next, |(_, end)| end);
        let (word, end) = self.text.any_at(next, &["以来", "以后", "之后", "(含)以后", "以前", "之前", "前"])?;
        let operator = match (word, includes.is_some()) {
            ("以前" | "之前" | "前", _) if !self.happens(end) => return None,
            ("以前" | "之前" | "前", false) => Operator::Less,
            ("以前" | "之前" | "前", true) => Operator::AtMost,
            ("之后", false) => Operator::More,
            _ => Operator::AtLeast,
        };
        let start = self.subject_start(at);
        let mut leaf = self.leaf(start..end, Reading::Day { operator, day });
        leaf.subject = self.text.words(start..at);
        leaf.doubts = self.softened(start..at);
        self.push(leaf, end);
        Some(end)
    }

    /// What is done at a day behind `at` is done by the firm; papers are handed in before a day, too.
    fn happens(&self, at: usize) -> bool {
        const REACH: usize = 16;
        const DONE: &[&str] = &["注册", "登记", "成立", "设立", "开工", "竣工", "投产", "完工", "取得", "获得", "建成"];
        self.text.contains_any(at..(at + REACH).min(self.span.end), DONE)
    }

    pub(super) fn place(&mut self, at: usize) -> Option<usize> {
        let placed = place::read(self.text, at, self.span.end)?;
        let end = placed.span.end;
        for kind in &placed.kinds {
            let mut leaf = self.leaf(placed.span.clone(), Reading::Within(placed.place.clone()));
            kind.words().clone_into(&mut leaf.subject);
            leaf.fact = kind.fact().map(str::to_owned);
            if placed.is_deictic {
                leaf.doubts.push(Doubt::Deictic);
            }
            self.push(leaf, end);
            if let Some((place, span)) = &placed.except {
                let mut leaf = self.leaf(span.clone(), Reading::Within(place.clone()));
                kind.words().clone_into(&mut leaf.subject);
                leaf.fact = kind.fact().map(str::to_owned);
                leaf.negated = true;
                self.push(leaf, end);
            }
        }
        Some(end)
    }

    pub(super) fn event(&mut self, at: usize, carried: &mut Carried) -> Option<usize> {
        let honours = &self.lexicon.honours;
        let wanted = || event::read(self.text, at, self.span.end, honours);
        let refused = || event::refused(self.text, at, self.span.end);
        let event = if carried.heading.refusing { refused().or_else(wanted) } else { wanted() }?;
        let end = event.span.end;
        let mut leaf = self.leaf(event.span.clone(), Reading::Among(event.values.clone()));
        leaf.negated = event.negated;
        let goes_on = carried.was_denied || self.atoms.last().is_some_and(|atom| atom.leaf.negated);
        let before = self.atoms.last().and_then(|atom| atom.leaf.window).or(carried.window);
        let unread =
            self.unread.filter(|_| event.negated && event.kind == event::Kind::Incident && self.atoms.is_empty());
        let heading = carried.heading.window.filter(|_| event.kind == event::Kind::Incident);
        leaf.window = self.said.or(before.filter(|_| event.happened && goes_on)).or(unread).or(heading);
        leaf.subject = match event.kind {
            event::Kind::Register => "名录".into(),
            event::Kind::Incident => INCIDENTS.into(),
            event::Kind::Certificate => "资质证书".into(),
            event::Kind::Field => "所属行业".into(),
            event::Kind::Business => "主营业务".into(),
        };
        if event.is_guess {
            leaf.doubts.push(Doubt::Polarity);
        }
        if self.atoms.last_mut().is_some_and(|last| absorbed(&mut last.leaf, &leaf, self.text)) {
            self.read_to = end.max(self.read_to);
            self.said = None;
        } else {
            self.push(leaf, end);
        }
        Some(end)
    }

    /// 对小微企业, 属于中小企业: how big, by the state's classes.
    pub(super) fn size(&mut self, at: usize) -> Option<usize> {
        let (classes, end) = dictionary::size_at(self.text, at)?;
        let mut leaf = self.leaf(at..end, Reading::Among(classes.to_vec()));
        leaf.subject = "企业规模".into();
        leaf.fact = Some("size_class".into());
        leaf.rule = Some(format!("上年度企业规模 属于 {{{}}}", classes.join(", ")));
        leaf.doubts.push(Doubt::Case);
        self.push(leaf, end);
        Some(end)
    }

    pub(super) fn flag(&mut self, at: usize) -> Option<usize> {
        let (flag, end) = dictionary::flag_at(self.text, at)?;
        let mut leaf = self.leaf(at..end, Reading::Flag(&flag.name));
        leaf.subject.clone_from(&flag.name);
        leaf.fact.clone_from(&flag.fact);
        leaf.rule.clone_from(&flag.rule);
        leaf.negated = ["非", "不具备", "不具有", "不是", "无"]
            .iter()
            .any(|not| self.text.ends_with(self.span.start, at, not).is_some());
        self.push(leaf, end);
        Some(end)
    }

    /// 持续增长, 为正数: a threshold of zero in words.
    pub(super) fn trend(&mut self, at: usize, carried: &Carried) -> Option<usize> {
        let choices = ["持续增长", "稳定增长", "逐年增长", "为正数", "为正", "实现正增长", "正增长"];
        let (word, end) = self.text.any_at(at, &choices)?;
        // 均为正本 is no profit.
        if word == "为正" && self.text.at(end).is_some_and(|next| !",;。)、".contains(next)) {
            return None;
        }
        let start = self.subject_start(at);
        let window = self.said.or_else(|| self.leaned(start, carried));
        // 保持稳定增长 of no stretch of years is a wish, not a threshold.
        if !word.starts_with("为正") && window.is_none() {
            return None;
        }
        let measure = if word.starts_with("为正") { Measure::Money } else { Measure::Share };
        let reading =
            Reading::Number { operator: Operator::More, value: Rational::whole(0), upper: None, measure, unit: "" };
        let mut leaf = self.leaf(start..end, reading);
        leaf.subject = self.text.words(start..at);
        leaf.window = window;
        leaf.fact = self
            .lexicon
            .nouns
            .find(&leaf.subject)
            .map(|(_, key)| if measure == Measure::Share { format!("{key}↑") } else { key.to_owned() });
        self.push(leaf, end);
        Some(end)
    }
}
