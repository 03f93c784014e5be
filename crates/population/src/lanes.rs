//! The value of one term for the rows of a span: plain integers of one unit while they fit, exact fractions beyond.

use std::ops::Range as Rows;

use rules::bulk::{Amount, End, Range};
use rules::number::Rational;
use rules::tree::Arithmetic;

use crate::column::UNBOUNDED;

/// What a lane holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Lane {
    Known,
    NotApplicable,
    Unknown,
}

/// Integers of one unit, low and high end of each row.
#[derive(Clone, Debug)]
pub(crate) struct Scaled {
    pub(crate) lanes: Vec<Lane>,
    pub(crate) low: Vec<i64>,
    pub(crate) high: Vec<i64>,
    /// What one is worth in base units; above zero.
    pub(crate) unit: Rational,
    /// Whether [`UNBOUNDED`] means that there is no upper end.
    pub(crate) open_ended: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Lanes {
    /// The same for every enterprise.
    Constant(Amount),
    Scaled(Scaled),
    Exact(Vec<Amount>),
}

impl Lane {
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotApplicable, _) | (_, Self::NotApplicable) => Self::NotApplicable,
            (Self::Known, Self::Known) => Self::Known,
            _ => Self::Unknown,
        }
    }
}

impl Scaled {
    fn amount(&self, row: usize) -> Amount {
        match self.lanes[row] {
            Lane::NotApplicable => Amount::NotApplicable,
            Lane::Unknown => Amount::Unknown,
            Lane::Known => {
                let value = |raw: i64| Rational::whole(raw).multiply(&self.unit);
                let (low, high) = (self.low[row], self.high[row]);
                if low == high {
                    return Amount::exactly(value(low));
                }
                let top = if self.open_ended && high == UNBOUNDED { End::Above } else { value(high).into() };
                Amount::Known(Range { low: value(low).into(), high: top })
            }
        }
    }

    /// Row by row; `None` where some row does not fit.
    fn zip(&self, other: &Self, with: impl Fn([i64; 2], [i64; 2]) -> Option<[i64; 2]>) -> Option<Self> {
        if self.open_ended || other.open_ended {
            return None;
        }
        let rows = self.lanes.len();
        let (mut lanes, mut low, mut high) =
            (Vec::with_capacity(rows), Vec::with_capacity(rows), Vec::with_capacity(rows));
        for row in 0..rows {
            let lane = self.lanes[row].and(other.lanes[row]);
            let ends = if lane == Lane::Known {
                with([self.low[row], self.high[row]], [other.low[row], other.high[row]])?
            } else {
                [0; 2]
            };
            lanes.push(lane);
            low.push(ends[0]);
            high.push(ends[1]);
        }
        Some(Self { lanes, low, high, unit: self.unit.clone(), open_ended: false })
    }
}

impl Lanes {
    pub(crate) fn amount(&self, row: usize) -> Amount {
        match self {
            Self::Constant(amount) => amount.clone(),
            Self::Scaled(scaled) => scaled.amount(row),
            Self::Exact(amounts) => amounts[row].clone(),
        }
    }

    /// What `with` makes of both, row by row.
    pub(crate) fn combine(&self, other: &Self, rows: Rows<usize>, with: impl Fn(&Amount, &Amount) -> Amount) -> Self {
        match (self, other) {
            (Self::Constant(left), Self::Constant(right)) => Self::Constant(with(left, right)),
            _ => Self::Exact(rows.map(|row| with(&self.amount(row), &other.amount(row))).collect()),
        }
    }

    pub(crate) fn calculate(&self, operator: Arithmetic, other: &Self, rows: usize) -> Self {
        let quick = match (self, other) {
            (Self::Scaled(left), Self::Scaled(right)) if left.unit == right.unit => match operator {
                Arithmetic::Plus => left.add(right),
                Arithmetic::Minus => left.zip(right, |[a, b], [c, d]| Some([a.checked_sub(d)?, b.checked_sub(c)?])),
                Arithmetic::Times | Arithmetic::Over => None,
            },
            (Self::Scaled(scaled), Self::Constant(Amount::Known(factor))) if let Some(factor) = positive(factor) => {
                let unit = match operator {
                    Arithmetic::Times => Some(scaled.unit.multiply(factor)),
                    Arithmetic::Over => scaled.unit.checked_div(factor),
                    Arithmetic::Plus | Arithmetic::Minus => None,
                };
                unit.map(|unit| Scaled { unit, ..scaled.clone() })
            }
            _ => None,
        };
        quick.map_or_else(
            || {
                let with = |left: &Amount, right: &Amount| left.and(right, |a, b| a.calculate(operator, b));
                self.combine(other, 0..rows, with)
            },
            Self::Scaled,
        )
    }
}

impl Scaled {
    pub(crate) fn add(&self, other: &Self) -> Option<Self> {
        self.zip(other, |[a, b], [c, d]| Some([a.checked_add(c)?, b.checked_add(d)?]))
    }

    pub(crate) fn least(&self, other: &Self) -> Option<Self> {
        self.zip(other, |[a, b], [c, d]| Some([a.min(c), b.min(d)]))
    }

    pub(crate) fn greatest(&self, other: &Self) -> Option<Self> {
        self.zip(other, |[a, b], [c, d]| Some([a.max(c), b.max(d)]))
    }
}

/// One value above zero.
pub(crate) fn positive(range: &Range) -> Option<&Rational> {
    range.exact().filter(|value| value.signum() > 0)
}
