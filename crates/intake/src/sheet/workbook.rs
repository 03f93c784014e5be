//! The cells of a workbook as rows of text, one row in memory at a time.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

use crate::error::IntakeError;
use crate::gate::Gate;
use crate::json::too_long;
use crate::source::{Content, Line, Row};
use crate::walk::walk;

/// Walks the archive, then gives each row of the first visible sheet to `take` until it declines.
pub(super) fn read(path: &Path, gate: &Gate, take: &mut dyn FnMut(Line) -> bool) -> Result<(), IntakeError> {
    walk(path, gate)?;
    let workbook_error = |source| IntakeError::Workbook(Box::new(source));
    let file = File::open(path).map_err(|source| IntakeError::Io { path: path.to_owned(), source })?;
    let mut workbook = Xlsx::new(BufReader::new(file)).map_err(workbook_error)?;
    let sheet = workbook
        .sheets_metadata()
        .iter()
        .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .ok_or(IntakeError::NoSheet)?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(workbook_error)?;
    let mut row = Building::new(gate);
    while let Some(cell) = cells.next_cell().map_err(workbook_error)? {
        let (line, column) = cell.get_position();
        if u64::from(line) + 1 != row.line {
            if let Some(done) = row.finish()
                && !take(done)
            {
                return Ok(());
            }
            row.line = u64::from(line) + 1;
        }
        row.put(column as usize, cell.get_value())?;
    }
    if let Some(done) = row.finish() {
        take(done);
    }
    Ok(())
}

/// The row being put together. A row that grows too long is remembered as such and no longer kept.
struct Building<'g> {
    gate: &'g Gate,
    line: u64,
    cells: Vec<String>,
    bytes: usize,
}

impl<'g> Building<'g> {
    fn new(gate: &'g Gate) -> Self {
        Self { gate, line: 0, cells: Vec::new(), bytes: 0 }
    }

    fn put(&mut self, column: usize, value: &DataRef<'_>) -> Result<(), IntakeError> {
        if matches!(value, DataRef::Empty) {
            return Ok(());
        }
        if column >= self.gate.max_columns {
            return Err(IntakeError::TooWide { line: self.line, columns: column + 1, max: self.gate.max_columns });
        }
        let length = match value {
            DataRef::String(text) => text.len(),
            DataRef::SharedString(text) => text.len(),
            _ => 0,
        };
        self.bytes = self.bytes.saturating_add(length);
        if self.bytes > self.gate.max_record_bytes {
            self.cells.clear();
            return Ok(());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text(value);
        Ok(())
    }

    /// The row, unless it is blank; ready for the next one.
    fn finish(&mut self) -> Option<Line> {
        let too_large = std::mem::take(&mut self.bytes) > self.gate.max_record_bytes;
        let cells = std::mem::take(&mut self.cells);
        if too_large {
            return Some(Line::Reject(too_long(self.line, self.gate.max_record_bytes)));
        }
        let blank = cells.iter().all(String::is_empty);
        if blank { None } else { Some(Line::Row(Row { line: self.line, content: Content::Cells(cells) })) }
    }
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // The shortest decimal that reads back as the same number: what was typed, up to Excel's 15 digits.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        DataRef::DateTime(at) => iso(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn iso(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}
