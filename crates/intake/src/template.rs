//! The form to fill in: an XLSX in Chinese, made from a description of its columns.

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, Formula, Workbook, Worksheet};

use crate::error::IntakeError;

/// One column of an import, as data: the template, the header match and the reject texts all read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// English key, accepted as a header too.
    pub key: String,
    /// Chinese header.
    pub label: String,
    pub required: bool,
    /// How to fill it, in one sentence.
    pub help: String,
    pub example: String,
    /// The only values allowed; empty when free.
    pub choices: Vec<String>,
}

/// A form: its sheet name, columns and general remarks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub title: String,
    pub columns: Vec<Column>,
    pub remarks: Vec<String>,
}

/// Rows below the header that carry the drop-down lists.
const FORM_ROWS: u32 = 5_000;
const HELP: &str = "填写说明";
const CHOICES: &str = "选项";

impl Template {
    /// The workbook: data sheet (headers, drop-downs), help sheet, hidden sheet of choices.
    /// The data sheet holds no example row, so that an empty form imports nothing.
    pub fn xlsx(&self) -> Result<Vec<u8>, IntakeError> {
        let mut workbook = Workbook::new();
        self.data_sheet(workbook.add_worksheet())?;
        self.help_sheet(workbook.add_worksheet())?;
        self.choice_sheet(workbook.add_worksheet())?;
        Ok(workbook.save_to_buffer()?)
    }

    fn data_sheet(&self, sheet: &mut Worksheet) -> Result<(), IntakeError> {
        sheet.set_name(&self.title)?;
        sheet.set_freeze_panes(1, 0)?;
        // Text cells keep leading zeros and codes of 18 digits as they are typed.
        let text = Format::new().set_num_format("@");
        for (column, at) in self.columns.iter().zip(0_u16..) {
            let header = Format::new()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_background_color(Color::RGB(if column.required { 0x00FD_E9D9 } else { 0x00DC_E6F1 }));
            sheet.set_column_format(at, &text)?;
            sheet.set_column_width(at, width(&column.label))?;
            sheet.write_with_format(0, at, column.label.as_str(), &header)?;
            if let Some(list) = drop_down(column, at)? {
                sheet.add_data_validation(1, at, FORM_ROWS, at, &list)?;
            }
        }
        Ok(())
    }

    fn help_sheet(&self, sheet: &mut Worksheet) -> Result<(), IntakeError> {
        sheet.set_name(HELP)?;
        let bold = Format::new().set_bold();
        let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let mut row = 0;
        for remark in &self.remarks {
            sheet.write(row, 0, remark.as_str())?;
            row += 1;
        }
        row += u32::from(!self.remarks.is_empty());
        for (title, (at, width)) in
            ["列名", "必填", "怎么填", "示例", "可选值"].into_iter().zip((0_u16..).zip([24.0, 6.0, 60.0, 28.0, 40.0]))
        {
            sheet.set_column_width(at, width)?;
            sheet.write_with_format(row, at, title, &bold)?;
        }
        for column in &self.columns {
            row += 1;
            let cells = [
                column.label.clone(),
                if column.required { "是" } else { "" }.to_owned(),
                column.help.clone(),
                column.example.clone(),
                column.choices.join("、"),
            ];
            for (cell, at) in cells.iter().zip(0_u16..) {
                sheet.write_with_format(row, at, cell.as_str(), &wrap)?;
            }
        }
        Ok(())
    }

    fn choice_sheet(&self, sheet: &mut Worksheet) -> Result<(), IntakeError> {
        sheet.set_name(CHOICES)?;
        sheet.set_hidden(true);
        for (column, at) in self.columns.iter().zip(0_u16..) {
            for (choice, row) in column.choices.iter().zip(0_u32..) {
                sheet.write(row, at, choice.as_str())?;
            }
        }
        Ok(())
    }
}

/// By reference to the hidden sheet, not by value: Excel takes at most 255 characters of literal choices.
fn drop_down(column: &Column, at: u16) -> Result<Option<DataValidation>, IntakeError> {
    if column.choices.is_empty() {
        return Ok(None);
    }
    let letter = column_letters(at);
    let range = Formula::new(format!("={CHOICES}!${letter}$1:${letter}${}", column.choices.len()));
    let list = DataValidation::new()
        .allow_list_formula(range)
        .set_error_title("不在可选范围")?
        .set_error_message("请从下拉列表中选择")?;
    Ok(Some(list))
}

/// A Chinese character is as wide as two digits.
fn width(label: &str) -> f64 {
    let units: u32 = label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    f64::from(units.max(8) + 4)
}

/// 0 → A, 25 → Z, 26 → AA.
fn column_letters(mut at: u16) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(at % 26).unwrap_or_default()));
        if at < 26 {
            break;
        }
        at = at / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_letters_roll_over_after_z() {
        assert_eq!([0, 25, 26, 701, 702].map(column_letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
