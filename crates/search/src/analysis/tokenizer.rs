//! The tokenizer tantivy calls: folded text, jieba's words, and the words inside long words.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::dictionary::Dictionary;
use super::fold::fold;

/// Segments Chinese in search mode: each word and every dictionary word inside it.
#[derive(Clone, Debug)]
pub(crate) struct ChineseTokenizer {
    dictionary: Dictionary,
}

/// One word of a query with the dictionary words inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) whole: String,
    pub(crate) parts: Vec<String>,
}

impl ChineseTokenizer {
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        Self { dictionary: dictionary.clone() }
    }

    /// The words of an already folded text, without punctuation and spaces.
    pub(crate) fn words(&self, folded: &str) -> Vec<Word> {
        let jieba = self.dictionary.jieba();
        jieba
            .cut(folded, true)
            .into_iter()
            .filter(|token| token.word.chars().any(char::is_alphanumeric))
            .map(|token| Word { whole: token.word.to_owned(), parts: self.parts(token.word) })
            .collect()
    }

    /// Dictionary words of two or more characters strictly inside `word`.
    fn parts(&self, word: &str) -> Vec<String> {
        let starts: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        let length = starts.len() - 1;
        if !(3..=LONGEST_WORD).contains(&length) || word.is_ascii() {
            return Vec::new();
        }
        let spans = (2..length).flat_map(|size| (0..=length - size).map(move |from| (from, from + size)));
        spans
            .map(|(from, to)| &word[starts[from]..starts[to]])
            .filter(|part| self.dictionary.jieba().has_word(part))
            .map(str::to_owned)
            .collect()
    }
}

/// Runs that jieba returns whole (a long number, a URL) are not looked into.
const LONGEST_WORD: usize = 16;

/// Terms longer than this are cut by nobody's query; tantivy refuses terms over 64 KiB.
const LONGEST_TERM_BYTES: usize = 255;

impl Tokenizer for ChineseTokenizer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let mut tokens = Vec::new();
        for (position, word) in self.words(&fold(text)).into_iter().enumerate() {
            let all = word.parts.into_iter().chain([word.whole]);
            tokens.extend(all.filter(|text| text.len() <= LONGEST_TERM_BYTES).map(|text| Token {
                position,
                text,
                ..Token::default()
            }));
        }
        Tokens { tokens, next: 0 }
    }
}

/// The tokens of one text, made at once. Offsets stay zero: highlighting works on the text itself.
#[derive(Debug)]
pub(crate) struct Tokens {
    tokens: Vec<Token>,
    next: usize,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut tokenizer = ChineseTokenizer::new(Dictionary::builtin());
        let mut stream = tokenizer.token_stream(text);
        let mut terms = Vec::new();
        while stream.advance() {
            terms.push(stream.token().text.clone());
        }
        terms
    }

    #[test]
    fn a_long_programme_name_is_found_whole_and_by_its_parts() {
        let terms = terms("专精特新小巨人企业");
        for expected in ["专精特新小巨人", "专精特新", "小巨人", "企业"] {
            assert!(terms.iter().any(|term| term == expected), "{expected} in {terms:?}");
        }
    }

    #[test]
    fn traditional_full_width_and_upper_case_give_the_same_terms() {
        assert_eq!(terms("高新技術企業ＡＩ"), terms("高新技术企业ai"));
    }

    #[test]
    fn punctuation_and_markup_give_no_empty_terms() {
        assert!(terms("，。！？《》 \n\t—— …").is_empty());
        assert!(terms("<b>补贴</b>").contains(&"补贴".to_owned()));
    }
}
