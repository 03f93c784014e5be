//! A fraction of integers that never rounds: `i128` while it fits, big integers beyond.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use num_bigint::{BigInt, Sign};

/// An exact fraction. Not kept in lowest terms while small (reducing costs more than it saves); two fractions are
/// equal when their values are.
#[derive(Clone, Debug)]
pub struct Rational(Repr);

#[derive(Clone, Debug)]
enum Repr {
    /// The denominator is positive.
    Small {
        numerator: i128,
        denominator: i128,
    },
    Big {
        numerator: BigInt,
        denominator: BigInt,
    },
}

impl Rational {
    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Self(Repr::Small { numerator: value.into(), denominator: 1 })
    }

    /// The value of an integer scaled by `10^scale`, e.g. money in 分 with scale 2.
    pub fn scaled(value: i64, scale: u8) -> Self {
        let denominator = 10_i128.pow(u32::from(scale.min(38)));
        Self(Repr::Small { numerator: value.into(), denominator })
    }

    /// `numerator / denominator`; `None` when the denominator is zero.
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Self> {
        Self::whole(numerator).checked_div(&Self::whole(denominator))
    }

    /// A fraction of machine integers, the denominator positive.
    pub(crate) fn of(numerator: i128, denominator: i64) -> Self {
        Self(Repr::Small { numerator, denominator: denominator.max(1).into() })
    }

    /// Numerator and denominator where they are small, in lowest terms where that makes them fit 64 bits.
    pub(crate) fn small(&self) -> Option<(i128, i128)> {
        match self.0 {
            Repr::Small { numerator, denominator } if i64::try_from(denominator).is_ok() => {
                Some((numerator, denominator))
            }
            Repr::Small { numerator, denominator } => {
                let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
                let divisor = i128::try_from(divisor).ok()?.max(1);
                Some((numerator / divisor, denominator / divisor))
            }
            Repr::Big { .. } => None,
        }
    }

    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        if let (Repr::Small { numerator: a, denominator: b }, Repr::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
        {
            let sum =
                if b == d { a.checked_add(*c).map(|numerator| (numerator, *b)) } else { small_sum(*a, *b, *c, *d) };
            if let Some((numerator, denominator)) = sum {
                return Self(Repr::Small { numerator, denominator });
            }
        }
        let ((a, b), (c, d)) = (self.big(), other.big());
        Self::from_big(&a * &d + &c * &b, b * d)
    }

    #[must_use]
    pub fn negate(&self) -> Self {
        match &self.0 {
            Repr::Small { numerator, denominator } if *numerator != i128::MIN => {
                Self(Repr::Small { numerator: -numerator, denominator: *denominator })
            }
            _ => {
                let (numerator, denominator) = self.big();
                Self::from_big(-numerator, denominator)
            }
        }
    }

    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.add(&other.negate())
    }

    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        if let (Repr::Small { numerator: a, denominator: b }, Repr::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
            && let (Some(numerator), Some(denominator)) = (a.checked_mul(*c), b.checked_mul(*d))
        {
            return Self(Repr::Small { numerator, denominator });
        }
        let ((a, b), (c, d)) = (self.big(), other.big());
        Self::from_big(a * c, b * d)
    }

    /// `None` when `other` is zero: there is no such number, and the caller must say so.
    pub fn checked_div(&self, other: &Self) -> Option<Self> {
        let inverse = match &other.0 {
            Repr::Small { numerator: 0, .. } => return None,
            Repr::Small { numerator, denominator } if *numerator != i128::MIN => {
                Self(Repr::Small { numerator: denominator * numerator.signum(), denominator: numerator.abs() })
            }
            _ => {
                let (numerator, denominator) = other.big();
                match numerator.sign() {
                    Sign::NoSign => return None,
                    Sign::Plus => Self::from_big(denominator, numerator),
                    Sign::Minus => Self::from_big(-denominator, -numerator),
                }
            }
        };
        Some(self.multiply(&inverse))
    }

    /// −1, 0 or 1.
    pub fn signum(&self) -> i8 {
        let ordering = match &self.0 {
            Repr::Small { numerator, .. } => numerator.cmp(&0),
            Repr::Big { numerator, .. } => numerator.cmp(&BigInt::ZERO),
        };
        ordering as i8
    }

    /// Whether the value is an integer.
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Repr::Small { numerator, denominator } => numerator % denominator == 0,
            Repr::Big { numerator, denominator } => (numerator % denominator).sign() == Sign::NoSign,
        }
    }

    /// The value, where it is an integer of 64 bits.
    pub fn whole_number(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small { numerator, denominator } if numerator % denominator == 0 => {
                i64::try_from(numerator / denominator).ok()
            }
            Repr::Small { .. } => None,
            Repr::Big { numerator, denominator } => {
                if (numerator % denominator).sign() == Sign::NoSign {
                    i64::try_from(numerator / denominator).ok()
                } else {
                    None
                }
            }
        }
    }

    /// The nearest decimal with `decimals` places, halves away from zero. For display only.
    pub fn rounded_text(&self, decimals: u8) -> String {
        let (numerator, denominator) = self.big();
        let shifted = numerator * BigInt::from(10).pow(u32::from(decimals)) * 2 + {
            if self.signum() < 0 { -&denominator } else { denominator.clone() }
        };
        let rounded: BigInt = shifted / (denominator * 2);
        let negative = rounded.sign() == Sign::Minus;
        let digits = format!("{:0>width$}", rounded.magnitude().to_string(), width = usize::from(decimals) + 1);
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(decimals));
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{}{whole}{point}{fraction}", if negative { "-" } else { "" })
    }

    /// Numerator and denominator without common factors, the denominator above zero.
    pub fn lowest_terms(&self) -> (BigInt, BigInt) {
        let (numerator, denominator) = self.big();
        let divisor = greatest_common_divisor(numerator.clone(), denominator.clone());
        (numerator / &divisor, denominator / divisor)
    }

    fn big(&self) -> (BigInt, BigInt) {
        match &self.0 {
            Repr::Small { numerator, denominator } => ((*numerator).into(), (*denominator).into()),
            Repr::Big { numerator, denominator } => (numerator.clone(), denominator.clone()),
        }
    }

    /// Reduces, and comes back to small numbers when they suffice.
    fn from_big(numerator: BigInt, denominator: BigInt) -> Self {
        let divisor = greatest_common_divisor(numerator.clone(), denominator.clone());
        let (numerator, denominator) = (numerator / &divisor, denominator / &divisor);
        match (i128::try_from(&numerator), i128::try_from(&denominator)) {
            (Ok(numerator), Ok(denominator)) => Self(Repr::Small { numerator, denominator }),
            _ => Self(Repr::Big { numerator, denominator }),
        }
    }
}

fn small_sum(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    let numerator = a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?;
    Some((numerator, b.checked_mul(d)?))
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn greatest_common_divisor(mut a: BigInt, mut b: BigInt) -> BigInt {
    while b.sign() != Sign::NoSign {
        (a, b) = (b.clone(), a % b);
    }
    a.magnitude().clone().into()
}

impl From<BigInt> for Rational {
    fn from(whole: BigInt) -> Self {
        Self::from_big(whole, BigInt::from(1))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Small { numerator: a, denominator: b }, Repr::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
        {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b)) {
                return left.cmp(&right);
            }
        }
        let ((a, b), (c, d)) = (self.big(), other.big());
        (a * d).cmp(&(c * b))
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rational {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rational {}

/// Equal fractions hash alike, however they are written.
impl Hash for Rational {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (numerator, denominator) = self.big();
        match Self::from_big(numerator, denominator).0 {
            Repr::Small { numerator, denominator } => (numerator, denominator).hash(state),
            Repr::Big { numerator, denominator } => (numerator, denominator).hash(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_fractions_are_equal_however_written() {
        assert_eq!(Rational::ratio(1, 2), Rational::ratio(-3, -6));
        assert_eq!(Rational::scaled(500, 2), Rational::whole(5));
        assert!(Rational::ratio(1, 3) < Rational::ratio(334, 1000));
        assert!(Rational::ratio(-1, 3) < Rational::ratio(-333, 1000));
    }

    #[test]
    fn division_by_zero_has_no_value() {
        assert_eq!(Rational::ratio(5, 0), None);
        assert_eq!(Rational::whole(5).checked_div(&Rational::ratio(0, 7).unwrap()), None);
    }

    #[test]
    fn overflow_goes_to_big_integers_and_back() {
        let huge = Rational::whole(i64::MAX);
        let cube = huge.multiply(&huge).multiply(&huge);
        assert!(cube > huge);
        assert_eq!(cube.checked_div(&huge).unwrap().checked_div(&huge).unwrap(), huge);
        assert_eq!(cube.subtract(&cube), Rational::whole(0));
        assert_eq!(cube.negate().signum(), -1);
    }

    #[test]
    fn rounding_is_for_display_and_takes_halves_away_from_zero() {
        assert_eq!(Rational::ratio(1, 8).unwrap().rounded_text(2), "0.13");
        assert_eq!(Rational::ratio(-1, 8).unwrap().rounded_text(2), "-0.13");
        assert_eq!(Rational::ratio(-1, 1000).unwrap().rounded_text(2), "0.00");
        assert_eq!(Rational::whole(12).rounded_text(0), "12");
    }

    fn rational() -> impl Strategy<Value = Rational> {
        (any::<i64>(), prop_oneof![1..=1_000_i64, any::<i64>()])
            .prop_filter_map("no zero denominators", |(numerator, denominator)| Rational::ratio(numerator, denominator))
    }

    proptest! {
        #[test]
        fn addition_and_subtraction_undo_each_other(a in rational(), b in rational()) {
            prop_assert_eq!(a.add(&b).subtract(&b), a.clone());
            prop_assert_eq!(a.add(&b), b.add(&a));
        }

        #[test]
        fn multiplication_and_division_undo_each_other(a in rational(), b in rational()) {
            prop_assume!(b.signum() != 0);
            prop_assert_eq!(a.multiply(&b).checked_div(&b), Some(a));
        }

        #[test]
        fn equal_fractions_hash_alike(a in rational(), factor in 1..=1_000_i64) {
            let hash = |value: &Rational| {
                let mut hasher = std::hash::DefaultHasher::new();
                value.hash(&mut hasher);
                std::hash::Hasher::finish(&hasher)
            };
            let factor = Rational::whole(factor);
            let rewritten = a.multiply(&factor).multiply(&factor.checked_div(&factor.multiply(&factor)).unwrap());
            prop_assert_eq!(hash(&a), hash(&rewritten));
        }

        #[test]
        fn order_agrees_with_the_sign_of_the_difference(a in rational(), b in rational()) {
            prop_assert_eq!(a.cmp(&b) as i8, a.subtract(&b).signum());
        }
    }
}
