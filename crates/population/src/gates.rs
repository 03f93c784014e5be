//! Conditions as gates over planes: conjunctions, disjunctions and at-least-k of several wires at once.
//!
//! Negation has been pushed to the wires, so every gate is monotone and acts alike on what is certain and on what is
//! possible. A wire holds what is certain and what is open; possible is either of the two.

#![expect(clippy::inline_always, reason = "the kernels compile these loops for their own instruction set")]

use crate::plane::{Plane, Verdicts};

/// How the inputs of a gate combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    All,
    Any,
    AtLeast(u16),
    /// Two inputs: certain where the first is, possible where the first is certain or the second possible.
    Sides,
}

/// Where the output of a gate goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Wire(u32),
    Root(u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    pub(crate) kind: Kind,
    /// Its inputs, as a part of [`Circuit::inputs`].
    pub(crate) first: u32,
    pub(crate) count: u32,
    pub(crate) target: Target,
}

/// Gates in the order to run them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circuit {
    pub(crate) gates: Vec<Gate>,
    pub(crate) inputs: Vec<u32>,
    /// How many wires there are, those of inner gates included.
    pub(crate) wires: usize,
}

/// The planes of one block: a worker has one set and fills it anew for each block.
#[derive(Clone, Debug)]
pub(crate) struct Wires<const W: usize> {
    pub(crate) certain: Vec<Plane<W>>,
    pub(crate) open: Vec<Plane<W>>,
    /// Which plane of `open` belongs to a wire: all comparisons of one column share the rows it does not know.
    open_of: Vec<u32>,
    /// The two planes of every input of the circuit; empty where `open_of` has changed since.
    pins: Vec<[u32; 2]>,
    /// How many rows were certain and how many possible so far, by the order in which roots are run.
    tally: Vec<[u64; 2]>,
    levels: Vec<Verdicts<W>>,
}

/// Takes the verdicts of one block, root by root.
pub(crate) trait Outlet<const W: usize> {
    /// Whether it only wants to know how many: then [`Wires::tally`] says so, and [`Outlet::root`] is not called.
    const COUNTS: bool;

    fn root(&mut self, root: u32, verdicts: &Verdicts<W>);
}

impl<const W: usize> Wires<W> {
    /// As many planes for what is open as there are wires, and `shared` more.
    pub(crate) fn new(wires: usize, shared: usize) -> Self {
        let own = (0..wires).map(|wire| u32::try_from(wire).unwrap_or(u32::MAX)).collect();
        Self {
            certain: vec![Plane::EMPTY; wires],
            open: vec![Plane::EMPTY; wires + shared],
            open_of: own,
            pins: Vec::new(),
            tally: Vec::new(),
            levels: Vec::new(),
        }
    }

    pub(crate) fn open_of(&self, wire: usize) -> usize {
        self.open_of[wire] as usize
    }

    /// Says which plane of `open` belongs to a wire.
    pub(crate) fn set_open(&mut self, wire: usize, open: usize) {
        let open = u32::try_from(open).unwrap_or(u32::MAX);
        if self.open_of[wire] != open {
            self.open_of[wire] = open;
            self.pins.clear();
        }
    }

    /// Every root with how many rows were certain and how many possible in all blocks run for an outlet that counts.
    pub(crate) fn tally<'w>(&'w self, circuit: &'w Circuit) -> impl Iterator<Item = (u32, [u64; 2])> {
        let roots = circuit.gates.iter().filter_map(|gate| match gate.target {
            Target::Root(root) => Some(root),
            Target::Wire(_) => None,
        });
        roots.zip(self.tally.iter().copied())
    }

    fn pin(&mut self, circuit: &Circuit) {
        if self.pins.len() != circuit.inputs.len() {
            self.pins = circuit.inputs.iter().map(|wire| [*wire, self.open_of[*wire as usize]]).collect();
        }
    }

    #[inline(always)]
    fn at(&self, [certain, open]: [u32; 2]) -> (&Plane<W>, &Plane<W>) {
        (&self.certain[certain as usize], &self.open[open as usize])
    }
}

/// Inputs one loop takes; wider gates take several.
const WIDEST: usize = 8;

/// Words that fill the widest register.
const LANES: usize = 8;

#[inline(always)]
pub(crate) fn run<const W: usize, O: Outlet<W>>(circuit: &Circuit, wires: &mut Wires<W>, outlet: &mut O) {
    wires.pin(circuit);
    // Taken out, so that gates can be stored on wires while these are read.
    let (pins, mut tally) = (std::mem::take(&mut wires.pins), std::mem::take(&mut wires.tally));
    if O::COUNTS {
        tally.resize(circuit.gates.len(), [0; 2]);
    }
    let mut roots = tally.iter_mut();
    let mut out = Verdicts::NONE;
    for gate in &circuit.gates {
        let pins = &pins[gate.first as usize..][..gate.count as usize];
        if O::COUNTS && matches!(gate.target, Target::Root(_)) {
            let counted = match gate.kind {
                Kind::All if pins.len() <= WIDEST => count::<W, true>(wires, pins),
                Kind::Any if pins.len() <= WIDEST => count::<W, false>(wires, pins),
                kind => {
                    join(kind, wires, pins, &mut out);
                    [out.certain.count(), out.possible.count()]
                }
            };
            if let Some([certain, possible]) = roots.next() {
                *certain += counted[0];
                *possible += counted[1];
            }
            continue;
        }
        join(gate.kind, wires, pins, &mut out);
        match gate.target {
            Target::Root(root) => outlet.root(root, &out),
            Target::Wire(wire) => store(wires, wire as usize, &out),
        }
    }
    (wires.pins, wires.tally) = (pins, tally);
}

#[inline(always)]
fn join<const W: usize>(kind: Kind, wires: &mut Wires<W>, pins: &[[u32; 2]], out: &mut Verdicts<W>) {
    match kind {
        Kind::All => wide::<W, true>(wires, pins, out),
        Kind::Any => wide::<W, false>(wires, pins, out),
        Kind::Sides => sides(wires, pins, out),
        Kind::AtLeast(k) => at_least(wires, pins, usize::from(k), out),
    }
}

#[inline(always)]
fn store<const W: usize>(wires: &mut Wires<W>, wire: usize, out: &Verdicts<W>) {
    let open = wires.open_of(wire);
    let (certain, open) = (&mut wires.certain[wire], &mut wires.open[open]);
    for word in 0..W {
        certain.0[word] = out.certain.0[word];
        open.0[word] = out.possible.0[word] & !out.certain.0[word];
    }
}

#[inline(always)]
fn wide<const W: usize, const ALL: bool>(wires: &Wires<W>, pins: &[[u32; 2]], out: &mut Verdicts<W>) {
    let (head, rest) = pins.split_at(pins.len().min(WIDEST));
    exact::<W, ALL, false>(wires, head, out);
    for chunk in rest.chunks(WIDEST) {
        exact::<W, ALL, true>(wires, chunk, out);
    }
}

#[inline(always)]
fn sides<const W: usize>(wires: &Wires<W>, pins: &[[u32; 2]], out: &mut Verdicts<W>) {
    let [first, second] = pins else {
        // The compiler of circuits gives a gate of this kind two inputs.
        *out = Verdicts::NONE;
        return;
    };
    let ((certain, _), (known, open)) = (wires.at(*first), wires.at(*second));
    for word in 0..W {
        out.certain.0[word] = certain.0[word];
        out.possible.0[word] = certain.0[word] | known.0[word] | open.0[word];
    }
}

/// Calls a function with the number of inputs as a constant, so that every input stays in a register.
macro_rules! by_number {
    ($pins:expr, $call:ident, [$($before:tt)*], [$($after:tt)*], $arguments:tt, $none:expr) => {
        match $pins.len() {
            1 => $call::<$($before)* 1, $($after)*>$arguments,
            2 => $call::<$($before)* 2, $($after)*>$arguments,
            3 => $call::<$($before)* 3, $($after)*>$arguments,
            4 => $call::<$($before)* 4, $($after)*>$arguments,
            5 => $call::<$($before)* 5, $($after)*>$arguments,
            6 => $call::<$($before)* 6, $($after)*>$arguments,
            7 => $call::<$($before)* 7, $($after)*>$arguments,
            8 => $call::<$($before)* 8, $($after)*>$arguments,
            // A gate without inputs does not exist: the compiler of circuits makes constants of them.
            _ => $none,
        }
    };
}

#[inline(always)]
fn exact<const W: usize, const ALL: bool, const ADD: bool>(wires: &Wires<W>, pins: &[[u32; 2]], out: &mut Verdicts<W>) {
    by_number!(pins, fold, [W,], [ALL, ADD], (wires, pins, out), *out = Verdicts::NONE);
}

#[inline(always)]
fn count<const W: usize, const ALL: bool>(wires: &Wires<W>, pins: &[[u32; 2]]) -> [u64; 2] {
    by_number!(pins, fold_counted, [W,], [ALL], (wires, pins), [0; 2])
}

#[inline(always)]
fn fold<const W: usize, const N: usize, const ALL: bool, const ADD: bool>(
    wires: &Wires<W>,
    pins: &[[u32; 2]],
    out: &mut Verdicts<W>,
) {
    let inputs: [_; N] = std::array::from_fn(|index| wires.at(pins[index]));
    for word in 0..W {
        let start = match (ADD, ALL) {
            (true, _) => (out.certain.0[word], out.possible.0[word]),
            (false, true) => (u64::MAX, u64::MAX),
            (false, false) => (0, 0),
        };
        (out.certain.0[word], out.possible.0[word]) = joined::<W, N, ALL>(&inputs, word, start);
    }
}

/// The same, and nothing is kept but how many.
#[inline(always)]
fn fold_counted<const W: usize, const N: usize, const ALL: bool>(wires: &Wires<W>, pins: &[[u32; 2]]) -> [u64; 2] {
    let inputs: [_; N] = std::array::from_fn(|index| wires.at(pins[index]));
    let start = if ALL { (u64::MAX, u64::MAX) } else { (0, 0) };
    let mut counts = [0; 2];
    for word in 0..W {
        let (certain, possible) = joined::<W, N, ALL>(&inputs, word, start);
        counts[0] += u64::from(certain.count_ones());
        counts[1] += u64::from(possible.count_ones());
    }
    counts
}

#[inline(always)]
fn joined<const W: usize, const N: usize, const ALL: bool>(
    inputs: &[(&Plane<W>, &Plane<W>); N],
    word: usize,
    (mut certain, mut possible): (u64, u64),
) -> (u64, u64) {
    for (known, open) in inputs {
        let (known, maybe) = (known.0[word], known.0[word] | open.0[word]);
        if ALL {
            (certain, possible) = (certain & known, possible & maybe);
        } else {
            (certain, possible) = (certain | known, possible | maybe);
        }
    }
    (certain, possible)
}

#[inline(always)]
fn at_least<const W: usize>(wires: &mut Wires<W>, pins: &[[u32; 2]], k: usize, out: &mut Verdicts<W>) {
    match k {
        2 if W >= LANES => few::<W, 2>(wires, pins, out),
        3 if W >= LANES => few::<W, 3>(wires, pins, out),
        4 if W >= LANES => few::<W, 4>(wires, pins, out),
        _ => many(wires, pins, k, out),
    }
}

/// Level `j` holds the rows in which more than `j` of the inputs so far hold; all levels stay in registers.
#[inline(always)]
fn few<const W: usize, const K: usize>(wires: &Wires<W>, pins: &[[u32; 2]], out: &mut Verdicts<W>) {
    for first in (0..W).step_by(LANES) {
        let (mut certain, mut possible) = ([[0; LANES]; K], [[0; LANES]; K]);
        for pin in pins {
            let (known, open) = wires.at(*pin);
            let known: [u64; LANES] = std::array::from_fn(|lane| known.0[first + lane]);
            let maybe: [u64; LANES] = std::array::from_fn(|lane| known[lane] | open.0[first + lane]);
            for level in (1..K).rev() {
                for lane in 0..LANES {
                    certain[level][lane] |= certain[level - 1][lane] & known[lane];
                    possible[level][lane] |= possible[level - 1][lane] & maybe[lane];
                }
            }
            for lane in 0..LANES {
                certain[0][lane] |= known[lane];
                possible[0][lane] |= maybe[lane];
            }
        }
        out.certain.0[first..][..LANES].copy_from_slice(&certain[K - 1]);
        out.possible.0[first..][..LANES].copy_from_slice(&possible[K - 1]);
    }
}

/// Level `j` holds the rows in which at least `j` of the inputs so far hold.
#[inline(always)]
fn many<const W: usize>(wires: &mut Wires<W>, pins: &[[u32; 2]], k: usize, out: &mut Verdicts<W>) {
    let mut levels = std::mem::take(&mut wires.levels);
    levels.clear();
    levels.resize(k + 1, Verdicts::NONE);
    levels[0] = Verdicts { certain: Plane([u64::MAX; W]), possible: Plane([u64::MAX; W]) };
    for (index, pin) in pins.iter().enumerate() {
        let (known, open) = wires.at(*pin);
        for level in (1..=k.min(index + 1)).rev() {
            let (below, above) = levels.split_at_mut(level);
            let (from, to) = (&below[level - 1], &mut above[0]);
            for word in 0..W {
                to.certain.0[word] |= from.certain.0[word] & known.0[word];
                to.possible.0[word] |= from.possible.0[word] & (known.0[word] | open.0[word]);
            }
        }
    }
    *out = levels[k];
    wires.levels = levels;
}
