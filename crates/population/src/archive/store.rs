//! The bytes of one fact, row after row: the length of a row's part, then the part.

use super::bytes::{Bytes, Reader, put_size};

/// How many rows share an entry of the directory.
const STEP: usize = 64;

/// Parts of rows; a row after the last has an empty one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    data: Bytes,
    /// Where every [`STEP`]th row begins.
    begins: Vec<usize>,
    rows: usize,
}

impl Store {
    /// `None` where the directory does not fit the bytes.
    pub(super) fn new(data: Bytes, rows: usize) -> Option<Self> {
        let mut store = Self { begins: Vec::with_capacity(rows.div_ceil(STEP)), data: Bytes::default(), rows };
        let mut rest = Reader(&data);
        for row in 0..rows {
            if row.is_multiple_of(STEP) {
                store.begins.push(data.len() - rest.0.len());
            }
            let length = rest.size()?;
            rest.taken(length)?;
        }
        let is_whole = rest.is_empty();
        store.data = data;
        is_whole.then_some(store)
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.data
    }

    /// Memory that is ours.
    pub(super) fn own(&self) -> usize {
        self.data.own() + size_of::<usize>() * self.begins.capacity()
    }

    /// The parts from a row on; empty ones after the last row, without end.
    pub(crate) fn parts(&self, row: usize) -> Parts<'_> {
        let Some(begin) = self.begins.get(row / STEP) else { return Parts::none() };
        let mut parts = Parts(Reader(self.data.get(*begin..).unwrap_or_default()));
        for _ in 0..row % STEP {
            parts.part();
        }
        parts
    }

    /// Sets the part of a row: one of the rows there are, or any after them.
    pub(super) fn set(&mut self, row: usize, part: &[u8]) {
        if row >= self.rows {
            if !part.is_empty() {
                (self.rows..row).for_each(|_| self.append(&[]));
                self.append(part);
            }
            return;
        }
        let mut parts = self.parts(row);
        let begin = self.data.len() - parts.0.0.len();
        if parts.part() == part {
            return;
        }
        let end = self.data.len() - parts.0.0.len();
        let mut whole = Vec::with_capacity(part.len() + 2);
        put_size(&mut whole, part.len());
        whole.extend(part);
        let (before, after) = (end - begin, whole.len());
        self.data.to_mut().splice(begin..end, whole);
        for begin in &mut self.begins[row / STEP + 1..] {
            *begin = *begin + after - before;
        }
    }

    fn append(&mut self, part: &[u8]) {
        if self.rows.is_multiple_of(STEP) {
            self.begins.push(self.data.len());
        }
        self.rows += 1;
        let data = self.data.to_mut();
        put_size(data, part.len());
        data.extend(part);
    }
}

/// Parts one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'s>(Reader<'s>);

impl<'s> Parts<'s> {
    /// Empty ones, without end.
    pub(crate) fn none() -> Self {
        Self(Reader(&[]))
    }

    #[inline]
    pub(crate) fn part(&mut self) -> &'s [u8] {
        let length = self.0.size();
        length.and_then(|length| self.0.taken(length)).unwrap_or_default()
    }
}
