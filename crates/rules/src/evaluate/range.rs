//! Intervals of exact numbers. What conflicting sources leave open is an interval; what an incomplete list leaves open
//! has no end: nobody knows how many more there are.

use std::cmp::Ordering;

use crate::number::Rational;
use crate::tree::{Arithmetic, Fold, Operator};
use crate::verdict::Verdict;

/// One end of an interval, in the order of the numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// Below every number: the interval is open downwards.
    Below,
    At(Rational),
    /// Above every number.
    Above,
}

impl End {
    /// The number, unless the interval is open here.
    pub fn finite(&self) -> Option<&Rational> {
        match self {
            Self::At(number) => Some(number),
            Self::Below | Self::Above => None,
        }
    }

    pub fn signum(&self) -> i8 {
        match self {
            Self::Below => -1,
            Self::At(number) => number.signum(),
            Self::Above => 1,
        }
    }

    fn of_sign(sign: i8) -> Self {
        match sign {
            -1 => Self::Below,
            0 => Self::At(Rational::whole(0)),
            _ => Self::Above,
        }
    }

    fn negate(&self) -> Self {
        match self {
            Self::Below => Self::Above,
            Self::At(number) => Self::At(number.negate()),
            Self::Above => Self::Below,
        }
    }

    /// Of two ends on the same side: an open one keeps the sum open.
    fn add(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::At(one), Self::At(two)) => Self::At(one.add(two)),
            (Self::At(_), open) | (open, _) => open.clone(),
        }
    }

    /// Nothing times any number, however large, is nothing.
    fn multiply(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::At(one), Self::At(two)) => Self::At(one.multiply(two)),
            _ => Self::of_sign(self.signum() * other.signum()),
        }
    }

    /// `1 / x`; an open end comes as near to nothing as one likes. `None` for zero.
    fn inverse(&self) -> Option<Self> {
        match self {
            Self::At(number) => Rational::whole(1).checked_div(number).map(Self::At),
            Self::Below | Self::Above => Some(Self::At(Rational::whole(0))),
        }
    }
}

impl From<Rational> for End {
    fn from(number: Rational) -> Self {
        Self::At(number)
    }
}

/// `low ≤ value ≤ high`. The low end is never [`End::Above`], the high end never [`End::Below`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    pub low: End,
    pub high: End,
}

impl Range {
    pub fn exactly(value: Rational) -> Self {
        Self { low: End::At(value.clone()), high: End::At(value) }
    }

    /// The value, where there is only one.
    pub fn exact(&self) -> Option<&Rational> {
        self.low.finite().filter(|low| self.high.finite() == Some(*low))
    }

    pub fn is_exact(&self) -> bool {
        self.exact().is_some()
    }

    /// The smallest interval that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// The smaller of two values of which only the intervals are known.
    pub fn lesser(&self, other: &Self) -> Self {
        Self { low: (&self.low).min(&other.low).clone(), high: (&self.high).min(&other.high).clone() }
    }

    /// The greater of two.
    pub fn greater(&self, other: &Self) -> Self {
        Self { low: (&self.low).max(&other.low).clone(), high: (&self.high).max(&other.high).clone() }
    }

    pub fn add(&self, other: &Self) -> Self {
        Self { low: self.low.add(&other.low), high: self.high.add(&other.high) }
    }

    fn subtract(&self, other: &Self) -> Self {
        Self { low: self.low.add(&other.high.negate()), high: self.high.add(&other.low.negate()) }
    }

    fn multiply(&self, other: &Self) -> Self {
        if let (Some(one), Some(two)) = (self.exact(), other.exact()) {
            return Self::exactly(one.multiply(two));
        }
        let corners = [
            self.low.multiply(&other.low),
            self.low.multiply(&other.high),
            self.high.multiply(&other.low),
            self.high.multiply(&other.high),
        ];
        let [first, rest @ ..] = corners;
        let point = |corner: End| Self { low: corner.clone(), high: corner };
        rest.into_iter().fold(point(first), |range, corner| range.hull(point(corner)))
    }

    /// `None` when the divisor may be zero.
    pub fn divide(&self, other: &Self) -> Option<Self> {
        if other.low.signum() <= 0 && other.high.signum() >= 0 {
            return None;
        }
        if let (Some(one), Some(two)) = (self.exact(), other.exact()) {
            return one.checked_div(two).map(Self::exactly);
        }
        Some(self.multiply(&Self { low: other.high.inverse()?, high: other.low.inverse()? }))
    }

    /// `None` only for a division whose divisor may be zero.
    pub fn calculate(&self, operator: Arithmetic, other: &Self) -> Option<Self> {
        match operator {
            Arithmetic::Plus => Some(self.add(other)),
            Arithmetic::Minus => Some(self.subtract(other)),
            Arithmetic::Times => Some(self.multiply(other)),
            Arithmetic::Over => self.divide(other),
        }
    }

    /// Nothing below zero.
    pub fn not_negative(self) -> Self {
        let zero = End::At(Rational::whole(0));
        Self { low: self.low.max(zero.clone()), high: self.high.max(zero) }
    }

    /// The value of `exponent` equal factors, for bases that are not negative.
    pub fn power(&self, exponent: u8) -> Self {
        let one = End::At(Rational::whole(1));
        let raise = |base: &End| (0..exponent).fold(one.clone(), |product, _| product.multiply(base));
        Self { low: raise(&self.low), high: raise(&self.high) }
    }

    /// Whether `self operator other` holds for all, for some or for no pair of values.
    pub fn compare(&self, operator: Operator, other: &Self) -> Verdict {
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
        self.exact().is_some_and(|value| other.exact() == Some(value))
    }
}

impl Fold {
    /// Two members of a fold as one; a mean is a sum until it is divided.
    pub fn combine(self, a: &Range, b: &Range) -> Range {
        match self {
            Self::Sum | Self::Mean => a.add(b),
            Self::Least => a.lesser(b),
            Self::Greatest => a.greater(b),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(low: i64, high: i64) -> Range {
        Range { low: Rational::whole(low).into(), high: Rational::whole(high).into() }
    }

    /// From `low` on, or up to `low`, without an end.
    fn open(low: i64, upwards: bool) -> Range {
        let at = End::At(Rational::whole(low));
        if upwards { Range { low: at, high: End::Above } } else { Range { low: End::Below, high: at } }
    }

    #[test]
    fn what_has_no_end_is_met_by_its_known_end_alone() {
        let three_or_more = open(3, true);
        assert_eq!(three_or_more.compare(Operator::AtLeast, &range(3, 3)), Verdict::Met);
        assert_eq!(three_or_more.compare(Operator::AtLeast, &range(4, 4)), Verdict::Unknown);
        assert_eq!(three_or_more.compare(Operator::More, &range(3, 3)), Verdict::Unknown);
        assert_eq!(three_or_more.compare(Operator::AtMost, &range(3, 3)), Verdict::Unknown);
        assert_eq!(three_or_more.compare(Operator::AtMost, &range(2, 2)), Verdict::NotMet);
        assert_eq!(three_or_more.compare(Operator::Equal, &range(2, 2)), Verdict::NotMet);
        assert_eq!(three_or_more.compare(Operator::Equal, &range(3, 3)), Verdict::Unknown);
        assert_eq!(three_or_more.compare(Operator::Differs, &range(2, 2)), Verdict::Met);
        assert_eq!(range(0, 0).multiply(&three_or_more), range(0, 0));
        assert_eq!(range(10, 10).calculate(Arithmetic::Minus, &three_or_more), Some(open(7, false)));
        assert_eq!(range(6, 6).divide(&three_or_more), Some(range(0, 2)));
        assert_eq!(open(0, true).divide(&open(0, true)), None);
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

    /// A range over small numbers, open to one side now and then, and a member of it.
    fn some_range() -> impl Strategy<Value = (Range, i64)> {
        (-9_i64..9, -9_i64..9, 0_i64..60, 0_u8..4).prop_map(|(a, b, step, shape)| match shape {
            0 => (open(a, true), a + step),
            1 => (open(a, false), a - step),
            _ => (range(a.min(b), a.max(b)), (a.min(b) + step).min(a.max(b))),
        })
    }

    const OPERATORS: [Arithmetic; 4] = [Arithmetic::Plus, Arithmetic::Minus, Arithmetic::Times, Arithmetic::Over];

    proptest! {
        #[test]
        fn the_interval_holds_every_result_of_its_members(
            (left, x) in some_range(), (right, y) in some_range(), which in 0_usize..4,
        ) {
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
