//! Everything that may stand somewhere in a condition, in groups whose members may stand at the same places.

mod words;

use std::collections::BTreeMap;

use super::super::lex::tokens;
use super::super::names::{NO, Sort, YES, sort};
use super::super::print::quoted_if_needed;
use super::super::token::{Placed, Token};
use super::CompletionKind;
use crate::reference::{CodeOption, Fact, FactKind, PeriodKind, Reference};
use crate::tree::place::VERBS;
use crate::tree::{Dimension, Unit};

/// One thing to write.
pub(super) struct Candidate {
    pub(super) insert: String,
    pub(super) kind: CompletionKind,
    pub(super) help: Option<String>,
    /// Compared with something, it shows whether it fits.
    pub(super) number: bool,
    /// Its name, then other words for it.
    names: Vec<String>,
}

/// Candidates tried or left out together.
pub(super) struct Group {
    pub(super) candidates: Vec<Candidate>,
    pub(super) site: Site,
    /// Where the first may stand, all may, and nowhere else.
    pub(super) alike: bool,
    /// Has values for several years, so that it may follow a period in the same word.
    pub(super) dated: bool,
}

/// Where a group is worth trying: the parser takes some words that lead nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Site {
    Anywhere,
    /// Not behind `/` or `>=`, where a number must follow.
    NoOperand,
    /// In the brackets of a list, or behind 的.
    Field,
    /// Where a requirement begins.
    Beginning,
    /// Behind something, or behind a period in the same word.
    Following,
    /// There, or as the last row of a score.
    Ending,
}

impl Candidate {
    fn new(insert: impl Into<String>, kind: CompletionKind) -> Self {
        let insert = insert.into();
        Self { names: vec![insert.clone()], insert, kind, help: None, number: false }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into()).filter(|help| !help.is_empty());
        self
    }

    fn also(mut self, names: &[String]) -> Self {
        self.names.extend(names.iter().cloned());
        self
    }

    /// What to show if what has been typed begins one of its names (`true`) or lies within one.
    pub(super) fn matched(&self, typed: &str) -> Option<(String, bool)> {
        let name = self.names.iter().find(|name| name.starts_with(typed));
        let found = name.or_else(|| self.names.iter().find(|name| name.contains(typed)))?;
        let shown = &self.names[0];
        let label = if found == shown { shown.clone() } else { format!("{shown}({found})") };
        Some((label, name.is_some()))
    }
}

/// All groups, in the order to show them in. `typed` is what there is of the word, `before` the text before it.
pub(super) fn groups(reference: &Reference, before: &str, typed: &str) -> Vec<Group> {
    let mut groups = facts(reference);
    groups.push(alike(Site::Anywhere, scores(before)));
    groups.push(alike(Site::Anywhere, lists(reference)));
    groups.extend(fields(reference));
    groups.extend(codes(reference));
    groups.push(alike(Site::NoOperand, areas(reference)));
    groups.push(alike(Site::NoOperand, industries(reference)));
    groups.push(alike(Site::Following, sources(reference)));
    if typed.starts_with('在') {
        groups.push(alike(Site::Beginning, residences(reference)));
    }
    groups.push(Group { alike: false, ..alike(Site::Anywhere, units()) });
    groups.extend(words::groups());
    groups.push(alike(Site::Anywhere, parameters(reference)));
    groups
}

fn alike(site: Site, candidates: Vec<Candidate>) -> Group {
    Group { candidates, site, alike: true, dated: true }
}

/// By sort; yearly figures by themselves, as they stand in 每年 ( … ), and of the last year.
fn facts(reference: &Reference) -> Vec<Group> {
    let mut groups: BTreeMap<(Sort, bool, &str), Vec<Candidate>> = BTreeMap::new();
    for fact in reference.catalogue.iter().filter(|fact| fact.list().is_none()) {
        let (sort, dated) = (sort(&fact.kind), fact.period == PeriodKind::Year);
        for period in ["", "上年度"].into_iter().take(1 + usize::from(dated)) {
            groups.entry((sort, dated, period)).or_default().push(named(fact, CompletionKind::Fact, period));
        }
    }
    let group = |((sort, dated, _), candidates)| {
        let site = if matches!(sort, Sort::Number | Sort::Date) { Site::Anywhere } else { Site::NoOperand };
        Group { dated, ..alike(site, candidates) }
    };
    groups.into_iter().map(group).collect()
}

fn named(fact: &Fact, kind: CompletionKind, period: &str) -> Candidate {
    let insert = format!("{period}{}", quoted_if_needed(&fact.name));
    let mut names: Vec<String> = fact.aliases.clone();
    if !period.is_empty() {
        names.push(fact.name.clone());
    }
    Candidate { number: fact.kind.is_number(), ..Candidate::new(insert, kind).also(&names).help(&fact.question) }
}

/// The scores the text has defined so far.
fn scores(before: &str) -> Vec<Candidate> {
    let tokens = tokens(before).unwrap_or_default();
    let defined = tokens.windows(2).filter_map(|pair| match pair {
        [Placed { token: Token::Word(word), .. }, Placed { token: Token::Word(name), .. }] if word == "设" => {
            Some(name)
        }
        _ => None,
    });
    defined.map(|name| Candidate::new(name, CompletionKind::Score)).collect()
}

fn lists(reference: &Reference) -> Vec<Candidate> {
    let whole = reference.catalogue.iter().filter(|fact| fact.list().is_some());
    let mut lists: Vec<Candidate> = whole.map(|fact| named(fact, CompletionKind::List, "")).collect();
    for (fact, selection) in reference.catalogue.iter().flat_map(|fact| {
        fact.list().into_iter().flat_map(move |shape| shape.selections.iter().map(move |one| (fact, one)))
    }) {
        let candidate = Candidate::new(quoted_if_needed(&selection.name), CompletionKind::List);
        lists.push(candidate.also(&selection.aliases).help(&fact.question));
    }
    lists
}

/// By list and sort.
fn fields(reference: &Reference) -> Vec<Group> {
    let mut groups = Vec::new();
    for shape in reference.catalogue.iter().filter_map(Fact::list) {
        let mut by_sort: BTreeMap<Sort, Vec<Candidate>> = BTreeMap::new();
        for field in &shape.fields {
            let candidate = Candidate::new(quoted_if_needed(&field.name), CompletionKind::Field).also(&field.aliases);
            by_sort.entry(sort(&field.kind)).or_default().push(candidate);
        }
        groups.extend(by_sort.into_values().map(|candidates| alike(Site::Field, candidates)));
    }
    groups
}

/// By the list of codes they are of.
fn codes(reference: &Reference) -> Vec<Group> {
    let facts = reference.catalogue.iter();
    let kinds = facts.flat_map(|fact| {
        let fields = fact.list().into_iter().flat_map(|shape| &shape.fields).map(|field| &field.kind);
        std::iter::once(&fact.kind).chain(fields)
    });
    let coded = kinds.map(FactKind::options).filter(|options| !options.is_empty());
    let mut groups: Vec<Group> =
        coded.map(|options| alike(Site::NoOperand, options.iter().map(code).collect())).collect();
    groups.push(alike(Site::NoOperand, [YES, NO].map(|word| Candidate::new(word, CompletionKind::Code)).into()));
    groups
}

fn code(option: &CodeOption) -> Candidate {
    Candidate::new(quoted_if_needed(&option.code), CompletionKind::Code).also(&option.aliases)
}

fn areas(reference: &Reference) -> Vec<Candidate> {
    let areas = reference.areas.iter();
    areas
        .map(|area| {
            let candidate = Candidate::new(quoted_if_needed(&area.name), CompletionKind::Area);
            candidate.also(&area.aliases).also(std::slice::from_ref(&area.code)).help(&area.code)
        })
        .collect()
}

/// `在武汉市注册`
fn residences(reference: &Reference) -> Vec<Candidate> {
    let areas = reference.areas.iter();
    areas
        .flat_map(|area| VERBS.map(|(_, verb)| Candidate::new(format!("在{}{verb}", area.name), CompletionKind::Area)))
        .collect()
}

fn industries(reference: &Reference) -> Vec<Candidate> {
    let industries = reference.industries.iter();
    industries
        .map(|industry| {
            let candidate = Candidate::new(quoted_if_needed(&industry.name), CompletionKind::Industry);
            candidate.also(&industry.aliases).also(std::slice::from_ref(&industry.code)).help(&industry.code)
        })
        .collect()
}

fn sources(reference: &Reference) -> Vec<Candidate> {
    let origins = reference.catalogue.origins().iter();
    origins.map(|origin| Candidate::new(&origin.name, CompletionKind::Source)).collect()
}

fn units() -> Vec<Candidate> {
    Unit::all()
        .iter()
        .map(|unit| {
            let base = unit.dimension.base_name();
            let in_base = match (unit.dimension, unit.denominator) {
                (Dimension::Plain, 1) => String::new(),
                (_, 1) if unit.name == base => String::new(),
                (_, 1) => format!("1{} = {}{base}", unit.name, unit.numerator),
                (_, parts) => format!("1{} = {}/{parts}", unit.name, unit.numerator),
            };
            Candidate::new(unit.name, CompletionKind::Unit).help(in_base)
        })
        .collect()
}

fn parameters(reference: &Reference) -> Vec<Candidate> {
    let names = reference.parameters.iter().map(|parameter| &parameter.name);
    names.map(|name| Candidate::new(format!("参数「{name}」"), CompletionKind::Keyword)).collect()
}
