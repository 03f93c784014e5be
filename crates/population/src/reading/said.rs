//! What is said of a code, flag, place or text; equal sayings are judged once.

use std::collections::HashMap;

use rules::bulk::{Asked, Said, SizeRule};
use rules::{Context, FactKey, FactState, Value};

use super::chosen::Chooser;
use crate::archive::{Kind, Parts, Pool, Segment, unzigzag};

/// Reads one fact; every different saying has a number.
pub(crate) struct SaidReader<'a> {
    pool: Option<&'a Pool>,
    chooser: Chooser<'a>,
    values: Vec<Said>,
    known: HashMap<Vec<(Kind, u64)>, u32>,
    key: Vec<(Kind, u64)>,
    /// For 企业规模, which is worked out where nobody states it.
    sizes: Option<(Sizes<'a>, HashMap<Said, u32>)>,
}

impl<'a> SaidReader<'a> {
    pub(crate) fn new(fact: &'a FactKey, segment: &'a Segment, context: &'a Context<'a>) -> Self {
        let sizes = SizeRule::of(fact, context).map(|rule| (Sizes::new(rule, segment), HashMap::new()));
        let pool = segment.facts(fact).map(|facts| &facts.pool);
        let chooser = Chooser::new(segment.facts(fact), Asked::said(fact, context));
        Self { pool, chooser, values: Vec::new(), known: HashMap::new(), key: Vec::new(), sizes }
    }

    /// The sayings by their numbers, as far as they were met.
    pub(crate) fn values(&self) -> &[Said] {
        &self.values
    }

    pub(crate) fn parts(&self, row: usize) -> Parts<'a> {
        self.chooser.parts(row)
    }

    /// The number of what a row says; its part is that of [`SaidReader::parts`].
    pub(crate) fn said(&mut self, row: usize, part: &[u8]) -> u32 {
        let chosen = self.chooser.choose(part);
        if let (Some((sizes, known)), true) = (&mut self.sizes, chosen.is_empty()) {
            let said = sizes.said(row);
            return *known.entry(said).or_insert_with_key(|said| keep(&mut self.values, said.clone()));
        }
        self.key.clear();
        self.key.extend(chosen.iter().map(|candidate| candidate.entry));
        if let Some(known) = self.known.get(&self.key) {
            return *known;
        }
        let states = self.key.iter().filter_map(|(kind, number)| self.pool?.state(*kind, *number));
        let number = keep(&mut self.values, Said::stated(states.collect()));
        self.known.insert(self.key.clone(), number);
        number
    }
}

fn keep(values: &mut Vec<Said>, said: Said) -> u32 {
    values.push(said);
    u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
}

/// Works 企业规模 out.
struct Sizes<'a> {
    rule: SizeRule<'a>,
    pool: Option<&'a Pool>,
    industry: Rows<'a>,
    figures: [Rows<'a>; 3],
}

/// The entries of one fact that count, row after row.
struct Rows<'a> {
    chooser: Chooser<'a>,
    parts: Parts<'a>,
    next: usize,
}

impl<'a> Sizes<'a> {
    fn new(rule: SizeRule<'a>, segment: &'a Segment) -> Self {
        let rows = |(fact, asked): &(FactKey, Option<Asked<'a>>)| Rows {
            chooser: Chooser::new(segment.facts(fact), *asked),
            parts: Parts::none(),
            next: usize::MAX,
        };
        let pool = segment.facts(&rule.industry.0).map(|facts| &facts.pool);
        let (industry, figures) = (rows(&rule.industry), rule.figures.each_ref().map(rows));
        Self { rule, pool, industry, figures }
    }

    fn said(&mut self, row: usize) -> Said {
        let ends = self.figures.each_mut().map(|figure| {
            let numbers = figure.chosen(row).filter(|(kind, _)| *kind == Kind::Number);
            let ends = numbers.map(|(_, number)| (unzigzag(number), unzigzag(number)));
            ends.reduce(|(low, high), (a, b)| (low.min(a), high.max(b)))
        });
        let pool = self.pool;
        let codes = self.industry.chosen(row).filter_map(|(kind, number)| match pool?.state(kind, number)? {
            FactState::Known(Value::Industry(code)) => Some(code),
            _ => None,
        });
        let codes: std::collections::BTreeSet<String> = codes.collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        self.rule.said(&codes, ends)
    }
}

impl Rows<'_> {
    /// Kind and number of each; rows are mostly asked in their order.
    fn chosen(&mut self, row: usize) -> impl Iterator<Item = (Kind, u64)> {
        if self.next != row {
            self.parts = self.chooser.parts(row);
        }
        self.next = row + 1;
        self.chooser.choose(self.parts.part()).iter().map(|candidate| candidate.entry)
    }
}
