//! A number as the notice writes it: `100万元`, `3%`, `1.5亿元`. Kept as written, compared exactly.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::unit::Unit;
use crate::number::Rational;

/// The most decimal places a written number may have.
pub const MAX_DECIMALS: u8 = 9;

/// `mantissa × 10^-decimals` in `unit`, without trailing zeros, so that equal texts are equal values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Written")]
pub struct Quantity {
    mantissa: i64,
    decimals: u8,
    unit: &'static Unit,
}

#[derive(Deserialize, JsonSchema)]
struct Written {
    mantissa: i64,
    decimals: u8,
    unit: &'static Unit,
}

impl From<Written> for Quantity {
    fn from(written: Written) -> Self {
        Self::new(written.mantissa, written.decimals, written.unit)
    }
}

impl Quantity {
    /// Drops trailing zeros behind the point; places beyond [`MAX_DECIMALS`] are cut off.
    pub fn new(mut mantissa: i64, mut decimals: u8, unit: &'static Unit) -> Self {
        while decimals > MAX_DECIMALS || (decimals > 0 && mantissa % 10 == 0) {
            mantissa /= 10;
            decimals -= 1;
        }
        Self { mantissa, decimals, unit }
    }

    /// A decimal such as `-1.50`. `None` if it is not one or does not fit.
    pub fn parse(decimal: &str, unit: &'static Unit) -> Option<Self> {
        let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fraction = fraction.trim_end_matches('0');
        let decimals = u8::try_from(fraction.len()).ok().filter(|places| *places <= MAX_DECIMALS)?;
        if unsigned.is_empty() || !digits(unsigned) || !digits(fraction) || decimal.ends_with('.') {
            return None;
        }
        let mantissa = format!("{whole}{fraction}").parse().ok()?;
        Some(Self::new(mantissa, decimals, unit))
    }

    /// The same number in another unit.
    pub(crate) fn in_unit(&self, unit: &'static Unit) -> Self {
        Self { unit, ..self.clone() }
    }

    pub fn unit(&self) -> &'static Unit {
        self.unit
    }

    /// The value in base units: 元, 人, 1.
    pub fn value(&self) -> Rational {
        let factor = Rational::ratio(self.unit.numerator, self.unit.denominator);
        Rational::scaled(self.mantissa, self.decimals).multiply(&factor.unwrap_or_else(|| Rational::whole(1)))
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = usize::from(self.decimals) + 1);
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(self.decimals));
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}{}", self.unit.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::unit::PLAIN;

    fn money(text: &str) -> Option<Quantity> {
        Quantity::parse(text, Unit::find("万元")?)
    }

    #[test]
    fn a_written_number_keeps_its_unit_and_compares_in_base_units() {
        assert_eq!(money("1.50").unwrap().to_string(), "1.5万元");
        assert_eq!(money("1.50").unwrap().value(), Rational::whole(15_000));
        assert_eq!(Quantity::parse("3", Unit::find("%").unwrap()).unwrap().value(), Rational::ratio(3, 100).unwrap());
        assert_eq!(Quantity::parse("-0.05", &PLAIN).unwrap().to_string(), "-0.05");
    }

    #[test]
    fn what_is_not_a_decimal_is_refused() {
        for text in ["", "-", "1.", ".5", "1e5", "１", "99999999999999999999", "0.0000000001"] {
            assert_eq!(money(text), None, "{text}");
        }
    }
}
