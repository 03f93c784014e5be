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
    pub(crate) fn push(&mut self, stated: Stated) {
        let (state, low, high) = match stated {
            Stated::Known { low, high } => (State::Known, low, high),
            Stated::NotApplicable => (State::NotApplicable, 0, 0),
            Stated::Contradicting => (State::Contradicting, 0, 0),
            Stated::Absent => (State::Absent, 0, 0),
            Stated::BeforeFounding => (State::BeforeFounding, 0, 0),
            Stated::BeforeFoundingRecorded => (State::BeforeFoundingRecorded, 0, 0),
        };
        if low != high && self.high.is_none() {
            self.high = Some(self.low.clone());
        }
        self.states.push(state);
        self.low.push(low);
        if let Some(ends) = &mut self.high {
            ends.push(high);
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
