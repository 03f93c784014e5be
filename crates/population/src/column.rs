//! One leaf of every enterprise, side by side.

use std::collections::HashMap;
use std::hash::Hash;

use rules::bulk::{Amount, Leaves, Said, Stated};

use crate::leaf::Leaf;

/// What a row of a number column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    Known,
    NotApplicable,
    Contradicting,
    Absent,
    BeforeFounding,
    BeforeFoundingRecorded,
}

/// Stands for "no upper end" of a count.
pub(crate) const UNBOUNDED: i64 = i64::MAX;

/// Numbers in stored units, or days.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) states: Vec<State>,
    pub(crate) low: Vec<i64>,
    /// Only where some row's ends differ.
    pub(crate) high: Option<Vec<i64>>,
}

/// Values of which many rows hold the same one.
#[derive(Clone, Debug)]
pub(crate) struct Dictionary<T> {
    pub(crate) codes: Vec<u32>,
    pub(crate) values: Vec<T>,
    known: HashMap<T, u32>,
}

#[derive(Clone, Debug)]
pub(crate) enum Column {
    Numbers(Numbers),
    Said(Dictionary<Said>),
    Amounts(Dictionary<Amount>),
}

impl Numbers {
    fn set(&mut self, row: usize, stated: Stated) {
        let (state, low, high) = match stated {
            Stated::Known { low, high } => (State::Known, low, high),
            Stated::NotApplicable => (State::NotApplicable, 0, 0),
            Stated::Contradicting => (State::Contradicting, 0, 0),
            Stated::Absent => (State::Absent, 0, 0),
            Stated::BeforeFounding => (State::BeforeFounding, 0, 0),
            Stated::BeforeFoundingRecorded => (State::BeforeFoundingRecorded, 0, 0),
        };
        if row == self.states.len() {
            self.states.push(state);
            self.low.push(low);
            if let Some(ends) = &mut self.high {
                ends.push(high);
            }
        } else {
            (self.states[row], self.low[row]) = (state, low);
            if let Some(ends) = &mut self.high {
                ends[row] = high;
            }
        }
        if low != high && self.high.is_none() {
            let mut ends = self.low.clone();
            ends[row] = high;
            self.high = Some(ends);
        }
    }

    fn bytes(&self) -> usize {
        self.states.capacity() + 8 * (self.low.capacity() + self.high.as_ref().map_or(0, Vec::capacity))
    }
}

impl<T: Clone + Eq + Hash> Dictionary<T> {
    fn new() -> Self {
        Self { codes: Vec::new(), values: Vec::new(), known: HashMap::new() }
    }

    fn set(&mut self, row: usize, value: T) {
        let code = match self.known.get(&value) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
                self.values.push(value.clone());
                self.known.insert(value, code);
                code
            }
        };
        if row == self.codes.len() { self.codes.push(code) } else { self.codes[row] = code }
    }
}

impl Column {
    pub(crate) fn new(leaf: &Leaf) -> Self {
        match leaf {
            Leaf::Number { .. } | Leaf::HeldSince { .. } | Leaf::Records(_) => Self::Numbers(Numbers::default()),
            Leaf::Parameter { .. } | Leaf::Tally(_) => Self::Amounts(Dictionary::new()),
            Leaf::Said(_) => Self::Said(Dictionary::new()),
        }
    }

    /// Reads the leaf of one profile into a row: an old one, or the one after the last.
    pub(crate) fn set(&mut self, row: usize, leaf: &Leaf, leaves: &Leaves<'_>) {
        match (self, leaf) {
            (Self::Numbers(numbers), Leaf::Number { fact, when, source }) => {
                numbers.set(row, leaves.stated(fact, *when, source.as_deref()));
            }
            (Self::Numbers(numbers), Leaf::HeldSince { fact, area }) => {
                numbers.set(row, leaves.held_since(fact, area));
            }
            (Self::Numbers(numbers), Leaf::Records(records)) => {
                let counted = leaves.counted(records);
                let bounded = |count: u64| i64::try_from(count).unwrap_or(UNBOUNDED).min(UNBOUNDED - 1);
                let high = counted.possible.map_or(UNBOUNDED, bounded);
                numbers.set(row, Stated::Known { low: bounded(counted.certain), high });
            }
            (Self::Amounts(amounts), Leaf::Parameter { name, year }) => {
                amounts.set(row, leaves.parameter(name, *year).map_or(Amount::Unknown, Amount::exactly));
            }
            (Self::Amounts(amounts), Leaf::Tally(tally)) => amounts.set(row, leaves.tallied(tally)),
            (Self::Said(said), Leaf::Said(fact)) => said.set(row, leaves.said(fact)),
            // A column is made for its leaf, so there is no other pair.
            _ => {}
        }
    }

    /// Memory held, of dictionaries the codes alone.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.bytes(),
            Self::Said(said) => 4 * said.codes.capacity(),
            Self::Amounts(amounts) => 4 * amounts.codes.capacity(),
        }
    }
}
