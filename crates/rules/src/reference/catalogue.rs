//! The fact catalogue: which facts exist, what they mean, how to ask for them and whom to believe.

mod read;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use super::areas::Areas;
use super::source::Source;
use crate::problem::Problem;
use crate::value::{FactKey, Grade, Value};

pub(crate) use shape::read_date;
pub use shape::{Misfit, ValueShape};

/// Where a value came from.
#[derive(Clone, Debug)]
pub struct Origin {
    pub key: String,
    pub name: String,
    /// Grade of a value from here when the entry names none.
    pub grade: Grade,
}

/// One code of a closed list.
#[derive(Clone, Debug)]
pub struct CodeOption {
    pub code: String,
    pub aliases: Vec<String>,
}

/// What values a fact or field takes.
#[derive(Clone, Debug)]
pub enum FactKind {
    Bool,
    /// A plain number with a unit; whole unless its scale says otherwise.
    Integer,
    /// Money in 元.
    Amount,
    /// A share as a fraction: 3% is 0.03.
    Ratio,
    Date,
    Text,
    Code {
        options: Vec<CodeOption>,
        /// The options rise from first to last (区级 … 国家级).
        ordered: bool,
    },
    Codes {
        options: Vec<CodeOption>,
    },
    Area,
    Industry,
    List(ListShape),
}

impl FactKind {
    /// Whether values are numbers that can be compared and reckoned with.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Amount | Self::Ratio)
    }

    /// The codes a code kind allows; empty for other kinds.
    pub fn options(&self) -> &[CodeOption] {
        match self {
            Self::Code { options, .. } | Self::Codes { options } => options,
            _ => &[],
        }
    }
}

/// The shape of a record list.
#[derive(Clone, Debug)]
pub struct ListShape {
    pub fields: Vec<Field>,
    /// The field that says what a record is (`kind` of a certificate).
    pub label: Option<String>,
    /// The field that dates a record; windows such as 近三年 look at it.
    pub on: Option<String>,
    /// The field with the last day a record holds (有效期至, 移出日期).
    pub until: Option<String>,
    /// Named subsets: 重大违法 is a penalty with `serious = true`.
    pub selections: Vec<Selection>,
}

impl ListShape {
    /// A field by key, Chinese name or alias.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.answers_to(name))
    }
}

/// One field of a record.
#[derive(Clone, Debug)]
pub struct Field {
    pub key: String,
    pub name: String,
    pub aliases: Vec<String>,
    pub kind: FactKind,
    pub unit: String,
    pub scale: u8,
    /// A day in the future would be an error.
    pub past: bool,
}

impl Field {
    pub fn answers_to(&self, name: &str) -> bool {
        self.key == name || self.name == name || self.aliases.iter().any(|alias| alias == name)
    }

    pub fn shape(&self) -> ValueShape<'_> {
        ValueShape { kind: &self.kind, unit: &self.unit, scale: self.scale, signed: false, max: None }
    }
}

/// Records of a list whose fields hold one of the given values.
#[derive(Clone, Debug)]
pub struct Selection {
    pub name: String,
    pub aliases: Vec<String>,
    pub filter: BTreeMap<String, BTreeSet<Value>>,
}

/// To which times the values of a fact belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodKind {
    /// The present state.
    None,
    Year,
    /// States with a beginning and an end (the district a firm is registered in).
    History,
}

/// How a fact follows from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// An expression of the condition text, e.g. `负债总额 / 资产总额`.
    Expression(String),
    /// A flag that says whether this condition holds for the year; its yearly facts are written without one.
    Condition(String),
    /// 划型 by the dated size table, from industry, people, revenue and assets.
    SizeClass,
}

/// One fact.
#[derive(Clone, Debug)]
pub struct Fact {
    pub key: FactKey,
    /// 中文名
    pub name: String,
    /// Other words for it in conditions and imports.
    pub aliases: Vec<String>,
    /// A question an owner of a small firm understands; money is asked in 万元.
    pub question: String,
    pub help: Option<String>,
    /// 在哪张表哪一栏
    pub find: Option<String>,
    pub kind: FactKind,
    /// `元`, `人`, `件` …; empty for what has no unit.
    pub unit: String,
    /// Decimal places of the stored integer.
    pub scale: u8,
    pub period: PeriodKind,
    /// Adds up over the year (营业收入, 用电量), so that quarters and months of it have figures of their own. What is
    /// counted on a day (资产, 人数) does not.
    pub flow: bool,
    /// Origins from most to least trusted; those in one rank do not overrule each other.
    pub precedence: Vec<Vec<String>>,
    /// The best evidence one can usually get.
    pub grade: Grade,
    pub derived: Option<Derivation>,
    /// Order of asking in a self-check, 1 first.
    pub ask: Option<u8>,
    /// Values below zero are possible (profit).
    pub signed: bool,
    /// Largest possible value, scaled.
    pub max: Option<i64>,
    /// A day in the future would be an error.
    pub past: bool,
    /// How 是 and 否 of a flag are put to a firm: `是独立法人`, `没有拖欠工资`.
    pub yes: Option<String>,
    pub no: Option<String>,
}

impl Fact {
    pub fn shape(&self) -> ValueShape<'_> {
        ValueShape { kind: &self.kind, unit: &self.unit, scale: self.scale, signed: self.signed, max: self.max }
    }

    /// Rank of an origin, 0 the most trusted; an origin not named comes after all that are.
    pub fn rank(&self, origin: &str) -> usize {
        self.precedence.iter().position(|rank| rank.iter().any(|name| name == origin)).unwrap_or(self.precedence.len())
    }

    pub fn list(&self) -> Option<&ListShape> {
        match &self.kind {
            FactKind::List(shape) => Some(shape),
            _ => None,
        }
    }
}

/// All facts and origins.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    facts: Vec<Fact>,
    /// By the text of its key, which is what documents and imports hold.
    keys: BTreeMap<String, usize>,
    names: BTreeMap<String, usize>,
    /// Name or alias of a selection to its list and place there.
    selections: BTreeMap<String, (usize, usize)>,
    origins: Vec<Origin>,
}

impl Catalogue {
    pub(super) fn parse(source: &Source<'_>, areas: &Areas, problems: &mut Vec<Problem>) -> Self {
        read::catalogue(source, areas, problems)
    }

    pub fn fact(&self, key: &FactKey) -> Option<&Fact> {
        self.by_key(key.as_str())
    }

    /// A fact by the text of its key.
    pub fn by_key(&self, key: &str) -> Option<&Fact> {
        self.keys.get(key).map(|index| &self.facts[*index])
    }

    /// A fact by its Chinese name or an alias.
    pub fn by_name(&self, name: &str) -> Option<&Fact> {
        self.names.get(name.trim()).map(|index| &self.facts[*index])
    }

    /// A fact by key, Chinese name or alias.
    pub fn find(&self, word: &str) -> Option<&Fact> {
        self.by_key(word.trim()).or_else(|| self.by_name(word))
    }

    /// In the order of the file, which is the order to show them in.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter()
    }

    /// Every Chinese name and alias with its fact.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.names.iter().map(|(name, index)| (name.as_str(), &self.facts[*index]))
    }

    /// The list and subset a selection's name stands for (重大违法).
    pub fn selection(&self, name: &str) -> Option<(&Fact, &Selection)> {
        let (fact, selection) = self.selections.get(name.trim())?;
        let fact = &self.facts[*fact];
        fact.list().and_then(|shape| shape.selections.get(*selection)).map(|selection| (fact, selection))
    }

    /// Every selection's name and alias.
    pub fn selections(&self) -> impl Iterator<Item = (&str, &Fact, &Selection)> {
        self.selections.keys().filter_map(|name| self.selection(name).map(|(fact, found)| (name.as_str(), fact, found)))
    }

    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// An origin by key or Chinese name.
    pub fn origin(&self, word: &str) -> Option<&Origin> {
        self.origins.iter().find(|origin| origin.key == word || origin.name == word)
    }

    /// The closest key, name or alias to a mistyped one.
    pub fn nearest(&self, word: &str) -> Option<&str> {
        let keys = self.keys.keys().map(String::as_str);
        super::nearest(word, keys.chain(self.names.keys().map(String::as_str)))
    }
}
