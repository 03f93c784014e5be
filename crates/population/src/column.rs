//! One leaf of the enterprises of a span, side by side.

use rules::bulk::{Amount, Stated};

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

#[derive(Clone, Debug)]
pub(crate) enum Column {
    Numbers(Numbers),
    Amounts(Vec<Amount>),
}

impl Numbers {
    /// The same in so many rows.
    pub(crate) fn all(stated: Stated, rows: usize) -> Self {
        let (state, low, high) = parts(stated);
        let ends = (low != high).then(|| vec![high; rows]);
        Self { states: vec![state; rows], low: vec![low; rows], high: ends }
    }

    pub(crate) fn push(&mut self, stated: Stated) {
        self.states.push(State::Absent);
        self.low.push(0);
        if let Some(ends) = &mut self.high {
            ends.push(0);
        }
        self.set(self.states.len() - 1, stated);
    }

    /// Changes one of the rows.
    pub(crate) fn set(&mut self, row: usize, stated: Stated) {
        let (state, low, high) = parts(stated);
        (self.states[row], self.low[row]) = (state, low);
        if low != high && self.high.is_none() {
            self.high = Some(self.low.clone());
        }
        if let Some(ends) = &mut self.high {
            ends[row] = high;
        }
    }

    /// The upper ends of all rows.
    pub(crate) fn highs(&self) -> Vec<i64> {
        self.high.as_ref().unwrap_or(&self.low).clone()
    }

    /// The value, where it is known.
    pub(crate) fn known(&self, row: usize) -> Option<i64> {
        (self.states.get(row) == Some(&State::Known)).then(|| self.low[row])
    }
}

fn parts(stated: Stated) -> (State, i64, i64) {
    match stated {
        Stated::Known { low, high } => (State::Known, low, high),
        Stated::NotApplicable => (State::NotApplicable, 0, 0),
        Stated::Contradicting => (State::Contradicting, 0, 0),
        Stated::Absent => (State::Absent, 0, 0),
        Stated::BeforeFounding => (State::BeforeFounding, 0, 0),
        Stated::BeforeFoundingRecorded => (State::BeforeFoundingRecorded, 0, 0),
    }
}
