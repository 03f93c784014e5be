//! What is wrong in a seed, where, and what was probably meant.

use std::fmt;

/// One problem of one seed file. Loading collects all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeedProblem {
    /// As it was given to the loader: for the embedded seeds the path below `seeds/`.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// In Chinese, with the place inside the file.
    pub message: String,
    pub suggestion: Option<String>,
}

impl fmt::Display for SeedProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 第 {} 行:{}", self.file, self.line, self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "。{suggestion}"),
            None => Ok(()),
        }
    }
}
