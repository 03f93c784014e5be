//! What is proposed: leaves tied to their words, and the tree that joins them.

use std::ops::Range;

use rules::number::Rational;
use rules::tree::Operator;

use crate::unit::Measure;
use crate::window::{Day, Window};

/// One requirement with the words it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Bytes of the notice; while reading, characters.
    pub span: Range<usize>,
    pub words: String,
    pub role: Role,
    pub reading: Reading,
    /// It must not be so.
    pub negated: bool,
    /// Whose number or quality it is, in the notice's own words.
    pub subject: String,
    pub window: Option<Window>,
    /// 在武汉市注册满两年: where it has lasted.
    pub place: Option<String>,
    /// The catalogue's fact: a key, `a/b` for a ratio, `a↑` for a growth; none where no fact was recognised.
    pub fact: Option<String>,
    /// The condition in text form; none where it takes a person.
    pub rule: Option<String>,
    /// Why the reading must be confirmed; empty when it is sure.
    pub doubts: Vec<Doubt>,
}

impl Leaf {
    /// A requirement of which nothing is known yet but its words and what they say.
    pub(crate) fn new(words: String, span: Range<usize>, reading: Reading) -> Self {
        Self {
            span,
            words,
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Says who may apply.
    Requirement,
    /// Says what is paid.
    Award,
    /// Wording no machine decides.
    Manual,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    Number {
        operator: Operator,
        value: Rational,
        upper: Option<(Rational, bool)>,
        measure: Measure,
        unit: &'static str,
    },
    Day {
        operator: Operator,
        day: Day,
    },
    /// It is so.
    Flag(&'static str),
    /// One of these is had, held or listed.
    Among(Vec<String>),
    Within(String),
    Words,
}

/// Why a person must look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// 原文没写哪一年
    Period,
    /// 原则上、一般
    Softened,
    /// The fact is part of a longer subject.
    Subject,
    /// 本市、本区
    Deictic,
    /// Which case it belongs to.
    Case,
    /// Not said, but nothing else makes sense.
    Polarity,
}

impl Doubt {
    pub fn words(self) -> &'static str {
        match self {
            Self::Period => "原文没写哪一年,按上年度读",
            Self::Softened => "原文写的是原则上、一般",
            Self::Subject => "主语不只是这个事实,请核对口径",
            Self::Deictic => "本市、本区按本地读",
            Self::Case => "分情形的条件,请核对归属",
            Self::Polarity => "原文没写应当还是不得,按不得读",
        }
    }
}

/// How leaves join. Leaves are numbers into the sentence's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    None(Vec<Tree>),
    AtLeast(usize, Vec<Tree>),
    /// When the first holds, the second is asked.
    When(Box<Tree>, Box<Tree>),
    Leaf(usize),
}

impl Tree {
    pub(crate) fn when(guard: Self, then: Self) -> Self {
        Self::When(Box::new(guard), Box::new(then))
    }

    /// 甲或乙; a long chain of 或 stays one flat group.
    pub(crate) fn or(self, other: Self) -> Self {
        match self {
            Self::Any(mut children) => {
                children.push(other);
                Self::Any(children)
            }
            one => Self::Any(vec![one, other]),
        }
    }

    /// The leaf that stands last, where groups have not been put in any other order.
    pub(crate) fn last_leaf(&self) -> Option<usize> {
        match self {
            Self::All(children) | Self::Any(children) | Self::None(children) | Self::AtLeast(_, children) => {
                children.last()?.last_leaf()
            }
            Self::When(_, then) => then.last_leaf(),
            Self::Leaf(index) => Some(*index),
        }
    }

    /// 甲且乙, flat.
    pub(crate) fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut children) => {
                children.push(other);
                Self::All(children)
            }
            one => Self::All(vec![one, other]),
        }
    }

    /// Without groups of one and groups in groups of their own kind; `None` where nothing is left.
    pub fn simplified(self) -> Option<Self> {
        let several =
            |children: Vec<Self>| -> Vec<Self> { children.into_iter().filter_map(Self::simplified).collect() };
        match self {
            Self::All(children) => joined(several(children), true),
            Self::Any(children) => joined(several(children), false),
            Self::None(children) => {
                let children = several(children);
                (!children.is_empty()).then_some(Self::None(children))
            }
            Self::AtLeast(k, children) => {
                let children = several(children);
                match children.len() {
                    0 => None,
                    count if k >= count => joined(children, true),
                    _ if k <= 1 => joined(children, false),
                    _ => Some(Self::AtLeast(k, children)),
                }
            }
            Self::When(guard, then) => match (guard.simplified(), then.simplified()) {
                (Some(guard), Some(then)) => Some(Self::when(guard, then)),
                (one, other) => one.or(other),
            },
            leaf @ Self::Leaf(_) => Some(leaf),
        }
    }
}

fn joined(children: Vec<Tree>, all: bool) -> Option<Tree> {
    let mut flat = Vec::new();
    for child in children {
        match child {
            Tree::All(inner) if all => flat.extend(inner),
            Tree::Any(inner) if !all => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => None,
        1 => flat.pop(),
        _ => Some(if all { Tree::All(flat) } else { Tree::Any(flat) }),
    }
}
