//! Folding: NFKC, traditional to simplified, lower case; one character at a time.
//!
//! Working per character keeps offsets trivial (a highlight in the folded text is a highlight in the
//! original) at the price of not composing base letters with following combining marks, which do
//! not occur in Chinese official texts.

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

pub(super) const TRADITIONAL: &str = include_str!("../../../../config/search/traditional.txt");

const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;

/// Simplified character of every character of the unified ideographs block, by direct index.
fn table() -> &'static [char] {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<char> = (FIRST..=LAST).filter_map(char::from_u32).collect();
        for line in TRADITIONAL.lines().filter(|line| !line.starts_with('#')) {
            let mut characters = line.chars();
            let Some(simplified) = characters.next() else { continue };
            for traditional in characters {
                if let Some(cell) = slot(traditional).and_then(|at| table.get_mut(at)) {
                    *cell = simplified;
                }
            }
        }
        table
    })
}

fn slot(character: char) -> Option<usize> {
    let code = u32::from(character);
    (FIRST..=LAST).contains(&code).then(|| (code - FIRST) as usize)
}

fn simplify(character: char) -> char {
    slot(character).and_then(|at| table().get(at).copied()).unwrap_or(character)
}

/// A traditional form of a simplified character, the first one listed; the character itself if there is none.
pub(crate) fn unsimplified(character: char) -> char {
    static TABLE: OnceLock<HashMap<char, char>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let lines = TRADITIONAL.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| Some((line.chars().next()?, line.chars().nth(1)?))).collect()
    });
    table.get(&character).copied().unwrap_or(character)
}

/// Folds one character into `into`; may append several (㈱ → (株)) or none.
pub(crate) fn fold_char(character: char, into: &mut String) {
    if character.is_ascii() {
        into.push(character.to_ascii_lowercase());
    } else if slot(character).is_some() {
        into.push(simplify(character));
    } else {
        let folded = std::iter::once(character).nfkc().flat_map(char::to_lowercase).map(simplify);
        into.extend(folded);
    }
}

/// Folds a text: full-width to half-width, traditional to simplified, lower case.
///
/// ```
/// assert_eq!(search::fold("ＧＡＯ企獎勵"), "gao企奖励");
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        fold_char(character, &mut folded);
    }
    folded
}

/// The form in which two titles are the same title: folded, letters and digits only.
pub(crate) fn title_key(text: &str) -> String {
    fold(text).chars().filter(|character| character.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_traditional_characters_fold_together() {
        assert_eq!(fold("武漢市ＨＩＧＨ－Ｔｅｃｈ補貼"), "武汉市high-tech补贴");
        assert_eq!(fold("高新技術企業認定獎勵"), "高新技术企业认定奖励");
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for line in TRADITIONAL.lines().filter(|line| !line.starts_with('#')) {
            let once = fold(line);
            assert_eq!(fold(&once), once, "{line}");
        }
    }

    #[test]
    fn titles_differing_in_punctuation_and_spaces_have_one_key() {
        assert_eq!(title_key("关于印发《武汉市 办法》的通知（试行）"), title_key("关于印发武汉市办法的通知(试行)"));
    }
}
