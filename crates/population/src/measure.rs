//! Yardsticks for the bench: the two halves of a block apart, and what they move.

use crate::coding::Coding;
use crate::kernel::Isa;
use crate::plan::Plan;
use crate::plane::WORD;
use crate::run::{Asked, Sink, Worker};

/// One worker, whose halves are run apart.
pub struct Halves<'a, const W: usize>(Worker<'a, W>);

impl<const W: usize> std::fmt::Debug for Halves<'_, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Halves").finish_non_exhaustive()
    }
}

impl<'a, const W: usize> Halves<'a, W> {
    pub fn new(plan: &'a Plan, coding: &'a Coding, isa: Isa) -> Self {
        Self(Worker::new(Asked::all(plan), coding, isa))
    }

    /// Answers the atoms of a block.
    pub fn atoms(&mut self, block: usize) {
        self.0.fill(block);
    }

    /// Runs the gates of the block filled last.
    pub fn gates<S: Sink<W>>(&mut self, block: usize, sink: &mut S) {
        self.0.join(block, sink);
    }
}

/// Bytes the gates of a plan load for one row word: two planes of every input.
pub fn loads_per_word(plan: &Plan) -> usize {
    plan.circuit.inputs.len() * 2 * size_of::<u64>()
}

/// Blocks of `W` words in a coding.
pub fn blocks<const W: usize>(coding: &Coding) -> usize {
    coding.words().div_ceil(W)
}

/// Rows in a block of `W` words.
pub const fn rows_of<const W: usize>() -> usize {
    W * WORD
}
