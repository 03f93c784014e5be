//! The answers of one segment of the population.

use std::collections::HashMap;
use std::ops::Range as Rows;

use rules::bulk::Amount;
use rules::number::Rational;
use rules::program::TermId;
use rules::{Context, Verdict};

use super::classes::Classes;
use super::codes::Codes;
use super::rank::{Bounds, OUT, Ranks, rank};
use crate::archive::Segment;
use crate::column::Numbers;
use crate::lanes::{Lane, Lanes, Scaled};
use crate::plan::{Plan, Question, Subject};
use crate::plane::WORD;
use crate::reading::{Reading, SaidReader};
use crate::terms::{Sources, Terms};

/// Rows evaluated at once: their values stay in the cache.
const SPAN: usize = 512;

/// Verdicts bit by bit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    pub(crate) certain: Vec<u64>,
    pub(crate) open: Vec<u64>,
}

/// One segment seen through the questions of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    /// By ruler.
    pub(crate) ranks: Vec<Ranks>,
    /// By register.
    pub(crate) classes: Vec<Classes>,
    /// By atom.
    pub(crate) bits: HashMap<usize, Bits>,
    /// In whole blocks.
    pub(crate) live: Vec<u64>,
}

impl Chunk {
    fn empty(plan: &Plan) -> Self {
        let compared = plan.questions.iter().enumerate();
        let compared = compared.filter(|(_, question)| matches!(question, Question::Compared { .. }));
        Self {
            ranks: plan.rulers.iter().map(Ranks::new).collect(),
            classes: plan.registers.iter().map(Classes::new).collect(),
            bits: compared.map(|(atom, _)| (atom, Bits::default())).collect(),
            live: Vec::new(),
        }
    }

    /// Evaluates every question over the first rows of a segment; rows after them, and those without an enterprise,
    /// answer none.
    pub(super) fn derive(plan: &Plan, segment: &Segment, context: &Context<'_>, rows: usize, live: &[u64]) -> Self {
        let mut chunk = Self::rows(plan, segment, context, 0..rows);
        chunk.pad(live.len() * WORD - rows);
        chunk.live = live.to_vec();
        chunk.clear_dead();
        chunk.classes.iter_mut().for_each(Classes::settle);
        chunk
    }

    /// Consecutive rows of a segment, without more.
    fn rows(plan: &Plan, segment: &Segment, context: &Context<'_>, rows: Rows<usize>) -> Self {
        let mut chunk = Self::empty(plan);
        let mut bounds: Vec<Bounds> = plan.rulers.iter().map(|_| Bounds::default()).collect();
        let mut reading = Reading::new(&plan.leaves, segment, context);
        let mut said: Vec<Saying<'_>> =
            plan.registers.iter().map(|register| Saying::new(&register.fact, segment, context)).collect();
        for first in rows.clone().step_by(SPAN) {
            let span = first..(first + SPAN).min(rows.end);
            for ((register, said), classes) in plan.registers.iter().zip(&mut said).zip(&mut chunk.classes) {
                said.append(span.clone(), classes, |classes, said| classes.class(register, said, context.reference));
            }
            let columns = reading.columns(span.clone());
            let (first, rows) = (first - rows.start, span.len());
            let sources = Sources { plan, context, columns: &columns, classes: &chunk.classes, first, rows };
            let terms = sources.terms();
            for ((ruler, ranks), bounds) in plan.rulers.iter().zip(&mut chunk.ranks).zip(&mut bounds) {
                rank(ruler, &lanes(ruler.subject, &terms, &sources), rows, bounds, ranks);
            }
            for (atom, bits) in &mut chunk.bits {
                bits.append(rows, |row| compared(plan, *atom, &terms, row));
            }
        }
        chunk
    }

    /// Takes over what a row says now; a row after the last comes with a whole block of empty ones.
    pub(super) fn refresh(&mut self, plan: &Plan, segment: &Segment, context: &Context<'_>, row: usize, live: &[u64]) {
        self.pad(live.len().saturating_sub(self.live.len()) * WORD);
        self.live = live.to_vec();
        let fresh = Self::rows(plan, segment, context, row..row + 1);
        let is_live = live[row / WORD] >> (row % WORD) & 1 == 1;
        for (all, fresh) in self.ranks.iter_mut().zip(&fresh.ranks) {
            let (low, high) = if is_live { fresh.get(0) } else { (OUT, OUT) };
            all.set(row, low, high);
        }
        for (atom, all) in &mut self.bits {
            let fresh = fresh.bits.get(atom).filter(|_| is_live);
            let (certain, open) = fresh.map_or((0, 0), |bits| (bits.certain[0], bits.open[0]));
            let at = |word: u64, bit: u64| word & !(1 << (row % WORD)) | bit << (row % WORD);
            all.certain[row / WORD] = at(all.certain[row / WORD], certain);
            all.open[row / WORD] = at(all.open[row / WORD], open);
        }
        for (all, fresh) in self.classes.iter_mut().zip(&fresh.classes) {
            if is_live {
                all.take(row, fresh);
            } else {
                all.set(row, 0);
            }
            all.settle_row(row);
        }
    }

    fn pad(&mut self, rows: usize) {
        for ranks in &mut self.ranks {
            (0..rows).for_each(|_| ranks.push(OUT, OUT));
        }
        for classes in &mut self.classes {
            (0..rows).for_each(|_| classes.push(0));
        }
        for bits in self.bits.values_mut() {
            bits.certain.resize(bits.certain.len() + rows / WORD, 0);
            bits.open.resize(bits.open.len() + rows / WORD, 0);
        }
    }

    fn clear_dead(&mut self) {
        for (index, word) in self.live.iter().enumerate().filter(|(_, word)| **word != u64::MAX) {
            for bits in self.bits.values_mut() {
                bits.certain[index] &= word;
                bits.open[index] &= word;
            }
            for row in (0..WORD).filter(|row| word >> row & 1 == 0).map(|row| index * WORD + row) {
                self.ranks.iter_mut().for_each(|ranks| ranks.set(row, OUT, OUT));
                self.classes.iter_mut().for_each(|classes| classes.set(row, 0));
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let ranks = self.ranks.iter().map(Ranks::bytes);
        let classes = self.classes.iter().map(Classes::bytes);
        let bits = self.bits.values().map(|bits| 8 * (bits.certain.capacity() + bits.open.capacity()));
        ranks.chain(classes).chain(bits).sum::<usize>() + 8 * self.live.capacity()
    }
}

/// Reads sayings as classes.
struct Saying<'a> {
    reader: SaidReader<'a>,
    /// By the number of a saying.
    class_of: Vec<u32>,
}

impl<'a> Saying<'a> {
    fn new(fact: &'a rules::FactKey, segment: &'a Segment, context: &'a Context<'a>) -> Self {
        Self { reader: SaidReader::new(fact, segment, context), class_of: Vec::new() }
    }

    fn append(
        &mut self,
        rows: Rows<usize>,
        classes: &mut Classes,
        mut judge: impl FnMut(&mut Classes, &rules::bulk::Said) -> u32,
    ) {
        let mut parts = self.reader.parts(rows.start);
        for row in rows {
            let said = self.reader.said(row, parts.part()) as usize;
            for new in &self.reader.values()[self.class_of.len()..] {
                self.class_of.push(judge(classes, new));
            }
            classes.push(self.class_of[said]);
        }
    }
}

impl Bits {
    /// The verdicts of the next rows, which begin with a word.
    fn append(&mut self, rows: usize, verdict: impl Fn(usize) -> Verdict) {
        for first in (0..rows).step_by(WORD) {
            let (mut certain, mut open) = (0, 0);
            for row in first..(first + WORD).min(rows) {
                match verdict(row) {
                    Verdict::Met => certain |= 1 << (row - first),
                    Verdict::Unknown => open |= 1 << (row - first),
                    Verdict::NotMet => {}
                }
            }
            self.certain.push(certain);
            self.open.push(open);
        }
    }
}

fn lanes(subject: Subject, terms: &Terms, sources: &Sources<'_>) -> Lanes {
    let unknown = Lanes::Constant(Amount::Unknown);
    match subject {
        Subject::Term(term) => terms.get(term).cloned().unwrap_or(unknown),
        Subject::Records(records) => sources.counts(records).map_or(unknown, counted),
    }
}

fn counted(numbers: &Numbers) -> Lanes {
    Lanes::Scaled(Scaled {
        lanes: vec![Lane::Known; numbers.low.len()],
        low: numbers.low.clone(),
        high: numbers.highs(),
        unit: Rational::whole(1),
        open_ended: true,
    })
}

/// The verdict of a comparison for one row.
fn compared(plan: &Plan, atom: usize, terms: &Terms, row: usize) -> Verdict {
    let amount = |term: TermId| terms.get(term).map_or(Amount::Unknown, |lanes| lanes.amount(row));
    let Question::Compared { left, operator, right } = &plan.questions[atom] else { return Verdict::Unknown };
    crate::choice::compared(&amount(*left), *operator, &amount(*right))
}

/// Bytes of the ranks of a row, classes and bits left out.
pub(super) fn bytes_a_row(plan: &Plan) -> usize {
    plan.rulers.iter().map(|ruler| Codes::width(super::rank::most(ruler))).sum::<usize>() + plan.registers.len()
}
