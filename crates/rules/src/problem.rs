//! What is wrong with a text or a tree, where, and what to do about it. In Chinese: an official reads it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must be mended before use.
    Error,
    /// Works, but probably does not say what was meant.
    Warning,
}

/// A position in a text, counted from 1 in lines and characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// One problem with its place and remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub severity: Severity,
    pub position: Option<Position>,
    /// The node or field meant, e.g. a tree path `1.3` or a profile field `facts.revenue[0].value`.
    pub place: Option<String>,
    pub message: String,
    pub remedy: Option<String>,
}

impl Problem {
    pub fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, position: None, place: None, message: message.into(), remedy: None }
    }

    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.position = Some(Position { line, column });
        self
    }

    pub fn place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(position) = self.position {
            write!(f, "第 {} 行第 {} 字:", position.line, position.column)?;
        }
        if let Some(place) = &self.place {
            write!(f, "{place}:")?;
        }
        f.write_str(&self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, "。{remedy}"),
            None => Ok(()),
        }
    }
}
