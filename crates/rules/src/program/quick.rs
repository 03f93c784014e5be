//! Values of terms in one word where they are exact and fit, as intervals of exact fractions where they do not.
//!
//! Two sources that differ, or a product beyond 64 bits, cost a little time and never a digit.

use std::cmp::Ordering;

use crate::core::Amount;
use crate::evaluate::range::Range;
use crate::number::Rational;
use crate::tree::{Arithmetic, Operator};
use crate::verdict::Verdict;

/// An exact fraction of machine integers; the denominator is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    numerator: i64,
    denominator: i64,
}

/// The value of one term for one profile.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quick {
    NotApplicable,
    Unknown,
    Exact(Ratio),
    /// An interval, or a value beyond 64 bits, at this place of the wide values.
    Wide(usize),
}

impl Ratio {
    pub(super) fn whole(numerator: i64) -> Self {
        Self { numerator, denominator: 1 }
    }

    /// `None` where one of the two does not fit or the denominator is not positive.
    pub(super) fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let (numerator, denominator) = (i64::try_from(numerator).ok()?, i64::try_from(denominator).ok()?);
        (denominator > 0).then_some(Self { numerator, denominator })
    }

    pub(super) fn exactly(value: &Rational) -> Option<Self> {
        let (numerator, denominator) = value.small()?;
        Self::new(numerator, denominator)
    }

    fn rational(self) -> Rational {
        Rational::of(self.numerator.into(), self.denominator)
    }

    pub(super) fn is_positive(self) -> bool {
        self.numerator > 0
    }

    pub(super) fn or_zero(self) -> Self {
        if self.numerator < 0 { Self::whole(0) } else { self }
    }

    /// Products of 64-bit numbers always fit 128 bits.
    pub(super) fn order(self, other: Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        left.cmp(&(i128::from(other.numerator) * i128::from(self.denominator)))
    }

    /// `None` where the result does not fit; a division by zero is the caller's.
    pub(super) fn calculate(self, operator: Arithmetic, other: Self) -> Option<Self> {
        let (a, b) = (i128::from(self.numerator), i128::from(self.denominator));
        let (c, d) = (i128::from(other.numerator), i128::from(other.denominator));
        match operator {
            Arithmetic::Plus if b == d => Self::new(a + c, b),
            Arithmetic::Minus if b == d => Self::new(a - c, b),
            Arithmetic::Plus => Self::new((a * d).checked_add(c * b)?, b * d),
            Arithmetic::Minus => Self::new((a * d).checked_sub(c * b)?, b * d),
            Arithmetic::Times => Self::new(a * c, b * d),
            Arithmetic::Over if b == d => Self::new(a * c.signum(), c.abs()),
            Arithmetic::Over => Self::new(a * d * c.signum(), b * c.abs()),
        }
    }

    /// The product of `exponent` factors, if it fits.
    pub(super) fn power(self, exponent: u8) -> Option<Self> {
        (0..exponent).try_fold(Self::whole(1), |product, _| product.calculate(Arithmetic::Times, self))
    }

    pub(super) fn is_zero(self) -> bool {
        self.numerator == 0
    }
}

/// The intervals of one profile.
#[derive(Clone, Debug, Default)]
pub(super) struct Wide(Vec<Range>);

impl Wide {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn keep(&mut self, range: Range) -> Quick {
        if let Some(ratio) = range.exact().and_then(Ratio::exactly) {
            return Quick::Exact(ratio);
        }
        self.0.push(range);
        Quick::Wide(self.0.len() - 1)
    }

    pub(super) fn keep_amount(&mut self, amount: Amount) -> Quick {
        match amount {
            Amount::Known(range) => self.keep(range),
            Amount::NotApplicable => Quick::NotApplicable,
            Amount::Unknown => Quick::Unknown,
        }
    }

    /// The interval of a known value.
    pub(super) fn range(&self, value: Quick) -> Option<Range> {
        match value {
            Quick::Exact(ratio) => Some(Range::exactly(ratio.rational())),
            Quick::Wide(index) => self.0.get(index).cloned(),
            Quick::NotApplicable | Quick::Unknown => None,
        }
    }

    /// What `fast` makes of two exact values, else `exact` of two intervals; "not applicable" outweighs "unknown".
    pub(super) fn combine(
        &mut self,
        left: Quick,
        right: Quick,
        fast: impl FnOnce(Ratio, Ratio) -> Option<Ratio>,
        exact: impl FnOnce(&Range, &Range) -> Option<Range>,
    ) -> Quick {
        match (left, right) {
            (Quick::NotApplicable, _) | (_, Quick::NotApplicable) => return Quick::NotApplicable,
            (Quick::Unknown, _) | (_, Quick::Unknown) => return Quick::Unknown,
            (Quick::Exact(left), Quick::Exact(right)) => {
                if let Some(ratio) = fast(left, right) {
                    return Quick::Exact(ratio);
                }
            }
            _ => {}
        }
        let result = self.range(left).zip(self.range(right)).and_then(|(left, right)| exact(&left, &right));
        result.map_or(Quick::Unknown, |range| self.keep(range))
    }

    /// The smallest interval that holds both; a value and "not applicable" have nothing in common.
    pub(super) fn hull(&mut self, one: Quick, other: Quick) -> Quick {
        if let (Quick::NotApplicable, Quick::NotApplicable) = (one, other) {
            return Quick::NotApplicable;
        }
        match self.range(one).zip(self.range(other)) {
            Some((one, other)) => self.keep(one.hull(other)),
            None => Quick::Unknown,
        }
    }

    /// Nothing compares with what does not apply.
    pub(super) fn compare(&self, left: Quick, operator: Operator, right: Quick) -> Verdict {
        match (left, right) {
            (Quick::NotApplicable, _) | (_, Quick::NotApplicable) => Verdict::NotMet,
            (Quick::Unknown, _) | (_, Quick::Unknown) => Verdict::Unknown,
            (Quick::Exact(left), Quick::Exact(right)) => {
                if operator.holds(left.order(right)) {
                    Verdict::Met
                } else {
                    Verdict::NotMet
                }
            }
            _ => match (self.range(left), self.range(right)) {
                (Some(left), Some(right)) => left.compare(operator, &right),
                _ => Verdict::Unknown,
            },
        }
    }
}
