//! How a question becomes terms and weights. Queries are built from terms, never parsed from text,
//! so nothing a person types is syntax.

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, Query as TermTree, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::Error;
use crate::analysis::{ChineseTokenizer, Dictionary, find_all, fold, title_key};
use crate::reading::{self, Reading};
use crate::schema::Fields;
use crate::vocabulary::Vocabulary;

/// Scores that put exact hits above any sum of words; those stay below 200.
const OWN_NUMBER_SCORE: f32 = 8_000.0;
const TITLE_SCORE: f32 = 4_000.0;
const CITED_NUMBER_SCORE: f32 = 1_000.0;

/// Weight of a word in the title or an item's name, on top of the weighted text.
const TITLE_BOOST: f32 = 0.5;
/// Weight of the dictionary words inside a word.
const PART_BOOST: f32 = 0.7;
/// Weight of a synonym beside the word itself.
const SYNONYM_BOOST: f32 = 0.8;
/// Weight of another word of the same sound, where letters were typed.
const ALTERNATE_BOOST: f32 = 0.5;
/// What a second form of one word adds to the best one: saying 高企 and 高新技术企业 is one thing said twice.
const OTHER_FORMS: f32 = 0.2;

/// Words of a question that are looked up; the rest only lengthens the question.
const MOST_WORDS: usize = 32;

/// Whether a score can only come from a number or a title that was typed, after all factors.
pub(crate) fn is_exact(score: f32) -> bool {
    score > CITED_NUMBER_SCORE
}

/// A question ready to run.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Asks for a fair share of the words.
    pub(crate) strict: Box<dyn TermTree>,
    /// Asks for any of the words; tried when the strict one finds nothing.
    pub(crate) relaxed: Box<dyn TermTree>,
    /// What to mark in the answer.
    pub(crate) terms: Vec<String>,
    /// The question as it was read, where that is not what was typed.
    pub(crate) read_as: Option<String>,
}

/// The plan of `text`, or `None` if it names nothing (punctuation only).
pub(crate) fn plan(
    text: &str,
    fields: &Fields,
    dictionary: &Dictionary,
    searcher: &Searcher,
    vocabulary: &Vocabulary,
) -> Result<Option<Plan>, Error> {
    let folded = fold(text);
    let reading = reading::read(&folded, vocabulary, dictionary);
    let concepts = concepts(&reading, dictionary);
    if concepts.is_empty() {
        return Ok(None);
    }
    let exact = exact_clauses(text, fields, searcher)?;
    let words: Vec<Box<dyn TermTree>> = concepts.iter().map(|concept| concept.query(fields)).collect();
    let tree = |required: usize| -> Box<dyn TermTree> {
        let any = words.iter().map(|word| (Occur::Should, word.box_clone())).collect();
        let bag: Box<dyn TermTree> = Box::new(BooleanQuery::with_minimum_required_clauses(any, required));
        let exact = exact.iter().map(|clause| clause.box_clone());
        Box::new(BooleanQuery::union(exact.chain([bag]).collect()))
    };
    let terms = concepts.iter().flat_map(Concept::terms).map(str::to_owned).collect();
    let meant = reading.text.trim().to_owned();
    let read_as = Some(meant).filter(|meant| *meant != folded.trim());
    Ok(Some(Plan { strict: tree(required(concepts.len())), relaxed: tree(1), terms, read_as }))
}

/// Half of the words must be found: enough to leave out policies that share only 企业, not so many
/// that a wordy question finds nothing.
fn required(words: usize) -> usize {
    words.div_ceil(2)
}

/// One word of the question with everything that may stand for it.
#[derive(Debug, PartialEq)]
struct Concept {
    /// Term and weight; the word itself first.
    terms: Vec<(String, f32)>,
}

impl Concept {
    fn terms(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|(term, _)| term.as_str())
    }

    fn query(&self, fields: &Fields) -> Box<dyn TermTree> {
        let form = |(term, weight): &(String, f32)| -> Box<dyn TermTree> {
            let in_text = scored(fields.text, term, *weight);
            let in_title = scored(fields.title, term, *weight * TITLE_BOOST);
            Box::new(BooleanQuery::union(vec![in_text, in_title]))
        };
        let forms = self.terms.iter().map(form).collect();
        Box::new(DisjunctionMaxQuery::with_tie_breaker(forms, OTHER_FORMS))
    }
}

fn scored(field: Field, term: &str, weight: f32) -> Box<dyn TermTree> {
    let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), weight))
}

/// The words that name something. A question of stop words only is taken as it stands.
fn concepts(reading: &Reading, dictionary: &Dictionary) -> Vec<Concept> {
    let words = ChineseTokenizer::new(dictionary).words(&reading.text);
    let naming: Vec<_> = words.iter().filter(|word| !dictionary.is_stop_word(&word.whole)).cloned().collect();
    let chosen = if naming.is_empty() { words } else { naming };
    let mut concepts: Vec<Concept> = Vec::new();
    for word in chosen.into_iter().take(MOST_WORDS) {
        let mut terms = vec![(word.whole.clone(), 1.0)];
        terms.extend(word.parts.iter().map(|part| (part.clone(), PART_BOOST)));
        for origin in std::iter::once(&word.whole).chain(&word.parts) {
            for synonym in dictionary.synonyms_of(origin) {
                if terms.iter().all(|(term, _)| term != synonym) {
                    terms.push((synonym.to_owned(), SYNONYM_BOOST));
                }
            }
        }
        for other in reading.alternates.get(&word.whole).into_iter().flatten() {
            if terms.iter().all(|(term, _)| term != other) {
                terms.push((other.clone(), ALTERNATE_BOOST));
            }
        }
        let concept = Concept { terms };
        if !concepts.contains(&concept) {
            concepts.push(concept);
        }
    }
    concepts
}

/// The policy whose number or whole title was typed, and the ones that cite the number.
fn exact_clauses(text: &str, fields: &Fields, searcher: &Searcher) -> Result<Vec<Box<dyn TermTree>>, Error> {
    let mut clauses = Vec::new();
    let title = title_key(text);
    if title.chars().count() >= 2 {
        clauses.push(constant(fields.title_key, &title, TITLE_SCORE));
    }
    for number in find_all(text) {
        let keys = number.suffix_keys();
        clauses.extend(keys.iter().map(|key| constant(fields.number, key, OWN_NUMBER_SCORE)));
        for key in &keys {
            if searcher.doc_freq(&Term::from_field_text(fields.cited, key))? > 0 {
                clauses.push(constant(fields.cited, key, CITED_NUMBER_SCORE));
                break;
            }
        }
    }
    Ok(clauses)
}

fn constant(field: Field, term: &str, score: f32) -> Box<dyn TermTree> {
    let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(query), score))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_typed(text: &str) -> Reading {
        Reading { text: fold(text), ..Reading::default() }
    }

    fn words(text: &str) -> Vec<String> {
        let concepts = concepts(&as_typed(text), Dictionary::builtin());
        concepts.into_iter().map(|concept| concept.terms[0].0.clone()).collect()
    }

    #[test]
    fn question_words_are_dropped_unless_nothing_else_is_left() {
        assert_eq!(words("稳岗返还怎么申请吗"), ["稳岗返还", "申请"]);
        assert_eq!(words("怎么"), ["怎么"]);
        assert!(words("？！…").is_empty());
    }

    #[test]
    fn an_abbreviation_brings_the_full_name_with_less_weight() {
        let concepts = concepts(&as_typed("高企"), Dictionary::builtin());
        assert!(concepts[0].terms.contains(&("高新技术企业".to_owned(), SYNONYM_BOOST)), "{concepts:?}");
    }

    #[test]
    fn a_repeated_word_counts_once_and_ten_thousand_words_are_bounded() {
        assert_eq!(words("补贴 补贴 补贴"), ["补贴"]);
        let many: String =
            (0..10_000).flat_map(|number| ["w".to_owned(), number.to_string(), " ".to_owned()]).collect();
        assert_eq!(words(&many).len(), MOST_WORDS);
    }
}
