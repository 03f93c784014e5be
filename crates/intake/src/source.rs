//! A file as a stream of lines, whatever its format.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::decode::Utf8;
use crate::error::IntakeError;
use crate::gate::Gate;
use crate::json::JsonRows;
use crate::reject::Reject;
use crate::sheet::{self, Isolation};
use crate::survey::{Format, Survey, survey};
use crate::table::TableRows;

/// One line that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Counted from 1; for a record over several lines its first.
    pub line: u64,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Trimmed texts in the order of the columns; dates as ISO text, numbers as plain decimals.
    Cells(Vec<String>),
    /// The text of one JSON value.
    Json(String),
}

/// A row, or why this line is none. Either way the next line follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Row(Row),
    Reject(Reject),
}

type Lines = Box<dyn Iterator<Item = Result<Line, IntakeError>> + Send>;

/// A surveyed file being read. The iterator's `Err` is about the file and the last item.
pub struct Source {
    survey: Survey,
    header: Option<Vec<String>>,
    lines: Lines,
    passed: Arc<AtomicU64>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("survey", &self.survey).field("header", &self.header).finish_non_exhaustive()
    }
}

impl Source {
    /// Surveys the file and reads up to and including the header, if its format has one.
    pub fn open(path: &Path, gate: &Gate, isolation: &Isolation) -> Result<Self, IntakeError> {
        let survey = survey(path, gate)?;
        let passed = Arc::new(AtomicU64::new(0));
        let mut lines = lines(path, &survey, gate, isolation, &passed)?;
        let header = match survey.format {
            Format::JsonLines => None,
            Format::Table | Format::Xlsx => Some(header(&mut lines)?),
        };
        Ok(Self { survey, header, lines, passed })
    }

    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// The labels of the columns; `None` for JSON lines, whose objects name their own fields.
    pub fn header(&self) -> Option<&[String]> {
        self.header.as_deref()
    }

    /// How many of the file's bytes have been read, for a progress display. XLSX counts only at its end.
    pub fn bytes_read(&self) -> u64 {
        self.passed.load(Ordering::Relaxed)
    }
}

impl Iterator for Source {
    type Item = Result<Line, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.lines.next();
        if line.is_none() {
            self.passed.store(self.survey.bytes, Ordering::Relaxed);
        }
        line
    }
}

fn lines(
    path: &Path,
    survey: &Survey,
    gate: &Gate,
    isolation: &Isolation,
    passed: &Arc<AtomicU64>,
) -> Result<Lines, IntakeError> {
    if survey.format == Format::Xlsx {
        return sheet::lines(path, gate, isolation);
    }
    let io = |source| IntakeError::Io { path: path.to_owned(), source };
    let counted = Counted {
        inner: File::open(path).map_err(io)?.take(gate.max_file_bytes),
        path: path.to_owned(),
        passed: Arc::clone(passed),
    };
    let utf8 = Utf8::new(counted, survey.encoding.unwrap_or("UTF-8"));
    Ok(match survey.format {
        Format::JsonLines => Box::new(JsonRows::new(utf8, gate.max_record_bytes)),
        _ => Box::new(TableRows::new(utf8, gate)?),
    })
}

/// The first row with more than one filled cell: titles and hints above the table are passed over.
fn header(lines: &mut Lines) -> Result<Vec<String>, IntakeError> {
    let mut only_line = None;
    for line in lines.by_ref().take(10) {
        let Line::Row(Row { content: Content::Cells(cells), .. }) = line? else { continue };
        if cells.iter().filter(|cell| !cell.is_empty()).count() > 1 {
            return Ok(cells);
        }
        only_line.get_or_insert(cells);
    }
    only_line.ok_or(IntakeError::Empty)
}

/// Counts the file's bytes as they pass.
struct Counted<R> {
    inner: R,
    path: PathBuf,
    passed: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self
            .inner
            .read(out)
            .map_err(|source| io::Error::new(source.kind(), format!("{}: {source}", self.path.display())))?;
        self.passed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
