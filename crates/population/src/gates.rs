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
    /// Which plane of `open` belongs to a wire: all comparisons of one column share the rows it does not know.
    pub(crate) open_of: Vec<u32>,
    pub(crate) open: Vec<Plane<W>>,
    levels: Vec<Verdicts<W>>,
}

/// Takes the verdicts of one block, root by root.
pub(crate) trait Outlet<const W: usize> {
    fn root(&mut self, root: u32, verdicts: &Verdicts<W>);
}

impl<const W: usize> Wires<W> {
    /// As many planes for what is open as there are wires, and `shared` more.
    pub(crate) fn new(wires: usize, shared: usize) -> Self {
        let own = (0..wires).map(|wire| u32::try_from(wire).unwrap_or(u32::MAX)).collect();
        Self {
            certain: vec![Plane::EMPTY; wires],
            open_of: own,
            open: vec![Plane::EMPTY; wires + shared],
            levels: Vec::new(),
        }
    }

    #[inline(always)]
    fn wire(&self, wire: u32) -> (&Plane<W>, &Plane<W>) {
        let wire = wire as usize;
        (&self.certain[wire], &self.open[self.open_of[wire] as usize])
    }
}

/// Inputs one loop takes; wider gates take several.
const WIDEST: usize = 8;

#[inline(always)]
pub(crate) fn run<const W: usize, O: Outlet<W>>(circuit: &Circuit, wires: &mut Wires<W>, outlet: &mut O) {
    let mut out = Verdicts::NONE;
    for gate in &circuit.gates {
        let inputs = &circuit.inputs[gate.first as usize..][..gate.count as usize];
        match gate.kind {
            Kind::All => wide::<W, true>(wires, inputs, &mut out),
            Kind::Any => wide::<W, false>(wires, inputs, &mut out),
            Kind::Sides => sides(wires, inputs, &mut out),
            Kind::AtLeast(k) => at_least(wires, inputs, usize::from(k), &mut out),
        }
        match gate.target {
            Target::Root(root) => outlet.root(root, &out),
            Target::Wire(wire) => store(wires, wire as usize, &out),
        }
    }
}

#[inline(always)]
fn store<const W: usize>(wires: &mut Wires<W>, wire: usize, out: &Verdicts<W>) {
    wires.certain[wire] = out.certain;
    let open = &mut wires.open[wires.open_of[wire] as usize];
    for (open, (certain, possible)) in open.0.iter_mut().zip(out.certain.0.iter().zip(&out.possible.0)) {
        *open = possible & !certain;
    }
}

#[inline(always)]
fn wide<const W: usize, const ALL: bool>(wires: &Wires<W>, inputs: &[u32], out: &mut Verdicts<W>) {
    let (head, rest) = inputs.split_at(inputs.len().min(WIDEST));
    exact::<W, ALL, false>(wires, head, out);
    for chunk in rest.chunks(WIDEST) {
        exact::<W, ALL, true>(wires, chunk, out);
    }
}

#[inline(always)]
fn sides<const W: usize>(wires: &Wires<W>, inputs: &[u32], out: &mut Verdicts<W>) {
    let [first, second] = inputs else {
        // The compiler of circuits gives a gate of this kind two inputs.
        *out = Verdicts::NONE;
        return;
    };
    let ((certain, _), (known, open)) = (wires.wire(*first), wires.wire(*second));
    for word in 0..W {
        out.certain.0[word] = certain.0[word];
        out.possible.0[word] = certain.0[word] | known.0[word] | open.0[word];
    }
}

/// One loop per number of inputs, so that every input stays in a register.
#[inline(always)]
fn exact<const W: usize, const ALL: bool, const ADD: bool>(wires: &Wires<W>, inputs: &[u32], out: &mut Verdicts<W>) {
    match inputs.len() {
        1 => fold::<W, 1, ALL, ADD>(wires, inputs, out),
        2 => fold::<W, 2, ALL, ADD>(wires, inputs, out),
        3 => fold::<W, 3, ALL, ADD>(wires, inputs, out),
        4 => fold::<W, 4, ALL, ADD>(wires, inputs, out),
        5 => fold::<W, 5, ALL, ADD>(wires, inputs, out),
        6 => fold::<W, 6, ALL, ADD>(wires, inputs, out),
        7 => fold::<W, 7, ALL, ADD>(wires, inputs, out),
        8 => fold::<W, 8, ALL, ADD>(wires, inputs, out),
        // A gate without inputs does not exist: the compiler of circuits makes constants of them.
        _ => *out = Verdicts::NONE,
    }
}

#[inline(always)]
fn fold<const W: usize, const N: usize, const ALL: bool, const ADD: bool>(
    wires: &Wires<W>,
    inputs: &[u32],
    out: &mut Verdicts<W>,
) {
    let inputs: [_; N] = std::array::from_fn(|index| wires.wire(inputs[index]));
    for word in 0..W {
        let (mut certain, mut possible) = match (ADD, ALL) {
            (true, _) => (out.certain.0[word], out.possible.0[word]),
            (false, true) => (u64::MAX, u64::MAX),
            (false, false) => (0, 0),
        };
        for (known, open) in &inputs {
            let (known, maybe) = (known.0[word], known.0[word] | open.0[word]);
            if ALL {
                (certain, possible) = (certain & known, possible & maybe);
            } else {
                (certain, possible) = (certain | known, possible | maybe);
            }
        }
        (out.certain.0[word], out.possible.0[word]) = (certain, possible);
    }
}

/// Level `j` holds the rows in which at least `j` of the inputs so far hold.
#[inline(always)]
fn at_least<const W: usize>(wires: &mut Wires<W>, inputs: &[u32], k: usize, out: &mut Verdicts<W>) {
    let mut levels = std::mem::take(&mut wires.levels);
    levels.clear();
    levels.resize(k + 1, Verdicts::NONE);
    levels[0] = Verdicts { certain: Plane([u64::MAX; W]), possible: Plane([u64::MAX; W]) };
    for (index, input) in inputs.iter().enumerate() {
        let (known, open) = wires.wire(*input);
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
