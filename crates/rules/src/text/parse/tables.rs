//! Tables: rows by bands (`>= 1000万元 且 < 5000万元 : …`) or by conditions (`当 甲 : …`), whatever their values are.

use super::{Parsed, Parser};
use crate::text::token::Token;
use crate::tree::tier::{NO_DEMAND, REFUSED};
use crate::tree::{Band, Bands, Bound, Case, Cases, Condition, End, Expression, Interval, Operator};

/// The most rows of one table; real ones stay below thirty.
const MAX_ROWS: usize = 60;

/// The deepest nesting of cases in the conditions of cases.
const MAX_WHENS: usize = 3;

const BAND_EXAMPLE: &str = "每行写成 >= 1000万元 且 < 5000万元 : … ;最后一行可以写 其余 : …";
const CASE_EXAMPLE: &str = "每行写成 当 条件 : … ;最后一行可以写 其余 : …";

impl Parser<'_> {
    /// 分档、分情形 and the two words for branches without a condition.
    pub(super) fn tier(&mut self) -> Parsed<Option<Condition>> {
        let read: fn(&mut Self) -> Parsed<Condition> = match self.peek().word() {
            Some("分档") => |parser| parser.bands(Self::condition).map(Condition::Tier),
            Some("分情形") => |parser| parser.cases(Self::condition).map(Condition::Cases),
            Some("无要求") => |_| Ok(NO_DEMAND),
            Some("不符合") => |_| Ok(REFUSED),
            _ => return Ok(None),
        };
        self.next += 1;
        read(self).map(Some)
    }

    /// `键 , 键 { 行 ; 行 ; 其余 : 值 }`, with `value` reading what stands behind the colon.
    pub(super) fn bands<T>(&mut self, value: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Bands<T>> {
        let mut keys = vec![self.expression()?];
        if *self.peek() == Token::Comma {
            self.next += 1;
            keys.push(self.expression()?);
        }
        let count = keys.len();
        let band = |parser: &mut Self| {
            let intervals = parser.intervals(count)?;
            parser.colon(BAND_EXAMPLE)?;
            Ok(Band { intervals, then: value(parser)? })
        };
        let (rows, otherwise) = self.rows(band, &value, BAND_EXAMPLE)?;
        Ok(Bands { keys, rows, otherwise })
    }

    /// `{ 当 甲 : 值 ; 其余 : 值 }`
    pub(super) fn cases<T>(&mut self, value: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Cases<T>> {
        let case = |parser: &mut Self| {
            if !parser.eat("当") {
                let message = format!("这里应是「当」,却是{}", parser.peek().shown());
                return parser.fail(&message, CASE_EXAMPLE);
            }
            let when = parser.when()?;
            parser.colon(CASE_EXAMPLE)?;
            Ok(Case { when, then: value(parser)? })
        };
        let (rows, otherwise) = self.rows(case, &value, CASE_EXAMPLE)?;
        Ok(Cases { rows, otherwise })
    }

    /// The condition of a case. Each nesting doubles what is worked out, so there are few.
    fn when(&mut self) -> Parsed<Condition> {
        self.whens += 1;
        if self.whens > MAX_WHENS {
            return self.fail(&format!("「当」的条件里嵌套分情形超过 {MAX_WHENS} 层"), "把里层的情形改写成 且、或");
        }
        let when = self.condition()?;
        self.whens -= 1;
        Ok(when)
    }

    fn rows<R, T>(
        &mut self,
        row: impl Fn(&mut Self) -> Parsed<R>,
        value: &impl Fn(&mut Self) -> Parsed<T>,
        example: &str,
    ) -> Parsed<(Vec<R>, Option<Box<T>>)> {
        self.expect(&Token::BraceOpen, "「{」", example)?;
        let (mut rows, mut otherwise) = (Vec::new(), None);
        loop {
            if self.eat("其余") {
                self.colon(example)?;
                otherwise = Some(Box::new(value(self)?));
                self.semicolon();
                self.expect(&Token::BraceClose, "「}」", "「其余」写在最后一行")?;
                return Ok((rows, otherwise));
            }
            if rows.len() == MAX_ROWS {
                return self.fail(&format!("一张表超过 {MAX_ROWS} 行"), "拆成几张表");
            }
            rows.push(row(self)?);
            let more = self.semicolon();
            if *self.peek() == Token::BraceClose {
                self.next += 1;
                return Ok((rows, otherwise));
            }
            if !more {
                let message = format!("这里应是「;」或「}}」,却是{}", self.peek().shown());
                return self.fail(&message, "各行之间用分号隔开,最后用「}」收尾");
            }
        }
    }

    pub(super) fn semicolon(&mut self) -> bool {
        let found = *self.peek() == Token::Semicolon;
        self.next += usize::from(found);
        found
    }

    pub(super) fn colon(&mut self, example: &str) -> Parsed<()> {
        self.expect(&Token::Colon, "「:」", example)
    }

    fn intervals(&mut self, count: usize) -> Parsed<Vec<Interval>> {
        let mut intervals = vec![self.interval()?];
        while *self.peek() == Token::Comma {
            self.next += 1;
            intervals.push(self.interval()?);
        }
        if intervals.len() != count {
            let message = format!("表按 {count} 个数分档,这一行却写了 {} 个区间", intervals.len());
            return self.fail(&message, "每个数各写一个区间,用逗号隔开,不限的写「任意」");
        }
        Ok(intervals)
    }

    /// `>= 1000万元 且 < 5000万元`, `= 3项`, 任意.
    fn interval(&mut self) -> Parsed<Interval> {
        let mut interval = Interval::default();
        if self.eat("任意") {
            return Ok(interval);
        }
        loop {
            self.end(&mut interval)?;
            if !self.eat("且") {
                return Ok(interval);
            }
        }
    }

    fn end(&mut self, interval: &mut Interval) -> Parsed<()> {
        let at = self.next;
        let operator = match self.peek() {
            Token::Compare(operator) => Some(*operator),
            Token::Word(word) => super::leaf::date_operator(word),
            _ => None,
        };
        let Some(operator) = operator.filter(|operator| *operator != Operator::Differs) else {
            let message = format!("这里应是 >= > <= < 或 = 开头的区间,却是{}", self.peek().shown());
            return self.fail(&message, BAND_EXAMPLE);
        };
        self.next += 1;
        let bound = if let Token::Date(date) = *self.peek() {
            self.next += 1;
            Bound::Date(date)
        } else {
            Bound::Number(self.quantity()?)
        };
        let inclusive = !matches!(operator, Operator::More | Operator::Less);
        let end = Some(End { bound, inclusive });
        let is_low = matches!(operator, Operator::AtLeast | Operator::More | Operator::Equal);
        let is_high = matches!(operator, Operator::AtMost | Operator::Less | Operator::Equal);
        if is_low && interval.low.is_some() || is_high && interval.high.is_some() {
            self.next = at;
            return self.fail("区间的同一头写了两次", "下界、上界各写一次,如 >= 1000万元 且 < 5000万元");
        }
        if is_low {
            interval.low.clone_from(&end);
        }
        if is_high {
            interval.high = end;
        }
        Ok(())
    }
}

/// Where a score may stand: its name.
pub(super) fn named_score(token: &Token) -> Option<&str> {
    match token {
        Token::Word(name) | Token::Quoted(name) => Some(name),
        _ => None,
    }
}

impl Parser<'_> {
    /// A score by its name, if one was defined.
    pub(super) fn score(&mut self) -> Parsed<Option<Expression>> {
        let name = named_score(self.peek());
        let Some(score) = name.and_then(|name| self.scores.iter().find(|score| score.name == name)).cloned() else {
            return Ok(None);
        };
        if self.in_score {
            return self.fail("评分里不能再用别的评分", "把两个评分写进同一个「设」,或在条件里把它们相加");
        }
        self.score_uses += 1;
        if self.score_uses > MAX_SCORE_USES {
            return self.fail(&format!("评分用了超过 {MAX_SCORE_USES} 次"), "把条件拆成几个事项");
        }
        self.next += 1;
        Ok(Some(Expression::Score(score)))
    }
}

/// How often scores are used in one condition; each use is worked out by itself.
const MAX_SCORE_USES: usize = 60;
