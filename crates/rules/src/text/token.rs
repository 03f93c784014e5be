//! The tokens of the text form.

use chrono::NaiveDate;

use crate::problem::Position;
use crate::tree::{Arithmetic, Operator};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Names and keywords.
    Word(String),
    /// A decimal and what is written to it without a space: `100` `万元`, `2025` `年营业收入`.
    Number {
        decimal: String,
        suffix: String,
    },
    Date(NaiveDate),
    /// 「…」
    Quoted(String),
    /// `(` with the index of its `)`, if it has one.
    Open(Option<usize>),
    Close,
    BraceOpen,
    BraceClose,
    /// `,` or `、`
    Comma,
    Semicolon,
    /// Between a row of a table and its value.
    Colon,
    Compare(Operator),
    Arithmetic(Arithmetic),
    At,
    End,
}

#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) token: Token,
    pub(crate) at: Position,
}

impl Token {
    pub(crate) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    /// How an error message names it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Word(word) => format!("「{}」", shortened(word)),
            Self::Number { decimal, suffix } => format!("「{}」", shortened(&format!("{decimal}{suffix}"))),
            Self::Date(date) => format!("「{date}」"),
            Self::Quoted(text) => format!("「{}」", shortened(text)),
            Self::Open(_) => "「(」".into(),
            Self::Close => "「)」".into(),
            Self::BraceOpen => "「{」".into(),
            Self::BraceClose => "「}」".into(),
            Self::Comma => "逗号".into(),
            Self::Semicolon => "分号".into(),
            Self::Colon => "冒号".into(),
            Self::Compare(operator) => format!("「{}」", operator.sign()),
            Self::Arithmetic(operator) => format!("「{}」", operator.sign()),
            Self::At => "「@」".into(),
            Self::End => "条件结尾".into(),
        }
    }
}

/// At most twenty characters: nobody reads a megabyte in an error message.
pub(crate) fn shortened(text: &str) -> String {
    const LIMIT: usize = 20;
    if text.chars().count() <= LIMIT {
        return text.to_owned();
    }
    text.chars().take(LIMIT).chain(['…']).collect()
}
