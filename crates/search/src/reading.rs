//! What was typed, read as what was meant: pinyin, initials, mixed spelling, and one wrong character.
//! Only what the library does not use as it stands is read anew, and the reading is told to the asker.

use std::collections::BTreeMap;

use crate::analysis::{ChineseTokenizer, Dictionary, spelled};
use crate::vocabulary::{Known, Vocabulary};

/// Letters of one run that are spelled out; more is no word.
const LONGEST_SPELLING: usize = 64;
/// Characters of a passage that may be one misspelled word.
const LONGEST_PASSAGE: usize = 8;

/// A question as it is looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) text: String,
    /// Word → other words that sound the same.
    pub(crate) alternates: BTreeMap<String, Vec<String>>,
}

/// Reads a folded question.
pub(crate) fn read(folded: &str, vocabulary: &Vocabulary, dictionary: &Dictionary) -> Reading {
    let mut reading = Reading::default();
    for run in runs(folded) {
        match run {
            Run::Other(text) => reading.text.push_str(text),
            Run::Letters(text) => read_letters(text, vocabulary, &mut reading),
            Run::Ideographs(text) => reading.text.push_str(&corrected(text, vocabulary, dictionary)),
        }
    }
    reading
}

/// A stretch of the question of one kind.
enum Run<'t> {
    /// Holds Latin letters, perhaps between ideographs or spaces: `gao新技术`, `gaoxin qiye`.
    Letters(&'t str),
    Ideographs(&'t str),
    Other(&'t str),
}

fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |test: fn(char) -> bool| rest.find(|one| !test(one)).unwrap_or(rest.len());
        let (length, kind): (usize, fn(&str) -> Run<'_>) = if first.is_ascii_alphabetic() {
            (letters_end(rest), |text| Run::Letters(text))
        } else if is_ideograph(Some(first)) {
            (same(|one| is_ideograph(Some(one))), |text| Run::Ideographs(text))
        } else {
            (same(|one| !one.is_ascii_alphabetic() && !is_ideograph(Some(one))), |text| Run::Other(text))
        };
        runs.push(kind(&rest[..length]));
        rest = &rest[length..];
    }
    runs
}

/// Letters, and further letters after single spaces.
fn letters_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let goes_on = |at: usize| {
        bytes.get(at).is_some_and(u8::is_ascii_alphabetic)
            || (bytes.get(at) == Some(&b' ') && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic))
    };
    (0..bytes.len()).find(|at| !goes_on(*at)).unwrap_or(bytes.len())
}

fn is_ideograph(character: Option<char>) -> bool {
    character.is_some_and(|character| ('\u{4E00}'..='\u{9FFF}').contains(&character))
}

/// Each chunk that the library uses stays; the others are spelled out together, then one by one.
fn read_letters(text: &str, vocabulary: &Vocabulary, reading: &mut Reading) {
    let chunks: Vec<&str> = text.split(' ').collect();
    let unused = |chunk: &&str| vocabulary.policies(chunk) == 0;
    if chunks.iter().all(unused)
        && let Some(words) = spell(&chunks.concat(), vocabulary)
    {
        return take(&words, reading);
    }
    for chunk in chunks {
        match Some(chunk).filter(unused).and_then(|chunk| spell(chunk, vocabulary)) {
            Some(words) => take(&words, reading),
            None => {
                reading.text.push_str(chunk);
                reading.text.push(' ');
            }
        }
    }
}

fn take(words: &[&[Known]], reading: &mut Reading) {
    for known in words {
        let Some((first, others)) = known.split_first() else { continue };
        reading.text.push_str(&first.word);
        reading.text.push(' ');
        if !others.is_empty() {
            let others = others.iter().map(|other| other.word.clone()).collect();
            reading.alternates.insert(first.word.clone(), others);
        }
    }
}

/// The fewest, commonest words whose sounds are exactly these letters; else the word of these initials.
fn spell<'v>(letters: &str, vocabulary: &'v Vocabulary) -> Option<Vec<&'v [Known]>> {
    if letters.len() > LONGEST_SPELLING {
        return None;
    }
    // Per end of a prefix: cost, and where its last word begins.
    let mut best: Vec<Option<(u64, usize)>> = vec![None; letters.len() + 1];
    best[0] = Some((0, 0));
    for end in 1..=letters.len() {
        for from in 0..end {
            let Some((cost, _)) = best[from] else { continue };
            let Some(first) = vocabulary.sounding(&letters[from..end]).first() else { continue };
            let cost = cost + word_cost(first);
            if best[end].is_none_or(|(least, _)| cost < least) {
                best[end] = Some((cost, from));
            }
        }
    }
    let mut words = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        let Some((_, from)) = best[end] else {
            return Some(vec![vocabulary.with_initials(letters)]).filter(|words| !words[0].is_empty());
        };
        words.push(vocabulary.sounding(&letters[from..end]));
        end = from;
    }
    words.reverse();
    Some(words)
}

/// One word costs more than any difference in use; a single character costs two words.
fn word_cost(known: &Known) -> u64 {
    let single = known.word.chars().count() == 1;
    let rarity = u64::from(32 - known.weight.max(1).ilog2().min(32));
    100 * (1 + u64::from(single)) + rarity
}

/// The text with each passage that is no word here, but sounds like one or differs from one in a character, put right.
fn corrected(text: &str, vocabulary: &Vocabulary, dictionary: &Dictionary) -> String {
    let characters: Vec<char> = text.chars().collect();
    let doubtful = doubtful(text, vocabulary, dictionary);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let longest = LONGEST_PASSAGE.min(characters.len() - at);
        let found = (2..=longest).rev().find_map(|length| {
            let passage: String = characters[at..at + length].iter().collect();
            let unsure = doubtful[at..at + length].iter().any(|doubt| *doubt);
            meant(&passage, length, unsure, vocabulary).map(|word| (word, length))
        });
        match found {
            Some((word, length)) => {
                out.push_str(word);
                at += length;
            }
            None => {
                out.push(characters[at]);
                at += 1;
            }
        }
    }
    out
}

/// Per character: whether it stands in a word that no policy uses, or alone.
fn doubtful(text: &str, vocabulary: &Vocabulary, dictionary: &Dictionary) -> Vec<bool> {
    let words = ChineseTokenizer::new(dictionary).words(text);
    let is_doubtful =
        |word: &str| !dictionary.is_stop_word(word) && (word.chars().count() == 1 || !vocabulary.knows(word));
    words.iter().flat_map(|word| word.whole.chars().map(|_| is_doubtful(&word.whole))).collect()
}

fn meant<'v>(passage: &str, length: usize, unsure: bool, vocabulary: &'v Vocabulary) -> Option<&'v str> {
    if vocabulary.knows(passage) || !(unsure || length > 3) {
        return None;
    }
    let near = |known: &&Known| {
        let differing = known.word.chars().zip(passage.chars()).filter(|(left, right)| left != right).count();
        known.word.chars().count() == length && differing == 1
    };
    let sound = spelled(passage)?;
    let sounding = vocabulary.sounding(&sound).iter().find(|known| near(known));
    let one_off = || if unsure && length > 3 { vocabulary.one_off(passage) } else { None };
    sounding.or_else(one_off).map(|known| known.word.as_str())
}
