//! The lines that were not taken: place, reason, remedy, and a file of them that Excel opens in Chinese.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::IntakeError;
use crate::write::BYTE_ORDER_MARK;

/// One line, or one field of it, that was not taken. All texts are for the person who mends the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Counted from 1, as an editor or Excel counts.
    pub line: u64,
    /// The column's Chinese label, or empty for the whole line.
    pub field: String,
    pub value: String,
    pub reason: String,
    pub remedy: String,
}

impl Reject {
    pub fn line(line: u64, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { line, field: String::new(), value: String::new(), reason: reason.into(), remedy: remedy.into() }
    }

    /// Longer values are shortened to what a person needs to find the cell.
    pub fn of(mut self, field: impl Into<String>, value: &str) -> Self {
        self.field = field.into();
        self.value = shorten(value);
        self
    }
}

fn shorten(value: &str) -> String {
    const SHOWN: usize = 200;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// A CSV with byte order mark, created with its first reject: no file says there was nothing to say.
#[derive(Debug)]
pub struct RejectFile {
    path: PathBuf,
    writer: Option<csv::Writer<BufWriter<File>>>,
}

impl RejectFile {
    /// Where the rejects of `source` go: beside it, `名单.csv` → `名单.未导入.csv`.
    pub fn beside(source: &Path) -> PathBuf {
        source.with_extension("未导入.csv")
    }

    /// Nothing is written yet, but the rejects of an earlier run at this place are removed.
    pub fn new(path: impl Into<PathBuf>) -> Result<Self, IntakeError> {
        let path = path.into();
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(IntakeError::Io { path, source }),
            _ => Ok(Self { path, writer: None }),
        }
    }

    pub fn write(&mut self, reject: &Reject) -> Result<(), IntakeError> {
        let cells = [
            reject.line.to_string(),
            inert(&reject.field),
            inert(&reject.value),
            inert(&reject.reason),
            inert(&reject.remedy),
        ];
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(open(&self.path)?),
        };
        writer.write_record(&cells).map_err(IntakeError::Table)?;
        Ok(())
    }

    /// Everything on disk, and the path if there is a file.
    pub fn finish(mut self) -> Result<Option<PathBuf>, IntakeError> {
        match &mut self.writer {
            None => Ok(None),
            Some(writer) => {
                writer.flush().map_err(|source| IntakeError::Io { path: self.path.clone(), source })?;
                Ok(Some(self.path))
            }
        }
    }
}

fn open(path: &Path) -> Result<csv::Writer<BufWriter<File>>, IntakeError> {
    let io = |source| IntakeError::Io { path: path.to_owned(), source };
    let mut file = BufWriter::new(File::create(path).map_err(io)?);
    file.write_all(BYTE_ORDER_MARK.as_bytes()).map_err(io)?;
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(["行号", "列", "原值", "原因", "怎么改"]).map_err(IntakeError::Table)?;
    Ok(writer)
}

/// A cell that begins like a formula would run when an official opens the file: a leading apostrophe keeps it text.
fn inert(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reject_file_has_a_byte_order_mark_and_runs_no_formula() {
        let dir = tempfile::tempdir().unwrap();
        let path = RejectFile::beside(&dir.path().join("名单.csv"));
        let mut rejects = RejectFile::new(&path).unwrap();
        rejects.write(&Reject::line(3, "校验位不对", "请核对执照").of("统一社会信用代码", "=HYPERLINK(1)")).unwrap();
        assert_eq!(rejects.finish().unwrap(), Some(path.clone()));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("\u{FEFF}行号,列,"), "{text}");
        assert!(text.contains("3,统一社会信用代码,'=HYPERLINK(1),校验位不对,请核对执照"), "{text}");
    }

    #[test]
    fn no_rejects_leave_no_file_and_remove_the_one_of_last_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.csv");
        std::fs::write(&path, "old").unwrap();
        assert_eq!(RejectFile::new(&path).unwrap().finish().unwrap(), None);
        assert!(!path.exists());
    }

    #[test]
    fn a_value_of_a_megabyte_is_shown_by_its_beginning() {
        let reject = Reject::line(1, "", "").of("名称", &"长".repeat(1 << 20));
        assert_eq!(reject.value.chars().count(), 201);
    }
}
