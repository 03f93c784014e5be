//! 统一社会信用代码 (GB 32100-2015): validation with a reason, and completion for generators.
//!
//! 18 characters: registrar, kind of body, six digits of the registrar's area, nine of the organisation code, one check
//! character. The check is `(31 − Σ cᵢ·3^(i−1) mod 31) mod 31` over an alphabet of 31.

use crate::problem::Problem;

/// Digits and capital letters without I, O, S, V and Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i−1) mod 31
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// GB 11714, for the eight characters of the organisation code before its own check.
const INNER_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const LENGTH: usize = 18;

/// A valid code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc {
    code: String,
    /// The organisation code inside fails its own, older check. Real codes may, so it is only a hint at a slip.
    pub inner_mismatch: bool,
    /// It was typed with small or full-width letters, which stand for the same code.
    pub rewritten: bool,
}

impl Uscc {
    pub fn as_str(&self) -> &str {
        &self.code
    }

    /// What a person should hear of a code that was accepted.
    pub fn warnings(&self) -> Vec<Problem> {
        let rewritten = self.rewritten.then(|| {
            Problem::warning("统一社会信用代码里有小写字母或全角字符,已按半角大写读取")
                .remedy("以后照营业执照用数字和大写字母填写")
        });
        let inner = self.inner_mismatch.then(|| {
            Problem::warning("统一社会信用代码第 9—17 位的组织机构代码校验不符").remedy("对照营业执照再核一遍")
        });
        rewritten.into_iter().chain(inner).collect()
    }
}

/// The code meant: without spaces around it, small and full-width letters as capitals. Not checked.
pub fn canonical(text: &str) -> String {
    let half_width = |character: char| match character {
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(character)
        }
        other => other,
    };
    text.trim().chars().map(|character| half_width(character).to_ascii_uppercase()).collect()
}

/// Checks a code as typed. Small and full-width letters are read as the capitals they stand for, and said so.
pub fn check(text: &str) -> Result<Uscc, Problem> {
    let typed = text.trim();
    let text = canonical(typed);
    let length = text.chars().count();
    if length != LENGTH {
        return Err(Problem::error(format!("统一社会信用代码应为 {LENGTH} 位,这里有 {length} 位"))
            .remedy("照营业执照右上角的代码填写"));
    }
    for (index, character) in text.chars().enumerate() {
        if value_of(character).is_none() {
            return Err(bad_character(index + 1, character));
        }
    }
    let expected = check_character(&text[..LENGTH - 1]);
    match expected {
        Some(expected) if text.ends_with(expected) => {
            Ok(Uscc { inner_mismatch: !inner_check_holds(&text), rewritten: text != typed, code: text })
        }
        Some(expected) => Err(Problem::error(format!(
            "统一社会信用代码校验不符:按前 17 位算,最后一位应为 {expected},不是 {}",
            &text[LENGTH - 1..]
        ))
        .remedy("多半是抄错了一位,对照营业执照再核一遍")),
        None => Err(Problem::error("统一社会信用代码无法校验")),
    }
}

/// The 18-character code for its first 17 characters; `None` if they are not 17 of the alphabet.
pub fn complete(first: &str) -> Option<String> {
    check_character(first).map(|check| format!("{first}{check}"))
}

/// The GB 11714 check character for the first eight characters of an organisation code.
pub fn inner_check_character(body: &str) -> Option<char> {
    if body.len() != INNER_WEIGHTS.len() {
        return None;
    }
    let sum: Option<u32> = body.chars().zip(INNER_WEIGHTS).map(|(c, weight)| c.to_digit(36).map(|d| d * weight)).sum();
    match 11 - sum? % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

fn value_of(character: char) -> Option<usize> {
    ALPHABET.iter().position(|letter| char::from(*letter) == character)
}

fn check_character(first: &str) -> Option<char> {
    if first.chars().count() != WEIGHTS.len() {
        return None;
    }
    let sum: Option<usize> =
        first.chars().zip(WEIGHTS).map(|(character, weight)| value_of(character).map(|value| value * weight)).sum();
    Some(char::from(ALPHABET[(31 - sum? % 31) % 31]))
}

fn inner_check_holds(code: &str) -> bool {
    // A valid code is ASCII, so bytes are characters.
    inner_check_character(&code[8..16]).is_some_and(|expected| code[16..].starts_with(expected))
}

fn bad_character(position: usize, character: char) -> Problem {
    let (reason, remedy) = match character {
        'I' => ("不会出现在代码里", "是不是数字 1?"),
        'O' => ("不会出现在代码里", "是不是数字 0?"),
        'S' => ("不会出现在代码里", "是不是数字 5?"),
        'Z' => ("不会出现在代码里", "是不是数字 2?"),
        'V' => ("不会出现在代码里", "是不是 U 或 Y?"),
        _ => ("不是数字或大写字母", "只填数字和大写字母,中间不留空格和横线"),
    };
    Problem::error(format!("统一社会信用代码第 {position} 位“{character}”{reason}")).remedy(remedy)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_codes_pass_both_checks() {
        for code in ["91350100M000100Y43", "91512081MA62K0260E", "91420100MA4KX8N35J", "91420100MA49G98561"] {
            let checked = check(code).unwrap();
            assert!(!checked.inner_mismatch, "{code}");
            assert_eq!(checked.as_str(), code);
        }
    }

    #[test]
    fn a_remainder_of_zero_gives_the_check_character_zero() {
        assert!(check("91420106MA4K002210").is_ok());
        assert_eq!(complete("91420106MA4K00221").as_deref(), Some("91420106MA4K002210"));
    }

    #[test]
    fn a_wrong_check_character_is_told_with_the_right_one() {
        // Z is outside the alphabet, so the standard's own counter-example fails even earlier.
        assert!(check("91350100M000100Y4Z").unwrap_err().to_string().contains("第 18 位“Z”"));
        let told = check("91350100M000100Y44").unwrap_err().to_string();
        assert!(told.contains("应为 3,不是 4"), "{told}");
    }

    #[test]
    fn each_wrong_character_is_named_with_what_was_probably_meant() {
        for (code, part) in [
            ("9I350100M000100Y43", "第 2 位“I”不会出现在代码里。是不是数字 1?"),
            ("9135O100M000100Y43", "是不是数字 0?"),
            ("9135S100M000100Y43", "是不是数字 5?"),
            ("9135V100M000100Y43", "是不是 U 或 Y?"),
            ("9135010oM000100Y43", "第 8 位“O”不会出现在代码里。是不是数字 0?"),
            ("9135010\u{ff2f}M000100Y43", "第 8 位“O”不会出现在代码里"),
            ("91350100 000100Y43", "第 9 位“ ”不是数字或大写字母"),
            ("91350100-000100Y43", "第 9 位“-”不是数字或大写字母"),
            ("91350100M000100Y4", "应为 18 位,这里有 17 位"),
        ] {
            let told = check(code).unwrap_err().to_string();
            assert!(told.contains(part), "{code}: {told}");
        }
    }

    #[test]
    fn an_inner_mismatch_is_a_warning_only() {
        let code = complete("91420106MA4K00228").unwrap();
        let checked = check(&code).unwrap();
        assert!(checked.inner_mismatch);
        assert!(checked.warnings()[0].message.contains("第 9—17 位"));
    }

    #[test]
    fn small_and_full_width_letters_are_read_as_the_code_they_stand_for_and_said_so() {
        for typed in ["91350100m000100y43", "\u{ff19}1350100\u{ff2d}000100Y43", "\u{3000}91350100M000100\u{ff59}43 "] {
            let checked = check(typed).unwrap();
            assert_eq!(checked.as_str(), "91350100M000100Y43", "{typed}");
            assert!(checked.warnings()[0].message.contains("已按半角大写读取"), "{typed}");
        }
        assert!(check(" 91350100M000100Y43 ").unwrap().warnings().is_empty(), "a space around it is no change");
    }

    proptest! {
        #[test]
        fn completing_makes_a_valid_code_and_any_single_slip_is_found(
            first in "[0-9A-HJ-NP-RTUWXY]{17}", position in 0_usize..18, slip in 0_usize..31,
        ) {
            let code = complete(&first).unwrap();
            prop_assert!(check(&code).is_ok());
            let mut slipped: Vec<char> = code.chars().collect();
            slipped[position] = char::from(ALPHABET[slip]);
            let slipped: String = slipped.into_iter().collect();
            prop_assert_eq!(check(&slipped).is_ok(), slipped == code);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = check(&text);
        }
    }
}
