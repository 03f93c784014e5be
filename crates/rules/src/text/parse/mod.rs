//! Recursive descent over the tokens: groups here, leaves and operands in the files beside.
//!
//! Nesting is bounded before the stack is, and a mistake in one leaf does not hide the mistakes in the next.

mod amount;
mod filter;
mod leaf;
mod operand;
mod prefix;
mod records;
mod score;
mod tables;

use std::sync::Arc;

pub use amount::parse_amount;

use super::lex::tokens;
use super::names::Names;
use super::token::{Placed, Token, shortened};
use crate::problem::{Position, Problem};
use crate::reference::Reference;
use crate::tree::unit::PLAIN;
use crate::tree::{Condition, Expression, Quantity, Score, Unconfirmed, Unit};

/// The deepest nesting of brackets; real conditions stay below six.
pub(crate) const MAX_DEPTH: usize = 48;

/// The most problems reported at once.
const MAX_PROBLEMS: usize = 50;

/// Reads a condition. All problems at once, each with its line, column and remedy.
pub fn parse(text: &str, reference: &Reference) -> Result<Condition, Vec<Problem>> {
    parse_with(text, Vec::new(), reference)
}

/// Reads a part of a condition as [`super::wording`] writes it: the scores of the whole are known by name.
pub fn parse_part(text: &str, whole: &Condition, reference: &Reference) -> Result<Condition, Vec<Problem>> {
    parse_with(text, whole.scores(), reference)
}

fn parse_with(text: &str, scores: Vec<Arc<Score>>, reference: &Reference) -> Result<Condition, Vec<Problem>> {
    let tokens = tokens(text).map_err(|problem| vec![problem])?;
    let mut parser = Parser { is_part: !scores.is_empty(), scores, ..Parser::new(tokens, reference) };
    let condition = parser.whole();
    match condition {
        Ok(condition) if parser.problems.is_empty() => Ok(condition),
        _ => Err(parser.problems),
    }
}

/// What follows the period at the beginning of a word, and how a window of years is put together: `营业收入` of
/// `近2年平均营业收入`.
pub(super) fn behind_period(word: &str) -> &str {
    let (period, rest) = prefix::split(word);
    let fold = operand::FOLDS.into_iter().find_map(|(fold, _)| rest.strip_prefix(fold));
    if matches!(period, prefix::Prefix::Years(_)) { fold.unwrap_or(rest) } else { rest }
}

/// Reads the expression of a derived fact; facts in it are of the period the derived fact is asked for.
pub(crate) fn parse_derivation(text: &str, reference: &Reference) -> Option<Expression> {
    let tokens = tokens(text).ok()?;
    let mut parser = Parser::new(tokens, reference);
    let expression = parser.expression().ok()?;
    (*parser.peek() == Token::End).then_some(expression)
}

/// Reads a number with its unit, as parameters are written: `5.5%`, `100万元`.
pub fn parse_quantity(text: &str) -> Option<Quantity> {
    let (negative, rest) = match text.trim().strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.trim()),
    };
    match tokens(rest).ok()?.as_slice() {
        [Placed { token: Token::Number { decimal, suffix }, .. }, Placed { token: Token::End, .. }] => {
            Quantity::parse(&format!("{negative}{decimal}"), Unit::find(suffix)?)
        }
        _ => None,
    }
}

/// The problem has been noted; the caller only has to stop.
pub(super) struct Failed;
pub(super) type Parsed<T> = Result<T, Failed>;

pub(super) struct Parser<'a> {
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
    names: Names<'a>,
    problems: Vec<Problem>,
    /// Defined so far.
    scores: Vec<Arc<Score>>,
    in_score: bool,
    /// Reads a part of a condition whose scores are known already.
    is_part: bool,
    /// How many 当 of tables are open.
    whens: usize,
    score_uses: usize,
    score_parts: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Connective {
    And,
    Or,
}

impl<'a> Parser<'a> {
    fn new(tokens: Vec<Placed>, reference: &'a Reference) -> Self {
        Self {
            tokens,
            next: 0,
            depth: 0,
            names: Names::new(reference),
            problems: Vec::new(),
            scores: Vec::new(),
            in_score: false,
            is_part: false,
            whens: 0,
            score_uses: 0,
            score_parts: 0,
        }
    }
}

impl Parser<'_> {
    fn whole(&mut self) -> Parsed<Condition> {
        if *self.peek() == Token::End {
            return self.fail("条件是空的", "至少写一个条件,如 注册地 属于 武汉市");
        }
        self.definitions()?;
        let condition = self.condition()?;
        match self.peek() {
            Token::End => {
                self.unused_scores(&condition);
                Ok(condition)
            }
            Token::Close => self.fail("多了一个「)」", "删去它,或补上前面的「(」"),
            other => {
                let message = format!("这里应是「且」「或」或条件结尾,却是{}", other.shown());
                self.fail(&message, "条件之间用「且」或「或」连接")
            }
        }
    }

    /// Items joined by 且 or 或; a single item stands for itself.
    fn condition(&mut self) -> Parsed<Condition> {
        let (connective, mut items) = self.joined()?;
        Ok(match connective {
            Some(Connective::And) => Condition::All(items),
            Some(Connective::Or) => Condition::Any(items),
            None => items.pop().ok_or(Failed)?,
        })
    }

    fn joined(&mut self) -> Parsed<(Option<Connective>, Vec<Condition>)> {
        self.descend()?;
        let mut items = vec![self.item()?];
        let mut level = None;
        while self.eat_connective(&mut level) {
            items.push(self.item()?);
        }
        self.depth -= 1;
        Ok((level, items))
    }

    /// Steps over 且 or 或; both beside each other leave open which comes first.
    fn eat_connective(&mut self, level: &mut Option<Connective>) -> bool {
        let Some(connective) = self.connective() else { return false };
        if *level.get_or_insert(connective) != connective {
            self.note("「且」和「或」混在同一层", "用括号写明先后,如 甲 且 ( 乙 或 丙 )");
        }
        self.next += 1;
        true
    }

    fn connective(&self) -> Option<Connective> {
        match self.peek().word()? {
            "且" => Some(Connective::And),
            "或" => Some(Connective::Or),
            _ => None,
        }
    }

    /// One member of a group. After a mistake, reading goes on behind the next connective.
    fn item(&mut self) -> Parsed<Condition> {
        let start = self.next;
        match self.unit() {
            Ok(condition) => Ok(condition),
            Err(Failed) if self.depth <= MAX_DEPTH && self.problems.len() < MAX_PROBLEMS => {
                self.next = start;
                self.skip_item();
                Ok(Condition::Manual(String::new()))
            }
            Err(Failed) => Err(Failed),
        }
    }

    fn unit(&mut self) -> Parsed<Condition> {
        if let Some(tier) = self.tier()? {
            return Ok(tier);
        }
        match self.peek() {
            Token::Open(None) => self.fail("括号没有配对", "补上「)」"),
            Token::Open(Some(close)) if !self.continues_expression(*close) => {
                self.next += 1;
                let inner = self.condition()?;
                self.close_bracket()?;
                Ok(inner)
            }
            Token::Word(word) if word == "没有" => self.none(),
            Token::Word(word) if word.starts_with("满足任意") => self.at_least(),
            Token::Word(word) if word == "待确认" => self.unconfirmed(),
            _ => self.leaf(),
        }
    }

    /// Whether the bracket closing at `close` belongs to an arithmetic expression.
    fn continues_expression(&self, close: usize) -> bool {
        matches!(self.tokens.get(close + 1).map(|placed| &placed.token), Some(Token::Arithmetic(_) | Token::Compare(_)))
    }

    fn none(&mut self) -> Parsed<Condition> {
        self.next += 1;
        if !matches!(self.peek(), Token::Open(Some(_))) {
            return self.fail("「没有」后面要有一对括号", "写成 没有 ( 近3年 重大违法 ),或用 从未、无、未列入");
        }
        self.next += 1;
        let (connective, items) = self.joined()?;
        self.close_bracket()?;
        Ok(match connective {
            Some(Connective::And) => Condition::None(vec![Condition::All(items)]),
            _ => Condition::None(items),
        })
    }

    fn at_least(&mut self) -> Parsed<Condition> {
        let word = self.peek().word().unwrap_or_default();
        let number = word.trim_start_matches("满足任意").strip_suffix('项').and_then(prefix::small_number);
        let Some(k) = number.filter(|k| *k > 0) else {
            return self.fail("看不懂「满足任意…项」", "写成 满足任意2项 { 甲 ; 乙 ; 丙 }");
        };
        self.next += 1;
        self.expect(&Token::BraceOpen, "「{」", "写成 满足任意2项 { 甲 ; 乙 ; 丙 }")?;
        let mut of = vec![self.condition()?];
        while *self.peek() == Token::Semicolon {
            self.next += 1;
            of.push(self.condition()?);
        }
        self.expect(&Token::BraceClose, "「;」或「}」", "各项之间用分号隔开,最后用「}」收尾")?;
        Ok(Condition::AtLeast { k: usize::from(k), of })
    }

    fn unconfirmed(&mut self) -> Parsed<Condition> {
        self.next += 1;
        let sentence = self.quoted("待确认")?;
        if !matches!(self.peek(), Token::Open(Some(_))) {
            return self.fail("「待确认」的原句后面要有一对括号", "写成 待确认「原句」( 条件 )");
        }
        self.next += 1;
        let reading = Box::new(self.condition()?);
        self.close_bracket()?;
        Ok(Condition::Unconfirmed(Unconfirmed { sentence, reading }))
    }

    fn close_bracket(&mut self) -> Parsed<()> {
        self.expect(&Token::Close, "「且」「或」或「)」", "条件之间用「且」或「或」连接,括号要配对")
    }

    /// Moves to the end of the item that begins here, over whole brackets.
    fn skip_item(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Token::End => return,
                Token::Close | Token::BraceClose | Token::Semicolon | Token::Colon if open == 0 => return,
                Token::Word(word) if open == 0 && (word == "且" || word == "或") => return,
                Token::Open(_) | Token::BraceOpen => open += 1,
                Token::Close | Token::BraceClose => open -= 1,
                _ => {}
            }
            self.next += 1;
        }
    }

    fn descend(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("括号嵌套超过 {MAX_DEPTH} 层");
            return self.fail(&message, "真实条件不会这么深,请检查是否多写了括号");
        }
        Ok(())
    }

    fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    fn peek_at(&self, offset: usize) -> &Token {
        self.tokens.get(self.next + offset).map_or(&Token::End, |placed| &placed.token)
    }

    /// Steps over `word` if it comes next.
    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek().word() == Some(word);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, token: &Token, expected: &str, remedy: &str) -> Parsed<()> {
        if self.peek() == token {
            self.next += 1;
            return Ok(());
        }
        let message = format!("这里应是{expected},却是{}", self.peek().shown());
        self.fail(&message, remedy)
    }

    fn quoted(&mut self, after: &str) -> Parsed<String> {
        match self.peek().clone() {
            Token::Quoted(text) if !text.is_empty() => {
                self.next += 1;
                Ok(text)
            }
            _ => self.fail(&format!("「{after}」后面缺少文字"), &format!("写成 {after}「…」")),
        }
    }

    fn position(&self) -> Position {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(Position { line: 1, column: 1 }, |placed| placed.at)
    }

    fn fail<T>(&mut self, message: &str, remedy: &str) -> Parsed<T> {
        self.note(message, remedy);
        Err(Failed)
    }

    fn note(&mut self, message: &str, remedy: &str) {
        let at = self.position();
        let problem = Problem::error(message).at(at.line, at.column);
        self.problems.push(if remedy.is_empty() { problem } else { problem.remedy(remedy) });
    }

    /// A number with its unit, written together or with a space.
    fn quantity(&mut self) -> Parsed<Quantity> {
        let negative = matches!(self.peek(), Token::Arithmetic(crate::tree::Arithmetic::Minus));
        let offset = usize::from(negative);
        let Token::Number { decimal, suffix } = self.peek_at(offset).clone() else {
            let message = format!("这里应是数值,却是{}", self.peek().shown());
            return self.fail(&message, "如 100万元、3%、30人");
        };
        self.next += offset;
        let unit = self.unit_of(&suffix)?;
        let decimal = if negative { format!("-{decimal}") } else { decimal };
        let Some(quantity) = Quantity::parse(&decimal, unit) else {
            return self.fail(
                &format!("「{}」不是数值,或超出范围", shortened(&decimal)),
                "写成普通小数,如 1.5亿元,最多 9 位小数",
            );
        };
        self.next += 1;
        Ok(quantity)
    }

    fn unit_of(&mut self, suffix: &str) -> Parsed<&'static Unit> {
        if let Some(unit) = Unit::find(suffix).filter(|_| !suffix.is_empty()) {
            return Ok(unit);
        }
        if suffix.is_empty() {
            let next = self.peek_at(1).word().and_then(Unit::find);
            // The unit itself is stepped over here, the number by the caller.
            self.next += usize::from(next.is_some());
            return Ok(next.unwrap_or(&PLAIN));
        }
        if let Some(words) = ["以上", "以下", "以内"].into_iter().find(|words| suffix.ends_with(words)) {
            return self.fail_bare_boundary(words);
        }
        let message = format!("没有「{}」这个单位", shortened(suffix));
        self.fail(&message, "可用 元、万元、亿元、%、人、项、件、个、家、年、个月、㎡、分、千瓦时 等")
    }

    fn fail_bare_boundary<T>(&mut self, words: &str) -> Parsed<T> {
        let signs = if words == "以上" {
            "「>=」(含本数)或「>」(不含)"
        } else {
            "「<=」(含本数)或「<」(不含)"
        };
        self.fail(&format!("「{words}」没有写明是否包含本数"), &format!("改用{signs}"))
    }
}
