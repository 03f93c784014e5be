//! The same queries spelled as people also spell them, made by rule, so that no answer is learned.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Judged, judge};
use crate::Error;
use crate::analysis::{ChineseTokenizer, Dictionary, initials, spelled, unsimplified};
use crate::index::Index;

/// A way of spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// Every word in letters.
    Pinyin,
    /// The longest name of a programme by its first letters.
    Initials,
    /// One character of the longest word replaced by one of the same sound.
    Homophone,
    Traditional,
    FullWidth,
    Brackets,
}

impl Variant {
    pub const ALL: [Self; 6] =
        [Self::Pinyin, Self::Initials, Self::Homophone, Self::Traditional, Self::FullWidth, Self::Brackets];

    /// `query` spelled so, or `None` if the rule changes nothing in it.
    fn of(self, query: &str, pool: &BTreeMap<String, Vec<char>>, dictionary: &Dictionary) -> Option<String> {
        let changed = match self {
            Self::Pinyin => pinyin(query, dictionary),
            Self::Initials => {
                let name =
                    longest(query, dictionary).filter(|name| dictionary.is_own(name) && name.chars().count() > 2)?;
                query.replacen(&name, &format!(" {} ", initials(&name)?), 1)
            }
            Self::Homophone => homophone(query, pool, dictionary)?,
            Self::Traditional => query.chars().map(unsimplified).collect(),
            Self::FullWidth => query.chars().map(full_width).collect(),
            Self::Brackets => query.chars().map(other_bracket).collect(),
        };
        Some(changed).filter(|changed| changed != query)
    }
}

/// How the varied queries went beside the same ones as they were typed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariantFigures {
    pub variant: Variant,
    pub queries: usize,
    pub original: f64,
    pub varied: f64,
    /// Share of the original's nDCG@10 that is kept.
    pub kept: f64,
}

/// Judges every query in every spelling that changes it.
///
/// # Errors
/// Those of [`Index::search`].
pub fn judge_variants(
    index: &Index,
    queries: &[Judged],
    dictionary: &Dictionary,
    today: NaiveDate,
) -> Result<Vec<VariantFigures>, Error> {
    let pool = pool(queries);
    let mut all = Vec::new();
    for variant in Variant::ALL {
        let (mut originals, mut varied) = (Vec::new(), Vec::new());
        for judged in queries {
            let Some(query) = variant.of(&judged.query, &pool, dictionary) else { continue };
            originals.push(judged.clone());
            varied.push(Judged { query, ..judged.clone() });
        }
        let original = judge(index, &originals, today)?.overall.ndcg_at_10;
        let varied = judge(index, &varied, today)?.overall.ndcg_at_10;
        let kept = if original > 0.0 { varied / original } else { 1.0 };
        all.push(VariantFigures { variant, queries: originals.len(), original, varied, kept });
    }
    Ok(all)
}

fn is_ideograph(character: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&character)
}

/// Sound → the characters of all queries that have it, for typing the wrong one.
fn pool(queries: &[Judged]) -> BTreeMap<String, Vec<char>> {
    let mut pool: BTreeMap<String, Vec<char>> = BTreeMap::new();
    for character in queries.iter().flat_map(|judged| judged.query.chars()) {
        let Some(sound) = spelled(&character.to_string()) else { continue };
        let same = pool.entry(sound).or_default();
        if !same.contains(&character) {
            same.push(character);
        }
    }
    pool
}

fn words(query: &str, dictionary: &Dictionary) -> Vec<String> {
    let cut = dictionary.jieba().cut(query, true);
    cut.into_iter().map(|token| token.word.to_owned()).collect()
}

fn longest(query: &str, dictionary: &Dictionary) -> Option<String> {
    let words = ChineseTokenizer::new(dictionary).words(query).into_iter().map(|word| word.whole);
    let ideographic = words.filter(|word| word.chars().all(is_ideograph) && !dictionary.is_stop_word(word));
    ideographic.max_by_key(|word| word.chars().count())
}

fn pinyin(query: &str, dictionary: &Dictionary) -> String {
    words(query, dictionary).iter().map(|word| spelled(word).unwrap_or_else(|| word.clone())).collect()
}

/// The last character that has a homophone, in the longest word of three or more.
fn homophone(query: &str, pool: &BTreeMap<String, Vec<char>>, dictionary: &Dictionary) -> Option<String> {
    let word = longest(query, dictionary).filter(|word| word.chars().count() > 2)?;
    let characters: Vec<char> = word.chars().collect();
    let (at, other) = characters.iter().enumerate().rev().find_map(|(at, character)| {
        let same = pool.get(&spelled(&character.to_string())?)?;
        same.iter().find(|other| *other != character).map(|other| (at, *other))
    })?;
    let wrong: String =
        characters.iter().enumerate().map(|(place, one)| if place == at { other } else { *one }).collect();
    Some(query.replacen(&word, &wrong, 1))
}

fn full_width(character: char) -> char {
    match u32::from(character) {
        code @ 0x21..=0x7E => char::from_u32(code + 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

fn other_bracket(character: char) -> char {
    match character {
        '〔' | '[' | '(' => '【',
        '〕' | ']' | ')' => '】',
        '【' => '（',
        '】' => '）',
        other => other,
    }
}
