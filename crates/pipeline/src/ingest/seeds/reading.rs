//! A TOML text read field by field, where every mistake is noted with its line and reading goes on.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::SeedProblem;
use crate::ingest::day;
use crate::ingest::words::{self, Word};
use rules::nearest;

/// One file and the problems found in it so far.
pub(super) struct Page<'t> {
    file: &'t str,
    text: &'t str,
    problems: RefCell<Vec<SeedProblem>>,
}

impl<'t> Page<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, problems: RefCell::default() }
    }

    pub(super) fn file(&self) -> &'t str {
        self.file
    }

    /// The tables of the file, with every syntax error noted.
    pub(super) fn parse(&self) -> Spanned<DeTable<'t>> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let message = format!("TOML 写法有误({})", error.message());
            self.note(at, message, Some("请检查引号、括号和等号".to_owned()));
        }
        root
    }

    pub(super) fn note(&self, at: usize, message: impl Into<String>, suggestion: Option<String>) {
        self.note_line(self.line(at), message, suggestion);
    }

    pub(super) fn note_line(&self, line: usize, message: impl Into<String>, suggestion: Option<String>) {
        let (file, message) = (self.file.to_owned(), message.into());
        self.problems.borrow_mut().push(SeedProblem { file, line, message, suggestion });
    }

    pub(super) fn line(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or(self.text).matches('\n').count() + 1
    }

    /// The line on which the content of a string value begins: a `"""` drops the line end behind it.
    pub(super) fn content_line(&self, span: &Range<usize>) -> usize {
        let raw = &self.text[span.clone()];
        let skipped = ["\"\"\"\n", "'''\n", "\"\"\"\r\n", "'''\r\n"].iter().any(|opening| raw.starts_with(opening));
        self.line(span.start) + usize::from(skipped)
    }

    pub(super) fn into_problems(self) -> Vec<SeedProblem> {
        self.problems.into_inner()
    }
}

/// A table being read. [`finish`](Self::finish) notes the keys nobody asked for.
pub(super) struct Fields<'p, 't> {
    page: &'p Page<'t>,
    table: &'p DeTable<'t>,
    /// Where the table begins, for what is missing in it.
    start: usize,
    /// In words, e.g. `items[2]`.
    place: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'p, 't> Fields<'p, 't> {
    pub(super) fn new(page: &'p Page<'t>, table: &'p DeTable<'t>, start: usize, place: impl Into<String>) -> Self {
        Self { page, table, start, place: place.into(), asked: RefCell::default() }
    }

    pub(super) fn page(&self) -> &'p Page<'t> {
        self.page
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn value(&self, key: &'static str) -> Option<&'p Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    /// Notes a problem at a key, or at the table if the key is absent.
    pub(super) fn wrong(&self, key: &str, message: &str, suggestion: Option<String>) {
        let at = self.table.get(key).map_or(self.start, |value| value.span().start);
        self.page.note(at, format!("{} 的 {key}:{message}", self.place), suggestion);
    }

    /// The line of a key, or of the table if the key is absent.
    pub(super) fn line(&self, key: &str) -> usize {
        self.page.line(self.table.get(key).map_or(self.start, |value| value.span().start))
    }

    fn wrong_type(&self, key: &str, wanted: &str) {
        self.wrong(key, &format!("应为{wanted}"), None);
    }

    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        let value = self.value(key)?.get_ref();
        match value.as_str() {
            Some(text) if text.trim().is_empty() => {
                self.wrong(key, "是空的", Some("没有内容就不写这个键".to_owned()));
                None
            }
            Some(text) => Some(text.trim().to_owned()),
            None => {
                self.wrong_type(key, "带引号的文字");
                None
            }
        }
    }

    pub(super) fn needed_text(&self, key: &'static str) -> String {
        self.need(key);
        self.text(key).unwrap_or_default()
    }

    fn need(&self, key: &'static str) {
        if !self.table.contains_key(key) {
            self.wrong(key, "缺少这一项", Some(format!("请在 {} 里写上 {key} = …", self.place)));
        }
    }

    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let texts: Option<Vec<String>> = value.get_ref().as_array().and_then(|array| {
            array.iter().map(|item| item.get_ref().as_str().map(|text| text.trim().to_owned())).collect()
        });
        texts.unwrap_or_else(|| {
            self.wrong_type(key, "文字数组 [\"…\", \"…\"]");
            Vec::new()
        })
    }

    pub(super) fn flag(&self, key: &'static str) -> bool {
        let Some(value) = self.value(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(key, " true 或 false");
            false
        })
    }

    pub(super) fn choice<T: Copy>(&self, key: &'static str, words: &[Word<T>]) -> Option<T> {
        let text = self.text(key)?;
        let found = words::find(words, &text);
        if found.is_none() {
            self.wrong(key, &format!("没有“{text}”这个值"), Some(format!("可写:{}", words::listed(words))));
        }
        found
    }

    pub(super) fn needed_choice<T: Copy>(&self, key: &'static str, words: &[Word<T>]) -> Option<T> {
        self.need(key);
        self.choice(key, words)
    }

    pub(super) fn integer(&self, key: &'static str) -> Option<i64> {
        let value = self.value(key)?.get_ref().as_integer();
        let number = value.and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            self.wrong_type(key, "整数");
        }
        number
    }

    /// Money written in 元 (an integer, or a decimal in quotes), in 分.
    pub(super) fn money(&self, key: &'static str) -> Option<i64> {
        let text = match self.value(key)?.get_ref() {
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::String(text) => text.clone().into_owned(),
            _ => String::new(),
        };
        let fen = rules::number::scaled(text.trim(), 2).ok().filter(|fen| *fen >= 0);
        if fen.is_none() {
            self.wrong(key, "应为以元计的金额", Some("写整数 500000,或带引号的小数 \"0.5\"".to_owned()));
        }
        fen
    }

    pub(super) fn date(&self, key: &'static str) -> Option<NaiveDate> {
        let stated = self.stated(key)?;
        if stated.precision != "day" {
            self.wrong(key, "要写到日", Some("如 2026-11-23".to_owned()));
            return None;
        }
        Some(stated.day)
    }

    /// A date of any precision.
    pub(super) fn stated(&self, key: &'static str) -> Option<day::Stated> {
        let text = match self.value(key)?.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.clone().into_owned(),
            DeValue::Integer(year) => year.as_str().to_owned(),
            _ => String::new(),
        };
        let stated = day::stated(&text);
        if stated.is_none() {
            self.wrong(key, &format!("“{text}”不是日期"), Some("如 2026-11-23、\"2026-11\" 或 \"2026\"".to_owned()));
        }
        stated
    }

    /// A table of texts, `{ "名称" = "5.5%" }`.
    pub(super) fn text_map(&self, key: &'static str) -> BTreeMap<String, String> {
        let Some(value) = self.value(key) else { return BTreeMap::new() };
        let map: Option<BTreeMap<String, String>> = value.get_ref().as_table().and_then(|table| {
            table
                .iter()
                .map(|(name, text)| Some((name.get_ref().to_string(), text.get_ref().as_str()?.trim().to_owned())))
                .collect()
        });
        map.unwrap_or_else(|| {
            self.wrong_type(key, "表,值为带引号的文字");
            BTreeMap::new()
        })
    }

    pub(super) fn table(&self, key: &'static str) -> Option<Fields<'p, 't>> {
        let value = self.value(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key, &format!("表 [{}]", self.inner(key)));
        }
        Some(Fields::new(self.page, table?, value.span().start, self.inner(key)))
    }

    /// The tables of `[[key]]`, counted from 1 in words.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Fields<'p, 't>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, &format!("若干个 [[{}]]", self.inner(key)));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (number, item) in (1..).zip(array.iter()) {
            let place = format!("{}[{number}]", self.inner(key));
            match item.get_ref().as_table() {
                Some(table) => tables.push(Fields::new(self.page, table, item.span().start, place)),
                None => self.wrong_type(key, &format!("若干个 [[{}]]", self.inner(key))),
            }
        }
        tables
    }

    fn inner(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    /// Notes every key that means nothing here, with the nearest one that does.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(key.get_ref().as_ref())) {
            let meant = nearest(key.get_ref(), asked.iter().copied());
            let place = if self.place.is_empty() { "文件" } else { &self.place };
            self.page.note(
                key.span().start,
                format!("{place} 里没有 {} 这个键", key.get_ref()),
                Some(meant.map_or_else(
                    || format!("可用的键:{}", asked.iter().copied().collect::<Vec<_>>().join("、")),
                    |meant| format!("是否想写 {meant}?"),
                )),
            );
        }
    }
}
