//! A plan over a coded population: blocks are taken from a counter by threads, each fills its wires and runs the
//! circuit, and a sink takes the verdicts.

mod fill;

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::circuit::{self, Wire};
use crate::coding::Coding;
use crate::gates::{Circuit, Outlet, Wires};
use crate::kernel::Isa;
use crate::plan::{Plan, Question};
use crate::plane::{Verdicts, WORD};

/// Takes the verdicts of blocks; each thread has one, and they are merged in the end.
pub trait Sink<const W: usize>: Send {
    /// Before the first item of a block. Its rows begin at `first`.
    fn begin(&mut self, _first: usize) {}

    /// The verdicts of one item in the block begun last; items come in any order.
    fn take(&mut self, item: usize, verdicts: &Verdicts<W>);

    /// Whether it only wants to know how many: then it is given [`Sink::counted`] in the end, and no verdicts.
    const COUNTS: bool = false;

    /// How many rows of all its blocks are certain for an item, and how many possible.
    fn counted(&mut self, _item: usize, _certain: u64, _possible: u64) {}
}

/// Runs all blocks; returns the sinks of all threads.
pub fn run<const W: usize, S: Sink<W>>(
    plan: &Plan,
    coding: &Coding,
    isa: Isa,
    threads: usize,
    sink: impl Fn() -> S + Sync,
) -> Vec<S> {
    blocks(Asked::all(plan), coding, isa, threads, sink)
}

/// Blocks are taken from a counter: a thread that was held up takes fewer.
fn blocks<const W: usize, S: Sink<W>>(
    asked: Asked<'_>,
    coding: &Coding,
    isa: Isa,
    threads: usize,
    sink: impl Fn() -> S + Sync,
) -> Vec<S> {
    let blocks = coding.words().div_ceil(W);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut worker = Worker::<W>::new(asked, coding, isa);
        let mut sink = sink();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks {
                worker.finish(&mut sink);
                return sink;
            }
            worker.block(block, &mut sink);
        }
    };
    if threads <= 1 || blocks <= 1 {
        return vec![work()];
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(blocks)).map(|_| scope.spawn(work)).collect();
        // A worker's panic is this thread's panic: counts without its blocks would be wrong.
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Runs all blocks for a few items only; nothing the others ask is answered.
pub fn run_items<const W: usize, S: Sink<W>>(
    plan: &Plan,
    coding: &Coding,
    isa: Isa,
    threads: usize,
    items: &[usize],
    sink: impl Fn() -> S + Sync,
) -> Vec<S> {
    let (wires, circuit) = circuit::compile(&plan.program, items.iter().copied());
    blocks(Asked { plan, wires: &wires, circuit: &circuit }, coding, isa, threads, sink)
}

/// Runs the 64 rows around one; what an edited enterprise is matched with.
pub fn run_around<S: Sink<1>>(plan: &Plan, coding: &Coding, isa: Isa, row: usize, sink: &mut S) {
    if row < coding.rows() {
        let mut worker = Worker::<1>::new(Asked::all(plan), coding, isa);
        worker.block(row / WORD, sink);
        worker.finish(sink);
    }
}

/// A plan, or as much of it as some items need.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(super) plan: &'a Plan,
    pub(super) wires: &'a [Wire],
    pub(super) circuit: &'a Circuit,
}

impl<'a> Asked<'a> {
    pub(crate) fn all(plan: &'a Plan) -> Self {
        Self { plan, wires: &plan.wires, circuit: &plan.circuit }
    }
}

pub(crate) struct Worker<'a, const W: usize> {
    pub(super) asked: Asked<'a>,
    pub(super) coding: &'a Coding,
    pub(super) isa: Isa,
    pub(super) wires: Wires<W>,
    /// The wires of each atom: as asked, and negated.
    pub(super) uses: Vec<[Option<u32>; 2]>,
    /// Atoms by ruler and by register, with their place there; those without atoms left out.
    pub(super) of_ruler: Vec<(usize, Vec<usize>)>,
    pub(super) of_register: Vec<(usize, Vec<usize>)>,
}

impl<'a, const W: usize> Worker<'a, W> {
    pub(crate) fn new(asked: Asked<'a>, coding: &'a Coding, isa: Isa) -> Self {
        let plan = asked.plan;
        let mut uses = vec![[None; 2]; plan.questions.len()];
        for (index, wire) in asked.wires.iter().enumerate() {
            if let Wire::Atom { atom, negated } = wire {
                uses[*atom][usize::from(*negated)] = u32::try_from(index).ok();
            }
        }
        let mut of_ruler = vec![Vec::new(); plan.rulers.len()];
        let mut of_register = vec![Vec::new(); plan.registers.len()];
        for (atom, question) in plan.questions.iter().enumerate().filter(|(atom, _)| uses[*atom] != [None; 2]) {
            match question {
                Question::Between { ruler, .. } => of_ruler[*ruler].push(atom),
                Question::Looked { register, .. } => of_register[*register].push(atom),
                Question::Compared { .. } => {}
            }
        }
        // One more plane per ruler and register: what is open of all its atoms.
        let wires = Wires::new(asked.circuit.wires, plan.rulers.len() + plan.registers.len());
        let asked_of =
            |atoms: Vec<Vec<usize>>| atoms.into_iter().enumerate().filter(|(_, atoms)| !atoms.is_empty()).collect();
        Self { asked, coding, isa, wires, uses, of_ruler: asked_of(of_ruler), of_register: asked_of(of_register) }
    }

    fn block<S: Sink<W>>(&mut self, block: usize, sink: &mut S) {
        self.fill(block);
        self.join(block, sink);
    }

    /// Tells a sink that counts what all blocks came to.
    pub(crate) fn finish<S: Sink<W>>(&self, sink: &mut S) {
        if S::COUNTS {
            for (root, [certain, possible]) in self.wires.tally(self.asked.circuit) {
                sink.counted(root as usize, certain, possible);
            }
        }
    }

    /// Runs the gates over what was filled in.
    pub(crate) fn join<S: Sink<W>>(&mut self, block: usize, sink: &mut S) {
        sink.begin(block * W * WORD);
        self.isa.run(self.asked.circuit, &mut self.wires, &mut Taking(sink));
    }
}

struct Taking<'s, S>(&'s mut S);

impl<const W: usize, S: Sink<W>> Outlet<W> for Taking<'_, S> {
    const COUNTS: bool = S::COUNTS;

    #[inline]
    fn root(&mut self, root: u32, verdicts: &Verdicts<W>) {
        self.0.take(root as usize, verdicts);
    }
}
