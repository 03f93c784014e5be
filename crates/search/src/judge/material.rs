//! Judged material as JSON lines: a library and the queries over it.

use domain::{Level, Window};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Judged;
use crate::document::{Area, Document};
use crate::timeline::Timeline;

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {source}")]
pub struct Unreadable {
    pub line: usize,
    pub source: serde_json::Error,
}

/// A policy as a judged library has it: one text without items or windows.
#[derive(Deserialize)]
struct Raw {
    id: String,
    title: String,
    #[serde(default)]
    doc_number: Option<String>,
    #[serde(default)]
    issuer: Option<String>,
    level: Level,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    published: Option<String>,
    text: String,
}

/// One policy a line: `id`, `title`, `level`, `text` and, where known, `doc_number`, `issuer`, `region`, `published`.
///
/// # Errors
/// The first line that is not such a policy.
pub fn read_library(text: &str) -> Result<Vec<Document>, Unreadable> {
    read::<Raw>(text)?.into_iter().map(|raw| Ok(raw.into_document())).collect()
}

/// One query a line: `query`, `type`, and `relevant`, a list of `id` and `grade`.
///
/// # Errors
/// The first line that is not such a query.
pub fn read_queries(text: &str) -> Result<Vec<Judged>, Unreadable> {
    read(text)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Unreadable> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|source| Unreadable { line: at + 1, source })).collect()
}

impl Raw {
    fn into_document(self) -> Document {
        let published = self.published.unwrap_or_default();
        // A year or a month alone counts as its first day.
        let padded = match published.len() {
            4 => format!("{published}-01-01"),
            7 => format!("{published}-01"),
            _ => published,
        };
        Document {
            code: self.id,
            title: self.title,
            document_numbers: self.doc_number.into_iter().collect(),
            issuers: self.issuer.into_iter().collect(),
            level: self.level,
            areas: self.region.into_iter().map(|name| Area { code: name.clone(), name }).collect(),
            published_on: padded.parse().ok(),
            summary: String::new(),
            body: self.text,
            window: Timeline::constant(Window::Unannounced),
            items: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_is_named() {
        let error = read_queries("{\"query\":\"a\",\"relevant\":[]}\n\nnot json\n").unwrap_err();
        assert_eq!(error.line, 3);
    }

    #[test]
    fn a_policy_without_what_is_not_known_is_read() {
        let library = read_library(r#"{"id":"a","title":"甲","level":"市","text":"乙","published":"2023"}"#).unwrap();
        assert_eq!(library[0].published_on, "2023-01-01".parse().ok());
    }
}
