//! What is said of a code, flag, place or text; equal sayings are judged once.

use std::collections::HashMap;

use rules::bulk::{Asked, Leaves, Said, facts_of_size};
use rules::{Context, FactKey};

use super::chosen::Chooser;
use super::whole::Scratch;
use crate::archive::{Kind, Parts, Segment};

/// Reads one fact; every different saying has a number.
pub(crate) struct SaidReader<'a> {
    fact: &'a FactKey,
    segment: &'a Segment,
    context: &'a Context<'a>,
    chooser: Chooser<'a>,
    values: Vec<Said>,
    known: HashMap<Vec<(Kind, u64)>, u32>,
    key: Vec<(Kind, u64)>,
    /// For 企业规模, which is worked out where nobody states it.
    sizes: Option<(Scratch<'a>, HashMap<Said, u32>)>,
}

impl<'a> SaidReader<'a> {
    pub(crate) fn new(fact: &'a FactKey, segment: &'a Segment, context: &'a Context<'a>) -> Self {
        let asked = Asked::said(fact, context);
        let sizes = asked.is_some_and(|asked| asked.is_worked_out()).then(|| {
            let scratch = Scratch::new(segment, facts_of_size().into_iter().chain([fact.clone()]));
            (scratch, HashMap::new())
        });
        let chooser = Chooser::new(segment.facts(fact), asked);
        Self { fact, segment, context, chooser, values: Vec::new(), known: HashMap::new(), key: Vec::new(), sizes }
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
        if let (Some((scratch, known)), true) = (&mut self.sizes, chosen.is_empty()) {
            scratch.go_to(row);
            let said = Leaves::new(scratch.filled(), self.context).said(self.fact);
            return *known.entry(said).or_insert_with_key(|said| keep(&mut self.values, said.clone()));
        }
        self.key.clear();
        self.key.extend(chosen.iter().map(|candidate| candidate.entry));
        if let Some(known) = self.known.get(&self.key) {
            return *known;
        }
        let pool = self.segment.facts(self.fact).map(|facts| &facts.pool);
        let states = self.key.iter().filter_map(|(kind, number)| pool?.state(*kind, *number));
        let number = keep(&mut self.values, Said::stated(states.collect()));
        self.known.insert(self.key.clone(), number);
        number
    }
}

fn keep(values: &mut Vec<Said>, said: Said) -> u32 {
    values.push(said);
    u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
}
