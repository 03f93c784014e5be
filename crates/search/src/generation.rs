//! One tantivy index: opened only if whole and current, written in commits that carry their position.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::directory::RamDirectory;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::Field;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, Term};

use crate::Error;
use crate::analysis::{ChineseTokenizer, Dictionary};
use crate::directory::ResidentDirectory;
use crate::document::Document;
use crate::schema::{self, Fields};
use crate::vocabulary::Vocabulary;

/// Memory of the one writing thread before it flushes a segment.
const WRITER_BYTES: usize = 32 << 20;

/// What a commit remembers, in the same atomic step as its documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    schema: u32,
    dictionary: String,
    /// Change-feed position the documents reflect.
    seq: i64,
}

/// An open index with its reader and, once something was written, its writer.
pub(crate) struct Generation {
    index: Index,
    reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    position: Mutex<Option<i64>>,
    dictionary_hash: String,
    /// Words of the searcher of this number; read when a question first needs them.
    vocabulary: Mutex<Option<(u64, Arc<Vocabulary>)>>,
}

impl Generation {
    pub(crate) fn in_memory(fields: &Fields, dictionary: &Dictionary) -> Result<Self, Error> {
        let index = Index::create(RamDirectory::create(), fields.schema.clone(), settings())?;
        Self::ready(index, dictionary, None)
    }

    pub(crate) fn create(path: &Path, fields: &Fields, dictionary: &Dictionary) -> Result<Self, Error> {
        let index = Index::create(directory(path)?, fields.schema.clone(), settings())?;
        Self::ready(index, dictionary, None)
    }

    /// Opens what is there.
    ///
    /// # Errors
    /// [`Error::Damaged`] if a file is missing or fails its checksum, [`Error::Outdated`] if it was
    /// built with another schema or dictionary.
    pub(crate) fn open(path: &Path, fields: &Fields, dictionary: &Dictionary) -> Result<Self, Error> {
        let index = Index::open(directory(path)?)?;
        let payload = index.load_metas()?.payload;
        let payload: Option<Payload> = payload.as_deref().map(serde_json::from_str).transpose()?;
        let current = payload
            .as_ref()
            .is_none_or(|payload| payload.schema == schema::VERSION && payload.dictionary == dictionary.hash());
        if !current || index.schema() != fields.schema {
            return Err(Error::Outdated);
        }
        let damaged = index.validate_checksum()?;
        if let Some(file) = damaged.iter().next() {
            return Err(Error::Damaged(format!(
                "{} of {} files, e.g. {}",
                damaged.len(),
                path.display(),
                file.display()
            )));
        }
        Self::ready(index, dictionary, payload.map(|payload| payload.seq))
    }

    fn ready(index: Index, dictionary: &Dictionary, position: Option<i64>) -> Result<Self, Error> {
        let tokenizer = TextAnalyzer::builder(ChineseTokenizer::new(dictionary)).build();
        index.tokenizers().register(schema::TOKENIZER, tokenizer);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self {
            index,
            reader,
            writer: Mutex::new(None),
            position: Mutex::new(position),
            dictionary_hash: dictionary.hash().to_owned(),
            vocabulary: Mutex::new(None),
        })
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// The words of what `searcher` sees.
    pub(crate) fn vocabulary(
        &self,
        searcher: &Searcher,
        fields: &Fields,
        dictionary: &Dictionary,
    ) -> Result<Arc<Vocabulary>, Error> {
        let number = searcher.generation().generation_id();
        let mut held = self.vocabulary.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, words)) = held.as_ref().filter(|(of, _)| *of == number) {
            return Ok(Arc::clone(words));
        }
        let words = Arc::new(Vocabulary::read(searcher, fields, dictionary)?);
        *held = Some((number, Arc::clone(&words)));
        Ok(words)
    }

    pub(crate) fn position(&self) -> Option<i64> {
        *self.position.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes and shows all of it or nothing.
    pub(crate) fn apply<'a>(
        &self,
        fields: &Fields,
        upserts: impl Iterator<Item = &'a Document>,
        deletes: &[String],
        seq: i64,
    ) -> Result<(), Error> {
        let mut held = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = match held.take() {
            Some(writer) => writer,
            None => self.index.writer_with_options(options())?,
        };
        for code in deletes {
            delete(&writer, fields.code, code);
        }
        for document in upserts {
            delete(&writer, fields.code, &document.code);
            writer.add_document(fields.row(document)?)?;
        }
        let payload = Payload { schema: schema::VERSION, dictionary: self.dictionary_hash.clone(), seq };
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&serde_json::to_string(&payload)?);
        commit.commit()?;
        // Any failure above drops the writer, and with it everything uncommitted.
        *held = Some(writer);
        self.reader.reload()?;
        *self.position.lock().unwrap_or_else(PoisonError::into_inner) = Some(seq);
        Ok(())
    }

    /// Waits for merges and gives the write lock back.
    pub(crate) fn settle(&self) -> Result<(), Error> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            writer.wait_merging_threads()?;
            self.reader.reload()?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Generation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Generation").field("position", &self.position()).finish_non_exhaustive()
    }
}

fn delete(writer: &IndexWriter, field: Field, code: &str) {
    writer.delete_term(Term::from_field_text(field, code));
}

fn directory(path: &Path) -> Result<ResidentDirectory, Error> {
    ResidentDirectory::open(path).map_err(|error| Error::Damaged(error.to_string()))
}

fn settings() -> IndexSettings {
    IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() }
}

fn options() -> IndexWriterOptions {
    IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(WRITER_BYTES)
        .build()
}
