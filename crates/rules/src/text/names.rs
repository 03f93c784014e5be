//! Names ⇄ keys: facts, lists and their fields, areas, industries and codes, by the words officials use.

use crate::reference::{Fact, FactKind, Field, ListShape, Reference, nearest};
use crate::tree::Operator;
use crate::value::FactKey;

/// What can be asked of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Number,
    Date,
    Flag,
    Code,
    Area,
    Industry,
    Text,
    List,
}

/// What a name stands for.
pub(crate) struct Found {
    pub(crate) fact: FactKey,
    pub(crate) sort: Sort,
    /// The named part of a list.
    pub(crate) selection: Option<String>,
}

/// A resolved value, or the nearest known name.
pub(crate) type Resolved = Result<String, Option<String>>;

/// How a flag that is set is written in a set of values.
pub const YES: &str = "是";
/// How one that is not set is written.
pub const NO: &str = "否";

/// Words that mean something by themselves at the place where a name may stand.
pub(crate) const KEYWORDS: [&str; 31] = [
    "且",
    "或",
    "没有",
    "有",
    "无",
    "从未",
    "列入",
    "未列入",
    "承诺",
    "人工",
    "待确认",
    "优先",
    "择优",
    "名额",
    "参数",
    "有效",
    "至",
    "分档",
    "分情形",
    "无要求",
    "不符合",
    "其余",
    "任意",
    "设",
    "评分",
    "当",
    "按",
    "择高",
    "合计",
    "最高",
    "每年",
];

#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    reference: &'a Reference,
}

impl<'a> Names<'a> {
    pub(crate) fn new(reference: &'a Reference) -> Self {
        Self { reference }
    }

    /// A fact, a list or a named part of a list.
    pub(crate) fn find(self, name: &str) -> Option<Found> {
        let catalogue = &self.reference.catalogue;
        if let Some(fact) = catalogue.by_name(name) {
            return Some(Found { fact: fact.key.clone(), sort: sort(&fact.kind), selection: None });
        }
        let (fact, selection) = catalogue.selection(name)?;
        Some(Found { fact: fact.key.clone(), sort: Sort::List, selection: Some(selection.name.clone()) })
    }

    pub(crate) fn list(self, name: &str) -> Option<(FactKey, Option<String>)> {
        self.find(name).filter(|found| found.sort == Sort::List).map(|found| (found.fact, found.selection))
    }

    pub(crate) fn nearest(self, name: &str) -> Option<String> {
        let catalogue = &self.reference.catalogue;
        let facts = catalogue.names().map(|(name, _)| name);
        nearest(name, facts.chain(catalogue.selections().map(|(name, ..)| name))).map(str::to_owned)
    }

    pub(crate) fn sort(self, fact: &FactKey) -> Option<Sort> {
        self.fact(fact).map(|fact| sort(&fact.kind))
    }

    /// The Chinese name; the key itself where the catalogue has lost the fact.
    pub(crate) fn name(self, fact: &FactKey) -> String {
        self.fact(fact).map_or_else(|| fact.to_string(), |fact| fact.name.clone())
    }

    pub(crate) fn source(self, word: &str) -> Option<String> {
        self.reference.catalogue.origin(word).map(|origin| origin.key.clone())
    }

    pub(crate) fn source_name(self, key: &str) -> String {
        self.reference.catalogue.origin(key).map_or_else(|| key.to_owned(), |origin| origin.name.clone())
    }

    pub(crate) fn source_names(self) -> Vec<&'a str> {
        self.reference.catalogue.origins().iter().map(|origin| origin.name.as_str()).collect()
    }

    pub(crate) fn area(self, name: &str) -> Resolved {
        let areas = &self.reference.areas;
        areas.find(name).map(str::to_owned).ok_or_else(|| areas.nearest(name).map(str::to_owned))
    }

    pub(crate) fn area_name(self, code: &str) -> String {
        self.reference.areas.name(code).unwrap_or(code).to_owned()
    }

    pub(crate) fn industry(self, name: &str) -> Resolved {
        let industries = &self.reference.industries;
        industries.find(name).ok_or_else(|| industries.nearest(name).map(str::to_owned))
    }

    /// The name that reads back as this very class; unnamed and namesake classes print their code.
    pub(crate) fn industry_name(self, code: &str) -> String {
        let industries = &self.reference.industries;
        match industries.get(code) {
            Some(industry) if industries.find(&industry.name).as_deref() == Some(code) => industry.name.clone(),
            _ => code.to_owned(),
        }
    }

    pub(crate) fn is_industry(self, fact: &FactKey) -> bool {
        self.sort(fact) == Some(Sort::Industry)
    }

    /// A code or flag value of a fact.
    pub(crate) fn option(self, fact: &FactKey, value: &str) -> Resolved {
        self.fact(fact).map_or(Err(None), |fact| self.kind_option(&fact.kind, value))
    }

    /// How a value of a set prints.
    pub(crate) fn member_name(self, fact: &FactKey, value: &str) -> String {
        if self.is_industry(fact) { self.industry_name(value) } else { value.to_owned() }
    }

    /// The field that names a record of the list.
    pub(crate) fn label(self, list: &FactKey) -> Option<String> {
        self.shape(list)?.label.clone()
    }

    /// The key of a field by key, name or alias.
    pub(crate) fn field(self, list: &FactKey, name: &str) -> Option<String> {
        self.shape(list)?.field(name).map(|field| field.key.clone())
    }

    pub(crate) fn field_sort(self, list: &FactKey, key: &str) -> Option<Sort> {
        self.field_shape(list, key).map(|field| sort(&field.kind))
    }

    pub(crate) fn field_name(self, list: &FactKey, key: &str) -> String {
        self.field_shape(list, key).map_or_else(|| key.to_owned(), |field| field.name.clone())
    }

    /// The unit of a field; `None` where the list has no such field.
    pub(crate) fn field_unit(self, list: &FactKey, key: &str) -> Option<&'a str> {
        self.field_shape(list, key).map(|field| field.unit.as_str())
    }

    pub(crate) fn field_names(self, list: &FactKey) -> Vec<&'a str> {
        let fields = self.shape(list).map(|shape| shape.fields.as_slice()).unwrap_or_default();
        fields.iter().map(|field| field.name.as_str()).collect()
    }

    pub(crate) fn field_option(self, list: &FactKey, field: &str, value: &str) -> Resolved {
        self.field_shape(list, field).map_or(Err(None), |field| self.kind_option(&field.kind, value))
    }

    pub(crate) fn field_option_name(self, list: &FactKey, field: &str, value: &str) -> String {
        match self.field_shape(list, field).map(|field| &field.kind) {
            Some(FactKind::Area) => self.area_name(value),
            Some(FactKind::Industry) => self.industry_name(value),
            _ => value.to_owned(),
        }
    }

    /// Whether the codes of a fact rise from low to high.
    pub(crate) fn is_ordered(self, fact: &FactKey) -> bool {
        matches!(self.fact(fact).map(|fact| &fact.kind), Some(FactKind::Code { ordered: true, .. }))
    }

    /// The codes of a fact for which `code operator value` holds: `数字化水平 >= 二级`.
    pub(crate) fn ranked(self, fact: &FactKey, operator: Operator, value: &str) -> Option<Vec<String>> {
        self.kind_ranked(&self.fact(fact)?.kind, operator, value)
    }

    /// The codes of a field for which `code operator value` holds: `级别 >= 省级`.
    pub(crate) fn field_ranked(
        self,
        list: &FactKey,
        field: &str,
        operator: Operator,
        value: &str,
    ) -> Option<Vec<String>> {
        self.kind_ranked(&self.field_shape(list, field)?.kind, operator, value)
    }

    fn kind_ranked(self, kind: &FactKind, operator: Operator, value: &str) -> Option<Vec<String>> {
        let FactKind::Code { options, ordered: true } = kind else { return None };
        let code = self.kind_option(kind, value).ok()?;
        let bound = options.iter().position(|option| option.code == code)?;
        let chosen = options.iter().enumerate().filter(|(index, _)| operator.holds(index.cmp(&bound)));
        let chosen: Vec<String> = chosen.map(|(_, option)| option.code.clone()).collect();
        (!chosen.is_empty()).then_some(chosen)
    }

    /// The lowest of several values that are all those from it upwards: what 不低于 names.
    pub(crate) fn lowest<'v>(self, fact: &FactKey, values: &'v [String]) -> Option<&'v str> {
        upper_part(&self.fact(fact)?.kind, values)
    }

    pub(crate) fn field_lowest<'v>(self, list: &FactKey, field: &str, values: &'v [String]) -> Option<&'v str> {
        upper_part(&self.field_shape(list, field)?.kind, values)
    }

    fn kind_option(self, kind: &FactKind, value: &str) -> Resolved {
        match kind {
            FactKind::Bool => match value {
                YES | NO => Ok(value.to_owned()),
                _ => Err(Some(YES.to_owned())),
            },
            FactKind::Area => self.area(value),
            FactKind::Industry => self.industry(value),
            FactKind::Text => Ok(value.to_owned()),
            FactKind::Code { options, .. } | FactKind::Codes { options } => {
                let meant = |option: &&crate::reference::CodeOption| {
                    option.code == value || option.aliases.iter().any(|alias| alias == value)
                };
                if let Some(option) = options.iter().find(meant) {
                    return Ok(option.code.clone());
                }
                let known = options.iter().flat_map(|option| std::iter::once(&option.code).chain(&option.aliases));
                Err(nearest(value, known.map(String::as_str)).map(str::to_owned))
            }
            FactKind::Integer | FactKind::Amount | FactKind::Ratio | FactKind::Date | FactKind::List(_) => Err(None),
        }
    }

    fn fact(self, key: &FactKey) -> Option<&'a Fact> {
        self.reference.catalogue.fact(key)
    }

    fn shape(self, list: &FactKey) -> Option<&'a ListShape> {
        self.fact(list).and_then(Fact::list)
    }

    fn field_shape(self, list: &FactKey, key: &str) -> Option<&'a Field> {
        self.shape(list)?.fields.iter().find(|field| field.key == key)
    }
}

/// One value alone, or all of them, say the same in plainer words.
fn upper_part<'v>(kind: &FactKind, values: &'v [String]) -> Option<&'v str> {
    let FactKind::Code { options, ordered: true } = kind else { return None };
    let above = options.len().checked_sub(values.len()).filter(|below| *below > 0 && values.len() > 1)?;
    let is_upper = options.iter().skip(above).zip(values).all(|(option, value)| option.code == *value);
    values.first().filter(|_| is_upper).map(String::as_str)
}

pub(crate) fn sort(kind: &FactKind) -> Sort {
    match kind {
        FactKind::Bool => Sort::Flag,
        FactKind::Integer | FactKind::Amount | FactKind::Ratio => Sort::Number,
        FactKind::Date => Sort::Date,
        FactKind::Text => Sort::Text,
        FactKind::Code { .. } | FactKind::Codes { .. } => Sort::Code,
        FactKind::Area => Sort::Area,
        FactKind::Industry => Sort::Industry,
        FactKind::List(_) => Sort::List,
    }
}
