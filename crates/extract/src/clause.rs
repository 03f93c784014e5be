//! One clause (between commas) → the leaves in it, in reading order, with how each joins the one before.

use std::ops::Range;

use rules::number::Rational;
use rules::tree::Operator;

use crate::dictionary::{self, Nouns};
use crate::event;
use crate::leaf::{Doubt, Leaf, Reading, Role};
use crate::number;
use crate::place;
use crate::quantity::{self, Quantity};
use crate::subject;
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
    pub(crate) was_denied: bool,
    /// A clause of nothing but a time: 近2年, …
    pub(crate) pending: Option<Window>,
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
}

const AWARDS: &[&str] = &[
    "给予",
    "奖励",
    "补助",
    "补贴",
    "资助",
    "奖补",
    "贴息",
    "返还",
    "予以支持",
    "支持标准",
    "支持比例",
    "补偿",
    "拨付",
    "扶持资金",
    "支持资金",
    "支持金额",
];
const REFUSED: &[&str] = &["不予", "不再", "不得", "不享受", "申请", "申报", "提出", "领取"];
/// How far a comparison may stand from its number: 达到企业现有在职职工人数10%.
const FAR: usize = 24;

const STICKY: &[&str] = &[
    "每家",
    "每个",
    "每户",
    "单个",
    "单家",
    "单户",
    "最高",
    "最多",
    "最长",
    "总额",
    "累计",
    "同一",
    "合计",
    "期限",
    "且最高",
    "每年",
    "年度",
    "原则上最高",
    "金额",
    "总金额",
    "不超过",
    "不低于",
    "全年",
    "一次性",
];

/// Reads one clause. `carried` is what the clauses before said and what the next ones may lean on.
pub(crate) fn read(text: &Text, span: Range<usize>, lexicon: &Lexicon<'_>, carried: &mut Carried) -> Vec<Atom> {
    let award_at =
        AWARDS.iter().filter_map(|words| text.find(span.clone(), words)).filter(|at| !is_refused(text, *at)).min();
    let read_to = span.start;
    let mut clause = Clause { text, span, lexicon, award_at, atoms: Vec::new(), read_to, said: carried.pending.take() };
    clause.scan(carried);
    if clause.atoms.is_empty() {
        carried.pending = clause.said;
    }
    carried.was_award =
        award_at.is_some() || carried.was_award && clause.atoms.iter().any(|atom| atom.leaf.role == Role::Award);
    if let Some(atom) = clause.atoms.iter().rev().find(|atom| atom.leaf.window.is_some()) {
        carried.window = atom.leaf.window;
    }
    carried.was_denied = clause.atoms.last().is_some_and(|atom| atom.leaf.negated);
    clause.atoms
}

fn is_refused(text: &Text, at: usize) -> bool {
    REFUSED.iter().any(|words| text.ends_with(0, at, words).is_some())
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
        let is_number = character.is_ascii_digit() || "零一二两三四五六七八九十百半".contains(character);
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
        if let Some((window, end)) = window::read(self.text, at, self.span.end) {
            // 比上年度增加 compares with it, it does not ask for it.
            let is_base = self.text.any_at(at.wrapping_sub(1), &["比", "较"]).is_some();
            self.said = if is_base { self.said } else { Some(window) };
            return end;
        }
        if let Some(end) = self
            .place(at)
            .or_else(|| self.event(at, carried))
            .or_else(|| self.flag(at))
            .or_else(|| self.trend(at, carried))
        {
            return end;
        }
        at + 1
    }

    /// 2022年以来, 2022年1月1日(含)以后
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
        let (word, end) = self.text.any_at(next, &["以来", "以后", "之后", "(含)以后", "起", "后"])?;
        let operator =
            if includes.is_none() && matches!(word, "之后" | "后") { Operator::More } else { Operator::AtLeast };
        let start = self.subject_start(at);
        let mut leaf = self.leaf(start..end, Reading::Day { operator, day });
        leaf.subject = self.text.words(start..at);
        leaf.doubts = self.softened(start..at);
        self.push(leaf, end);
        Some(end)
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
        let event = event::read(self.text, at, self.span.end, &self.lexicon.honours)?;
        let end = event.span.end;
        let mut leaf = self.leaf(event.span.clone(), Reading::Among(event.values.clone()));
        leaf.negated = event.negated;
        let goes_on = carried.was_denied || self.atoms.last().is_some_and(|atom| atom.leaf.negated);
        let before = self.atoms.last().and_then(|atom| atom.leaf.window).or(carried.window);
        leaf.window = self.said.or(before.filter(|_| event.happened && goes_on));
        leaf.subject = match event.kind {
            event::Kind::Register => "名录".into(),
            event::Kind::Incident => "违法违规与事故".into(),
            event::Kind::Certificate => "资质证书".into(),
        };
        if event.is_guess {
            leaf.doubts.push(Doubt::Polarity);
        }
        self.push(leaf, end);
        Some(end)
    }

    fn flag(&mut self, at: usize) -> Option<usize> {
        let (flag, end) = dictionary::flag_at(self.text, at)?;
        let mut leaf = self.leaf(at..end, Reading::Flag(&flag.name));
        leaf.subject.clone_from(&flag.name);
        leaf.fact.clone_from(&flag.fact);
        leaf.rule.clone_from(&flag.rule);
        leaf.negated = at > 0 && self.text.at(at - 1) == Some('非');
        self.push(leaf, end);
        if let Some(sector) = &flag.sector {
            let mut leaf = self.leaf(at..end, Reading::Among(vec![sector.clone()]));
            leaf.subject = "所属行业".into();
            leaf.fact = Some("industry".into());
            leaf.rule = Some(format!("所属行业 属于 {sector}"));
            self.push(leaf, end);
        }
        Some(end)
    }

    /// 持续增长, 为正数: a threshold of zero in words.
    fn trend(&mut self, at: usize, carried: &Carried) -> Option<usize> {
        let choices = ["持续增长", "稳定增长", "逐年增长", "为正数", "为正", "实现正增长", "正增长"];
        let (word, end) = self.text.any_at(at, &choices)?;
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

    fn quantity(&mut self, mut quantity: Quantity, at: usize, carried: &mut Carried) -> usize {
        if quantity.operator.is_none() && quantity.upper.is_none() {
            quantity.operator = self.shared(&quantity, 3);
        }
        let end = quantity.span.end;
        let start = self.subject_start(quantity.span.start);
        let role = self.role(&quantity, at, carried);
        if role == Role::Requirement && !self.completed(&mut quantity, start, at) {
            return end;
        }
        if role == Role::Award && self.text.starts_with(end, "的部分") {
            return end;
        }
        let operator = quantity.operator.unwrap_or(Operator::Equal);
        let upper = quantity.upper.clone().map(|upper| (upper.value, upper.includes));
        let reading = Reading::Number {
            operator,
            value: quantity.value.clone(),
            upper,
            measure: quantity.measure,
            unit: quantity.unit,
        };
        let subject = start..quantity.span.start;
        let mut leaf = self.leaf(start..end, reading);
        leaf.role = role;
        leaf.window = self.said.or_else(|| self.leaned(start, carried));
        leaf.doubts = self.softened(subject.clone());
        leaf.subject = self.text.words(subject);
        if leaf.subject.chars().filter(|one| one.is_alphanumeric()).count() < 2 {
            leaf.subject = self.behind(end).unwrap_or_else(|| carried.subject.clone());
        }
        // 在武汉市注册满两年
        if quantity.measure == Measure::Months
            && let Some(placed) =
                self.atoms.last().filter(|atom| atom.leaf.span.end == start && atom.leaf.subject == "注册地")
            && let Reading::Within(place) = &placed.leaf.reading
        {
            leaf.place = Some(place.clone());
            leaf.subject = "在当地注册".into();
        }
        subject::name(&mut leaf, &self.lexicon.nouns, &carried.subject);
        carried.subject.clone_from(&leaf.subject);
        let exception = self.exception(end, &leaf);
        // (考虑…影响,2020年不低于50%): a remark on one year.
        let end = self
            .text
            .bracket(end)
            .filter(|(inside, _)| self.text.contains_any(inside.clone(), &["考虑", "除外", "可适当"]))
            .map_or(end, |(_, end)| end);
        let end = exception.as_ref().map_or(end, |(_, end)| *end);
        self.push(leaf, end);
        if let Some(atom) = self.atoms.last_mut() {
            atom.exception = exception.map(|(pair, _)| pair);
        }
        end
    }

    /// Fills in the comparison that the words around imply; false where the number demands nothing.
    fn completed(&self, quantity: &mut Quantity, start: usize, at: usize) -> bool {
        let text = self.text;
        let end = quantity.span.end;
        if text.starts_with(end, "的部分")
            || text.starts_with(end, "条件")
            || text
                .contains_any(end..(end + 4).min(self.span.end), &["放宽", "调整", "提高至", "提高到", "降至", "降低"])
        {
            return false;
        }
        let in_front =
            |words: &[&str]| words.iter().any(|words| text.ends_with(start.saturating_sub(4), at, words).is_some());
        if matches!(quantity.measure, Measure::Months | Measure::Days) {
            return self.completed_time(quantity, start, at);
        }
        if quantity.operator.is_none() {
            let is_growth = quantity.measure == Measure::Share
                && in_front(&["增长", "增加", "提高", "提升", "增幅", "增速", "增长率", "下降", "降低"]);
            let is_rank = matches!(quantity.measure, Measure::People | Measure::Things | Measure::Other)
                && in_front(&["前", "排名前", "位居前"]);
            quantity.operator = match (is_growth, is_rank) {
                (true, _) => Some(Operator::AtLeast),
                (_, true) => Some(Operator::AtMost),
                _ if in_front(&["调整为", "放宽至", "放宽为"]) => Some(Operator::AtLeast),
                _ => quantity::far(text, start.max(at.saturating_sub(FAR))..at),
            };
        }
        if quantity.upper.is_some() {
            return matches!(quantity.measure, Measure::Money | Measure::Share | Measure::Dollars);
        }
        quantity.operator.is_some()
    }

    /// 1万户、3000户、1000户及以上: the comparison behind the last is everyone's.
    fn shared(&self, quantity: &Quantity, depth: usize) -> Option<Operator> {
        let end = quantity.span.end;
        let end = self.text.bracket(end).filter(|(inside, _)| inside.len() <= 12).map_or(end, |(_, end)| end);
        let (_, next) = self.text.any_at(end, &["或", "、", "和"]).filter(|_| depth > 0)?;
        let other = quantity::read(self.text, next, next)
            .filter(|other| other.measure == quantity.measure && other.unit == quantity.unit)?;
        other.operator.or_else(|| self.shared(&other, depth - 1))
    }

    /// A time is a demand when something has lasted; 近三年, 3年内发生 and 毕业2年内 say when.
    fn completed_time(&self, quantity: &mut Quantity, start: usize, at: usize) -> bool {
        let text = self.text;
        let front = at.saturating_sub(2).max(self.span.start);
        if text.contains_any(front..at, &["近", "过去", "未来", "每", "前", "毕业", "离校", "后", "第", "今后"])
            && !text.contains_any(front..at, &["于近"])
        {
            return false;
        }
        if quantity.operator.is_none() && text.ends_with(self.span.start, at, "连续").is_some() {
            quantity.operator = Some(Operator::AtLeast);
            return true;
        }
        if quantity.operator.is_none() || quantity.upper.is_some() {
            return false;
        }
        if !quantity.is_within || quantity.span.start < at {
            return true;
        }
        text.contains_any(start..at, &["时间", "年限", "期限", "注册", "成立", "设立", "周期", "工期"])
            || text.contains_any(
                quantity.span.end..(quantity.span.end + 6).min(self.span.end),
                &["注册成立", "成立", "设立", "新注册"],
            )
    }

    /// What is paid, or who may apply.
    fn role(&self, quantity: &Quantity, at: usize, carried: &Carried) -> Role {
        let text = self.text;
        let end = quantity.span.end;
        let follows = text.contains_any(
            end..(end + 8).min(self.span.end),
            &["的奖励", "奖励", "补助", "补贴", "的资助", "资助", "予以支持", "贴息", "的支持", "给予补"],
        ) && !text
            .contains_any(end..(end + 8).min(self.span.end), &["以上", "企业", "的,", "不予", "项目"]);
        let before = self.award_at.is_some_and(|award| award < at);
        let is_rate = quantity.operator.is_none()
            && text.contains_any(self.span.start..at, &["按", "按照"])
            && self.award_at.is_some();
        let head = self.span.start..(self.span.start + 8).min(at);
        let sticks = carried.was_award
            && text.contains_any(head.start..at.max(head.start), STICKY)
            && self.lexicon.nouns.find(&text.words(head.start..at)).is_none();
        if before || follows && quantity.operator.is_none() || is_rate || sticks {
            Role::Award
        } else {
            Role::Requirement
        }
    }

    /// (超过100人的企业达到5%)
    fn exception(&self, end: usize, main: &Leaf) -> Option<(Box<(Leaf, Leaf)>, usize)> {
        let (inside, behind) = self.text.bracket(end)?;
        let Reading::Number { measure, .. } = &main.reading else { return None };
        let mut found = Vec::new();
        let mut at = inside.start;
        while at < inside.end && found.len() < 3 {
            match quantity::read(self.text, inside.start, at) {
                Some(quantity) => {
                    at = quantity.span.end;
                    found.push(quantity);
                }
                None if self.text.at(at).is_some_and(|one| one.is_ascii_digit()) => {
                    at = number::run_end(self.text, at, inside.end);
                }
                None => at += 1,
            }
        }
        let [case, threshold] = found.as_slice() else { return None };
        let is_case = self.text.contains_any(case.span.end..threshold.span.start, &["的企业", "的单位", "的"]);
        let (Some(first), Some(second)) = (case.operator, threshold.operator) else { return None };
        if !is_case || threshold.measure != *measure || case.measure == threshold.measure {
            return None;
        }
        let leaf = |quantity: &Quantity, operator| {
            let (value, measure, unit) = (quantity.value.clone(), quantity.measure, quantity.unit);
            let mut leaf =
                self.leaf(quantity.span.clone(), Reading::Number { operator, value, upper: None, measure, unit });
            leaf.doubts.push(Doubt::Case);
            leaf
        };
        let case_measure = case.measure;
        let mut case = leaf(case, first);
        if case_measure == Measure::People {
            case.subject = "职工人数".into();
            case.fact = self.lexicon.nouns.find(&case.subject).map(|(_, key)| key.to_owned());
        }
        let mut threshold = leaf(threshold, second);
        threshold.subject.clone_from(&main.subject);
        threshold.fact.clone_from(&main.fact);
        threshold.window = main.window;
        Some((Box::new((case, threshold)), behind))
    }

    /// 两个以上法人股东: the noun stands behind its number.
    fn behind(&self, end: usize) -> Option<String> {
        let stop = (end..self.span.end.min(end + 12))
            .find(|at| self.text.at(*at).is_none_or(|one| ",;。:()、的".contains(one)));
        let words = self.text.words(end..stop.unwrap_or(self.span.end.min(end + 12)));
        (words.chars().count() >= 2).then_some(words)
    }

    /// A window said before 、 or in front of 其中, 且 goes on.
    fn leaned(&self, start: usize, carried: &Carried) -> Option<Window> {
        let leans = self.text.at(start.wrapping_sub(1)) == Some('、')
            || self.text.at(start) == Some('、')
            || self.text.any_at(start, &["其中"]).is_some();
        self.atoms.last().and_then(|atom| atom.leaf.window).or(carried.window).filter(|_| leans)
    }

    fn softened(&self, span: Range<usize>) -> Vec<Doubt> {
        let soft = self.text.contains_any(span, &["原则上", "一般"]);
        if soft { vec![Doubt::Softened] } else { Vec::new() }
    }

    fn subject_start(&self, end: usize) -> usize {
        let from = self.read_to.max(self.span.start);
        let start = (from..end)
            .rev()
            .find(|at| self.text.at(*at).is_some_and(|one| ",;。:(\n".contains(one)))
            .map_or(from, |at| at + 1);
        start.min(end)
    }

    fn leaf(&self, span: Range<usize>, reading: Reading) -> Leaf {
        Leaf {
            words: self.text.words(span.clone()),
            span,
            role: Role::Requirement,
            reading,
            negated: false,
            subject: String::new(),
            window: None,
            place: None,
            fact: None,
            rule: None,
            doubts: Vec::new(),
        }
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
