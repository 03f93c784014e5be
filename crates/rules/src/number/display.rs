//! Numbers as an owner reads them: 万元, %, 个百分点.

use super::rational::Rational;

/// Decimals kept before trailing zeros are dropped.
const SHOWN_DECIMALS: u8 = 2;

/// One 分 in 万元: money that ends here is shown whole, so that 差一分 is never rounded onto the threshold.
const FEN_DECIMALS: u8 = 6;

/// Money given in 元: `86 万元`, `1.2 亿元`, `8000 元`. Exact to the 分; a mean that does not end is rounded.
pub fn money_text(yuan: &Rational) -> String {
    let magnitude = if yuan.signum() < 0 { yuan.negate() } else { yuan.clone() };
    let in_hundred_millions = yuan.multiply(&Rational::scaled(1, 8));
    if magnitude >= Rational::whole(100_000_000) && ends_within(&in_hundred_millions, SHOWN_DECIMALS) {
        return format!("{} 亿元", trimmed(&in_hundred_millions, SHOWN_DECIMALS));
    }
    if magnitude >= Rational::whole(10_000) {
        return format!("{} 万元", exact_or_rounded(&yuan.multiply(&Rational::scaled(1, 4))));
    }
    format!("{} 元", trimmed(yuan, SHOWN_DECIMALS))
}

/// A share given as a fraction: 0.026 is `2.6%`.
pub fn percent_text(share: &Rational) -> String {
    format!("{}%", trimmed(&share.multiply(&Rational::whole(100)), SHOWN_DECIMALS))
}

/// A distance between two shares: 0.004 is `0.4 个百分点`.
pub fn points_text(difference: &Rational) -> String {
    format!("{} 个百分点", trimmed(&difference.multiply(&Rational::whole(100)), SHOWN_DECIMALS))
}

/// A count with its unit: `12 人`.
pub fn count_text(count: &Rational, unit: &str) -> String {
    let number = trimmed(count, SHOWN_DECIMALS);
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

/// Rounded to at most `decimals` places, without trailing zeros.
pub fn trimmed(value: &Rational, decimals: u8) -> String {
    let text = value.rounded_text(decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn exact_or_rounded(value: &Rational) -> String {
    trimmed(value, if ends_within(value, FEN_DECIMALS) { FEN_DECIMALS } else { SHOWN_DECIMALS })
}

fn ends_within(value: &Rational, decimals: u8) -> bool {
    value.multiply(&Rational::whole(10_i64.pow(decimals.into()))).is_whole()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_shown_in_the_unit_people_say() {
        assert_eq!(money_text(&Rational::whole(860_000)), "86 万元");
        assert_eq!(money_text(&Rational::whole(120_000_000)), "1.2 亿元");
        assert_eq!(money_text(&Rational::whole(8_000)), "8000 元");
        assert_eq!(money_text(&Rational::scaled(1_999_999_999, 2)), "1999.999999 万元");
        assert_eq!(money_text(&Rational::scaled(12_345_678_901, 2)), "12345.678901 万元");
        assert_eq!(money_text(&Rational::ratio(100_000, 3).unwrap()), "3.33 万元");
        assert_eq!(money_text(&Rational::whole(-140_000)), "-14 万元");
    }

    #[test]
    fn shares_and_their_distance_are_told_apart() {
        assert_eq!(percent_text(&Rational::scaled(26_000, 6)), "2.6%");
        assert_eq!(points_text(&Rational::scaled(4_000, 6)), "0.4 个百分点");
        assert_eq!(count_text(&Rational::whole(12), "人"), "12 人");
    }
}
