//! Amounts: `上年度设备投资 * 10% 最高 2000万元`, `合计 { … ; … }`, `分档 数 { … }`, `分担 { 市级 50% ; 区级 50% }`.

use super::{Parsed, Parser};
use crate::amount::{Amount, LEVELS, Part, Share};
use crate::problem::Problem;
use crate::reference::Reference;
use crate::text::lex::tokens;
use crate::text::token::Token;

/// Reads an amount. All problems at once, each with its line, column and remedy.
pub fn parse_amount(text: &str, reference: &Reference) -> Result<Amount, Vec<Problem>> {
    let tokens = tokens(text).map_err(|problem| vec![problem])?;
    let mut parser = Parser::new(tokens, reference);
    match parser.amount() {
        Ok(amount) if parser.problems.is_empty() => Ok(amount),
        _ => Err(parser.problems),
    }
}

impl Parser<'_> {
    fn amount(&mut self) -> Parsed<Amount> {
        if *self.peek() == Token::End {
            return self.fail("金额是空的", "如 20万元、上年度研发费用 * 10% 最高 100万元");
        }
        let part = self.part()?;
        let shares = if self.eat("分担") { self.shares()? } else { Vec::new() };
        if *self.peek() == Token::End {
            return Ok(Amount { part, shares });
        }
        let message = format!("这里应是「最高」「最低」「分担」或金额结尾,却是{}", self.peek().shown());
        self.fail(&message, "如 上年度设备投资 * 10% 最高 2000万元")
    }

    fn part(&mut self) -> Parsed<Part> {
        self.descend()?;
        if self.eat("至多") {
            let part = Part::UpTo(Box::new(self.part()?));
            self.depth -= 1;
            return Ok(part);
        }
        let part = self.unbounded_part()?;
        let (mut floor, mut cap) = (None, None);
        loop {
            let is_cap = self.peek().word() == Some("最高");
            if !is_cap && self.peek().word() != Some("最低") {
                break;
            }
            let slot = if is_cap { &mut cap } else { &mut floor };
            if slot.is_some() {
                return self.fail("「最高」或「最低」写了两次", "只留一个");
            }
            self.next += 1;
            *slot = Some(self.expression()?);
        }
        self.depth -= 1;
        if floor.is_none() && cap.is_none() {
            return Ok(part);
        }
        Ok(Part::Bounded { part: Box::new(part), floor, cap })
    }

    fn unbounded_part(&mut self) -> Parsed<Part> {
        let read: fn(&mut Self) -> Parsed<Part> = match self.peek().word() {
            Some("合计") => |parser| parser.parts().map(Part::Sum),
            Some("择高") => |parser| parser.parts().map(Part::Best),
            Some("分档") => |parser| parser.bands(Self::part).map(Part::Tier),
            Some("分情形") => |parser| parser.cases(Self::part).map(Part::Cases),
            _ => return self.expression().map(Part::Of),
        };
        self.next += 1;
        read(self)
    }

    /// `{ 甲 ; 乙 }`
    fn parts(&mut self) -> Parsed<Vec<Part>> {
        self.expect(&Token::BraceOpen, "「{」", "写成 合计 { 甲 最高 10万元 ; 乙 最高 20万元 }")?;
        let mut parts = vec![self.part()?];
        while *self.peek() == Token::Semicolon {
            self.next += 1;
            parts.push(self.part()?);
        }
        self.expect(&Token::BraceClose, "「;」或「}」", "各项之间用分号隔开,最后用「}」收尾")?;
        Ok(parts)
    }

    fn shares(&mut self) -> Parsed<Vec<Share>> {
        self.expect(&Token::BraceOpen, "「{」", "写成 分担 { 市级 50% ; 区级 50% }")?;
        let mut shares = vec![self.share()?];
        while *self.peek() == Token::Semicolon {
            self.next += 1;
            shares.push(self.share()?);
        }
        self.expect(&Token::BraceClose, "「;」或「}」", "各级之间用分号隔开,最后用「}」收尾")?;
        Ok(shares)
    }

    fn share(&mut self) -> Parsed<Share> {
        let level = self.peek().word().and_then(|word| LEVELS.into_iter().find(|level| *level == word));
        let Some(level) = level else {
            let message = format!("这里应是分担的级别,却是{}", self.peek().shown());
            return self.fail(&message, &format!("可写:{}", LEVELS.join("、")));
        };
        self.next += 1;
        Ok(Share { level: level.to_owned(), part: self.quantity()? })
    }
}
