//! Numbers as bytes, and bytes that are ours or somebody else's.

use std::ops::{Deref, Range};
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};

/// Bytes kept elsewhere, as in a mapped file.
pub type Held = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Bytes that are copied when they are first changed.
#[derive(Clone)]
pub(crate) enum Bytes {
    Owned(Vec<u8>),
    Shared { held: Held, range: Range<usize> },
}

impl Bytes {
    pub(crate) fn to_mut(&mut self) -> &mut Vec<u8> {
        if let Self::Shared { .. } = self {
            *self = Self::Owned(self.to_vec());
        }
        match self {
            Self::Owned(bytes) => bytes,
            Self::Shared { .. } => unreachable!("made our own above"),
        }
    }

    /// Memory that is ours.
    pub(crate) fn own(&self) -> usize {
        match self {
            Self::Owned(bytes) => bytes.capacity(),
            Self::Shared { .. } => 0,
        }
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Self::Owned(Vec::new())
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Shared { held, range } => (**held).as_ref().get(range.clone()).unwrap_or_default(),
        }
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

/// Seven bits a byte, the lowest first; the highest bit says that there is more.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

pub(crate) fn put_size(out: &mut Vec<u8>, size: usize) {
    put(out, size as u64);
}

/// With its length before it.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_size(out, text.len());
    out.extend(text.as_bytes());
}

/// Zero for none.
pub(crate) fn put_day(out: &mut Vec<u8>, day: Option<NaiveDate>) {
    put(out, day.map_or(0, |day| zigzag(day.num_days_from_ce().into()) + 1));
}

/// Small numbers of either sign become small.
pub(crate) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

pub(crate) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

pub(crate) fn day_of(days: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(days).ok()?)
}

/// What [`put_day`] wrote, in days of the common era.
pub(crate) fn end_of(number: u64) -> Option<i64> {
    number.checked_sub(1).map(unzigzag)
}

/// Reads what the writers above wrote; `None` where the bytes end too early.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'b>(pub(crate) &'b [u8]);

impl<'b> Reader<'b> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(crate) fn number(&mut self) -> Option<u64> {
        let (first, rest) = self.0.split_first()?;
        if *first < 0x80 {
            self.0 = rest;
            return Some(u64::from(*first));
        }
        let mut number = 0;
        for (index, byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * index);
            if *byte < 0x80 {
                self.0 = &self.0[index + 1..];
                return Some(number);
            }
        }
        None
    }

    pub(crate) fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    pub(crate) fn taken(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn text(&mut self) -> Option<&'b str> {
        let length = self.size()?;
        std::str::from_utf8(self.taken(length)?).ok()
    }
}
