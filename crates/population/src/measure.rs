//! Yardsticks for the bench: the two halves of a block apart, and what they move.

use crate::coding::Coding;
use crate::kernel::Isa;
use crate::plan::Plan;
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

/// Single kernels over a block.
pub mod kernels {
    use crate::kernel::Isa;
    use crate::plane::Plane;

    /// Which codes lie between two, both included.
    pub fn between_u8(isa: Isa, codes: &[u8], span: (u8, u8), out: &mut [u64]) {
        isa.between_u8(codes, span, out);
    }

    /// The same over wider codes.
    pub fn between_u16(isa: Isa, codes: &[u16], span: (u16, u16), out: &mut [u64]) {
        isa.between_u16(codes, span, out);
    }

    /// Which codes have an odd entry; all are below `classes`.
    pub fn look_up(isa: Isa, codes: &[u8], entries: &[u8; 256], classes: usize, out: &mut [u64]) {
        isa.look_up(codes, entries, classes, 1, out);
    }

    /// Appends a plane to packed ones.
    pub fn pack(isa: Isa, words: &[u64; 64], out: &mut Vec<u8>) {
        crate::snapshot::pack(isa, &Plane(*words), &Plane::EMPTY, out);
    }
}
