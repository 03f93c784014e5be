//! Rows as CSV text, the way [`crate::Source`] reads them.

use crate::error::IntakeError;

/// What a CSV begins with so that Excel opens it in Chinese.
pub const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// Rows as lines of CSV, cells quoted where they must be.
pub fn csv_text<R, C>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, IntakeError>
where
    R: IntoIterator<Item = C>,
    C: AsRef<[u8]>,
{
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(IntakeError::Table)?;
    }
    writer.into_inner().map_err(|error| IntakeError::Table(error.into_error().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_would_break_a_row_are_quoted() {
        let text = csv_text([["甲,乙", "他说\"好\""], ["一行\n两行", ""]]).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "\"甲,乙\",\"他说\"\"好\"\"\"\n\"一行\n两行\",\n");
    }
}
