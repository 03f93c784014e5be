//! 发文字号: `武政规〔2022〕23号` in whatever brackets, with or without 第 and 号.

use std::collections::BTreeSet;

use super::fold::fold;

/// Longest run of characters before the year that is taken for the issuer's sign.
const LONGEST_SIGN: usize = 16;

/// A document number read from a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentNumber {
    /// Characters before the year, folded, e.g. `武政规`. From running text it may carry words in front.
    pub sign: String,
    pub year: u16,
    pub number: u32,
}

impl DocumentNumber {
    /// The first document number in `text`, or `None`.
    ///
    /// ```
    /// let number = search::DocumentNumber::find("武政规【2022】第23号").unwrap();
    /// assert_eq!((number.sign.as_str(), number.year, number.number), ("武政规", 2022, 23));
    /// ```
    pub fn find(text: &str) -> Option<Self> {
        find_all(text).into_iter().next()
    }

    /// The term under which the whole number is indexed.
    pub(crate) fn key(&self) -> String {
        key(&self.sign, self.year, self.number)
    }

    /// Terms of this number with ever fewer characters of the sign, longest first, at least two:
    /// in running text nobody can tell where the sign begins (`依据武政规…`).
    pub(crate) fn suffix_keys(&self) -> Vec<String> {
        let starts: Vec<usize> = self.sign.char_indices().map(|(at, _)| at).collect();
        let usable = starts.len().saturating_sub(1).max(1);
        starts.iter().take(usable).map(|&at| key(&self.sign[at..], self.year, self.number)).collect()
    }
}

fn key(sign: &str, year: u16, number: u32) -> String {
    format!("{sign}|{year}|{number}")
}

/// Every document number in `text`, in order.
pub(crate) fn find_all(text: &str) -> Vec<DocumentNumber> {
    let characters: Vec<char> = fold(text).chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        match read_at(&characters, at) {
            Some((number, end)) => {
                found.push(number);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Terms for every number a text cites.
pub(crate) fn cited_keys(text: &str) -> BTreeSet<String> {
    find_all(text).iter().flat_map(DocumentNumber::suffix_keys).collect()
}

/// Reads a number whose four-digit year starts at `at`.
fn read_at(characters: &[char], at: usize) -> Option<(DocumentNumber, usize)> {
    if at > 0 && characters[at - 1].is_ascii_digit() {
        return None;
    }
    let (year, after_year) = read_digits(characters, at, 4)?;
    let year = u16::try_from(year).ok().filter(|year| after_year - at == 4 && (1949..=2100).contains(year))?;
    let (opened, sign) = sign_before(characters, at)?;
    let (closed, number_at) = skip_separator(characters, after_year);
    let marked = characters.get(number_at) == Some(&'第');
    let (number, end) = read_digits(characters, number_at + usize::from(marked), 5)?;
    let ends_in_mark = characters.get(end) == Some(&'号');
    let bracketed = opened && closed == Separator::Bracket;
    let spaced = closed != Separator::None;
    let is_date = closed == Separator::Year && !ends_in_mark;
    let plausible = bracketed || (spaced && (ends_in_mark || marked || closed == Separator::Space)) || ends_in_mark;
    (plausible && !is_date).then(|| (DocumentNumber { sign, year, number }, end + usize::from(ends_in_mark)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    None,
    Space,
    Year,
    Bracket,
}

fn skip_separator(characters: &[char], mut at: usize) -> (Separator, usize) {
    let mut kind = Separator::None;
    while let Some(&character) = characters.get(at) {
        kind = match character {
            '〕' | ']' | ')' | '】' | '}' | '>' | '》' | '〉' => Separator::Bracket,
            '年' if kind == Separator::None => Separator::Year,
            ' ' | '-' if kind == Separator::None => Separator::Space,
            ' ' => kind,
            _ => break,
        };
        at += 1;
    }
    (kind, at)
}

fn read_digits(characters: &[char], at: usize, longest: usize) -> Option<(u32, usize)> {
    let digits: Vec<u32> = characters.get(at..)?.iter().map_while(|character| character.to_digit(10)).collect();
    let fits = !digits.is_empty() && digits.len() <= longest;
    fits.then(|| (digits.iter().fold(0, |sum, digit| sum * 10 + digit), at + digits.len()))
}

/// The ideographs before an optional opening bracket, and whether there was one.
fn sign_before(characters: &[char], year_at: usize) -> Option<(bool, String)> {
    let mut end = year_at;
    while end > 0 && characters[end - 1] == ' ' {
        end -= 1;
    }
    let opened = end > 0 && matches!(characters[end - 1], '〔' | '[' | '(' | '【' | '{' | '<' | '《' | '〈');
    if opened {
        end -= 1;
    }
    let mut sign: Vec<char> = characters[..end]
        .iter()
        .rev()
        .skip_while(|&&character| character == ' ')
        .take_while(|&&character| is_ideograph(character) || character == ' ')
        .filter(|&&character| character != ' ')
        .take(LONGEST_SIGN)
        .copied()
        .collect();
    sign.reverse();
    (sign.len() >= 2).then(|| (opened, sign.into_iter().collect()))
}

fn is_ideograph(character: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(text: &str) -> Option<String> {
        DocumentNumber::find(text).map(|number| number.key())
    }

    #[test]
    fn any_bracket_and_any_mark_give_one_key() {
        for text in [
            "武政规〔2022〕23号",
            "武政规[2022]23号",
            "武政规（2022）23号",
            "武政规(2022)第23号",
            "武政规【2022】23",
            "武政规２０２２ 23号",
            "武政规2022年23号文",
            "武政规 〔2022〕 23 号",
            "武政规2022-23",
        ] {
            assert_eq!(key_of(text).as_deref(), Some("武政规|2022|23"), "{text}");
        }
    }

    #[test]
    fn announcements_with_a_year_in_words_are_numbers() {
        assert_eq!(key_of("财政部税务总局公告2022年第13号").as_deref(), Some("财政部税务总局公告|2022|13"));
        assert_eq!(key_of("国发2018年39号文").as_deref(), Some("国发|2018|39"));
    }

    #[test]
    fn years_dates_and_amounts_are_not_numbers() {
        for text in
            ["湖北稳岗返还2025", "截止2025年12月31日", "申报2025年度", "2024", "成立于2020年3月", "电话02785612345"]
        {
            assert_eq!(key_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_inside_a_sentence_is_found_by_its_own_sign() {
        let keys = cited_keys("依据《通知》（武经信规〔2018〕2号）和按照鄂政办发〔2021〕31号执行");
        assert!(keys.contains("武经信规|2018|2"), "{keys:?}");
        assert!(keys.contains("鄂政办发|2021|31"), "{keys:?}");
    }
}
