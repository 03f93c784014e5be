//! Definitions of scores before the condition: `设 创新能力 = 评分 { … ; 最高 20分 }`.

use std::sync::Arc;

use super::prefix::{Prefix, split};
use super::{Parsed, Parser};
use crate::text::names::KEYWORDS;
use crate::text::token::{Token, shortened};
use crate::tree::{Condition, Operator, Part, Quantity, Rule, Score, Unit};

/// The most parts of all scores together.
const MAX_PARTS: usize = 200;

const EXAMPLE: &str = "写成 设 创新能力 = 评分 { 按 上年度研发强度 { >= 5% : 20分 ; 其余 : 0分 } ; 最高 20分 }";

impl Parser<'_> {
    /// All definitions; the condition begins behind them.
    pub(super) fn definitions(&mut self) -> Parsed<()> {
        while self.peek().word() == Some("设") && *self.peek_at(2) == Token::Compare(Operator::Equal) {
            self.next += 1;
            let name = self.score_name()?;
            self.next += 1;
            if !self.eat("评分") {
                let message = format!("这里应是「评分」,却是{}", self.peek().shown());
                return self.fail(&message, EXAMPLE);
            }
            self.in_score = true;
            let (parts, cap) = self.score_body()?;
            self.in_score = false;
            self.scores.push(Arc::new(Score { name, parts, cap }));
        }
        Ok(())
    }

    /// What is defined and never used would be lost; a part of a condition may use some of the scores of the whole.
    pub(super) fn unused_scores(&mut self, condition: &Condition) {
        if !self.problems.is_empty() || self.is_part {
            return;
        }
        let used = condition.scores();
        let unused = self.scores.iter().find(|score| !used.iter().any(|other| other.name == score.name));
        if let Some(name) = unused.map(|score| score.name.clone()) {
            self.next = 0;
            self.note(&format!("评分「{}」设了却没有用", shortened(&name)), "在条件里写明分数线,或删去这一行");
        }
    }

    /// A name of its own: no fact, no keyword, nothing that begins like a period.
    fn score_name(&mut self) -> Parsed<String> {
        let name = super::tables::named_score(self.peek()).unwrap_or_default().to_owned();
        if name.is_empty() {
            return self.fail("「设」后面缺少评分的名称", EXAMPLE);
        }
        let shown = shortened(&name);
        if self.names.find(&name).is_some() {
            return self.fail(&format!("「{shown}」已经是事实的名称"), "评分换一个名称");
        }
        if self.scores.iter().any(|score| score.name == name) {
            return self.fail(&format!("评分「{shown}」设了两次"), "删去一个,或换一个名称");
        }
        if KEYWORDS.contains(&name.as_str()) || split(&name).0 != Prefix::None || name.starts_with('在') {
            return self.fail(&format!("「{shown}」不能作评分的名称"), "名称不用关键词,也不以时间或「在」开头");
        }
        self.next += 1;
        Ok(name)
    }

    /// `{ 项 ; 项 ; 最高 20分 }`
    fn score_body(&mut self) -> Parsed<(Vec<Part>, Option<Quantity>)> {
        self.descend()?;
        self.expect(&Token::BraceOpen, "「{」", EXAMPLE)?;
        let mut parts = Vec::new();
        let mut cap = None;
        loop {
            if cap.is_none() && !parts.is_empty() && self.eat("最高") {
                cap = Some(self.points()?);
                self.semicolon();
                self.expect(&Token::BraceClose, "「}」", "「最高」写在最后")?;
                break;
            }
            parts.push(self.score_part()?);
            let more = self.semicolon();
            if *self.peek() == Token::BraceClose {
                self.next += 1;
                break;
            }
            if !more {
                let message = format!("这里应是「;」或「}}」,却是{}", self.peek().shown());
                return self.fail(&message, "各项之间用分号隔开,最后用「}」收尾");
            }
        }
        self.depth -= 1;
        Ok((parts, cap))
    }

    fn score_part(&mut self) -> Parsed<Part> {
        self.score_parts += 1;
        if self.score_parts > MAX_PARTS {
            return self.fail(&format!("评分超过 {MAX_PARTS} 项"), "合并或拆成几个事项");
        }
        let word = self.peek().word().unwrap_or_default().to_owned();
        let known = ["按", "分情形", "当", "择高", "合计"].contains(&word.as_str());
        self.next += usize::from(known);
        let rule = match word.as_str() {
            "按" => Rule::Bands(self.bands(Self::points)?),
            "分情形" => Rule::Cases(self.cases(Self::points)?),
            "当" => {
                let condition = Box::new(self.condition()?);
                self.colon("写成 当 条件 : 5分")?;
                Rule::When { condition, points: self.points()? }
            }
            "择高" | "合计" => {
                let (parts, cap) = self.score_body()?;
                let rule = if word == "择高" { Rule::Best(parts) } else { Rule::Sum(parts) };
                return Ok(Part { rule, cap });
            }
            _ => {
                let message = format!("这里应是 按、当、分情形、择高 或 合计,却是{}", self.peek().shown());
                return self.fail(&message, EXAMPLE);
            }
        };
        let cap = if self.eat("最高") { Some(self.points()?) } else { None };
        Ok(Part { rule, cap })
    }

    /// `20分`; the unit may be left out.
    fn points(&mut self) -> Parsed<Quantity> {
        let at = self.next;
        let quantity = self.quantity()?;
        match quantity.unit().name {
            "分" => Ok(quantity),
            "" => Ok(Unit::find("分").map_or(quantity.clone(), |unit| quantity.in_unit(unit))),
            _ => {
                self.next = at;
                self.fail(&format!("「{quantity}」不是分数"), "写成 20分")
            }
        }
    }
}
