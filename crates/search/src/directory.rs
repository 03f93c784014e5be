//! Index files as tantivy reads them: resident in memory, so that damage on disk cannot reach a
//! running search.
//!
//! Memory-mapping would be the usual choice, but a mapped file that somebody truncates kills the
//! process with a bus error. Postings and columns (about a tenth of the texts) are read into memory
//! once per segment; the large document store is read by position, where a short file is an error value.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, META_LOCK, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle,
    WritePtr,
};

/// Suffix of the files that hold stored documents.
const STORE: &str = "store";

/// A directory on disk whose files are read without mapping them.
#[derive(Clone)]
pub(crate) struct ResidentDirectory {
    root: PathBuf,
    /// Writing, renaming, locking and syncing are tantivy's own.
    disk: MmapDirectory,
    /// Files in use, so that reopening a reader does not read unchanged segments again.
    files: Arc<Mutex<HashMap<PathBuf, Weak<[u8]>>>>,
}

impl ResidentDirectory {
    pub(crate) fn open(root: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { root: root.to_owned(), disk: MmapDirectory::open(root)?, files: Arc::default() })
    }

    /// Segment files never change under one name, so what is in use is what is on disk.
    fn resident(&self, path: &Path) -> io::Result<Arc<[u8]>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = files.get(path).and_then(Weak::upgrade) {
            return Ok(bytes);
        }
        let bytes: Arc<[u8]> = fs::read(self.root.join(path))?.into();
        files.retain(|_, bytes| bytes.strong_count() > 0);
        files.insert(path.to_owned(), Arc::downgrade(&bytes));
        Ok(bytes)
    }
}

impl fmt::Debug for ResidentDirectory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ResidentDirectory").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Directory for ResidentDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        };
        if path.extension().is_some_and(|extension| extension == STORE) {
            return Ok(Arc::new(Positional::open(&self.root.join(path)).map_err(failed)?));
        }
        Ok(Arc::new(Resident(self.resident(path).map_err(failed)?)))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.disk.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.disk.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.disk.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.disk.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.disk.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.disk.sync_directory()
    }

    /// Readers take a lock file against a writer that collects garbage; where nothing can be
    /// written there is no such writer, and reading goes on without it.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.disk.acquire_lock(lock) {
            Err(LockError::IoError(_)) if lock.filepath == META_LOCK.filepath => Ok(DirectoryLock::from(Box::new(()))),
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.disk.watch(callback)
    }
}

/// A whole file in memory.
#[derive(Debug)]
struct Resident(Arc<[u8]>);

impl HasLen for Resident {
    fn len(&self) -> usize {
        self.0.len()
    }
}

impl FileHandle for Resident {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.0.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(OwnedBytes::new(Arc::clone(&self.0)).slice(range))
    }
}

/// A file read by position.
#[derive(Debug)]
struct Positional {
    file: Mutex<File>,
    length: usize,
}

impl Positional {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        Ok(Self { file: Mutex::new(file), length })
    }
}

impl HasLen for Positional {
    fn len(&self) -> usize {
        self.length
    }
}

impl FileHandle for Positional {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let length = range.end.checked_sub(range.start).ok_or(io::ErrorKind::InvalidInput)?;
        if range.end > self.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; length];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(range.start as u64))?;
        file.read_exact(&mut bytes)?;
        Ok(OwnedBytes::new(bytes))
    }
}
