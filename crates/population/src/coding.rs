//! Every answer a plan's circuit starts from, for every row: subjects as ranks among the cuts in use, codes as classes
//! of what the memberships in use tell apart, and bits where two varying sides were compared.
//!
//! A rank is exact: two values share one only if no cut lies between them. [`UNKNOWN`] and [`OUT`] have ranks of their
//! own below all values.

mod classes;

use std::collections::HashMap;
use std::ops::Range as Rows;

use rules::bulk::{Amount, End};
use rules::number::Rational;
use rules::program::TermId;
use rules::{Context, Verdict};

pub(crate) use self::classes::Classes;
use self::classes::classes;
use crate::column::{Column, UNBOUNDED};
use crate::lanes::{Lane, Lanes, Scaled};
use crate::leaf::Leaf;
use crate::plan::{Cut, Plan, Question, Ruler, Subject};
use crate::plane::WORD;
use crate::population::{BLOCK, Population};
use crate::terms::{Sources, Terms};

/// The rank of a row without a known value.
pub(crate) const UNKNOWN: u32 = 0;
/// The rank of a row the question does not apply to, and of rows without an enterprise.
pub(crate) const OUT: u32 = 1;
/// The rank of values beyond no cut.
pub(crate) const LOWEST: u32 = 2;

/// Ranks or classes, in the fewest bytes that hold them.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
    Longs(Vec<u32>),
}

/// One subject of every row.
#[derive(Clone, Debug)]
pub(crate) struct Ranks {
    pub(crate) low: Codes,
    /// Only where the ends of some row differ.
    pub(crate) high: Option<Codes>,
}

/// Verdicts bit by bit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    pub(crate) certain: Vec<u64>,
    pub(crate) open: Vec<u64>,
}

/// A population seen through the questions of a plan.
#[derive(Clone, Debug)]
pub struct Coding {
    pub(crate) ranks: Vec<Ranks>,
    pub(crate) classes: Vec<Classes>,
    /// By atom.
    pub(crate) bits: HashMap<usize, Bits>,
    pub(crate) live: Vec<u64>,
    rows: usize,
}

/// Rows evaluated at once: their values stay in the cache.
const SPAN: usize = 512;

struct Part {
    ranks: Vec<Ranks>,
    bits: Vec<(usize, Bits)>,
}

impl Coding {
    /// Evaluates every question over every row, on `threads` threads.
    pub fn derive(plan: &Plan, population: &Population, context: &Context<'_>, threads: usize) -> Self {
        let sources = Sources { program: &plan.program, population, context };
        let padded = population.live().len() * WORD;
        let share = padded.div_ceil(threads.max(1)).next_multiple_of(BLOCK).max(1);
        let parts: Vec<Part> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..padded)
                .step_by(share)
                .map(|first| scope.spawn(move || part(plan, sources, first..(first + share).min(padded))))
                .collect();
            // A worker's panic is this thread's panic: half a coding would be a wrong answer.
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let mut whole = Part::empty(plan);
        for part in parts {
            whole.append(part);
        }
        let classes = plan.registers.iter().map(|register| classes(register, population, context)).collect();
        let bits = whole.bits.into_iter().collect();
        Self { ranks: whole.ranks, classes, bits, live: population.live().to_vec(), rows: population.rows() }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Memory of all codes and bits.
    pub fn bytes(&self) -> usize {
        let ranks = self.ranks.iter().map(|ranks| ranks.low.bytes() + ranks.high.as_ref().map_or(0, Codes::bytes));
        let classes = self.classes.iter().map(|classes| classes.codes.bytes());
        let bits = self.bits.values().map(|bits| 16 * bits.certain.len());
        ranks.chain(classes).chain(bits).sum()
    }
}

impl Codes {
    /// For codes up to `most`.
    fn up_to(most: usize) -> Self {
        match most {
            0..=0xff => Self::Bytes(Vec::new()),
            0x100..=0xffff => Self::Words(Vec::new()),
            _ => Self::Longs(Vec::new()),
        }
    }

    fn push(&mut self, code: u32) {
        match self {
            Self::Bytes(codes) => codes.push(u8::try_from(code).unwrap_or(u8::MAX)),
            Self::Words(codes) => codes.push(u16::try_from(code).unwrap_or(u16::MAX)),
            Self::Longs(codes) => codes.push(code),
        }
    }

    /// `false` where the code does not fit.
    fn set(&mut self, row: usize, code: u32) -> bool {
        match self {
            Self::Bytes(codes) => u8::try_from(code).map(|code| codes[row] = code).is_ok(),
            Self::Words(codes) => u16::try_from(code).map(|code| codes[row] = code).is_ok(),
            Self::Longs(codes) => {
                codes[row] = code;
                true
            }
        }
    }

    fn splice(&mut self, first: usize, part: &Self) {
        match (self, part) {
            (Self::Bytes(all), Self::Bytes(part)) => all[first..first + part.len()].copy_from_slice(part),
            (Self::Words(all), Self::Words(part)) => all[first..first + part.len()].copy_from_slice(part),
            (Self::Longs(all), Self::Longs(part)) => all[first..first + part.len()].copy_from_slice(part),
            // Both were made for the same ruler.
            _ => {}
        }
    }

    /// Sets a row to [`OUT`].
    fn clear(&mut self, row: usize) {
        match self {
            Self::Bytes(codes) => codes[row] = 1,
            Self::Words(codes) => codes[row] = 1,
            Self::Longs(codes) => codes[row] = OUT,
        }
    }

    fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Bytes(all), Self::Bytes(more)) => all.extend(more),
            (Self::Words(all), Self::Words(more)) => all.extend(more),
            (Self::Longs(all), Self::Longs(more)) => all.extend(more),
            // Both were made for the same ruler.
            _ => {}
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Bytes(codes) => codes.len(),
            Self::Words(codes) => 2 * codes.len(),
            Self::Longs(codes) => 4 * codes.len(),
        }
    }
}

impl Ranks {
    fn push(&mut self, low: u32, high: u32) {
        if low != high && self.high.is_none() {
            self.high = Some(self.low.clone());
        }
        self.low.push(low);
        if let Some(ends) = &mut self.high {
            ends.push(high);
        }
    }

    fn splice(&mut self, first: usize, part: &Self) {
        if self.high.is_none() && part.high.is_some() {
            self.high = Some(self.low.clone());
        }
        self.low.splice(first, &part.low);
        if let Some(high) = &mut self.high {
            high.splice(first, part.high.as_ref().unwrap_or(&part.low));
        }
    }

    fn append(&mut self, other: Self) {
        if self.high.is_none() && other.high.is_some() {
            self.high = Some(self.low.clone());
        }
        if let Some(high) = &mut self.high {
            high.append(other.high.unwrap_or_else(|| other.low.clone()));
        }
        self.low.append(other.low);
    }
}

impl Part {
    fn empty(plan: &Plan) -> Self {
        let most = |ruler: &Ruler| ruler.cuts.len() + LOWEST as usize;
        let ranks = plan.rulers.iter().map(|ruler| Ranks { low: Codes::up_to(most(ruler)), high: None });
        let compared = plan.questions.iter().enumerate();
        let compared = compared.filter(|(_, question)| matches!(question, Question::Compared { .. }));
        Self { ranks: ranks.collect(), bits: compared.map(|(atom, _)| (atom, Bits::default())).collect() }
    }

    fn append(&mut self, other: Self) {
        for (all, more) in self.ranks.iter_mut().zip(other.ranks) {
            all.append(more);
        }
        for ((_, all), (_, more)) in self.bits.iter_mut().zip(other.bits) {
            all.certain.extend(more.certain);
            all.open.extend(more.open);
        }
    }
}

fn part(plan: &Plan, sources: Sources<'_>, rows: Rows<usize>) -> Part {
    let mut part = Part::empty(plan);
    let mut bounds: Vec<Bounds> = plan.rulers.iter().map(|_| Bounds::default()).collect();
    let loaded = sources.population.rows();
    for first in rows.clone().step_by(SPAN) {
        let end = (first + SPAN).min(rows.end);
        let real = first.min(loaded)..end.min(loaded);
        let terms = sources.terms(&plan.wanted, real.clone());
        for ((ruler, ranks), bounds) in plan.rulers.iter().zip(&mut part.ranks).zip(&mut bounds) {
            rank(ruler, &lanes(ruler.subject, &terms, &sources, real.clone()), real.len(), bounds, ranks);
            for _ in real.len()..end - first {
                ranks.push(OUT, OUT);
            }
        }
        for (atom, bits) in &mut part.bits {
            append(bits, real.len(), end - first, |row| compared(plan, *atom, &terms, row));
        }
    }
    clear_dead(&mut part, sources.population.live(), rows);
    part
}

/// Rows without an enterprise answer no question.
fn clear_dead(part: &mut Part, live: &[u64], rows: Rows<usize>) {
    let words = &live[rows.start / WORD..rows.end / WORD];
    for (index, word) in words.iter().enumerate().filter(|(_, word)| **word != u64::MAX) {
        for (_, bits) in &mut part.bits {
            bits.certain[index] &= word;
            bits.open[index] &= word;
        }
        for row in (0..WORD).filter(|row| word >> row & 1 == 0) {
            for ranks in &mut part.ranks {
                ranks.low.clear(index * WORD + row);
                if let Some(high) = &mut ranks.high {
                    high.clear(index * WORD + row);
                }
            }
        }
    }
}

fn append(bits: &mut Bits, rows: usize, padded: usize, verdict: impl Fn(usize) -> Verdict) {
    for first in (0..padded).step_by(WORD) {
        let (mut certain, mut open) = (0, 0);
        for row in first..(first + WORD).min(rows) {
            match verdict(row) {
                Verdict::Met => certain |= 1 << (row - first),
                Verdict::Unknown => open |= 1 << (row - first),
                Verdict::NotMet => {}
            }
        }
        bits.certain.push(certain);
        bits.open.push(open);
    }
}

fn lanes(subject: Subject, terms: &Terms, sources: &Sources<'_>, rows: Rows<usize>) -> Lanes {
    let unknown = Lanes::Constant(Amount::Unknown);
    match subject {
        Subject::Term(term) => terms.get(term).cloned().unwrap_or(unknown),
        Subject::Records(records) => {
            let column = sources.program.record_set(records);
            match column.and_then(|records| sources.population.column(&Leaf::Records(records.clone()))) {
                Some(Column::Numbers(numbers)) => {
                    let low = numbers.low[rows.clone()].to_vec();
                    let high = numbers.high.as_ref().map_or_else(|| low.clone(), |high| high[rows.clone()].to_vec());
                    Lanes::Scaled(Scaled {
                        lanes: vec![Lane::Known; rows.len()],
                        low,
                        high,
                        unit: Rational::whole(1),
                        open_ended: true,
                    })
                }
                _ => unknown,
            }
        }
    }
}

/// For one unit, the smallest stored integer beyond each cut; a cut nothing is beyond is left out.
#[derive(Default)]
struct Bounds(Option<(Rational, Vec<i64>)>);

impl Bounds {
    fn of(&mut self, cuts: &[Cut], unit: &Rational) -> &[i64] {
        if self.0.as_ref().is_none_or(|(known, _)| known != unit) {
            self.0 = Some((unit.clone(), cuts.iter().map_while(|cut| smallest_beyond(cut, unit)).collect()));
        }
        self.0.as_ref().map_or(&[], |(_, bounds)| bounds)
    }
}

fn is_beyond(value: &Rational, cut: &Cut) -> bool {
    if cut.above { *value > cut.at } else { *value >= cut.at }
}

fn smallest_beyond(cut: &Cut, unit: &Rational) -> Option<i64> {
    let beyond = |raw: i64| is_beyond(&Rational::whole(raw).multiply(unit), cut);
    let (mut below, mut found) = (i128::from(i64::MIN) - 1, i128::from(i64::MAX));
    if !beyond(i64::MAX) {
        return None;
    }
    while found - below > 1 {
        let middle = below.midpoint(found);
        if i64::try_from(middle).is_ok_and(beyond) { found = middle } else { below = middle }
    }
    i64::try_from(found).ok()
}

fn rank(ruler: &Ruler, lanes: &Lanes, rows: usize, bounds: &mut Bounds, ranks: &mut Ranks) {
    let after = |passed: usize| LOWEST + u32::try_from(passed).unwrap_or(u32::MAX - LOWEST);
    if let Lanes::Scaled(scaled) = lanes
        && (rows >= WORD || bounds.0.is_some())
    {
        let bounds = bounds.of(&ruler.cuts, &scaled.unit);
        let top = scaled.open_ended.then(|| after(ruler.cuts.len()));
        let place = |raw: i64| after(bounds.partition_point(|bound| *bound <= raw));
        for row in 0..rows {
            let (low, high) = match scaled.lanes[row] {
                Lane::Unknown => (UNKNOWN, UNKNOWN),
                Lane::NotApplicable => (OUT, OUT),
                Lane::Known => {
                    let first = place(scaled.low[row]);
                    (
                        first,
                        match scaled.high[row] {
                            same if same == scaled.low[row] => first,
                            UNBOUNDED => top.unwrap_or_else(|| place(UNBOUNDED)),
                            high => place(high),
                        },
                    )
                }
            };
            ranks.push(low, high);
        }
        return;
    }
    let place = |value: &Rational| after(ruler.cuts.partition_point(|cut| is_beyond(value, cut)));
    for row in 0..rows {
        match lanes.amount(row) {
            Amount::Unknown => ranks.push(UNKNOWN, UNKNOWN),
            Amount::NotApplicable => ranks.push(OUT, OUT),
            Amount::Known(range) => {
                let end = |end: &End| match end {
                    End::Below => LOWEST,
                    End::At(value) => place(value),
                    End::Above => after(ruler.cuts.len()),
                };
                ranks.push(end(&range.low), end(&range.high));
            }
        }
    }
}

/// The verdict of a comparison for one row.
fn compared(plan: &Plan, atom: usize, terms: &Terms, row: usize) -> Verdict {
    let amount = |term: TermId| terms.get(term).map_or(Amount::Unknown, |lanes| lanes.amount(row));
    let Question::Compared { left, operator, right } = &plan.questions[atom] else { return Verdict::Unknown };
    crate::choice::compared(&amount(*left), *operator, &amount(*right))
}

impl Coding {
    /// Brings the row of an enterprise that was added, changed or removed up to date; all others stay as they are.
    pub fn refresh(&mut self, plan: &Plan, population: &Population, context: &Context<'_>, row: usize) {
        let Some(word) = population.live().get(row / WORD) else { return };
        self.grow(population);
        self.live[row / WORD] = *word;
        let first = row / WORD * WORD;
        let sources = Sources { program: &plan.program, population, context };
        let fresh = part(plan, sources, first..first + WORD);
        for (all, fresh) in self.ranks.iter_mut().zip(&fresh.ranks) {
            all.splice(first, fresh);
        }
        for (atom, fresh) in fresh.bits {
            if let Some(bits) = self.bits.get_mut(&atom) {
                (bits.certain[row / WORD], bits.open[row / WORD]) = (fresh.certain[0], fresh.open[0]);
            }
        }
        for (register, classes) in plan.registers.iter().zip(&mut self.classes) {
            classes.learn(register, population, context);
            let class = classes.class(register, population, row);
            if !classes.codes.set(row, class) {
                *classes = self::classes::classes(register, population, context);
            }
        }
    }

    /// Whole blocks of empty rows, until there are as many as in the population.
    fn grow(&mut self, population: &Population) {
        self.rows = population.rows();
        let more = population.live().len().saturating_sub(self.live.len());
        for _ in 0..more * WORD {
            for ranks in &mut self.ranks {
                ranks.push(OUT, OUT);
            }
            for classes in &mut self.classes {
                classes.codes.push(0);
            }
        }
        for bits in self.bits.values_mut() {
            bits.certain.resize(bits.certain.len() + more, 0);
            bits.open.resize(bits.open.len() + more, 0);
        }
        self.live.resize(self.live.len() + more, 0);
    }
}
