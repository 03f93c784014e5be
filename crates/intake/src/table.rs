//! CSV and tab-separated text: header first, then rows.

use std::io::{BufRead, BufReader, Read};

use csv::{ByteRecord, ErrorKind, ReaderBuilder};

use crate::error::IntakeError;
use crate::gate::Gate;
use crate::guard::{LineGuard, RecordDoesNotEnd, Watch};
use crate::json::{too_long, unreadable};
use crate::source::{Content, Line, Row};

pub(crate) struct TableRows<R> {
    reader: csv::Reader<BufReader<LineGuard<R>>>,
    watch: Watch,
    max_record: usize,
    max_columns: usize,
    record: ByteRecord,
    /// Last line of the last finished record.
    finished: u64,
    ended: bool,
}

impl<R: Read> TableRows<R> {
    /// The separator is a tab when the first line has one and no comma, as Excel's "Unicode text" does.
    pub(crate) fn new(utf8: R, gate: &Gate) -> Result<Self, IntakeError> {
        let watch = Watch::default();
        let guarded = LineGuard::new(utf8, gate.max_record_bytes, watch.clone());
        let mut buffered = BufReader::with_capacity(8 * 1024, guarded);
        let peeked = buffered.fill_buf().map_err(IntakeError::Interrupted)?;
        let first = peeked.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let tabs = first.contains(&b'\t') && !first.contains(&b',');
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(if tabs { b'\t' } else { b',' })
            .from_reader(buffered);
        Ok(Self {
            reader,
            watch,
            max_record: gate.max_record_bytes,
            max_columns: gate.max_columns,
            record: ByteRecord::new(),
            finished: 0,
            ended: false,
        })
    }

    /// First and last line of the record at hand. Counted back from where the parser stands, because a record's own
    /// position lies before the blank lines that were skipped; the guard ends every file with a line end.
    fn place(&self) -> (u64, u64) {
        let inside: u64 = self.record.as_slice().iter().map(|byte| u64::from(*byte == b'\n')).sum();
        let to = self.reader.position().line().saturating_sub(1);
        (to.saturating_sub(inside), to)
    }

    fn line(&self, from: u64, cut: bool) -> Result<Line, IntakeError> {
        if cut {
            return Ok(Line::Reject(too_long(from, self.max_record)));
        }
        if self.record.len() > self.max_columns {
            let columns = self.record.len();
            return Err(IntakeError::TooWide { line: from, columns, max: self.max_columns });
        }
        let cells: Vec<String> =
            self.record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        if cells.iter().any(|cell| cell.contains('\u{FFFD}')) {
            return Ok(Line::Reject(unreadable(from)));
        }
        Ok(Line::Row(Row { line: from, content: Content::Cells(cells) }))
    }

    fn refuse(&self, error: csv::Error) -> IntakeError {
        let cause = match error.kind() {
            ErrorKind::Io(io) => io.get_ref(),
            _ => None,
        };
        if cause.is_some_and(<dyn std::error::Error + Send + Sync>::is::<RecordDoesNotEnd>) {
            return IntakeError::RecordTooLong { line: self.finished + 1, max: self.max_record };
        }
        IntakeError::Table(error)
    }
}

impl<R: Read> Iterator for TableRows<R> {
    type Item = Result<Line, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.reader.read_byte_record(&mut self.record) {
                Ok(false) => self.ended = true,
                Ok(true) => {
                    self.watch.record_finished();
                    let (from, to) = self.place();
                    self.finished = to;
                    let cut = self.watch.was_cut(from, to);
                    if !cut && self.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                        continue;
                    }
                    let line = self.line(from, cut);
                    self.ended = line.is_err();
                    return Some(line);
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(self.refuse(error)));
                }
            }
        }
        None
    }
}
