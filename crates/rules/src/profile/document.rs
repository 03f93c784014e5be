//! Reads the canonical text of a profile in one pass. A city is read by the hundred thousand, and nearly every text is
//! one that [`Profile::to_document`] wrote: keys in their order, codes as codes, no spaces.
//!
//! Whatever is not exactly so (and whatever is wrong) is left to [`Profile::from_json`], which alone defines what a
//! profile means and what is said about a bad one. This reader answers only where it knows that answer.

use chrono::NaiveDate;

use super::read::{Reader, settled};
use super::{Completeness, Entry, FactState, Period, Profile, Record, RecordList};
use crate::number::scaled;
use crate::problem::Problem;
use crate::reference::{Fact, FactKind, ListShape, PeriodKind, Reference, ValueShape, read_date};
use crate::uscc;
use crate::value::{FactKey, Grade, Value};

impl Profile {
    /// Reads the text of a profile as [`Profile::from_json`] reads its JSON.
    pub fn from_document(text: &str, reference: &Reference) -> Result<Self, Vec<Problem>> {
        if let Some(profile) = (Cursor { rest: text, reference }).profile() {
            return Ok(profile);
        }
        let json = serde_json::from_str(text).map_err(|error| {
            let message = format!("不是完整的 JSON 对象(第 {} 行第 {} 个字节附近)", error.line(), error.column());
            vec![Problem::error(message).remedy("参照企业画像的 JSON 格式")]
        })?;
        Self::from_json(&json, reference)
    }
}

/// What is left to read. `None` from any method means: not canonical, ask the other reader.
struct Cursor<'t, 'r> {
    rest: &'t str,
    reference: &'r Reference,
}

impl<'t> Cursor<'t, '_> {
    fn profile(mut self) -> Option<Profile> {
        let mut profile = Profile::default();
        self.take("{\"facts\":{")?;
        if !self.took("}") {
            self.facts(&mut profile)?;
        }
        self.take(",\"name\":")?;
        let name = self.string()?;
        self.take(",\"uscc\":")?;
        let code = self.string()?;
        self.take("}")?;
        let valid = code.is_empty() || uscc::check(code).is_ok_and(|checked| checked.as_str() == code);
        if !self.rest.is_empty() || name.trim() != name || !valid {
            return None;
        }
        (profile.name, profile.uscc) = (name.to_owned(), code.to_owned());
        Some(profile)
    }

    fn facts(&mut self, profile: &mut Profile) -> Option<()> {
        let mut before = "";
        loop {
            let key = self.key(&mut before)?;
            let fact = self.reference.catalogue.by_key(key)?;
            if let FactKind::List(shape) = &fact.kind {
                profile.lists.insert(FactKey::from(key), self.list(shape)?);
            } else {
                profile.facts.insert(FactKey::from(key), self.entries(fact)?);
            }
            if self.took("}") {
                return Some(());
            }
            self.take(",")?;
        }
    }

    fn entries(&mut self, fact: &Fact) -> Option<Vec<Entry>> {
        let entries = self.sequence(|cursor| cursor.entry(fact))?;
        let rises = |entries: &[Entry]| {
            entries.windows(2).all(|pair| (pair[0].period, &pair[0].source) < (pair[1].period, &pair[1].source))
        };
        match (fact.period, entries.len()) {
            (_, 0) => None,
            (_, 1) => Some(entries),
            (PeriodKind::Year, _) => rises(&entries).then_some(entries),
            (PeriodKind::None | PeriodKind::History, _) => {
                let (entries, twice) = settled(fact, entries);
                (!twice).then_some(entries)
            }
        }
    }

    fn entry(&mut self, fact: &Fact) -> Option<Entry> {
        let (mut from, mut to) = (None, None);
        self.take("{")?;
        self.end("\"from\":", ",", &mut from)?;
        let grade = self.grade()?;
        let label = if self.took("\"period\":") { Some(self.string()?) } else { None };
        if label.is_some() {
            self.take(",")?;
        }
        let source = self.source()?;
        let applies = !self.took(",\"state\":\"not_applicable\"");
        self.end(",\"to\":", "", &mut to)?;
        let state = if applies {
            self.take(",\"value\":")?;
            FactState::Known(self.value(fact.shape())?)
        } else {
            FactState::NotApplicable
        };
        self.take("}")?;
        let period = match label {
            Some(label) if from.is_none() && to.is_none() => Reader::period_of(fact, label).ok()?,
            None if fact.period != PeriodKind::Year => span(from, to)?,
            _ => return None,
        };
        Some(Entry { state, period, source, grade })
    }

    fn list(&mut self, shape: &ListShape) -> Option<RecordList> {
        self.take("{\"complete\":")?;
        let mut complete = self.sequence(|cursor| cursor.statement(shape))?;
        self.take(",\"records\":")?;
        let mut records = self.sequence(|cursor| cursor.record(shape))?;
        self.take("}")?;
        complete.sort();
        records.sort();
        Some(RecordList { records, complete })
    }

    fn statement(&mut self, shape: &ListShape) -> Option<Completeness> {
        let (mut from, mut to) = (None, None);
        self.take("{")?;
        self.end("\"from\":", ",", &mut from)?;
        let grade = self.grade()?;
        let mut scope = Record::new();
        if self.took("\"scope\":") {
            scope = self.record(shape)?;
            self.take(",")?;
        }
        let source = self.source()?;
        self.end(",\"to\":", "", &mut to)?;
        self.take("}")?;
        Some(Completeness { scope, period: span(from, to)?, source, grade })
    }

    fn record(&mut self, shape: &ListShape) -> Option<Record> {
        let mut record = Record::new();
        self.take("{")?;
        if self.took("}") {
            return Some(record);
        }
        let mut before = "";
        loop {
            let key = self.key(&mut before)?;
            let field = shape.fields.iter().find(|field| field.key == key)?;
            record.insert(key.to_owned(), self.value(field.shape())?);
            if self.took("}") {
                return Some(record);
            }
            self.take(",")?;
        }
    }

    fn value(&mut self, shape: ValueShape<'_>) -> Option<Value> {
        Some(match shape.kind {
            FactKind::Bool => Value::Bool(self.flag()?),
            FactKind::Integer | FactKind::Amount | FactKind::Ratio => {
                Value::Number(shape.bounded(self.number(shape.scale)?).ok()?)
            }
            FactKind::Date => Value::Date(read_date(self.string()?).ok()?),
            FactKind::Text => Value::Text(Some(self.string()?).filter(|text| is_plain(text))?.to_owned()),
            FactKind::Code { .. } => Value::Code(self.code(shape)?),
            FactKind::Codes { .. } => Value::Codes(self.sequence(|cursor| cursor.code(shape))?.into_iter().collect()),
            FactKind::Area => {
                let code = self.string()?;
                Value::Area(self.reference.areas.get(code).map(|area| area.code.clone())?)
            }
            FactKind::Industry => {
                let code = self.string()?;
                let found = self.reference.industries.find(code)?;
                Value::Industry(Some(found).filter(|found| found == code && !found.starts_with('@'))?)
            }
            FactKind::List(_) => return None,
        })
    }

    fn flag(&mut self) -> Option<bool> {
        let yes = self.took("true");
        (yes || self.took("false")).then_some(yes)
    }

    /// A whole number bare, a fraction as a text.
    fn number(&mut self, scale: u8) -> Option<i64> {
        if self.rest.starts_with('"') {
            return scaled(self.string()?, scale).ok();
        }
        let length = self.rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
        let (digits, rest) = self.rest.split_at(length);
        let padded = digits.trim_start_matches('-').len() > 1 && digits.trim_start_matches('-').starts_with('0');
        if padded || digits.starts_with("-0") || !rest.starts_with([',', '}', ']']) {
            return None;
        }
        self.rest = rest;
        digits.parse::<i64>().ok()?.checked_mul(10_i64.pow(scale.into()))
    }

    fn code(&mut self, shape: ValueShape<'_>) -> Option<String> {
        let code = self.string()?;
        shape.kind.options().iter().any(|option| option.code == code).then(|| code.to_owned())
    }

    fn grade(&mut self) -> Option<Grade> {
        self.take("\"grade\":\"")?;
        let grade = match self.rest.as_bytes().first()? {
            b'A' => Grade::A,
            b'B' => Grade::B,
            b'C' => Grade::C,
            b'D' => Grade::D,
            _ => return None,
        };
        self.rest = &self.rest[1..];
        self.take("\",")?;
        Some(grade)
    }

    fn source(&mut self) -> Option<String> {
        self.take("\"source\":")?;
        let key = self.string()?;
        self.reference.catalogue.origins().iter().any(|origin| origin.key == key).then(|| key.to_owned())
    }

    /// One end of a span: a day with its key before and what follows it behind, if it is there.
    fn end(&mut self, key: &str, behind: &str, end: &mut Option<NaiveDate>) -> Option<()> {
        if self.took(key) {
            *end = Some(read_date(self.string()?).ok()?);
            self.take(behind)?;
        }
        Some(())
    }

    fn sequence<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.take("[")?;
        if self.took("]") {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            if self.took("]") {
                return Some(items);
            }
            self.take(",")?;
        }
    }

    /// A key behind all before it, with its colon.
    fn key(&mut self, before: &mut &'t str) -> Option<&'t str> {
        let key = self.string()?;
        self.take(":")?;
        let rises = *before < key;
        *before = key;
        rises.then_some(key)
    }

    /// A text in which nothing is escaped.
    fn string(&mut self) -> Option<&'t str> {
        self.take("\"")?;
        let end = self.rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.take("\"")?;
        Some(text)
    }

    fn take(&mut self, token: &str) -> Option<()> {
        self.took(token).then_some(())
    }

    fn took(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

fn span(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<Period> {
    let turned = from.zip(to).is_some_and(|(from, to)| from >= to);
    (!turned).then_some(Period { from, to })
}

/// As the other reader leaves it: not empty, no spaces around it.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text
}

#[cfg(test)]
mod tests;
