//! One value as a kind and a number: small things are the number, texts and codes are looked up.

use std::collections::BTreeSet;

use chrono::Datelike as _;
use indexmap::IndexSet;
use rules::{FactState, Value};

use super::bytes::{Reader, day_of, put_size, put_text, unzigzag, zigzag};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Kind {
    NotApplicable,
    No,
    Yes,
    Number,
    Date,
    Text,
    Code,
    Codes,
    Area,
    Industry,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::NotApplicable,
        Self::No,
        Self::Yes,
        Self::Number,
        Self::Date,
        Self::Text,
        Self::Code,
        Self::Codes,
        Self::Area,
        Self::Industry,
    ];

    pub(crate) fn at(index: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(index).ok()?).copied()
    }

    /// Whether a number follows.
    #[inline]
    pub(crate) fn has_number(self) -> bool {
        self >= Self::Number
    }
}

/// Texts and codes of a store, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool(IndexSet<Box<[u8]>>);

impl Pool {
    /// The kind of a value and its number.
    pub(super) fn keep(&mut self, value: &Value) -> (Kind, u64) {
        match value {
            Value::Bool(flag) => (if *flag { Kind::Yes } else { Kind::No }, 0),
            Value::Number(number) => (Kind::Number, zigzag(*number)),
            Value::Date(date) => (Kind::Date, zigzag(date.num_days_from_ce().into())),
            Value::Text(text) => (Kind::Text, self.text(text)),
            Value::Code(code) => (Kind::Code, self.text(code)),
            Value::Area(code) => (Kind::Area, self.text(code)),
            Value::Industry(code) => (Kind::Industry, self.text(code)),
            Value::Codes(codes) => {
                let mut bytes = Vec::new();
                for code in codes {
                    put_text(&mut bytes, code);
                }
                (Kind::Codes, self.bytes(&bytes))
            }
        }
    }

    fn text(&mut self, text: &str) -> u64 {
        self.bytes(text.as_bytes())
    }

    fn bytes(&mut self, bytes: &[u8]) -> u64 {
        let index = self.0.get_index_of(bytes).unwrap_or_else(|| self.0.insert_full(bytes.into()).0);
        index as u64
    }

    /// What a kind and a number stand for; `None` for what was never kept.
    pub(crate) fn state(&self, kind: Kind, number: u64) -> Option<FactState> {
        let text = || String::from_utf8(self.0.get_index(usize::try_from(number).ok()?)?.to_vec()).ok();
        Some(FactState::Known(match kind {
            Kind::NotApplicable => return Some(FactState::NotApplicable),
            Kind::No => Value::Bool(false),
            Kind::Yes => Value::Bool(true),
            Kind::Number => Value::Number(unzigzag(number)),
            Kind::Date => Value::Date(day_of(unzigzag(number))?),
            Kind::Text => Value::Text(text()?),
            Kind::Code => Value::Code(text()?),
            Kind::Area => Value::Area(text()?),
            Kind::Industry => Value::Industry(text()?),
            Kind::Codes => {
                let mut rest = Reader(self.0.get_index(usize::try_from(number).ok()?)?);
                let mut codes = BTreeSet::new();
                while !rest.is_empty() {
                    codes.insert(rest.text()?.to_owned());
                }
                Value::Codes(codes)
            }
        }))
    }

    pub(super) fn value(&self, kind: Kind, number: u64) -> Option<Value> {
        match self.state(kind, number)? {
            FactState::Known(value) => Some(value),
            FactState::NotApplicable => None,
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_size(out, self.0.len());
        for bytes in &self.0 {
            put_size(out, bytes.len());
            out.extend(&**bytes);
        }
    }

    pub(super) fn read(rest: &mut Reader<'_>) -> Option<Self> {
        let count = rest.size()?;
        let mut pool = IndexSet::new();
        for _ in 0..count {
            let length = rest.size()?;
            pool.insert(Box::from(rest.taken(length)?));
        }
        (pool.len() == count).then_some(Self(pool))
    }

    /// Memory of the texts, and of what finds them.
    pub(super) fn own(&self) -> usize {
        self.0.iter().map(|bytes| bytes.len() + 48).sum()
    }
}
