//! A plan over a coded population: blocks are taken from a counter by threads, each fills its wires and runs the
//! circuit, and a sink takes the verdicts.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::circuit::{self, Wire};
use crate::coding::{Chunk, Codes, Coding, LOWEST, Ranks, UNKNOWN};
use crate::gates::{Circuit, Outlet, Wires};
use crate::kernel::Isa;
use crate::plan::{Plan, Question};
use crate::plane::{Plane, Verdicts, WORD};

/// Takes the verdicts of blocks; each thread has one, and they are merged in the end.
pub trait Sink<const W: usize>: Send {
    /// Before the first item of a block. Its rows begin at `first`.
    fn begin(&mut self, _first: usize) {}

    /// The verdicts of one item in the block begun last; items come in any order.
    fn take(&mut self, item: usize, verdicts: &Verdicts<W>);
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
        Worker::<1>::new(Asked::all(plan), coding, isa).block(row / WORD, sink);
    }
}

/// A plan, or as much of it as some items need.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    plan: &'a Plan,
    wires: &'a [Wire],
    circuit: &'a Circuit,
}

impl<'a> Asked<'a> {
    pub(crate) fn all(plan: &'a Plan) -> Self {
        Self { plan, wires: &plan.wires, circuit: &plan.circuit }
    }
}

pub(crate) struct Worker<'a, const W: usize> {
    asked: Asked<'a>,
    coding: &'a Coding,
    isa: Isa,
    wires: Wires<W>,
    /// The wires of each atom: as asked, and negated.
    uses: Vec<[Option<u32>; 2]>,
    /// Atoms by ruler and by register, with their place there.
    of_ruler: Vec<Vec<usize>>,
    of_register: Vec<Vec<usize>>,
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
        // One more plane per ruler: what is open of all its atoms.
        let wires = Wires::new(asked.circuit.wires, plan.rulers.len());
        Self { asked, coding, isa, wires, uses, of_ruler, of_register }
    }

    fn block<S: Sink<W>>(&mut self, block: usize, sink: &mut S) {
        self.fill(block);
        self.join(block, sink);
    }

    /// Answers every atom of a block.
    pub(crate) fn fill(&mut self, block: usize) {
        let Some((chunk, first)) = self.coding.chunk(block * W) else { return };
        let words = first..(first + W).min(chunk.live.len());
        let mut live = Plane::EMPTY;
        live.0[..words.len()].copy_from_slice(&chunk.live[words.clone()]);
        self.constants(&live);
        for ruler in (0..self.of_ruler.len()).filter(|ruler| !self.of_ruler[*ruler].is_empty()).collect::<Vec<_>>() {
            self.ruler(chunk, ruler, words.clone(), &live);
        }
        for register in 0..self.of_register.len() {
            self.register(chunk, register, words.clone(), &live);
        }
        for (atom, bits) in &chunk.bits {
            let (mut certain, mut open) = (Plane::EMPTY, Plane::EMPTY);
            certain.0[..words.len()].copy_from_slice(&bits.certain[words.clone()]);
            open.0[..words.len()].copy_from_slice(&bits.open[words.clone()]);
            answer(&mut self.wires, self.uses[*atom], &certain, Open::Own(&open), &live);
        }
    }

    /// Runs the gates over what was filled in.
    pub(crate) fn join<S: Sink<W>>(&mut self, block: usize, sink: &mut S) {
        sink.begin(block * W * WORD);
        self.isa.run(self.asked.circuit, &mut self.wires, &mut Taking(sink));
    }

    fn constants(&mut self, live: &Plane<W>) {
        for (index, wire) in self.asked.wires.iter().enumerate() {
            let (certain, open) = match wire {
                Wire::Constant(true) => (*live, Plane::EMPTY),
                Wire::Constant(false) => (Plane::EMPTY, Plane::EMPTY),
                Wire::Open => (Plane::EMPTY, *live),
                Wire::Atom { .. } => continue,
            };
            self.wires.certain[index] = certain;
            self.wires.open[index] = open;
        }
    }

    /// All comparisons of one subject, while its ranks are in the nearest cache.
    fn ruler(&mut self, chunk: &Chunk, ruler: usize, words: std::ops::Range<usize>, live: &Plane<W>) {
        let ranks = &chunk.ranks[ruler];
        let shared = self.asked.circuit.wires + ruler;
        let count = words.len();
        let mut unknown = Plane::EMPTY;
        within(self.isa, &ranks.low, words.clone(), (UNKNOWN, UNKNOWN), &mut unknown.0[..count]);
        self.wires.open[shared] = unknown;
        for atom in &self.of_ruler[ruler] {
            let Question::Between { from, to, .. } = &self.asked.plan.questions[*atom] else { continue };
            let place = |cut: usize| LOWEST + u32::try_from(cut).unwrap_or(u32::MAX - LOWEST);
            let first = from.map_or(LOWEST, |cut| place(cut) + 1);
            let last = to.map_or(u32::MAX, place);
            let mut certain = Plane::EMPTY;
            within(self.isa, &ranks.low, words.clone(), (first, last), &mut certain.0[..count]);
            match overlap(self.isa, ranks, words.clone(), (first, last), &mut certain) {
                None => answer(&mut self.wires, self.uses[*atom], &certain, Open::Shared(shared), live),
                Some(possible) => {
                    let open = Plane(std::array::from_fn(|word| possible.0[word] & !certain.0[word] | unknown.0[word]));
                    answer(&mut self.wires, self.uses[*atom], &certain, Open::Own(&open), live);
                }
            }
        }
    }

    fn register(&mut self, chunk: &Chunk, register: usize, words: std::ops::Range<usize>, live: &Plane<W>) {
        let classes = &chunk.classes[register];
        for atom in &self.of_register[register] {
            let Question::Looked { member, .. } = &self.asked.plan.questions[*atom] else { continue };
            let verdicts = &classes.verdicts[*member];
            let (mut certain, mut open) = (Plane::EMPTY, Plane::EMPTY);
            let (met, unsure) = (&mut certain.0[..words.len()], &mut open.0[..words.len()]);
            let rows = words.start * WORD..words.end * WORD;
            match &classes.codes {
                Codes::Bytes(codes) => {
                    let mut entries = [0; 256];
                    entries[..verdicts.len()].copy_from_slice(verdicts);
                    self.isa.look_up(&codes[rows], &entries, met, unsure);
                }
                Codes::Words(codes) => {
                    look_up(codes[rows].iter().map(|code| usize::from(*code)), verdicts, met, unsure);
                }
                Codes::Longs(codes) => look_up(codes[rows].iter().map(|code| *code as usize), verdicts, met, unsure),
            }
            answer(&mut self.wires, self.uses[*atom], &certain, Open::Own(&open), live);
        }
    }
}

/// Where intervals occur: `certain` is left to rows both of whose ends lie within; returns the rows that may.
fn overlap<const W: usize>(
    isa: Isa,
    ranks: &Ranks,
    words: std::ops::Range<usize>,
    (first, last): (u32, u32),
    certain: &mut Plane<W>,
) -> Option<Plane<W>> {
    let high = ranks.high.as_ref()?;
    let count = words.len();
    let mut both = Plane::<W>::EMPTY;
    within(isa, high, words.clone(), (first, last), &mut both.0[..count]);
    let (mut begins, mut ends) = (Plane::<W>::EMPTY, Plane::<W>::EMPTY);
    within(isa, &ranks.low, words.clone(), (LOWEST, last), &mut begins.0[..count]);
    within(isa, high, words, (first, u32::MAX), &mut ends.0[..count]);
    for word in 0..W {
        certain.0[word] &= both.0[word];
        begins.0[word] &= ends.0[word];
    }
    Some(begins)
}

fn within(isa: Isa, codes: &Codes, words: std::ops::Range<usize>, (first, last): (u32, u32), out: &mut [u64]) {
    let rows = words.start * WORD..words.end * WORD;
    match codes {
        Codes::Bytes(codes) => match u8::try_from(first) {
            Ok(first) => isa.between_u8(&codes[rows], (first, u8::try_from(last).unwrap_or(u8::MAX)), out),
            Err(_) => out.fill(0),
        },
        Codes::Words(codes) => match u16::try_from(first) {
            Ok(first) => isa.between_u16(&codes[rows], (first, u16::try_from(last).unwrap_or(u16::MAX)), out),
            Err(_) => out.fill(0),
        },
        Codes::Longs(codes) => Isa::between_u32(&codes[rows], (first, last), out),
    }
}

fn look_up(codes: impl Iterator<Item = usize>, verdicts: &[u8], met: &mut [u64], unsure: &mut [u64]) {
    for (row, code) in codes.enumerate() {
        let verdict = verdicts[code];
        met[row / WORD] |= u64::from(verdict & 1) << (row % WORD);
        unsure[row / WORD] |= u64::from(verdict >> 1) << (row % WORD);
    }
}

#[derive(Clone, Copy)]
enum Open<'p, const W: usize> {
    Own(&'p Plane<W>),
    Shared(usize),
}

/// Puts an answer on its wires; the negated one is the opposite among the living.
fn answer<const W: usize>(
    wires: &mut Wires<W>,
    uses: [Option<u32>; 2],
    certain: &Plane<W>,
    open: Open<'_, W>,
    live: &Plane<W>,
) {
    for (negated, wire) in uses.into_iter().enumerate() {
        let Some(wire) = wire else { continue };
        let (number, wire) = (wire, wire as usize);
        wires.open_of[wire] = match open {
            Open::Own(open) => {
                wires.open[wire] = *open;
                number
            }
            Open::Shared(shared) => u32::try_from(shared).unwrap_or(u32::MAX),
        };
        wires.certain[wire] = *certain;
        if negated == 1 {
            let open = &wires.open[wires.open_of[wire] as usize];
            for word in 0..W {
                wires.certain[wire].0[word] = live.0[word] & !(certain.0[word] | open.0[word]);
            }
        }
    }
}

struct Taking<'s, S>(&'s mut S);

impl<const W: usize, S: Sink<W>> Outlet<W> for Taking<'_, S> {
    #[inline]
    fn root(&mut self, root: u32, verdicts: &Verdicts<W>) {
        self.0.take(root as usize, verdicts);
    }
}
