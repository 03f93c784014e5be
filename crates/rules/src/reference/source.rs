//! A reference file while it is read: rows and entries that know their line, and problems that name it.

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::problem::Problem;

/// One file's name and text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    file: &'static str,
    text: &'a str,
}

/// A TOML entry and the line it starts on.
pub(crate) struct Entry<T> {
    pub(crate) line: usize,
    pub(crate) value: T,
}

/// What the readers of TOML files need of a source.
pub(crate) trait TomlSource {
    /// A problem at a line of this file.
    fn problem(&self, line: usize, message: impl Into<String>) -> Problem;
    /// The whole document; a syntax error is reported and `None` returned.
    fn document<T: DeserializeOwned>(&self, problems: &mut Vec<Problem>) -> Option<T>;
    /// Entries read one by one, so that one bad entry does not hide the next.
    fn entries<T: DeserializeOwned>(
        &self,
        raw: Vec<Spanned<toml::Value>>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Entry<T>>;
}

impl<'a> Source<'a> {
    pub(crate) fn new(file: &'static str, text: &'a str) -> Self {
        Self { file, text }
    }

    /// The rows of a CSV without quoting, split at commas, under the given header. Comments start with `#`.
    pub(crate) fn rows<const N: usize>(
        &self,
        header: [&str; N],
        problems: &mut Vec<Problem>,
    ) -> Vec<Entry<[&'a str; N]>> {
        let mut lines = self
            .text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim_start_matches('\u{feff}').trim_end()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let expected = header.join(",");
        if let Some((line, _)) = lines.next().filter(|(_, first)| *first != expected) {
            problems.push(self.problem(line, "表头不对").remedy(format!("第一行应为 {expected}")));
            return Vec::new();
        }
        let mut rows = Vec::new();
        for (line, text) in lines {
            let cells: Vec<&str> = text.split(',').map(str::trim).collect();
            match <[&str; N]>::try_from(cells) {
                Ok(value) => rows.push(Entry { line, value }),
                Err(cells) => problems.push(
                    self.problem(line, format!("有 {} 列,应为 {N} 列", cells.len()))
                        .remedy("单元格里不能有英文逗号,多个值用 | 分隔"),
                ),
            }
        }
        rows
    }

    fn line_of(&self, offset: usize) -> usize {
        self.text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1)
    }
}

impl TomlSource for Source<'_> {
    fn problem(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem::error(message).at(line, 1).place(self.file)
    }

    fn document<T: DeserializeOwned>(&self, problems: &mut Vec<Problem>) -> Option<T> {
        match toml::from_str(self.text) {
            Ok(document) => Some(document),
            Err(error) => {
                let line = error.span().map_or(1, |span| self.line_of(span.start));
                problems.push(self.problem(line, format!("读不懂:{}", error.message())));
                None
            }
        }
    }

    fn entries<T: DeserializeOwned>(
        &self,
        raw: Vec<Spanned<toml::Value>>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Entry<T>> {
        let mut entries = Vec::new();
        for item in raw {
            let line = self.line_of(item.span().start);
            match item.into_inner().try_into::<T>() {
                Ok(value) => entries.push(Entry { line, value }),
                Err(error) => problems.push(self.problem(line, format!("这一项读不懂:{}", error.message()))),
            }
        }
        entries
    }
}

/// The calendar date of a TOML date; `None` for a time of day.
pub(crate) fn calendar_date(datetime: toml::value::Datetime) -> Option<NaiveDate> {
    let date = datetime.date.filter(|_| datetime.time.is_none())?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// The parts of a cell that holds several values.
pub(crate) fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|part| !part.is_empty())
}
