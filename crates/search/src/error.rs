//! What can go wrong with the index. Every case leaves the library itself untouched.

use std::path::PathBuf;

/// A failure of the index; the caller goes on without it or rebuilds it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory cannot be created, read or written (permissions, disk full).
    #[error("index directory {path} cannot be used: {source}")]
    Directory { path: PathBuf, source: std::io::Error },
    /// Another process holds the index for writing.
    #[error("index directory {path} is being written by another process")]
    Busy { path: PathBuf },
    /// Files are missing, truncated or do not match their checksums.
    #[error("index is damaged: {0}")]
    Damaged(String),
    /// The index was built with another schema or dictionary.
    #[error("index was built with another schema or dictionary")]
    Outdated,
    /// A line of the user dictionary or the synonyms cannot be read.
    #[error("{file} line {line}: {reason}")]
    Dictionary { file: &'static str, line: usize, reason: String },
    #[error("index operation failed: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
    #[error("stored document cannot be read or written: {0}")]
    Stored(#[from] serde_json::Error),
}
