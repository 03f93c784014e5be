//! The index as the rest of the house sees it: open, follow, rebuild beside, ask.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::Error;
use crate::analysis::Dictionary;
use crate::document::Document;
use crate::generation::Generation;
use crate::home::Home;
use crate::query::Query;
use crate::results::{self, Results};
use crate::schema::Fields;

/// The search index. Clones share it; any number may search while one writes.
///
/// All methods block on memory and disk; async callers move them to a blocking thread. After an
/// error of [`Index::search`] the caller answers from the database and calls [`Index::replace_all`].
#[derive(Clone, Debug)]
pub struct Index {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    fields: Fields,
    dictionary: Dictionary,
    /// `None` in memory.
    home: Option<Home>,
    live: RwLock<Arc<Generation>>,
    /// One writer at a time, whatever it does.
    writing: Mutex<()>,
}

/// An opened index and what its owner has to do.
#[derive(Debug)]
pub struct Opened {
    pub index: Index,
    /// The index is empty: fill it with [`Index::replace_all`].
    pub rebuild_needed: bool,
    /// Why the old index was not taken, or why this one lives in memory; to be logged.
    pub trouble: Option<Error>,
}

impl Index {
    /// Opens the index in `directory`. Whatever cannot be used (missing, truncated, zeroed, of
    /// another version) is thrown away and an empty index takes its place; a directory that cannot
    /// be written gives an index in memory. `trouble` tells.
    ///
    /// # Errors
    /// Only if not even an empty index in memory can be made.
    pub fn open(directory: &Path, dictionary: &Dictionary) -> Result<Opened, Error> {
        match Self::open_on_disk(directory, dictionary) {
            Ok(opened) => Ok(opened),
            Err(trouble) => {
                let index = Self::in_memory(dictionary)?;
                Ok(Opened { index, rebuild_needed: true, trouble: Some(trouble) })
            }
        }
    }

    /// An empty index that lives as long as the process.
    ///
    /// # Errors
    /// [`Error::Tantivy`] if the index cannot be made.
    pub fn in_memory(dictionary: &Dictionary) -> Result<Self, Error> {
        let fields = Fields::new();
        let generation = Generation::in_memory(&fields, dictionary)?;
        Ok(Self::assemble(fields, dictionary, None, generation))
    }

    /// Change-feed position the index reflects; `None` while it was never filled.
    pub fn position(&self) -> Option<i64> {
        self.live().position()
    }

    /// Policies in the index.
    pub fn len(&self) -> u64 {
        self.live().searcher().num_docs()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the index would survive the process.
    pub fn is_on_disk(&self) -> bool {
        self.inner.home.is_some()
    }

    /// Brings the index to `seq`: documents and position in one atomic commit, visible on return.
    ///
    /// # Errors
    /// Nothing has changed and the old state keeps answering: disk full or read-only
    /// ([`Error::Directory`], [`Error::Tantivy`]), written by another process ([`Error::Busy`]).
    pub fn apply(&self, upserts: &[Document], deletes: &[String], seq: i64) -> Result<(), Error> {
        let _writing = self.inner.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(home) = &self.inner.home {
            home.lock()?;
        }
        self.live().apply(&self.inner.fields, upserts.iter(), deletes, seq)
    }

    /// Builds a new index beside the live one and switches to it; searches go on meanwhile.
    ///
    /// # Errors
    /// As [`Index::apply`]; the live index stays.
    pub fn replace_all(&self, documents: &[Document], seq: i64) -> Result<(), Error> {
        let _writing = self.inner.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { fields, dictionary, .. } = &*self.inner;
        let fill = |generation: &Generation| {
            generation.apply(fields, documents.iter(), &[], seq)?;
            generation.settle()
        };
        let Some(home) = &self.inner.home else {
            let generation = Generation::in_memory(fields, dictionary)?;
            fill(&generation)?;
            self.go_live(generation);
            return Ok(());
        };
        home.lock()?;
        let name = home.begin()?;
        let built = Generation::create(&home.path(&name), fields, dictionary).and_then(|generation| {
            fill(&generation)?;
            home.switch(&name)?;
            Ok(generation)
        });
        let generation = built.inspect_err(|_| home.discard(&name))?;
        self.go_live(generation);
        Ok(())
    }

    /// Answers a question from one consistent state.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Tantivy`] or [`Error::Stored`] if the files under the index were
    /// damaged while it was open.
    pub fn search(&self, query: &Query) -> Result<Results, Error> {
        let live = self.live();
        let Inner { fields, dictionary, .. } = &*self.inner;
        // Bytes damaged after opening can trip an assertion deep in the decoder; that is an error
        // of the index and no reason to end the request's thread.
        catch_unwind(AssertUnwindSafe(|| results::search(&live, fields, dictionary, query)))
            .unwrap_or_else(|_| Err(Error::Damaged("a search panicked while decoding".to_owned())))
    }

    fn open_on_disk(directory: &Path, dictionary: &Dictionary) -> Result<Opened, Error> {
        let home = Home::open(directory)?;
        let fields = Fields::new();
        let mut trouble = None;
        let mut tried = None;
        // A neighbour may switch generations between reading the name and opening it.
        while let Some(name) = home.current().filter(|name| tried.as_ref() != Some(name)) {
            match open_generation(&home.path(&name), &fields, dictionary) {
                Ok(generation) => {
                    let rebuild_needed = generation.position().is_none();
                    let index = Self::assemble(fields, dictionary, Some(home), generation);
                    return Ok(Opened { index, rebuild_needed, trouble: None });
                }
                Err(error) => trouble = Some(error),
            }
            tried = Some(name);
        }
        home.lock()?;
        let name = home.begin()?;
        let generation = Generation::create(&home.path(&name), &fields, dictionary)?;
        home.switch(&name)?;
        let index = Self::assemble(fields, dictionary, Some(home), generation);
        Ok(Opened { index, rebuild_needed: true, trouble })
    }

    fn assemble(fields: Fields, dictionary: &Dictionary, home: Option<Home>, generation: Generation) -> Self {
        let live = RwLock::new(Arc::new(generation));
        Self { inner: Arc::new(Inner { fields, dictionary: dictionary.clone(), home, live, writing: Mutex::new(()) }) }
    }

    fn live(&self) -> Arc<Generation> {
        Arc::clone(&self.inner.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn go_live(&self, generation: Generation) {
        *self.inner.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(generation);
    }
}

/// Opens a generation; a decoder that panics over damaged bytes counts as damage.
fn open_generation(path: &Path, fields: &Fields, dictionary: &Dictionary) -> Result<Generation, Error> {
    catch_unwind(AssertUnwindSafe(|| Generation::open(path, fields, dictionary)))
        .unwrap_or_else(|_| Err(Error::Damaged("opening panicked while decoding".to_owned())))
}
