//! A number with its unit becomes a leaf: whose it is, of which time, and whether it demands anything.

use rules::tree::Operator;

use super::{Carried, Clause};
use crate::leaf::{Doubt, Leaf, Reading, Role};
use crate::number;
use crate::quantity::{self, Quantity};
use crate::subject;
use crate::unit::Measure;

/// How far a comparison may stand from its number: 达到企业现有在职职工人数10%.
const FAR: usize = 24;

impl Clause<'_> {
    pub(super) fn quantity(&mut self, mut quantity: Quantity, at: usize, carried: &mut Carried) -> usize {
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
        // A length of time is of no year: 上年度缴费满12个月.
        let is_length = quantity.measure == Measure::Months;
        leaf.window = self.said.or_else(|| self.leaned(start, carried)).filter(|_| !is_length);
        leaf.doubts = self.softened(subject.clone());
        leaf.subject = self.text.words(subject);
        if leaf.subject.chars().filter(|one| one.is_alphanumeric()).count() < 2 {
            leaf.subject = match self.behind(end) {
                Some(noun) => noun,
                None if quantity.measure == Measure::People && self.is_of_firms(end) => "职工人数".into(),
                None => carried.subject.clone(),
            };
        }
        // 在武汉市注册满两年
        if quantity.measure == Measure::Months
            && subject::clean(&self.text.words(start..quantity.span.start)).is_empty()
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
        let names_rules =
            ["的部分", "条件", "情形", "条款", "扶持条款", "指标"].iter().any(|words| text.starts_with(end, words));
        // 公示期不少于5个工作日 binds the office, not the firm.
        let is_procedure = quantity.unit.ends_with("工作日");
        // 成立不足两年的,按实际年限计算: how to count, not who may apply.
        let counts = (end..end + 3).any(|at| text.any_at(at, &["按实际", "按照实际"]).is_some())
            && text.contains_any(end..end + 12, &["年限", "年度", "时间", "月份", "月数", "期限"]);
        if names_rules
            || is_procedure
            || counts
            || text
                .contains_any(end..(end + 4).min(self.span.end), &["放宽", "调整", "提高至", "提高到", "降至", "降低"])
        {
            return false;
        }
        let in_front =
            |words: &[&str]| words.iter().any(|words| text.ends_with(start.saturating_sub(4), at, words).is_some());
        if quantity.upper.is_some() {
            let is_figure = matches!(quantity.measure, Measure::Money | Measure::Share | Measure::Dollars);
            let is_compared = text.contains_any(quantity.span.clone(), &["以上"]);
            return is_figure || is_compared || matches!(quantity.unit, "分" | "亩" | "人" | "平方米");
        }
        if matches!(quantity.measure, Measure::Months | Measure::Days) {
            return self.completed_time(quantity, start, at);
        }
        if quantity.operator.is_none() {
            let is_growth = quantity.measure == Measure::Share
                && in_front(&["增长", "增加", "提高", "提升", "增幅", "增速", "增长率", "下降", "降低"]);
            let is_rank = matches!(quantity.unit, "名" | "位" | "强" | "席" | "%" | "") && in_front(&["前"]);
            quantity.operator = match (is_growth, is_rank) {
                (true, _) => Some(Operator::AtLeast),
                (_, true) => Some(Operator::AtMost),
                _ if in_front(&["调整为", "放宽至", "放宽为"]) => Some(Operator::AtLeast),
                _ => quantity::far(text, start.max(at.saturating_sub(FAR))..at),
            };
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
            let end = quantity.span.end;
            // 连续两年营业收入增长15%: the figure is asked for in each of them.
            let has_figure = (end..self.span.end).any(|at| text.at(at).is_some_and(|one| one.is_ascii_digit()));
            return !has_figure && text.at(end).is_some_and(|next| !",;。)、".contains(next));
        }
        // 合同届满3个月前 says by when.
        let is_deadline = text.contains_any(quantity.span.start..at, &["满"])
            && text.any_at(quantity.span.end, &["前", "之前", "后", "内"]).is_some();
        if quantity.operator.is_none() || is_deadline {
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

    /// (超过100人的企业达到5%)
    fn exception(&self, end: usize, main: &Leaf) -> Option<(Box<(Leaf, Leaf)>, usize)> {
        let (inside, behind) = self.text.bracket(end)?;
        let Reading::Number { operator, measure, .. } = &main.reading else { return None };
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
        // 超过100人的企业为5%: the main comparison goes on.
        let (first, second) = (case.operator?, threshold.operator.unwrap_or(*operator));
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

    /// 30人以下的参保企业
    fn is_of_firms(&self, end: usize) -> bool {
        const NEAR: usize = 10;
        self.text.starts_with(end, "的")
            && self.text.contains_any(end..(end + NEAR).min(self.span.end), &["企业", "单位"])
    }

    /// 两个以上法人股东: the noun stands behind its number.
    fn behind(&self, end: usize) -> Option<String> {
        let stop = (end..self.span.end.min(end + 12))
            .find(|at| self.text.at(*at).is_none_or(|one| ",;。:()、的".contains(one)));
        let words = self.text.words(end..stop.unwrap_or(self.span.end.min(end + 12)));
        (words.chars().count() >= 2).then_some(words)
    }
}
