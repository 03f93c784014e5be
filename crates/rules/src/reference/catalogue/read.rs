//! Reads `catalogue.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::{
    Areas, Catalogue, CodeOption, Derivation, Fact, FactKind, Field, ListShape, Origin, PeriodKind, Problem, Selection,
    Source,
};
use crate::number::scaled;
use crate::reference::source::{Entry, TomlSource as _, parts};
use crate::value::{FactKey, Grade, Value};

const AMOUNT_UNIT: &str = "元";
const AMOUNT_SCALE: u8 = 2;
const RATIO_SCALE: u8 = 6;
/// Beyond this a scaled `i64` holds too few whole digits to be of use.
const MOST_DECIMALS: u8 = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    origins: Vec<Spanned<toml::Value>>,
    precedence: BTreeMap<String, Vec<Vec<String>>>,
    facts: Vec<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOrigin {
    key: String,
    name: String,
    grade: Grade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFact {
    key: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    question: String,
    help: Option<String>,
    find: Option<String>,
    #[serde(rename = "type")]
    kind: KindName,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    ordered: bool,
    unit: Option<String>,
    scale: Option<u8>,
    #[serde(default)]
    period: RawPeriod,
    sources: String,
    grade: Grade,
    derived: Option<String>,
    ask: Option<u8>,
    #[serde(default)]
    signed: bool,
    max: Option<String>,
    #[serde(default)]
    past: bool,
    yes: Option<String>,
    no: Option<String>,
    #[serde(default)]
    fields: Vec<RawField>,
    label: Option<String>,
    on: Option<String>,
    until: Option<String>,
    #[serde(default)]
    selections: Vec<RawSelection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    key: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(rename = "type")]
    kind: KindName,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    ordered: bool,
    unit: Option<String>,
    scale: Option<u8>,
    #[serde(default)]
    past: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSelection {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(rename = "where")]
    filter: BTreeMap<String, Vec<RawFilterValue>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawFilterValue {
    Bool(bool),
    Text(String),
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindName {
    Bool,
    Integer,
    Amount,
    Ratio,
    Date,
    Text,
    Code,
    Codes,
    Area,
    Industry,
    List,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawPeriod {
    #[default]
    None,
    Year,
    /// Yearly, and adding up over its months.
    Flow,
    History,
}

pub(super) fn catalogue(source: &Source<'_>, areas: &Areas, problems: &mut Vec<Problem>) -> Catalogue {
    let Some(document) = source.document::<Document>(problems) else { return Catalogue::default() };
    let mut catalogue = Catalogue::default();
    for entry in source.entries::<RawOrigin>(document.origins, problems) {
        let RawOrigin { key, name, grade } = entry.value;
        if catalogue.origin(&key).is_some() {
            problems.push(source.problem(entry.line, format!("来源 {key} 重复")));
        }
        catalogue.origins.push(Origin { key, name, grade });
    }
    for origin in document.precedence.values().flatten().flatten() {
        if catalogue.origin(origin).is_none() {
            problems.push(source.problem(1, format!("precedence 里的来源 {origin} 没有定义")));
        }
    }
    for entry in source.entries::<RawFact>(document.facts, problems) {
        let line = entry.line;
        let mut complain = |message: String| problems.push(source.problem(line, message));
        let fact = read_fact(entry, &document.precedence, areas, &mut complain);
        add(&mut catalogue, fact, &mut complain);
    }
    catalogue
}

/// Adds a fact under its key and all its names, which must be free.
fn add(catalogue: &mut Catalogue, fact: Fact, complain: &mut impl FnMut(String)) {
    let index = catalogue.facts.len();
    if catalogue.keys.insert(fact.key.as_str().to_owned(), index).is_some() {
        complain(format!("事实 {} 重复", fact.key));
    }
    let taken = |catalogue: &Catalogue, name: &str| {
        catalogue.names.contains_key(name) || catalogue.selections.contains_key(name)
    };
    for name in std::iter::once(&fact.name).chain(&fact.aliases) {
        if taken(catalogue, name) {
            complain(format!("{}:名称“{name}”已被别的事实占用", fact.key));
        }
        catalogue.names.insert(name.clone(), index);
    }
    let selections = fact.list().map(|shape| shape.selections.as_slice()).unwrap_or_default();
    for (place, selection) in selections.iter().enumerate() {
        for name in std::iter::once(&selection.name).chain(&selection.aliases) {
            if taken(catalogue, name) {
                complain(format!("{}:名称“{name}”已被占用", fact.key));
            }
            catalogue.selections.insert(name.clone(), (index, place));
        }
    }
    catalogue.facts.push(fact);
}

fn read_fact(
    entry: Entry<RawFact>,
    precedence: &BTreeMap<String, Vec<Vec<String>>>,
    areas: &Areas,
    complain: &mut impl FnMut(String),
) -> Fact {
    let raw = entry.value;
    let key = raw.key;
    let mut complain = |message: &str| complain(format!("{key}:{message}"));
    let (unit, scale) = measure(raw.kind, raw.unit, raw.scale, &mut complain);
    let order = precedence.get(&raw.sources).cloned().unwrap_or_else(|| {
        complain(&format!("precedence 里没有“{}”", raw.sources));
        Vec::new()
    });
    let kind = if raw.kind == KindName::List {
        let fields: Vec<_> = raw.fields.into_iter().map(|field| read_field(field, &mut complain)).collect();
        let shape = ListShape { fields, label: raw.label, on: raw.on, until: raw.until, selections: Vec::new() };
        FactKind::List(finish_list(shape, raw.selections, areas, &mut complain))
    } else {
        simple_kind(raw.kind, &raw.options, raw.ordered, &mut complain)
    };
    let max = raw.max.and_then(|max| match scaled(&max, scale) {
        Ok(max) => Some(max),
        Err(error) => {
            complain(&format!("max {error}"));
            None
        }
    });
    Fact {
        key: FactKey::new(key.clone()),
        name: raw.name,
        aliases: raw.aliases,
        question: raw.question,
        help: raw.help,
        find: raw.find,
        kind,
        unit,
        scale,
        period: match raw.period {
            RawPeriod::None => PeriodKind::None,
            RawPeriod::Year | RawPeriod::Flow => PeriodKind::Year,
            RawPeriod::History => PeriodKind::History,
        },
        flow: matches!(raw.period, RawPeriod::Flow),
        precedence: order,
        grade: raw.grade,
        derived: raw.derived.map(|text| match text.as_str() {
            "@size_class" => Derivation::SizeClass,
            _ if raw.kind == KindName::Bool => Derivation::Condition(text),
            _ => Derivation::Expression(text),
        }),
        ask: raw.ask,
        signed: raw.signed,
        max,
        past: raw.past,
        yes: raw.yes,
        no: raw.no,
    }
}

fn read_field(raw: RawField, complain: &mut impl FnMut(&str)) -> Field {
    let (unit, scale) = measure(raw.kind, raw.unit, raw.scale, complain);
    if raw.kind == KindName::List {
        complain(&format!("字段 {} 不能又是清单", raw.key));
    }
    let kind = simple_kind(raw.kind, &raw.options, raw.ordered, complain);
    Field { key: raw.key, name: raw.name, aliases: raw.aliases, kind, unit, scale, past: raw.past }
}

/// Unit and scale: fixed for money and shares, free for plain numbers, none for the rest.
fn measure(kind: KindName, unit: Option<String>, scale: Option<u8>, complain: &mut impl FnMut(&str)) -> (String, u8) {
    let (default_unit, default_scale) = match kind {
        KindName::Amount => (AMOUNT_UNIT, AMOUNT_SCALE),
        KindName::Ratio => ("", RATIO_SCALE),
        _ => ("", 0),
    };
    if kind != KindName::Integer && (unit.is_some() || scale.is_some()) {
        complain("只有 integer 可以写 unit 和 scale");
    }
    let scale = scale.unwrap_or(default_scale);
    if scale > MOST_DECIMALS {
        complain(&format!("scale 最大 {MOST_DECIMALS}"));
    }
    (unit.unwrap_or_else(|| default_unit.to_owned()), scale.min(MOST_DECIMALS))
}

fn simple_kind(kind: KindName, options: &[String], ordered: bool, complain: &mut impl FnMut(&str)) -> FactKind {
    let coded = matches!(kind, KindName::Code | KindName::Codes);
    if coded == options.is_empty() {
        complain(if coded { "code 要写 options" } else { "只有 code 可以写 options" });
    }
    let options = read_options(options, complain);
    match kind {
        KindName::Bool => FactKind::Bool,
        KindName::Integer => FactKind::Integer,
        KindName::Amount => FactKind::Amount,
        KindName::Ratio => FactKind::Ratio,
        KindName::Date => FactKind::Date,
        // A nested list was complained about by the caller.
        KindName::Text | KindName::List => FactKind::Text,
        KindName::Code => FactKind::Code { options, ordered },
        KindName::Codes => FactKind::Codes { options },
        KindName::Area => FactKind::Area,
        KindName::Industry => FactKind::Industry,
    }
}

fn read_options(options: &[String], complain: &mut impl FnMut(&str)) -> Vec<CodeOption> {
    let mut seen = BTreeSet::new();
    let mut read = Vec::new();
    for option in options {
        let names: Vec<&str> = parts(option).collect();
        for name in names.iter().filter(|name| !seen.insert((**name).to_owned())) {
            complain(&format!("选项“{name}”重复"));
        }
        if let [code, aliases @ ..] = names.as_slice() {
            let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
            read.push(CodeOption { code: (*code).to_owned(), aliases });
        }
    }
    read
}

fn finish_list(
    mut shape: ListShape,
    selections: Vec<RawSelection>,
    areas: &Areas,
    complain: &mut impl FnMut(&str),
) -> ListShape {
    for named in [&shape.label, &shape.on, &shape.until].into_iter().flatten() {
        if !shape.fields.iter().any(|field| field.key == *named) {
            complain(&format!("没有字段 {named}"));
        }
    }
    for raw in selections {
        let mut filter = BTreeMap::new();
        for (key, values) in raw.filter {
            let Some(field) = shape.fields.iter().find(|field| field.key == key) else {
                complain(&format!("“{}”用了不存在的字段 {key}", raw.name));
                continue;
            };
            let values = values.into_iter().filter_map(|value| {
                let read = filter_value(field, value, areas);
                if read.is_none() {
                    complain(&format!("“{}”里 {key} 的取值不对", raw.name));
                }
                read
            });
            let values = values.collect();
            filter.insert(key, values);
        }
        shape.selections.push(Selection { name: raw.name, aliases: raw.aliases, filter });
    }
    shape
}

fn filter_value(field: &Field, value: RawFilterValue, areas: &Areas) -> Option<Value> {
    match (&field.kind, value) {
        (FactKind::Bool, RawFilterValue::Bool(value)) => Some(Value::Bool(value)),
        (FactKind::Code { options, .. }, RawFilterValue::Text(code)) => {
            options.iter().any(|option| option.code == code).then_some(Value::Code(code))
        }
        (FactKind::Area, RawFilterValue::Text(name)) => areas.find(&name).map(|code| Value::Area(code.to_owned())),
        _ => None,
    }
}
