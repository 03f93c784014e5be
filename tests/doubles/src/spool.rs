//! One fsynced file per accepted message, numbered in order of acceptance.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;

#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
    next: AtomicUsize,
}

impl Spool {
    /// Continues the numbering of a folder that already holds messages.
    pub(crate) fn open(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let next = fs::read_dir(folder).unwrap().count();
        Self { folder: folder.to_owned(), next: AtomicUsize::new(next) }
    }

    /// On disk when it returns.
    pub(crate) fn keep<T: Serialize>(&self, message: &T) {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let partial = self.folder.join(format!(".{number:06}.part"));
        let mut file = File::create(&partial).unwrap();
        file.write_all(&serde_json::to_vec(message).unwrap()).unwrap();
        file.sync_all().unwrap();
        fs::rename(&partial, self.folder.join(format!("{number:06}.json"))).unwrap();
        File::open(&self.folder).unwrap().sync_all().unwrap();
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> Vec<T> {
        let mut files: Vec<PathBuf> = fs::read_dir(&self.folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        files.iter().map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
    }
}
