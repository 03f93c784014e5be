//! Characters → tokens. Full-width digits, letters and punctuation count as their half-width forms.

use chrono::NaiveDate;

use super::token::{Placed, Token, shortened};
use crate::problem::{Position, Problem};
use crate::tree::{Arithmetic, Operator};

/// The longest text read, in characters: fifty times the longest real condition.
pub(crate) const MAX_CHARACTERS: usize = 100_000;

/// The tokens of `text`, with an [`Token::End`] behind them.
pub(crate) fn tokens(text: &str) -> Result<Vec<Placed>, Problem> {
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        return Err(Problem::error(format!("条件文本超过 {MAX_CHARACTERS} 字"))
            .at(1, 1)
            .remedy("一个事项只写它自己的申报条件,其余内容放进政策正文"));
    }
    let mut lexer = Lexer { characters: text.chars().collect(), next: 0, line: 1, column: 1 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space();
        let at = lexer.position();
        let token = lexer.token().map_err(|problem| problem.at(at.line, at.column))?;
        let ended = token == Token::End;
        tokens.push(Placed { token, at });
        if ended {
            pair_brackets(&mut tokens);
            return Ok(tokens);
        }
    }
}

/// Whether `name` reads back as one word, so that it needs no 「」.
pub(crate) fn is_word(name: &str) -> bool {
    match tokens(name).as_deref() {
        Ok([Placed { token: Token::Word(word), .. }, _]) => word == name,
        _ => false,
    }
}

struct Lexer {
    characters: Vec<char>,
    next: usize,
    line: usize,
    column: usize,
}

impl Lexer {
    fn position(&self) -> Position {
        Position { line: self.line, column: self.column }
    }

    fn peek(&self) -> Option<char> {
        self.look(0)
    }

    fn look(&self, offset: usize) -> Option<char> {
        self.characters.get(self.next + offset).copied().map(half_width)
    }

    fn advance(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.next += 1;
        if character == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(character)
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(character) = self.peek().filter(|character| accept(*character)) {
            taken.push(character);
            self.advance();
        }
        taken
    }

    fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn token(&mut self) -> Result<Token, Problem> {
        let Some(character) = self.peek() else { return Ok(Token::End) };
        if character.is_ascii_digit() {
            return self.number();
        }
        if let Some(token) = punctuation(character) {
            self.advance();
            return Ok(self.widened(token));
        }
        match character {
            '「' => self.quoted('「', '」'),
            '“' => self.quoted('“', '”'),
            '!' => {
                self.advance();
                self.advance()
                    .filter(|next| *next == '=')
                    .map(|_| Token::Compare(Operator::Differs))
                    .ok_or_else(|| unexpected('!'))
            }
            _ if is_word_character(character) => Ok(Token::Word(self.word(is_word_character))),
            _ => Err(unexpected(character)),
        }
    }

    /// `>` followed by `=` is `>=`.
    fn widened(&mut self, token: Token) -> Token {
        let wide = match token {
            Token::Compare(Operator::More) => Operator::AtLeast,
            Token::Compare(Operator::Less) => Operator::AtMost,
            other => return other,
        };
        if self.peek() == Some('=') {
            self.advance();
            return Token::Compare(wide);
        }
        token
    }

    /// Wording of the notice: kept to the letter, full-width punctuation and all.
    fn quoted(&mut self, open: char, close: char) -> Result<Token, Problem> {
        self.advance();
        let start = self.next;
        self.take_while(|character| character != close && character != open);
        let text: String = self.characters[start..self.next].iter().collect();
        if self.advance() != Some(close) {
            return Err(Problem::error(format!("「{}」后面缺少 {close}", shortened(&text)))
                .remedy(format!("文字用 {open} 和 {close} 括起来,里面不要再嵌套")));
        }
        Ok(Token::Quoted(text.trim().to_owned()))
    }

    /// A word; the dash of `1-11月` belongs to it.
    fn word(&mut self, accept: impl Fn(char) -> bool) -> String {
        let mut word = self.take_while(&accept);
        if word.ends_with(|last: char| last.is_ascii_digit()) && self.ends_months() {
            word.extend(self.advance());
            word.push_str(&self.take_while(&accept));
        }
        word
    }

    /// Whether a dash, one or two digits and 月 follow.
    fn ends_months(&self) -> bool {
        let digits = (1..=2).take_while(|offset| self.look(*offset).is_some_and(|next| next.is_ascii_digit())).count();
        self.peek() == Some('-') && digits > 0 && self.look(digits + 1) == Some('月')
    }

    fn number(&mut self) -> Result<Token, Problem> {
        if let Some(date) = self.date()? {
            return Ok(Token::Date(date));
        }
        let decimal = self.take_while(|character| character.is_ascii_digit() || character == '.');
        let suffix = self.word(|character| is_word_character(character) || "%‰".contains(character));
        Ok(Token::Number { decimal, suffix })
    }

    /// `2011-01-01`. Anything else leaves the characters alone.
    fn date(&mut self) -> Result<Option<NaiveDate>, Problem> {
        const LENGTH: usize = 10;
        let digit = |offset| self.look(offset).is_some_and(|character| character.is_ascii_digit());
        let is_date = (0..LENGTH).all(|offset| match offset {
            4 | 7 => self.look(offset) == Some('-'),
            _ => digit(offset),
        });
        if !is_date || digit(LENGTH) {
            return Ok(None);
        }
        let text: String = (0..LENGTH).filter_map(|offset| self.look(offset)).collect();
        let date = text
            .parse()
            .map_err(|_| Problem::error(format!("没有「{text}」这一天")).remedy("日期写成 年-月-日,如 2026-03-01"))?;
        self.next += LENGTH;
        self.column += LENGTH;
        Ok(Some(date))
    }
}

/// Gives every `(` the index of its `)`.
fn pair_brackets(tokens: &mut [Placed]) {
    let mut open = Vec::new();
    for index in 0..tokens.len() {
        match tokens[index].token {
            Token::Open(_) => open.push(index),
            Token::Close => {
                if let Some(start) = open.pop() {
                    tokens[start].token = Token::Open(Some(index));
                }
            }
            _ => {}
        }
    }
}

fn punctuation(character: char) -> Option<Token> {
    Some(match character {
        '(' => Token::Open(None),
        ')' => Token::Close,
        '{' => Token::BraceOpen,
        '}' => Token::BraceClose,
        ',' | '、' => Token::Comma,
        ';' => Token::Semicolon,
        ':' => Token::Colon,
        '@' => Token::At,
        '+' => Token::Arithmetic(Arithmetic::Plus),
        '-' | '−' => Token::Arithmetic(Arithmetic::Minus),
        '*' | '×' => Token::Arithmetic(Arithmetic::Times),
        '/' | '÷' => Token::Arithmetic(Arithmetic::Over),
        '>' => Token::Compare(Operator::More),
        '<' => Token::Compare(Operator::Less),
        '=' => Token::Compare(Operator::Equal),
        '≥' => Token::Compare(Operator::AtLeast),
        '≤' => Token::Compare(Operator::AtMost),
        '≠' => Token::Compare(Operator::Differs),
        _ => return None,
    })
}

pub(super) fn is_word_character(character: char) -> bool {
    !character.is_whitespace()
        && !character.is_control()
        && punctuation(character).is_none()
        && !"「」“”!%‰。?:\"'".contains(character)
}

/// Full-width ASCII (`（１％）`) and the ideographic space become half-width.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        other => other,
    }
}

fn unexpected(character: char) -> Problem {
    let shown = if character.is_control() { format!("U+{:04X}", character as u32) } else { character.to_string() };
    let problem = Problem::error(format!("看不懂的符号「{shown}」"));
    if character == '。' {
        return problem.remedy("条件之间用「且」或「或」连接,末尾不写句号");
    }
    problem.remedy("比较用 >= > <= < = ≠,原话放在「」里")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        tokens(text).unwrap().into_iter().map(|placed| placed.token.shown()).collect()
    }

    #[test]
    fn full_width_forms_read_as_half_width_ones() {
        assert_eq!(shown("上年度营业收入　＞＝　１００万元"), shown("上年度营业收入 >= 100万元"));
        assert_eq!(shown("（研发费用）≥3％"), shown("(研发费用) >= 3%"));
    }

    #[test]
    fn a_date_is_one_token_and_an_impossible_day_is_named() {
        assert_eq!(shown("2011-01-01"), ["「2011-01-01」", "条件结尾"]);
        let problem = tokens("成立日期 晚于 2011-02-30").unwrap_err();
        assert_eq!(problem.position, Some(Position { line: 1, column: 9 }));
    }

    #[test]
    fn columns_count_characters_across_lines() {
        let placed = tokens("注册地 属于 武汉市\n且 成立").unwrap();
        assert_eq!(placed[4].at, Position { line: 2, column: 3 });
    }

    #[test]
    fn brackets_know_their_partner() {
        let placed = tokens("( a ( b ) )").unwrap();
        assert_eq!(placed[0].token, Token::Open(Some(5)));
        assert_eq!(placed[2].token, Token::Open(Some(4)));
    }

    #[test]
    fn an_open_quotation_is_an_error_with_its_place() {
        assert!(tokens("承诺「没有欠薪").unwrap_err().to_string().contains("缺少 」"));
    }
}
