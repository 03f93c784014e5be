//! Numbers as notices write them: `5,000`, `1.5亿`, `三十`, `百分之十`, `三分之一`, `1/2`, `5百万`.

use rules::number::Rational;

use crate::text::Text;

/// More digits than any threshold has; a longer run is no number.
const MAX_DIGITS: usize = 15;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) end: usize,
    pub(crate) value: Rational,
    /// How many the written digits count: 10,000 in `5万`.
    pub(crate) scale: i64,
    /// Digits of a year: four plain ones between 1990 and 2099.
    pub(crate) is_year: bool,
    /// `百分之…` and fractions are shares by themselves.
    pub(crate) is_share: bool,
}

impl Number {
    fn plain(end: usize, value: Rational, scale: i64) -> Self {
        Self { end, value, scale, is_year: false, is_share: false }
    }
}

/// The number that begins at `at`.
pub(crate) fn read(text: &Text, at: usize) -> Option<Number> {
    if text.starts_with(at, "百分之") {
        let number = digits(text, at + 3).or_else(|| numerals(text, at + 3))?;
        let value = number.value.checked_div(&Rational::whole(100))?;
        return Some(Number { value, is_share: true, ..number });
    }
    let number = digits(text, at).or_else(|| numerals(text, at))?;
    Some(fraction(text, &number).unwrap_or(number))
}

/// Where a run of number characters beginning at `at` ends, so that a reader can step over what is no number.
pub(crate) fn run_end(text: &Text, at: usize, limit: usize) -> usize {
    let mut end = at;
    while end < limit && text.at(end).is_some_and(|one| one.is_ascii_digit() || numeral(one).is_some()) {
        end += 1;
    }
    end.max(at + 1)
}

/// `1/2` and `三分之一`.
fn fraction(text: &Text, first: &Number) -> Option<Number> {
    if text.starts_with(first.end, "分之") {
        let second = digits(text, first.end + 2).or_else(|| numerals(text, first.end + 2))?;
        let value = second.value.checked_div(&first.value)?;
        return Some(Number { is_share: true, ..Number::plain(second.end, value, 1) });
    }
    if text.at(first.end) == Some('/') && first.scale == 1 {
        let second = digits(text, first.end + 1)?;
        let value = first.value.checked_div(&second.value)?;
        return Some(Number { is_share: true, ..Number::plain(second.end, value, 1) });
    }
    None
}

fn digits(text: &Text, at: usize) -> Option<Number> {
    let mut whole = String::new();
    let mut decimals = String::new();
    let mut end = at;
    loop {
        match text.at(end)? {
            digit if digit.is_ascii_digit() => whole.push(digit),
            ',' if !whole.is_empty() && is_group(text, end) => {}
            _ => break,
        }
        end += 1;
        if end >= text.len() || whole.len() > MAX_DIGITS {
            break;
        }
    }
    if whole.is_empty() {
        return None;
    }
    if text.at(end) == Some('.') && text.at(end + 1).is_some_and(|one| one.is_ascii_digit()) {
        end += 1;
        while let Some(digit) = text.at(end).filter(|one| one.is_ascii_digit() && decimals.len() <= MAX_DIGITS) {
            decimals.push(digit);
            end += 1;
        }
    }
    if whole.len() + decimals.len() > MAX_DIGITS {
        return None;
    }
    let is_year = decimals.is_empty()
        && whole.len() == 4
        && end == at + 4
        && whole.parse::<u16>().is_ok_and(|year| (1990..2100).contains(&year));
    let mantissa: i64 = format!("{whole}{decimals}").parse().ok()?;
    let value = Rational::scaled(mantissa, u8::try_from(decimals.len()).ok()?);
    let (scale, end) = multiplier(text, end)?;
    Some(Number {
        is_year: is_year && scale == 1,
        ..Number::plain(end, value.multiply(&Rational::whole(scale)), scale)
    })
}

/// A comma that groups thousands: exactly three digits follow.
fn is_group(text: &Text, comma: usize) -> bool {
    let digit = |offset| text.at(comma + offset).is_some_and(|one: char| one.is_ascii_digit());
    digit(1) && digit(2) && digit(3) && !digit(4)
}

/// `千`, `百万`, `万`, `亿` behind digits.
fn multiplier(text: &Text, mut at: usize) -> Option<(i64, usize)> {
    let mut scale = 1_i64;
    for _ in 0..3 {
        let factor = match text.at(at) {
            Some('百') => 100,
            Some('千') if !text.starts_with(at, "千瓦") && !text.starts_with(at, "千克") => 1000,
            Some('万') => 10_000,
            Some('亿') => 100_000_000,
            _ => break,
        };
        scale = scale.checked_mul(factor)?;
        at += 1;
    }
    Some((scale, at))
}

#[derive(Clone, Copy)]
enum Numeral {
    Digit(i64),
    Ten(i64),
    Myriad(i64),
}

fn numeral(character: char) -> Option<Numeral> {
    Some(match character {
        '零' | '〇' => Numeral::Digit(0),
        '一' | '壹' => Numeral::Digit(1),
        '二' | '两' | '贰' => Numeral::Digit(2),
        '三' | '叁' => Numeral::Digit(3),
        '四' | '肆' => Numeral::Digit(4),
        '五' | '伍' => Numeral::Digit(5),
        '六' | '陆' => Numeral::Digit(6),
        '七' | '柒' => Numeral::Digit(7),
        '八' | '捌' => Numeral::Digit(8),
        '九' | '玖' => Numeral::Digit(9),
        '十' | '拾' => Numeral::Ten(10),
        '百' | '佰' => Numeral::Ten(100),
        '千' | '仟' => Numeral::Ten(1000),
        '万' => Numeral::Myriad(10_000),
        '亿' => Numeral::Myriad(100_000_000),
        _ => return None,
    })
}

/// 过百亿元, 亿元以上: one of it is meant. 数百万元 and 10多万元 are no numbers.
fn is_round(text: &Text, at: usize) -> bool {
    let end = (at..at + 3).find(|at| text.at(*at).is_none_or(|one| !"百千万亿".contains(one))).unwrap_or(at + 3);
    if text.at(end) != Some('元') {
        return false;
    }
    let compared = text.at(at.wrapping_sub(1)).is_some_and(|one| "过超破达逾".contains(one));
    let alone = text.at(at.wrapping_sub(1)).is_none_or(|one| one.is_alphabetic() && !"数几多余".contains(one));
    compared || alone && text.any_at(end + 1, &["以上", "及以上", "以下"]).is_some()
}

/// `二十四`, `一千五百万`, `半`.
fn numerals(text: &Text, at: usize) -> Option<Number> {
    if text.at(at) == Some('半') {
        return Some(Number::plain(at + 1, Rational::ratio(1, 2)?, 1));
    }
    let first = numeral(text.at(at)?)?;
    if !matches!(first, Numeral::Digit(_) | Numeral::Ten(10)) && !is_round(text, at) {
        return None;
    }
    let (mut total, mut section, mut digit) = (0_i64, 0_i64, 0_i64);
    let mut scale = 1;
    let mut end = at;
    let mut last_was_digit = false;
    while let Some(next) = text.at(end).and_then(numeral).filter(|_| end - at <= MAX_DIGITS) {
        match next {
            Numeral::Digit(_) if last_was_digit && digit != 0 => return None,
            Numeral::Digit(value) => digit = value,
            Numeral::Ten(power) => {
                section = section.checked_add(if digit == 0 { 1 } else { digit }.checked_mul(power)?)?;
                digit = 0;
            }
            Numeral::Myriad(power) => {
                let counted = total.checked_add(section.checked_add(digit)?)?;
                total = if end == at { power } else { counted.checked_mul(power)? };
                (section, digit, scale) = (0, 0, power);
            }
        }
        last_was_digit = matches!(next, Numeral::Digit(_));
        end += 1;
    }
    let value = total.checked_add(section)?.checked_add(digit)?;
    Some(Number::plain(end, Rational::whole(value), scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(words: &str) -> String {
        let text = Text::new(words);
        read(&text, 0)
            .map_or("-".into(), |number| format!("{}+{}", rules::number::trimmed(&number.value, 4), number.end))
    }

    #[test]
    fn numbers_read_as_notices_write_them() {
        for (words, expected) in [
            ("2000万", "20000000+5"),
            ("５，０００万元", "50000000+6"),
            ("5,00", "5+1"),
            ("1.5亿", "150000000+4"),
            ("0.2亿", "20000000+4"),
            ("5百万", "5000000+3"),
            ("3千元", "3000+2"),
            ("三", "3+1"),
            ("十", "10+1"),
            ("十二个", "12+2"),
            ("二十四", "24+3"),
            ("两千", "2000+2"),
            ("一千五百万", "15000000+5"),
            ("一百零五", "105+4"),
            ("半", "0.5+1"),
            ("百分之十", "0.1+4"),
            ("三分之一", "0.3333+4"),
            ("1/2以上", "0.5+3"),
            ("零", "0+1"),
            ("万", "-"),
            ("多", "-"),
            ("9999999999999999", "-"),
            ("一二三", "-"),
        ] {
            assert_eq!(value(words), expected, "{words}");
        }
    }
}
