//! The words this library uses, by sound, by initials and with one character left open.

use std::collections::HashMap;

use tantivy::Searcher;

use crate::Error;
use crate::analysis::{Dictionary, initials, readings};
use crate::schema::Fields;

/// Words kept under one sound; further ones are rarer than what anybody means.
const MOST_WORDS: usize = 3;
/// Characters of the longest word looked at.
const LONGEST_WORD: usize = 10;
/// Characters from which first letters, or all characters but one, say which word is meant.
const TELLING: usize = 3;
/// Policies a word of nobody's dictionary must stand in before a spelling is read as it.
const COMMON: u32 = 2;

/// A word with how much of the library uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) word: String,
    /// Policies that hold it; words of the dictionary count ten times.
    pub(crate) weight: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    by_sound: HashMap<String, Vec<Known>>,
    by_initials: HashMap<String, Vec<Known>>,
    by_gap: HashMap<String, Vec<Known>>,
    policies: HashMap<String, u32>,
}

impl Vocabulary {
    /// Reads every word of the index.
    pub(crate) fn read(searcher: &Searcher, fields: &Fields, dictionary: &Dictionary) -> Result<Self, Error> {
        let mut policies: HashMap<String, u32> = HashMap::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(fields.text)?;
            let mut terms = index.terms().stream().map_err(tantivy::TantivyError::from)?;
            while terms.advance() {
                let Ok(word) = std::str::from_utf8(terms.key()) else { continue };
                *policies.entry(word.to_owned()).or_default() += terms.value().doc_freq;
            }
        }
        // An abbreviation may stand in no policy and still lead to its full name.
        for word in dictionary.own_words() {
            policies.entry(word.to_owned()).or_default();
        }
        let mut words = Self::default();
        for (word, count) in &policies {
            let length = word.chars().count();
            let own = dictionary.is_own(word);
            if length <= LONGEST_WORD && (own || *count >= COMMON) {
                let weight = if own { count.saturating_mul(10).max(1) } else { *count };
                words.add(&Known { word: word.clone(), weight }, length, own);
            }
        }
        for list in words.by_sound.values_mut().chain(words.by_initials.values_mut()).chain(words.by_gap.values_mut()) {
            list.sort_by(|left, right| right.weight.cmp(&left.weight).then_with(|| left.word.cmp(&right.word)));
            list.truncate(MOST_WORDS);
        }
        words.policies = policies;
        Ok(words)
    }

    fn add(&mut self, known: &Known, length: usize, own: bool) {
        for reading in readings(&known.word) {
            self.by_sound.entry(reading).or_default().push(known.clone());
        }
        if length < TELLING {
            return;
        }
        if let Some(letters) = initials(&known.word) {
            self.by_initials.entry(letters).or_default().push(known.clone());
        }
        if own && length > TELLING {
            for gap in gaps(&known.word) {
                self.by_gap.entry(gap).or_default().push(known.clone());
            }
        }
    }

    /// Words that sound so, commonest first.
    pub(crate) fn sounding(&self, letters: &str) -> &[Known] {
        self.by_sound.get(letters).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn with_initials(&self, letters: &str) -> &[Known] {
        self.by_initials.get(letters).map_or(&[], Vec::as_slice)
    }

    /// Words of the dictionary that differ from `text` in one character.
    pub(crate) fn one_off(&self, text: &str) -> Option<&Known> {
        gaps(text).iter().filter_map(|gap| self.by_gap.get(gap)?.first()).max_by_key(|known| known.weight)
    }

    /// Whether `word` is one of ours or stands in any policy.
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.policies.contains_key(word)
    }

    /// Policies that hold `word`.
    pub(crate) fn policies(&self, word: &str) -> u32 {
        self.policies.get(word).copied().unwrap_or(0)
    }
}

/// The text with each of its characters left open in turn.
fn gaps(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    (0..characters.len())
        .map(|open| characters.iter().enumerate().map(|(at, one)| if at == open { '*' } else { *one }).collect())
        .collect()
}
