//! The entries of one fact in all rows of a segment.

use chrono::{Datelike as _, NaiveDate};
use indexmap::IndexSet;
use rules::{Entry, FactState, Grade, Period};

use super::bytes::{Bytes, Reader, day_of, end_of, put, put_day, put_size, put_text};
use super::store::Store;
use super::value::{Kind, Pool};

/// What many entries have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tag {
    /// Absent where each entry has its own, which then stands before its value.
    pub(crate) period: Option<Period>,
    pub(crate) source: String,
    pub(crate) grade: Grade,
    pub(crate) kind: Kind,
}

/// Entries as bytes: the number of a tag, where the tag says so the ends of the period, where its kind says so a number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) store: Store,
    pub(crate) tags: IndexSet<Tag>,
    pub(crate) pool: Pool,
}

/// One entry of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed {
    pub(crate) tag: usize,
    /// For [`period`]; only where the tag has none.
    pub(crate) ends: (u64, u64),
    pub(crate) number: u64,
}

impl Facts {
    pub(super) fn set(&mut self, row: usize, entries: &[Entry]) {
        let mut part = Vec::new();
        for entry in entries {
            let (kind, number) = match &entry.state {
                FactState::Known(value) => self.pool.keep(value),
                FactState::NotApplicable => (Kind::NotApplicable, 0),
            };
            let period = is_common(entry.period).then_some(entry.period);
            let tag = Tag { period, source: entry.source.clone(), grade: entry.grade, kind };
            put_size(&mut part, self.tags.insert_full(tag).0);
            if period.is_none() {
                put_day(&mut part, entry.period.from);
                put_day(&mut part, entry.period.to);
            }
            if kind.has_number() {
                put(&mut part, number);
            }
        }
        self.store.set(row, &part);
    }

    /// The next entry of a part. `None` at its end.
    #[inline]
    pub(crate) fn next<'f>(&'f self, part: &mut Reader<'_>) -> Option<(&'f Tag, Packed)> {
        if part.is_empty() {
            return None;
        }
        let index = part.size()?;
        let tag = self.tags.get_index(index)?;
        let ends = if tag.period.is_none() { (part.number()?, part.number()?) } else { (0, 0) };
        let number = if tag.kind.has_number() { part.number()? } else { 0 };
        Some((tag, Packed { tag: index, ends, number }))
    }

    /// The entries of a part as they were put in.
    pub(crate) fn entries(&self, part: &[u8], entries: &mut Vec<Entry>) {
        let mut part = Reader(part);
        while let Some((tag, packed)) = self.next(&mut part) {
            let Some(state) = self.pool.state(tag.kind, packed.number) else { return };
            let period = tag.period.unwrap_or_else(|| period(packed.ends));
            entries.push(Entry { state, period, source: tag.source.clone(), grade: tag.grade });
        }
    }

    /// Memory that is ours.
    pub(super) fn own(&self) -> usize {
        self.store.own() + self.pool.own() + self.tags.iter().map(|tag| tag.source.len() + 96).sum::<usize>()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_size(out, self.tags.len());
        for tag in &self.tags {
            put(out, tag.kind as u64);
            put_text(out, &tag.source);
            put_grade(out, tag.grade);
            put(out, u64::from(tag.period.is_some()));
            if let Some(period) = tag.period {
                put_day(out, period.from);
                put_day(out, period.to);
            }
        }
        self.pool.write(out);
        put_size(out, self.store.rows());
    }

    pub(super) fn read(rest: &mut Reader<'_>, data: Bytes) -> Option<Self> {
        let count = rest.size()?;
        let mut tags = IndexSet::new();
        for _ in 0..count {
            let kind = Kind::at(rest.number()?)?;
            let source = rest.text()?.to_owned();
            let grade = grade(rest)?;
            let has_period = rest.number()? == 1;
            let period = if has_period { Some(period((rest.number()?, rest.number()?))) } else { None };
            tags.insert(Tag { period, source, grade, kind });
        }
        let pool = Pool::read(rest)?;
        let rows = rest.size()?;
        (tags.len() == count).then_some(())?;
        Some(Self { store: Store::new(data, rows)?, tags, pool })
    }
}

/// Periods many entries share: always, and what begins and ends with a month of about a year.
fn is_common(period: Period) -> bool {
    match (period.from, period.to) {
        (None, None) => true,
        (Some(from), Some(to)) => from.day() == 1 && to.day() == 1 && (to - from).num_days() <= 366,
        _ => false,
    }
}

/// The period with these ends as they were written.
pub(crate) fn period((from, to): (u64, u64)) -> Period {
    let day = |number: u64| -> Option<NaiveDate> { day_of(end_of(number)?) };
    Period { from: day(from), to: day(to) }
}

const GRADES: [Grade; 4] = [Grade::A, Grade::B, Grade::C, Grade::D];

pub(super) fn put_grade(out: &mut Vec<u8>, grade: Grade) {
    put_size(out, GRADES.iter().position(|one| *one == grade).unwrap_or_default());
}

pub(super) fn grade(rest: &mut Reader<'_>) -> Option<Grade> {
    GRADES.get(rest.size()?).copied()
}
