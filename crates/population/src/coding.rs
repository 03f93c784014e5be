//! Every answer a plan's circuit starts from, for every row: subjects as ranks among the cuts in use, codes as classes
//! of what the memberships in use tell apart, and bits where two varying sides were compared.
//!
//! A rank is exact: two values share one only if no cut lies between them. [`UNKNOWN`] and [`OUT`] have ranks of their
//! own below all values.
//!
//! [`OUT`]: rank::OUT

mod chunk;
mod classes;
mod codes;
mod rank;

use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use self::chunk::Chunk;
pub(crate) use self::classes::Classes;
pub(crate) use self::codes::Codes;
pub(crate) use self::rank::{LOWEST, Ranks, UNKNOWN};
use crate::archive::SEGMENT;
use crate::plan::Plan;
use crate::plane::WORD;
use crate::population::Population;
use crate::refused::Refused;

/// Words of the rows of a segment.
const WORDS: usize = SEGMENT / WORD;

/// A population seen through the questions of a plan; at first without rows.
#[derive(Clone, Debug, Default)]
pub struct Coding {
    chunks: Vec<Chunk>,
    rows: usize,
}

impl Coding {
    /// Evaluates every question over every row, on `threads` threads.
    pub fn derive(plan: &Plan, population: &Population, threads: usize) -> Result<Self, Refused> {
        Self::derive_beside(0, plan, population, threads)
    }

    /// The same where other codings of this population hold `kept` bytes already.
    pub fn derive_beside(kept: usize, plan: &Plan, population: &Population, threads: usize) -> Result<Self, Refused> {
        check(plan, population)?;
        let own = chunk::bytes_a_row(plan).saturating_mul(population.live().len() * WORD);
        population.room_for(own.saturating_add(kept))?;
        let segments = population.segments().len();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut chunks = Vec::new();
            loop {
                let segment = next.fetch_add(1, Ordering::Relaxed);
                if segment >= segments {
                    return chunks;
                }
                chunks.push((segment, derived(plan, population, segment)));
            }
        };
        let mut chunks = if threads <= 1 || segments <= 1 {
            work()
        } else {
            std::thread::scope(|scope| {
                let workers: Vec<_> = (0..threads.min(segments)).map(|_| scope.spawn(work)).collect();
                // A worker's panic is this thread's panic: half a coding would be a wrong answer.
                workers
                    .into_iter()
                    .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                    .collect()
            })
        };
        chunks.sort_unstable_by_key(|(segment, _)| *segment);
        Ok(Self { chunks: chunks.into_iter().map(|(_, chunk)| chunk).collect(), rows: population.rows() })
    }

    /// Brings the row of an enterprise that was added, changed or removed up to date; all others stay as they are.
    pub fn refresh(&mut self, plan: &Plan, population: &Population, row: usize) -> Result<(), Refused> {
        check(plan, population)?;
        if row >= population.rows() {
            return Ok(());
        }
        let segment = row / SEGMENT;
        for missing in self.chunks.len()..segment {
            self.chunks.push(derived(plan, population, missing));
        }
        self.rows = population.rows();
        match self.chunks.get_mut(segment) {
            None => self.chunks.push(derived(plan, population, segment)),
            Some(chunk) => {
                let context = plan.context(population.reference());
                chunk.refresh(
                    plan,
                    &population.segments()[segment],
                    &context,
                    row % SEGMENT,
                    live(population, segment),
                );
            }
        }
        Ok(())
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Memory of all codes and bits.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(Chunk::bytes).sum()
    }

    /// Words of all rows, in whole blocks.
    pub(crate) fn words(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.live.len()).sum()
    }

    /// The chunk a word lies in, and its place there.
    pub(crate) fn chunk(&self, word: usize) -> Option<(&Chunk, usize)> {
        self.chunks.get(word / WORDS).map(|chunk| (chunk, word % WORDS))
    }
}

fn check(plan: &Plan, population: &Population) -> Result<(), Refused> {
    let hash = population.reference().hash();
    if plan.reference() == hash {
        return Ok(());
    }
    Err(Refused::OtherReference { population: hash.to_owned(), plan: plan.reference().to_owned() })
}

fn derived(plan: &Plan, population: &Population, segment: usize) -> Chunk {
    let context = plan.context(population.reference());
    let rows = (population.rows() - segment * SEGMENT).min(SEGMENT);
    Chunk::derive(plan, &population.segments()[segment], &context, rows, live(population, segment))
}

fn live(population: &Population, segment: usize) -> &[u64] {
    let words = population.live();
    &words[segment * WORDS..(segment * WORDS + WORDS).min(words.len())]
}
