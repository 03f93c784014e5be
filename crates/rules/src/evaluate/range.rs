//! Closed intervals of exact numbers. What conflicting sources or incomplete lists leave open is an interval.

use std::cmp::Ordering;

use crate::number::Rational;
use crate::tree::{Arithmetic, Operator};
use crate::verdict::Verdict;

/// `low ≤ value ≤ high`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) low: Rational,
    pub(crate) high: Rational,
}

impl Range {
    pub(crate) fn exactly(value: Rational) -> Self {
        Self { low: value.clone(), high: value }
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// The smallest interval that holds both.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        Self { low: self.low.add(&other.low), high: self.high.add(&other.high) }
    }

    fn subtract(&self, other: &Self) -> Self {
        Self { low: self.low.subtract(&other.high), high: self.high.subtract(&other.low) }
    }

    fn multiply(&self, other: &Self) -> Self {
        if self.is_exact() && other.is_exact() {
            return Self::exactly(self.low.multiply(&other.low));
        }
        Self::spanning([
            self.low.multiply(&other.low),
            self.low.multiply(&other.high),
            self.high.multiply(&other.low),
            self.high.multiply(&other.high),
        ])
    }

    /// `None` when the divisor may be zero.
    pub(crate) fn divide(&self, other: &Self) -> Option<Self> {
        if other.low.signum() <= 0 && other.high.signum() >= 0 {
            return None;
        }
        if self.is_exact() && other.is_exact() {
            return self.low.checked_div(&other.low).map(Self::exactly);
        }
        Some(Self::spanning([
            self.low.checked_div(&other.low)?,
            self.low.checked_div(&other.high)?,
            self.high.checked_div(&other.low)?,
            self.high.checked_div(&other.high)?,
        ]))
    }

    /// `None` only for a division whose divisor may be zero.
    pub(crate) fn calculate(&self, operator: Arithmetic, other: &Self) -> Option<Self> {
        match operator {
            Arithmetic::Plus => Some(self.add(other)),
            Arithmetic::Minus => Some(self.subtract(other)),
            Arithmetic::Times => Some(self.multiply(other)),
            Arithmetic::Over => self.divide(other),
        }
    }

    /// The value of `exponent` equal factors, for bases that are not negative.
    pub(crate) fn power(&self, exponent: u8) -> Self {
        let raise = |base: &Rational| (0..exponent).fold(Rational::whole(1), |product, _| product.multiply(base));
        Self { low: raise(&self.low), high: raise(&self.high) }
    }

    /// Whether `self operator other` holds for all, for some or for no pair of values.
    pub(crate) fn compare(&self, operator: Operator, other: &Self) -> Verdict {
        let lowest = self.low.cmp(&other.high);
        let highest = self.high.cmp(&other.low);
        let (certain, possible) = match operator {
            Operator::AtLeast | Operator::More => (operator.holds(lowest), operator.holds(highest)),
            Operator::AtMost | Operator::Less => (operator.holds(highest), operator.holds(lowest)),
            Operator::Equal => (self.equals(other), lowest != Ordering::Greater && highest != Ordering::Less),
            Operator::Differs => (lowest == Ordering::Greater || highest == Ordering::Less, !self.equals(other)),
        };
        match (certain, possible) {
            (true, _) => Verdict::Met,
            (false, true) => Verdict::Unknown,
            (false, false) => Verdict::NotMet,
        }
    }

    fn equals(&self, other: &Self) -> bool {
        self.is_exact() && other.is_exact() && self.low == other.low
    }

    fn spanning(corners: [Rational; 4]) -> Self {
        let [first, rest @ ..] = corners;
        rest.into_iter().fold(Self::exactly(first), |range, corner| range.hull(Self::exactly(corner)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(low: i64, high: i64) -> Range {
        Range { low: Rational::whole(low), high: Rational::whole(high) }
    }

    #[test]
    fn a_threshold_inside_an_interval_is_undecided() {
        let figure = range(4980, 5020);
        assert_eq!(figure.compare(Operator::AtLeast, &range(5000, 5000)), Verdict::Unknown);
        assert_eq!(figure.compare(Operator::AtLeast, &range(4980, 4980)), Verdict::Met);
        assert_eq!(figure.compare(Operator::More, &range(4980, 4980)), Verdict::Unknown);
        assert_eq!(figure.compare(Operator::AtLeast, &range(5021, 5021)), Verdict::NotMet);
    }

    #[test]
    fn nothing_is_divided_by_what_may_be_zero() {
        assert_eq!(range(1, 1).divide(&range(-1, 1)), None);
        assert_eq!(range(1, 1).divide(&range(0, 5)), None);
        assert_eq!(range(-4, 8).divide(&range(-4, -2)), Some(range(-4, 2)));
    }

    const OPERATORS: [Arithmetic; 4] = [Arithmetic::Plus, Arithmetic::Minus, Arithmetic::Times, Arithmetic::Over];

    proptest! {
        #[test]
        fn the_interval_holds_every_result_of_its_members(
            bounds in prop::array::uniform4(-9_i64..9), x in 0_i64..9, y in 0_i64..9, which in 0_usize..4,
        ) {
            let [a, b, c, d] = bounds;
            let (left, right) = (range(a.min(b), a.max(b)), range(c.min(d), c.max(d)));
            let (x, y) = ((a.min(b) + x).min(a.max(b)), (c.min(d) + y).min(c.max(d)));
            if let Some(result) = left.calculate(OPERATORS[which], &right) {
                let exact = range(x, x).calculate(OPERATORS[which], &range(y, y)).unwrap();
                prop_assert!(result.low <= exact.low && exact.high <= result.high);
            }
        }

        #[test]
        fn a_certain_comparison_holds_for_every_pair(
            bounds in prop::array::uniform4(-5_i64..5), which in 0_usize..6,
        ) {
            let [a, b, c, d] = bounds;
            let (left, right) = (range(a.min(b), a.max(b)), range(c.min(d), c.max(d)));
            let operator = Operator::ALL[which];
            let outcomes: Vec<bool> = (a.min(b)..=a.max(b))
                .flat_map(|x| (c.min(d)..=c.max(d)).map(move |y| operator.holds(x.cmp(&y))))
                .collect();
            let expected = if outcomes.iter().all(|held| *held) {
                Verdict::Met
            } else if outcomes.iter().any(|held| *held) {
                Verdict::Unknown
            } else {
                Verdict::NotMet
            };
            prop_assert_eq!(left.compare(operator, &right), expected);
        }
    }
}
