//! The index directory: numbered generations side by side, and one small file naming the live one.
//!
//! ```text
//! index/current               generation-000004
//! index/generation-000004/    a tantivy index
//! index/lock                  held by the one process that writes
//! ```

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::Error;

const CURRENT: &str = "current";
const LOCK: &str = "lock";
const PREFIX: &str = "generation-";

/// A directory that holds generations.
#[derive(Debug)]
pub(crate) struct Home {
    root: PathBuf,
    /// Held from the first write to the end of the process.
    lock: Mutex<Option<File>>,
}

impl Home {
    /// # Errors
    /// [`Error::Directory`] if the directory does not exist and cannot be created.
    pub(crate) fn open(root: &Path) -> Result<Self, Error> {
        let home = Self { root: root.to_owned(), lock: Mutex::new(None) };
        fs::create_dir_all(root).map_err(|source| home.failed(source))?;
        Ok(home)
    }

    /// Name of the live generation, if the directory says one.
    pub(crate) fn current(&self) -> Option<String> {
        let name = fs::read_to_string(self.root.join(CURRENT)).ok()?;
        let name = name.trim();
        number(name).map(|_| name.to_owned())
    }

    pub(crate) fn path(&self, generation: &str) -> PathBuf {
        self.root.join(generation)
    }

    /// Becomes the one process that writes here.
    ///
    /// # Errors
    /// [`Error::Busy`] if another process is, [`Error::Directory`] if nothing can be written.
    pub(crate) fn lock(&self) -> Result<(), Error> {
        let mut held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            return Ok(());
        }
        let file = File::options().create(true).truncate(false).write(true).open(self.root.join(LOCK));
        let file = file.map_err(|source| self.failed(source))?;
        match file.try_lock() {
            Ok(()) => {
                *held = Some(file);
                Ok(())
            }
            Err(TryLockError::WouldBlock) => Err(Error::Busy { path: self.root.clone() }),
            Err(TryLockError::Error(source)) => Err(self.failed(source)),
        }
    }

    /// Creates the directory of a new generation and returns its name.
    ///
    /// # Errors
    /// [`Error::Directory`] if it cannot be created.
    pub(crate) fn begin(&self) -> Result<String, Error> {
        let newest = self.generations().filter_map(|name| number(&name)).max().unwrap_or(0);
        let name = format!("{PREFIX}{:06}", newest + 1);
        fs::create_dir(self.path(&name)).map_err(|source| self.failed(source))?;
        Ok(name)
    }

    /// Makes `generation` the live one, atomically, and removes the others.
    ///
    /// # Errors
    /// [`Error::Directory`] if the name cannot be written; the old one stays live.
    pub(crate) fn switch(&self, generation: &str) -> Result<(), Error> {
        let temporary = self.root.join("current.new");
        let written = fs::write(&temporary, generation)
            .and_then(|()| File::open(&temporary)?.sync_all())
            .and_then(|()| fs::rename(&temporary, self.root.join(CURRENT)));
        written.map_err(|source| self.failed(source))?;
        for other in self.generations().filter(|name| name != generation) {
            self.discard(&other);
        }
        Ok(())
    }

    /// Removes a generation; what cannot be removed is tried again at the next switch.
    pub(crate) fn discard(&self, generation: &str) {
        if let Err(error) = fs::remove_dir_all(self.path(generation)) {
            tracing::warn!(generation, %error, "old index generation stays on disk");
        }
    }

    fn generations(&self) -> impl Iterator<Item = String> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| number(name).is_some())
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Directory { path: self.root.clone(), source }
    }
}

fn number(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.parse().ok()
}
