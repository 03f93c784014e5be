//! Verdicts become what a person is told: the forms of one item are brought together, block by block.

use domain::matching::Entry;
use domain::standing::is_told;
use domain::{Coverage, Standing, Window};
use population::{Plane, Sink, Verdicts};

use crate::questions::Root;

/// Of the rows of a block, which meet an item, which lack nothing but words, and which lack something else. No row is
/// in two of them.
#[derive(Clone, Copy, Debug)]
pub struct Standings<const W: usize> {
    pub met: Plane<W>,
    pub almost: Plane<W>,
    pub open: Plane<W>,
}

impl<const W: usize> Standings<W> {
    fn of(whole: &Verdicts<W>, given: &Plane<W>) -> Self {
        let plane = |word: &dyn Fn(usize) -> u64| Plane(std::array::from_fn(word));
        let unsure = |word: usize| whole.possible.0[word] & !whole.certain.0[word];
        Self {
            met: whole.certain,
            almost: plane(&|word| unsure(word) & given.0[word]),
            open: plane(&|word| unsure(word) & !given.0[word]),
        }
    }

    /// What the bits say of one row; `None` of a no.
    pub(crate) fn of_row(&self, row: usize) -> Option<Standing> {
        match (self.met.contains(row), self.almost.contains(row), self.open.contains(row)) {
            (true, ..) => Some(Standing::Met),
            (_, true, _) => Some(Standing::AlmostMet),
            (.., true) => Some(Standing::MissingInformation),
            _ => None,
        }
    }
}

/// Whether the entry's condition holds all of the wording: only then may anybody be told that it is met.
pub(crate) fn is_full(entry: &Entry) -> bool {
    entry.item.revision.coverage == Coverage::Full
}

/// What is told of an entry with this window where the bits say `bits`, as [`domain::standing::standing`] says it.
pub(crate) fn tell(entry: &Entry, window: &Window, bits: Option<Standing>) -> Standing {
    if !is_told(window) {
        return Standing::NotOpen;
    }
    match bits {
        _ if entry.rule.is_none() => Standing::NotFullyRecorded,
        None => Standing::NotMet,
        Some(_) if !is_full(entry) => Standing::NotFullyRecorded,
        Some(told) => told,
    }
}

/// Takes the standings of blocks; each thread has one. Items come in any order, each once a block.
pub trait Visitor<const W: usize>: Send {
    /// Before the first item of a block whose rows begin at `first`. A block begins once per group of items.
    fn begin(&mut self, _first: usize) {}

    /// Rows of the entry at this place of the matcher.
    fn visit(&mut self, entry: usize, standings: &Standings<W>);
}

/// Brings the roots of one item together.
pub(crate) struct Joined<'g, V, const W: usize> {
    roots: &'g [Root],
    forms: &'g [usize],
    waiting: Vec<Waiting<W>>,
    pub(crate) visitor: V,
}

#[derive(Clone)]
struct Waiting<const W: usize> {
    whole: Verdicts<W>,
    given: Plane<W>,
    left: usize,
}

impl<'g, V, const W: usize> Joined<'g, V, W> {
    pub(crate) fn new(roots: &'g [Root], forms: &'g [usize], visitor: V) -> Self {
        Self { roots, forms, waiting: Vec::new(), visitor }
    }
}

impl<V: Visitor<W>, const W: usize> Sink<W> for Joined<'_, V, W> {
    fn begin(&mut self, first: usize) {
        self.waiting.clear();
        let fresh = |left: &usize| Waiting { whole: Verdicts::NONE, given: Plane::EMPTY, left: *left };
        self.waiting.extend(self.forms.iter().map(fresh));
        self.visitor.begin(first);
    }

    fn take(&mut self, item: usize, verdicts: &Verdicts<W>) {
        let root = self.roots[item];
        let Some(waiting) = root.waiting.map(|place| &mut self.waiting[place]) else {
            self.visitor.visit(root.entry, &Standings::of(verdicts, &Plane::EMPTY));
            return;
        };
        if root.is_given {
            waiting.given.0.iter_mut().zip(verdicts.certain.0).for_each(|(all, one)| *all |= one);
        } else {
            waiting.whole = *verdicts;
        }
        waiting.left -= 1;
        if waiting.left == 0 {
            self.visitor.visit(root.entry, &Standings::of(&waiting.whole, &waiting.given));
        }
    }
}
