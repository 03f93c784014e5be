//! The words: jieba's dictionary with our own on top, synonyms and stop words.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;
use sha2::{Digest as _, Sha256};

use super::fold::{self, fold};
use super::synonyms::Synonyms;
use crate::Error;

const WORDS: &str = include_str!("../../../../config/search/dictionary.txt");
const SYNONYMS: &str = include_str!("../../../../config/search/synonyms.txt");
const STOP_WORDS: &str = include_str!("../../../../config/search/stopwords.txt");

/// Everything the analysis of text depends on. Cheap to clone; an index remembers its hash.
#[derive(Clone)]
pub struct Dictionary {
    lexicon: Arc<Lexicon>,
}

struct Lexicon {
    jieba: Jieba,
    synonyms: Synonyms,
    stop_words: HashSet<String>,
    /// Words of the user dictionary and the synonyms.
    own: HashSet<String>,
    hash: String,
}

impl Dictionary {
    /// The dictionary embedded from `config/search/`, loaded once per process.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Dictionary> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            // The embedded texts are checked by a test; without synonyms search still answers.
            Self::parse(WORDS, SYNONYMS, STOP_WORDS)
                .or_else(|_| Self::parse(WORDS, "", STOP_WORDS))
                .unwrap_or_else(|_| Self::assemble(Synonyms::default(), "", "", String::new()))
        })
    }

    /// Reads user words (one a line), synonyms and stop words; `#` starts a comment in each.
    ///
    /// # Errors
    /// [`Error::Dictionary`] with the first line that cannot be read.
    pub fn parse(words: &str, synonyms: &str, stop_words: &str) -> Result<Self, Error> {
        if let Some((line, word)) = lines(words).find(|(_, word)| word.contains(char::is_whitespace)) {
            let reason = format!("one word a line, found `{word}`");
            return Err(Error::Dictionary { file: "dictionary.txt", line, reason });
        }
        let hash = hash(&[words, synonyms, stop_words, fold::TRADITIONAL]);
        Ok(Self::assemble(Synonyms::parse(synonyms)?, words, stop_words, hash))
    }

    fn assemble(synonyms: Synonyms, words: &str, stop_words: &str, hash: String) -> Self {
        let mut jieba = Jieba::new();
        let own: Vec<String> = lines(words).map(|(_, word)| fold(word)).collect();
        for word in own.iter().map(String::as_str).chain(synonyms.words()) {
            // No frequency given: jieba takes the smallest that keeps the word whole.
            jieba.add_word(word, None, None);
        }
        let stop_words = lines(stop_words).map(|(_, word)| fold(word)).collect();
        let own = own.into_iter().chain(synonyms.words().map(str::to_owned)).collect();
        Self { lexicon: Arc::new(Lexicon { jieba, synonyms, stop_words, own, hash }) }
    }

    /// SHA-256 over every text the analysis depends on, hex.
    pub fn hash(&self) -> &str {
        &self.lexicon.hash
    }

    pub(crate) fn jieba(&self) -> &Jieba {
        &self.lexicon.jieba
    }

    pub(crate) fn synonyms_of(&self, word: &str) -> impl Iterator<Item = &str> {
        self.lexicon.synonyms.of(word)
    }

    /// Every word of ours.
    pub(crate) fn own_words(&self) -> impl Iterator<Item = &str> {
        self.lexicon.own.iter().map(String::as_str)
    }

    /// Whether `word` is one of ours, not only of the general dictionary.
    pub(crate) fn is_own(&self, word: &str) -> bool {
        self.lexicon.own.contains(word)
    }

    pub(crate) fn is_stop_word(&self, word: &str) -> bool {
        self.lexicon.stop_words.contains(word)
    }
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Dictionary").field("hash", &self.lexicon.hash).finish_non_exhaustive()
    }
}

/// Lines with their numbers, without comments, surrounding spaces and empty ones.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.split('#').next().unwrap_or_default().trim()))
        .filter(|(_, line)| !line.is_empty())
}

fn hash(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text);
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_texts_are_sound() {
        Dictionary::parse(WORDS, SYNONYMS, STOP_WORDS).unwrap();
    }

    #[test]
    fn every_word_of_the_user_dictionary_stays_whole_when_it_stands_alone() {
        let dictionary = Dictionary::builtin();
        let broken: Vec<&str> =
            lines(WORDS).map(|(_, word)| word).filter(|word| dictionary.jieba().cut(word, false).len() != 1).collect();
        assert!(broken.is_empty(), "{broken:?}");
    }

    #[test]
    fn another_synonym_is_another_hash() {
        let one = Dictionary::parse("甲乙", "甲 = 乙", "").unwrap();
        let other = Dictionary::parse("甲乙", "甲 = 丙", "").unwrap();
        assert_ne!(one.hash(), other.hash());
    }

    #[test]
    fn two_words_on_a_line_are_refused_with_the_line() {
        let error = Dictionary::parse("好\n两 个", "", "").unwrap_err();
        assert!(matches!(error, Error::Dictionary { line: 2, .. }), "{error}");
    }
}
