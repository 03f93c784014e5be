//! How Chinese text becomes terms: folding, segmentation, synonyms, document numbers.

mod dictionary;
mod document_number;
mod fold;
mod pinyin;
mod synonyms;
mod tokenizer;

pub use dictionary::Dictionary;
pub use document_number::DocumentNumber;
pub(crate) use document_number::{cited_keys, find_all};
pub use fold::fold;
pub(crate) use fold::{fold_char, title_key, unsimplified};
pub use pinyin::spelled;
pub(crate) use pinyin::{initials, readings};
pub(crate) use tokenizer::ChineseTokenizer;
