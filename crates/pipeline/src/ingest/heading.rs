//! From a header or the keys of an object to named values, by Chinese label or English key.

use std::collections::{BTreeMap, BTreeSet};

use intake::{Column, Content, Reject, Row};
use serde_json::{Map, Value};

use crate::error::Error;
use rules::nearest;

/// Which column each cell of a row belongs to.
#[derive(Debug, Default)]
pub(crate) struct Heading {
    columns: Vec<Column>,
    /// Position of a cell → index into `columns`; `None` is a column nobody knows.
    cells: Vec<Option<usize>>,
}

impl Heading {
    /// Matches a table's header; JSON lines have none. Gives a warning for each column that will not be read.
    pub(crate) fn of(header: Option<&[String]>, columns: Vec<Column>) -> Result<(Self, Vec<String>), Error> {
        let Some(header) = header else { return Ok((Self { columns, cells: Vec::new() }, Vec::new())) };
        let cells: Vec<Option<usize>> = header.iter().map(|label| find(&columns, label)).collect();
        let missing = |(index, column): &(usize, &Column)| column.required && !cells.contains(&Some(*index));
        let labels: Vec<String> =
            columns.iter().enumerate().filter(missing).map(|(_, column)| column.label.clone()).collect();
        if !labels.is_empty() {
            return Err(Error::MissingColumns { labels });
        }
        let strangers = header.iter().zip(&cells).filter(|(label, cell)| cell.is_none() && !label.is_empty());
        let warnings = strangers.map(|(label, _)| unread(label, &columns)).collect();
        Ok((Self { columns, cells }, warnings))
    }

    /// The values of a row by column key; blank ones are absent.
    pub(crate) fn record(&self, row: &Row) -> Result<Record<'_>, Reject> {
        let values = match &row.content {
            Content::Cells(cells) => self
                .cells
                .iter()
                .zip(cells)
                .filter(|(_, text)| !text.is_empty())
                .filter_map(|(column, text)| Some((self.columns[(*column)?].key.as_str(), text.clone())))
                .collect(),
            Content::Json(text) => {
                let fields: Map<String, Value> = serde_json::from_str(text)
                    .map_err(|_| Reject::line(row.line, "这一行不是 JSON 对象", "每行写一个 {…} 对象"))?;
                let value = |column: &Column| plain(fields.get(&column.key)?);
                self.columns.iter().filter_map(|column| Some((column.key.as_str(), value(column)?))).collect()
            }
        };
        Ok(Record { line: row.line, values, columns: &self.columns })
    }
}

/// By label or key, whatever kind of brackets was typed.
fn find(columns: &[Column], label: &str) -> Option<usize> {
    let label = normal(label);
    columns.iter().position(|column| normal(&column.label) == label || column.key == label)
}

/// Header labels compare without spaces, with plain brackets, without the star that marks what is required.
pub(crate) fn normal(label: &str) -> String {
    label
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '*')
        .map(|character| match character {
            '\u{FF08}' => '(',
            '\u{FF09}' => ')',
            other => other,
        })
        .collect()
}

/// The warning for a column that is not read.
pub(crate) fn unread(label: &str, columns: &[Column]) -> String {
    let known: BTreeSet<&str> = columns.iter().map(|column| column.label.as_str()).collect();
    match nearest(label, known) {
        Some(meant) => format!("没有读取“{label}”这一列,是否想写“{meant}”?"),
        None => format!("没有读取“{label}”这一列"),
    }
}

/// A scalar as text; null is absent, and what is neither is given as JSON for the reject to show.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.trim().to_owned()),
        other => Some(other.to_string()),
    }
}

/// One row by column key.
pub(crate) struct Record<'h> {
    line: u64,
    values: BTreeMap<&'h str, String>,
    columns: &'h [Column],
}

impl Record<'_> {
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// The value of a required column.
    pub(crate) fn need(&self, key: &str, rejects: &mut Vec<Reject>) -> String {
        if let Some(value) = self.get(key) {
            return value.to_owned();
        }
        rejects.push(self.reject(key, "必填项是空的", &format!("请填写{}", self.label(key))));
        String::new()
    }

    /// A reject of one field, with its value and the column's label.
    pub(crate) fn reject(&self, key: &str, reason: &str, remedy: &str) -> Reject {
        Reject::line(self.line, reason, remedy).of(self.label(key), self.get(key).unwrap_or_default())
    }

    fn label(&self, key: &str) -> String {
        let column = self.columns.iter().find(|column| column.key == key);
        column.map_or_else(|| key.to_owned(), |column| column.label.clone())
    }
}

/// A column from its parts; `required` and choices are added by the caller.
pub(crate) fn column(key: &str, label: &str, help: &str, example: &str) -> Column {
    Column {
        key: key.to_owned(),
        label: label.to_owned(),
        required: false,
        help: help.to_owned(),
        example: example.to_owned(),
        choices: Vec::new(),
    }
}

pub(crate) fn required(column: Column) -> Column {
    Column { required: true, ..column }
}

pub(crate) fn with_choices(column: Column, choices: impl IntoIterator<Item = impl Into<String>>) -> Column {
    Column { choices: choices.into_iter().map(Into::into).collect(), ..column }
}
