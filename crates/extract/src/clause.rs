//! One clause (between commas) → the leaves in it, in reading order, with how each joins the one before.

pub(crate) mod award;
mod threshold;

use std::ops::Range;

use rules::number::Rational;
use rules::tree::Operator;

use crate::dictionary::{self, Nouns};
use crate::event;
use crate::leaf::{Doubt, Leaf, Reading, Role};
use crate::number;
use crate::place;
use crate::quantity;
use crate::text::Text;
use crate::unit::Measure;
use crate::window::{self, Day, Window};

/// What reading needs besides the text: names of facts and of certificates.
pub(crate) struct Lexicon<'a> {
    pub(crate) nouns: Nouns<'a>,
    pub(crate) honours: Vec<&'a str>,
}

/// A leaf, or two cases of one threshold.
#[derive(Debug)]
pub(crate) struct Atom {
    pub(crate) leaf: Leaf,
    pub(crate) or: bool,
    /// 10%(超过100人的企业达到5%): the case and its threshold.
    pub(crate) exception: Option<Box<(Leaf, Leaf)>>,
}

/// What carries over from the clauses before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Carried {
    pub(crate) window: Option<Window>,
    pub(crate) subject: String,
    pub(crate) was_award: bool,
    /// The label of the piece in front said what is paid; it holds up to the end of the sentence.
    pub(crate) labelled: bool,
    pub(crate) heading: Heading,
    pub(crate) was_denied: bool,
    /// A clause of nothing but a time: 近2年, …
    pub(crate) pending: Option<Window>,
    /// 近三年经营状况良好, 无…: the time of a clause that took a person.
    pub(crate) unread: Option<Window>,
}

/// What the words above say of all that is read below them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heading {
    /// 补贴标准: what is paid.
    pub(crate) pays: bool,
    /// 不予支持: none of it may be so.
    pub(crate) refusing: bool,
    /// 近三年有下列情形之一的: the time of the items below.
    pub(crate) window: Option<Window>,
}

pub(crate) struct Clause<'a> {
    text: &'a Text,
    span: Range<usize>,
    lexicon: &'a Lexicon<'a>,
    award_at: Option<usize>,
    atoms: Vec<Atom>,
    /// Where the last leaf ended.
    read_to: usize,
    /// The time said since.
    said: Option<Window>,
    /// The time of a clause in front that no leaf was read from.
    unread: Option<Window>,
}

/// 近2年 with little beside it.
const LONGEST_TIME: usize = 12;

/// The subject of what must not have happened.
const INCIDENTS: &str = "违法违规与事故";

const REMARKS: &[&str] = &["按实际", "按照实际", "下同", "例如", "适当放宽", "放宽至"];

/// Reads one clause. `carried` is what the clauses before said and what the next ones may lean on.
pub(crate) fn read(text: &Text, span: Range<usize>, lexicon: &Lexicon<'_>, carried: &mut Carried) -> Vec<Atom> {
    let award_at = award::begins(text, span.clone());
    let read_to = span.start;
    let (said, unread) = (carried.pending.take(), carried.unread.take());
    let mut clause = Clause { text, span, lexicon, award_at, atoms: Vec::new(), read_to, said, unread };
    clause.scan(carried);
    // Nothing but a time, or a time that opens what follows.
    if clause.atoms.is_empty() && clause.span.len() <= LONGEST_TIME {
        carried.pending = clause.said;
    }
    if clause.atoms.is_empty() {
        carried.unread = clause.said;
    }
    carried.was_award =
        award_at.is_some() || carried.was_award && clause.atoms.iter().any(|atom| atom.leaf.role == Role::Award);
    if let Some(atom) = clause.atoms.iter().rev().find(|atom| atom.leaf.window.is_some()) {
        carried.window = atom.leaf.window;
    }
    carried.was_denied = clause.atoms.last().is_some_and(|atom| atom.leaf.negated);
    clause.atoms
}

/// 未发生甲,未发生乙: one demand that neither has happened. Whether `next` has become part of `leaf`.
pub(crate) fn absorbed(leaf: &mut Leaf, next: &Leaf, text: &Text) -> bool {
    let alike = leaf.subject == INCIDENTS
        && next.subject == INCIDENTS
        && leaf.words.contains("发生")
        && next.words.contains("发生")
        && (leaf.negated, leaf.window, &leaf.doubts) == (next.negated, next.window, &next.doubts);
    let (Reading::Among(values), Reading::Among(more)) = (&mut leaf.reading, &next.reading) else { return false };
    if !alike || !leaf.negated {
        return false;
    }
    values.extend(more.iter().cloned());
    leaf.span.end = next.span.end;
    leaf.words = text.words(leaf.span.clone());
    true
}

impl Clause<'_> {
    fn scan(&mut self, carried: &mut Carried) {
        let mut at = self.span.start;
        while at < self.span.end {
            at = self.step(at, carried).max(at + 1);
        }
    }

    /// Reads what begins at `at`, or steps over one character.
    fn step(&mut self, at: usize, carried: &mut Carried) -> usize {
        let Some(character) = self.text.at(at) else { return at + 1 };
        if let Some(behind) = self.remark(at) {
            return behind;
        }
        let is_number = character.is_ascii_digit() || "零一二两三四五六七八九十百千万亿半".contains(character);
        if is_number {
            if let Some(end) = self.since(at) {
                return end;
            }
            if let Some((window, end)) = window::read(self.text, at, self.span.end) {
                self.said = Some(window);
                return end;
            }
            if let Some(quantity) = quantity::read(self.text, self.read_to.max(self.span.start), at) {
                return self.quantity(quantity, at, carried);
            }
            return number::run_end(self.text, at, self.span.end);
        }
        if let Some(end) = self.young(at) {
            return end;
        }
        if let Some((window, end)) = window::read(self.text, at, self.span.end) {
            // 比上年度增加 compares with it, it does not ask for it.
            let is_base = ["比", "较", "高于", "低于", "大于", "小于", "少于", "超过"]
                .iter()
                .any(|words| self.text.ends_with(self.span.start, at, words).is_some());
            // 占当年职工总数 says of which year the whole is.
            let is_whole = window == Window::CurrentYear
                && self.text.contains_any(self.read_to.max(self.span.start)..at, &["占", "与", "达到", "不低于"]);
            self.said = if is_base || is_whole { self.said } else { Some(window) };
            return end;
        }
        if let Some(end) = self
            .place(at)
            .or_else(|| self.size(at))
            .or_else(|| self.event(at, carried))
            .or_else(|| self.flag(at))
            .or_else(|| self.trend(at, carried))
        {
            return end;
        }
        at + 1
    }

    /// (经营不足3年的,按实际年限计算), (含分支机构), (例如…): brackets that ask for nothing. Where they end.
    fn remark(&self, at: usize) -> Option<usize> {
        let (inside, behind) = self.text.bracket(at)?;
        let explains =
            self.text.any_at(inside.start, &["含", "包括", "不含", "不包括", "以下简称", "指", "即", "下称"]).is_some();
        (explains || self.text.contains_any(inside, REMARKS)).then_some(behind)
    }

    /// 近3年内注册成立的: no older than that.
    fn young(&mut self, at: usize) -> Option<usize> {
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
    fn since(&mut self, at: usize) -> Option<usize> {
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

    fn place(&mut self, at: usize) -> Option<usize> {
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

    fn event(&mut self, at: usize, carried: &mut Carried) -> Option<usize> {
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
    fn size(&mut self, at: usize) -> Option<usize> {
        let (classes, end) = dictionary::size_at(self.text, at)?;
        let mut leaf = self.leaf(at..end, Reading::Among(classes.to_vec()));
        leaf.subject = "企业规模".into();
        leaf.fact = Some("size_class".into());
        leaf.rule = Some(format!("上年度企业规模 属于 {{{}}}", classes.join(", ")));
        leaf.doubts.push(Doubt::Case);
        self.push(leaf, end);
        Some(end)
    }

    fn flag(&mut self, at: usize) -> Option<usize> {
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
    fn trend(&mut self, at: usize, carried: &Carried) -> Option<usize> {
        let choices = ["持续增长", "稳定增长", "逐年增长", "为正数", "为正", "实现正增长", "正增长"];
        let (word, end) = self.text.any_at(at, &choices)?;
        // 均为正本 is no profit.
        if word == "为正" && self.text.at(end).is_some_and(|next| !",;。)、".contains(next)) {
            return None;
        }
        let start = self.subject_start(at);
        let measure = if word.starts_with("为正") { Measure::Money } else { Measure::Share };
        let reading =
            Reading::Number { operator: Operator::More, value: Rational::whole(0), upper: None, measure, unit: "" };
        let mut leaf = self.leaf(start..end, reading);
        leaf.subject = self.text.words(start..at);
        leaf.window = self.said.or_else(|| self.leaned(start, carried));
        leaf.fact = self
            .lexicon
            .nouns
            .find(&leaf.subject)
            .map(|(_, key)| if measure == Measure::Share { format!("{key}↑") } else { key.to_owned() });
        self.push(leaf, end);
        Some(end)
    }

    /// A window said before 、 or in front of 其中, 且 goes on.
    fn leaned(&self, start: usize, carried: &Carried) -> Option<Window> {
        let leans = self.text.at(start.wrapping_sub(1)) == Some('、')
            || self.text.at(start) == Some('、')
            || self.text.any_at(start, &["其中"]).is_some();
        // 、3000户 in a row of values has no subject and no time of its own.
        let first = (start..self.span.end).find(|at| self.text.at(*at) != Some('、')).unwrap_or(start);
        let named = !(first..first + 2).any(|at| self.text.at(at).is_some_and(|one| one.is_ascii_digit()));
        self.atoms.last().and_then(|atom| atom.leaf.window).or(carried.window).filter(|_| leans && named)
    }

    fn softened(&self, span: Range<usize>) -> Vec<Doubt> {
        let soft = self.text.contains_any(span, &["原则上", "一般"]);
        if soft { vec![Doubt::Softened] } else { Vec::new() }
    }

    /// Where the words in front of `end` begin that say whose number it is; remarks in brackets are part of them.
    fn subject_start(&self, end: usize) -> usize {
        let from = self.read_to.max(self.span.start);
        let mut depth = 0_usize;
        for at in (from..end).rev() {
            match self.text.at(at) {
                Some(')') => depth += 1,
                Some('(') if depth == 0 => return at + 1,
                Some('(') => depth -= 1,
                Some(one) if depth == 0 && ",;。:\n".contains(one) => return at + 1,
                _ => {}
            }
        }
        from.min(end)
    }

    fn leaf(&self, span: Range<usize>, reading: Reading) -> Leaf {
        Leaf::new(self.text.words(span.clone()), span, reading)
    }

    fn push(&mut self, leaf: Leaf, end: usize) {
        let between = self.read_to..leaf.span.start.max(self.read_to);
        let joint = self.text.words(between.clone());
        let joint = joint.trim_start_matches(['(', ')', '的', ' ']);
        let or = joint.starts_with('或') || leaf.words.trim_start_matches(['(', ' ', ')']).starts_with('或');
        self.atoms.push(Atom { leaf, or, exception: None });
        self.read_to = end.max(self.read_to);
        self.said = None;
    }
}
