//! Decimal text to a scaled `i64` and back.

use std::fmt::Write as _;

use serde_json::Value as Json;

/// Significant digits every decimal survives on its way through a JSON float (IEEE 754 double).
const SAFE_FLOAT_DIGITS: usize = 15;

/// Why a text is not the number wanted. Shown to people, so in Chinese.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("不是数字")]
    NotANumber,
    /// The number part was read; the rest is what follows it, e.g. `万元`.
    #[error("数字里带了单位“{unit}”")]
    UnitInside { number: String, unit: String },
    #[error("数字里有分隔符“{separator}”")]
    Separator { separator: char },
    #[error("最多 {allowed} 位小数,这里有 {given} 位")]
    TooManyDecimals { allowed: u8, given: usize },
    #[error("数字太大")]
    TooLarge,
    #[error("这个数超过 15 位有效数字,JSON 数字保不住精度")]
    ImpreciseFloat,
}

/// Reads `-12.50` as an integer scaled by `10^scale`. Exponents (`1e7`) are accepted as JSON writes them.
///
/// ```
/// assert_eq!(rules::number::scaled("9800000.5", 2), Ok(980_000_050));
/// assert_eq!(rules::number::scaled("3", 6), Ok(3_000_000));
/// ```
pub fn scaled(text: &str, scale: u8) -> Result<i64, NumberError> {
    let text = text.trim();
    let (mantissa, exponent) = split_exponent(text)?;
    let (negative, unsigned) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || unsigned.ends_with('.') {
        return Err(diagnose(text));
    }
    let digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).map_err(|_| NumberError::TooLarge)?.saturating_add(exponent);
    let value = place_digits(&digits, point, scale)?;
    i64::try_from(if negative { -value } else { value }).map_err(|_| NumberError::TooLarge)
}

/// Reads a JSON number or string through its decimal text, never through float arithmetic.
pub fn scaled_from_json(value: &Json, scale: u8) -> Result<i64, NumberError> {
    match value {
        Json::String(text) => scaled(text, scale),
        Json::Number(number) => {
            let text = number.to_string();
            if number.is_f64() && significant_digits(&text) > SAFE_FLOAT_DIGITS {
                return Err(NumberError::ImpreciseFloat);
            }
            scaled(&text, scale)
        }
        _ => Err(NumberError::NotANumber),
    }
}

/// The shortest decimal text of a scaled integer: `decimal_text(980_000_050, 2)` is `9800000.5`.
pub fn decimal_text(value: i64, scale: u8) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = usize::from(scale) + 1);
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
    let fraction = fraction.trim_end_matches('0');
    let mut text = format!("{sign}{whole}");
    if !fraction.is_empty() {
        // Writing to a String cannot fail.
        let _ = write!(text, ".{fraction}");
    }
    text
}

/// 分 as decimal text in 元, the way money goes over the wire.
pub mod yuan {
    use serde::Serializer;

    use super::decimal_text;

    /// Decimal places of money as stored.
    const FEN: u8 = 2;

    pub fn serialize<S: Serializer>(fen: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&decimal_text(*fen, FEN))
    }

    /// The same where there may be none.
    pub mod some {
        use serde::{Serialize, Serializer};

        use super::{FEN, decimal_text};

        pub fn serialize<S: Serializer>(fen: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
            fen.map(|fen| decimal_text(fen, FEN)).serialize(serializer)
        }
    }
}

fn split_exponent(text: &str) -> Result<(&str, i32), NumberError> {
    match text.split_once(['e', 'E']) {
        None => Ok((text, 0)),
        Some((mantissa, exponent)) => {
            let exponent = exponent.parse::<i32>().map_err(|_| diagnose(text))?;
            Ok((mantissa, exponent))
        }
    }
}

/// The digits with the decimal point after `point` of them, scaled; trailing zeros beyond the scale are harmless.
fn place_digits(digits: &str, point: i32, scale: u8) -> Result<i128, NumberError> {
    let significant = digits.trim_end_matches('0');
    if significant.trim_start_matches('0').is_empty() {
        return Ok(0);
    }
    let kept = i32::try_from(significant.len()).map_err(|_| NumberError::TooLarge)?;
    let decimals = kept.saturating_sub(point);
    let padding = i32::from(scale).saturating_sub(decimals);
    if padding < 0 {
        let given = usize::try_from(decimals).unwrap_or(usize::MAX);
        return Err(NumberError::TooManyDecimals { allowed: scale, given });
    }
    let power = u32::try_from(padding).ok().filter(|power| *power <= 30).ok_or(NumberError::TooLarge)?;
    let number: i128 = significant.parse().map_err(|_| NumberError::TooLarge)?;
    10_i128.checked_pow(power).and_then(|factor| number.checked_mul(factor)).ok_or(NumberError::TooLarge)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn significant_digits(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

/// Says what a text that is no number probably meant.
fn diagnose(text: &str) -> NumberError {
    let separator = text.chars().find(|character| [',', '\u{ff0c}', '_', ' ', '\u{3000}'].contains(character));
    if let Some(separator) = separator {
        return NumberError::Separator { separator };
    }
    let end = text.find(|character: char| !character.is_ascii_digit() && !".-+".contains(character));
    match end {
        Some(end) if text[..end].bytes().any(|byte| byte.is_ascii_digit()) => {
            NumberError::UnitInside { number: text[..end].to_owned(), unit: text[end..].to_owned() }
        }
        _ => NumberError::NotANumber,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn money_is_read_to_the_fen_and_no_further() {
        assert_eq!(scaled("19999999.99", 2), Ok(1_999_999_999));
        assert_eq!(scaled("0.10", 2), Ok(10));
        assert_eq!(scaled("0.105", 2), Err(NumberError::TooManyDecimals { allowed: 2, given: 3 }));
        assert_eq!(scaled("5.000", 2), Ok(500), "zeros beyond the scale say nothing new");
    }

    #[test]
    fn a_unit_inside_a_number_is_named() {
        let unit = |number: &str, unit: &str| NumberError::UnitInside { number: number.into(), unit: unit.into() };
        assert_eq!(scaled("100万元", 2), Err(unit("100", "万元")));
        assert_eq!(scaled("3%", 6), Err(unit("3", "%")));
        assert_eq!(scaled("1,000", 2), Err(NumberError::Separator { separator: ',' }));
        assert_eq!(scaled("很多", 2), Err(NumberError::NotANumber));
    }

    #[test]
    fn odd_shapes_are_refused() {
        for text in ["", "-", ".", "1.", ".5", "1e", "--1", "0x10", "NaN", "inf"] {
            assert!(scaled(text, 2).is_err(), "{text}");
        }
    }

    #[test]
    fn exponents_as_json_writes_them_are_read() {
        assert_eq!(scaled("1e7", 2), Ok(1_000_000_000));
        assert_eq!(scaled("2.5e-2", 6), Ok(25_000));
        assert_eq!(scaled("1e40", 2), Err(NumberError::TooLarge));
        assert_eq!(scaled("0e999999999", 2), Ok(0));
    }

    #[test]
    fn a_json_float_that_lost_digits_is_refused() {
        let json: Json = serde_json::from_str("123456789012345678.25").unwrap();
        assert_eq!(scaled_from_json(&json, 2), Err(NumberError::ImpreciseFloat));
        let json: Json = serde_json::from_str("19999999.99").unwrap();
        assert_eq!(scaled_from_json(&json, 2), Ok(1_999_999_999));
    }

    #[test]
    fn the_ends_of_the_range_are_held() {
        assert_eq!(scaled(&i64::MAX.to_string(), 0), Ok(i64::MAX));
        assert_eq!(scaled(&i64::MIN.to_string(), 0), Ok(i64::MIN));
        assert_eq!(scaled("9223372036854775808", 0), Err(NumberError::TooLarge));
    }

    proptest! {
        #[test]
        fn decimal_text_is_read_back_as_it_was(value in any::<i64>(), scale in 0_u8..=9) {
            prop_assert_eq!(scaled(&decimal_text(value, scale), scale), Ok(value));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}", scale in 0_u8..=9) {
            let _ = scaled(&text, scale);
        }
    }
}
