//! A list for people: one XLSX with a frozen header, written row by row in bounded memory.
//!
//! Every cell is text and stays text: what begins with `=` is no formula, and codes keep their digits.

use std::path::Path;

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook};

use crate::error::IntakeError;

/// Rows of one sheet of the format, the header included.
const SHEET_ROWS: u32 = 1_048_576;
/// Characters of one cell of the format.
const CELL_CHARS: usize = 32_767;

/// One column: its header and its width in digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListColumn {
    pub label: &'static str,
    pub width: u16,
}

/// A list being written. Rows beyond one sheet go on in the next.
pub struct ListFile {
    workbook: Workbook,
    columns: &'static [ListColumn],
    title: &'static str,
    sheets: usize,
    rows_in_sheet: u32,
    wrapped: Format,
}

impl std::fmt::Debug for ListFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListFile").field("title", &self.title).field("sheets", &self.sheets).finish_non_exhaustive()
    }
}

impl ListFile {
    pub fn new(title: &'static str, columns: &'static [ListColumn]) -> Result<Self, IntakeError> {
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
        let mut list = Self { workbook: Workbook::new(), columns, title, sheets: 0, rows_in_sheet: 0, wrapped };
        list.begin_sheet()?;
        Ok(list)
    }

    fn begin_sheet(&mut self) -> Result<(), IntakeError> {
        self.sheets += 1;
        let header = Format::new().set_bold().set_background_color(Color::RGB(0x00DC_E6F1));
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(if self.sheets == 1 {
            self.title.to_owned()
        } else {
            format!("{}{}", self.title, self.sheets)
        })?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, at) in self.columns.iter().zip(0_u16..) {
            sheet.set_column_width(at, f64::from(column.width))?;
            sheet.write_string_with_format(0, at, column.label, &header)?;
        }
        self.rows_in_sheet = 1;
        Ok(())
    }

    /// One row; a text too long for a cell ends in …
    pub fn push<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<(), IntakeError> {
        if self.rows_in_sheet == SHEET_ROWS {
            self.begin_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (cell, at) in cells.into_iter().zip(0_u16..) {
            sheet.write_string_with_format(self.rows_in_sheet, at, fitting(cell), &self.wrapped)?;
        }
        self.rows_in_sheet += 1;
        Ok(())
    }

    /// Writes the file; it appears under its name only when it is whole.
    pub fn save(mut self, path: &Path) -> Result<(), IntakeError> {
        let partial = path.with_extension("partial");
        self.workbook.save(&partial)?;
        std::fs::rename(&partial, path).map_err(|source| IntakeError::Io { path: path.to_owned(), source })
    }
}

fn fitting(cell: &str) -> String {
    match cell.char_indices().nth(CELL_CHARS) {
        Some(_) => cell.chars().take(CELL_CHARS - 1).chain(['…']).collect(),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx, open_workbook};

    use super::*;

    const COLUMNS: [ListColumn; 2] = [ListColumn { label: "企业", width: 30 }, ListColumn { label: "代码", width: 20 }];

    #[test]
    fn a_list_reads_back_as_it_was_written_and_nothing_in_it_is_a_formula() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("名单.xlsx");
        let mut list = ListFile::new("名单", &COLUMNS).unwrap();
        let long = "长".repeat(CELL_CHARS + 1);
        let rows = [["=HYPERLINK(\"http://x\")", "000123456789012345"], ["+86\n-1", "@甲"], [&long, ""]];
        for row in rows {
            list.push(row).unwrap();
        }
        list.save(&path).unwrap();
        let mut book: Xlsx<_> = open_workbook(&path).unwrap();
        assert!(book.worksheet_formula("名单").unwrap().is_empty());
        let sheet = book.worksheet_range("名单").unwrap();
        let cell = |row, column| match sheet.get_value((row, column)) {
            Some(Data::String(text)) => text.clone(),
            Some(Data::Empty) | None => String::new(),
            other => panic!("{other:?} is no text"),
        };
        assert_eq!((cell(0, 0), cell(0, 1)), ("企业".to_owned(), "代码".to_owned()));
        for (row, texts) in (1..).zip(&rows[..2]) {
            assert_eq!([cell(row, 0).as_str(), cell(row, 1).as_str()], *texts);
        }
        assert_eq!(cell(3, 0).chars().count(), CELL_CHARS);
        assert!(cell(3, 0).ends_with('…'));
    }
}
