//! The answers to every atom of one block, put on their wires.

use std::ops::Range;

use super::Worker;
use crate::circuit::Wire;
use crate::coding::{Chunk, Classes, Codes, LOWEST, Ranks, UNKNOWN};
use crate::gates::Wires;
use crate::kernel::Isa;
use crate::plan::Question;
use crate::plane::{Plane, WORD};

/// Bits of an entry of a look-up.
const MET: u8 = 1;
const OPEN: u8 = 2;

impl<const W: usize> Worker<'_, W> {
    /// Answers every atom of a block; where there is no such block, nobody lives in it.
    pub(crate) fn fill(&mut self, block: usize) {
        let coding = self.coding;
        let Some((chunk, first)) = coding.chunk(block * W) else { return };
        let words = first..(first + W).min(chunk.live.len());
        let mut live = Plane::EMPTY;
        live.0[..words.len()].copy_from_slice(&chunk.live[words.clone()]);
        self.constants(&live);
        for index in 0..self.of_ruler.len() {
            self.ruler(chunk, index, &words, &live);
        }
        for index in 0..self.of_register.len() {
            self.register(chunk, index, &words, &live);
        }
        for (atom, bits) in &chunk.bits {
            let Some(wire) = self.first_wire(*atom) else { continue };
            let (certain, open) = (&mut self.wires.certain[wire], &mut self.wires.open[wire]);
            certain.first_mut(words.len()).copy_from_slice(&bits.certain[words.clone()]);
            open.first_mut(words.len()).copy_from_slice(&bits.open[words.clone()]);
            self.spread(*atom, wire, &live);
        }
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
    fn ruler(&mut self, chunk: &Chunk, index: usize, words: &Range<usize>, live: &Plane<W>) {
        let ruler = self.of_ruler[index].0;
        let (isa, ranks, count) = (self.isa, &chunk.ranks[ruler], words.len());
        let shared = self.asked.circuit.wires + ruler;
        within(isa, &ranks.low, words, (UNKNOWN, UNKNOWN), self.wires.open[shared].first_mut(count));
        for place in 0..self.of_ruler[index].1.len() {
            let atom = self.of_ruler[index].1[place];
            let (Question::Between { from, to, .. }, Some(wire)) =
                (&self.asked.plan.questions[atom], self.first_wire(atom))
            else {
                continue;
            };
            let rank = |cut: usize| LOWEST + u32::try_from(cut).unwrap_or(u32::MAX - LOWEST);
            let span = (from.map_or(LOWEST, |cut| rank(cut) + 1), to.map_or(u32::MAX, rank));
            within(isa, &ranks.low, words, span, self.wires.certain[wire].first_mut(count));
            let open = if ranks.high.is_some() {
                overlap(isa, ranks, words, span, &mut self.wires, (wire, shared));
                wire
            } else {
                shared
            };
            self.wires.set_open(wire, open);
            self.spread(atom, wire, live);
        }
    }

    /// All memberships of one fact. What is not said is open for nearly all of them alike.
    fn register(&mut self, chunk: &Chunk, index: usize, words: &Range<usize>, live: &Plane<W>) {
        let register = self.of_register[index].0;
        let (isa, classes) = (self.isa, &chunk.classes[register]);
        let shared = self.asked.circuit.wires + self.asked.plan.rulers.len() + register;
        look_up(isa, classes, 0, words, OPEN, self.wires.open[shared].first_mut(words.len()));
        for place in 0..self.of_register[index].1.len() {
            let atom = self.of_register[index].1[place];
            let (Question::Looked { member, .. }, Some(wire)) =
                (&self.asked.plan.questions[atom], self.first_wire(atom))
            else {
                continue;
            };
            look_up(isa, classes, *member, words, MET, self.wires.certain[wire].first_mut(words.len()));
            let open = if classes.is_open_alike(*member) {
                shared
            } else {
                look_up(isa, classes, *member, words, OPEN, self.wires.open[wire].first_mut(words.len()));
                wire
            };
            self.wires.set_open(wire, open);
            self.spread(atom, wire, live);
        }
    }

    /// The wire an atom's answer is written on first.
    fn first_wire(&self, atom: usize) -> Option<usize> {
        self.uses[atom].into_iter().flatten().next().map(|wire| wire as usize)
    }

    /// Makes of the answer on its first wire what is asked: itself, its opposite among the living, or both.
    fn spread(&mut self, atom: usize, wire: usize, live: &Plane<W>) {
        let Some(negated) = self.uses[atom][1].map(|negated| negated as usize) else { return };
        let wires = &mut self.wires;
        let open = wires.open_of(wire);
        let opposite = {
            let (certain, open) = (&wires.certain[wire], &wires.open[open]);
            Plane(std::array::from_fn(|word| live.0[word] & !(certain.0[word] | open.0[word])))
        };
        wires.certain[negated] = opposite;
        wires.set_open(negated, open);
    }
}

/// Where intervals occur: what is certain is left to rows both of whose ends lie within, what may be becomes open.
fn overlap<const W: usize>(
    isa: Isa,
    ranks: &Ranks,
    words: &Range<usize>,
    (first, last): (u32, u32),
    wires: &mut Wires<W>,
    (wire, unknown): (usize, usize),
) {
    let Some(high) = &ranks.high else { return };
    let count = words.len();
    let [mut both, mut begins, mut ends] = [Plane::<W>::EMPTY; 3];
    within(isa, high, words, (first, last), both.first_mut(count));
    within(isa, &ranks.low, words, (LOWEST, last), begins.first_mut(count));
    within(isa, high, words, (first, u32::MAX), ends.first_mut(count));
    let unknown = wires.open[unknown];
    let (certain, open) = (&mut wires.certain[wire], &mut wires.open[wire]);
    for word in 0..W {
        certain.0[word] &= both.0[word];
        open.0[word] = begins.0[word] & ends.0[word] & !certain.0[word] | unknown.0[word];
    }
}

fn within(isa: Isa, codes: &Codes, words: &Range<usize>, (first, last): (u32, u32), out: &mut [u64]) {
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

fn look_up(isa: Isa, classes: &Classes, member: usize, words: &Range<usize>, bit: u8, out: &mut [u64]) {
    let rows = words.start * WORD..words.end * WORD;
    let view = classes.view(member);
    isa.look_up(&view.codes[rows], &view.entries, view.classes, bit, out);
}
