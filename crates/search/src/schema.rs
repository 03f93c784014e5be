//! The fields of the index and how a document fills them.

use chrono::Datelike as _;
use domain::Support;
use sha2::{Digest as _, Sha256};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};

use crate::Error;
use crate::analysis::{DocumentNumber, cited_keys, find_all, title_key};
use crate::document::Document;
use crate::slots;

/// Raised whenever fields, packing or the stored form change; an older index is rebuilt.
pub(crate) const VERSION: u32 = 2;

/// Name of the tokenizer of the text fields.
pub(crate) const TOKENIZER: &str = "chinese";

/// How many times a part counts in the one ranked field: BM25 over weighted term frequencies, so
/// that length is normalised once and a word in title and body is not scored twice.
const TITLE_WEIGHT: usize = 5;
const ITEM_NAME_WEIGHT: usize = 3;
const SUMMARY_WEIGHT: usize = 2;
const ISSUER_WEIGHT: usize = 2;
const PLACE_WEIGHT: usize = 2;

/// Characters of a body that are indexed; the longest code of law stays far below.
const LONGEST_BODY: usize = 400_000;

/// Handles of all fields.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    /// Policy code; the key of updates.
    pub(crate) code: Field,
    /// Everything a word may be found in, weighted.
    pub(crate) text: Field,
    /// Title and item names only.
    pub(crate) title: Field,
    /// The whole title in its key form.
    pub(crate) title_key: Field,
    /// The policy's own document numbers.
    pub(crate) number: Field,
    /// Numbers cited in its text.
    pub(crate) cited: Field,
    /// Codes of its items, to find an upper item's policy.
    pub(crate) item_code: Field,
    stored: Field,
    level: Field,
    areas: Field,
    own_area: Field,
    published: Field,
    slots: Field,
    item_keys: Field,
    upper_keys: Field,
    tie: Field,
}

/// Names of the fast columns the collector opens.
pub(crate) mod column {
    pub(crate) const LEVEL: &str = "level";
    pub(crate) const AREAS: &str = "areas";
    pub(crate) const OWN_AREA: &str = "own_area";
    pub(crate) const PUBLISHED: &str = "published";
    pub(crate) const SLOTS: &str = "slots";
    pub(crate) const ITEM_KEYS: &str = "item_keys";
    pub(crate) const UPPER_KEYS: &str = "upper_keys";
    pub(crate) const TIE: &str = "tie";
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut builder = Schema::builder();
        let words = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(IndexRecordOption::WithFreqs),
        );
        let raw_column = TextOptions::default().set_fast("raw");
        Self {
            code: builder.add_text_field("code", STRING),
            text: builder.add_text_field("text", words.clone()),
            title: builder.add_text_field("title", words),
            title_key: builder.add_text_field("title_key", STRING),
            number: builder.add_text_field("number", STRING),
            cited: builder.add_text_field("cited", STRING),
            item_code: builder.add_text_field("item_code", STRING),
            stored: builder.add_text_field("document", STORED),
            level: builder.add_u64_field(column::LEVEL, FAST),
            areas: builder.add_text_field(column::AREAS, raw_column.clone()),
            own_area: builder.add_text_field(column::OWN_AREA, raw_column),
            published: builder.add_i64_field(column::PUBLISHED, FAST),
            slots: builder.add_u64_field(column::SLOTS, FAST),
            item_keys: builder.add_u64_field(column::ITEM_KEYS, FAST),
            upper_keys: builder.add_u64_field(column::UPPER_KEYS, FAST),
            tie: builder.add_u64_field(column::TIE, FAST),
            schema: builder.build(),
        }
    }

    /// The row of a document.
    ///
    /// # Errors
    /// [`Error::Stored`] if the document cannot be serialised.
    pub(crate) fn row(&self, document: &Document) -> Result<TantivyDocument, Error> {
        let mut row = TantivyDocument::default();
        row.add_text(self.code, &document.code);
        row.add_text(self.stored, serde_json::to_string(document)?);
        self.add_words(&mut row, document);
        self.add_keys(&mut row, document);
        self.add_columns(&mut row, document);
        Ok(row)
    }

    /// The document a row was made from.
    ///
    /// # Errors
    /// [`Error::Stored`] if the stored text is not a document.
    pub(crate) fn document(&self, row: &TantivyDocument) -> Result<Document, Error> {
        use tantivy::schema::Value as _;
        let stored = row.get_first(self.stored).and_then(|value| value.as_str()).unwrap_or_default();
        Ok(serde_json::from_str(stored)?)
    }

    fn add_words(&self, row: &mut TantivyDocument, document: &Document) {
        let mut add = |times: usize, text: &str| (0..times).for_each(|_| row.add_text(self.text, text));
        add(TITLE_WEIGHT, &document.title);
        document.issuers.iter().for_each(|issuer| add(ISSUER_WEIGHT, issuer));
        if let Some(place) = document.areas.last() {
            add(PLACE_WEIGHT, &place.name);
        }
        add(SUMMARY_WEIGHT, &document.summary);
        for item in &document.items {
            add(ITEM_NAME_WEIGHT, &item.name);
            add(SUMMARY_WEIGHT, &item.summary);
        }
        add(1, truncated(&document.body, LONGEST_BODY));
        row.add_text(self.title, &document.title);
        document.items.iter().for_each(|item| row.add_text(self.title, &item.name));
    }

    fn add_keys(&self, row: &mut TantivyDocument, document: &Document) {
        row.add_text(self.title_key, title_key(&document.title));
        for item in &document.items {
            row.add_text(self.title_key, title_key(&item.name));
            row.add_text(self.item_code, &item.code);
        }
        let own = document.document_numbers.iter().flat_map(|number| find_all(number));
        own.for_each(|number: DocumentNumber| row.add_text(self.number, number.key()));
        let parts = [document.title.as_str(), &document.summary, truncated(&document.body, LONGEST_BODY)];
        let numbers = document.document_numbers.iter().map(String::as_str);
        for key in parts.into_iter().chain(numbers).flat_map(cited_keys) {
            row.add_text(self.cited, key);
        }
    }

    fn add_columns(&self, row: &mut TantivyDocument, document: &Document) {
        row.add_u64(self.level, document.level as u64);
        document.areas.iter().for_each(|area| row.add_text(self.areas, &area.code));
        if let Some(own) = document.areas.last() {
            row.add_text(self.own_area, &own.code);
        }
        if let Some(day) = document.published_on {
            row.add_i64(self.published, i64::from(day.num_days_from_ce()));
        }
        for slot in slots::pack(document) {
            row.add_u64(self.slots, slot);
        }
        for item in &document.items {
            row.add_u64(self.item_keys, benefit_key(&item.code, item.support));
            item.implements.iter().for_each(|upper| row.add_u64(self.upper_keys, benefit_key(upper, item.support)));
        }
        row.add_u64(self.tie, stable_key(&document.code));
    }
}

/// Eight bytes of a hash: the same on every node and in every segment, unlike ordinals.
pub(crate) fn stable_key(code: &str) -> u64 {
    let digest = Sha256::digest(code.as_bytes());
    digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// A local award for a national title is another benefit than the title: only the same instrument folds.
fn benefit_key(item: &str, support: Support) -> u64 {
    stable_key(&format!("{item}|{support:?}"))
}

fn truncated(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(at, _)| &text[..at])
}
