//! Every enterprise of a city, loaded once: any condition under any context is answered from here.

use std::sync::Arc;

use rules::{Profile, Reference};

use crate::archive::{self, Held, SEGMENT, Segment, Unusable};
use crate::plane::WORD;
use crate::refused::Refused;

/// Rows of one block; a segment is a multiple.
pub const BLOCK: usize = 4_096;

/// All enterprises, packed. A row is never moved; one that was removed stays empty.
#[derive(Clone, Debug)]
pub struct Population {
    reference: Arc<Reference>,
    segments: Vec<Segment>,
    /// One bit per row that holds an enterprise, in whole blocks.
    live: Vec<u64>,
    rows: usize,
    limit: Option<usize>,
}

impl Population {
    /// An empty population of profiles read under this reference data.
    pub fn new(reference: Arc<Reference>) -> Self {
        Self { reference, segments: Vec::new(), live: Vec::new(), rows: 0, limit: None }
    }

    /// Reads a stream of profiles into rows.
    pub fn load<'p>(reference: Arc<Reference>, profiles: impl IntoIterator<Item = &'p Profile>) -> Self {
        let mut population = Self::new(reference);
        for profile in profiles {
            population.push(profile);
        }
        population
    }

    /// What this population and all that is kept of it may take together, in bytes; see [`Self::room_for`].
    pub fn limited_to(mut self, bytes: usize) -> Self {
        self.limit = Some(bytes);
        self
    }

    /// Adds an enterprise and returns its row.
    pub fn push(&mut self, profile: &Profile) -> usize {
        let row = self.rows;
        self.rows += 1;
        if row.is_multiple_of(BLOCK) {
            self.live.resize(self.live.len() + BLOCK / WORD, 0);
        }
        if row.is_multiple_of(SEGMENT) {
            self.segments.push(Segment::default());
        }
        self.write(row, profile);
        row
    }

    /// Replaces the enterprise of a row; `false` when there is no such row.
    pub fn replace(&mut self, row: usize, profile: &Profile) -> bool {
        if row < self.rows {
            self.write(row, profile);
        }
        row < self.rows
    }

    /// Takes an enterprise out, with all that was known of it; its row stays empty.
    pub fn remove(&mut self, row: usize) {
        if let Some(word) = self.live.get_mut(row / WORD)
            && *word >> (row % WORD) & 1 == 1
        {
            *word &= !(1 << (row % WORD));
            self.segments[row / SEGMENT].set(row % SEGMENT, &Profile::default());
        }
    }

    fn write(&mut self, row: usize, profile: &Profile) {
        self.segments[row / SEGMENT].set(row % SEGMENT, profile);
        self.live[row / WORD] |= 1 << (row % WORD);
    }

    /// What is known of the enterprise of a row, without credit code and name. `None` for an empty row.
    pub fn profile(&self, row: usize) -> Option<Profile> {
        self.contains(row).then(|| self.segments[row / SEGMENT].profile(row % SEGMENT))
    }

    pub fn contains(&self, row: usize) -> bool {
        self.live.get(row / WORD).is_some_and(|word| word >> (row % WORD) & 1 == 1)
    }

    pub fn reference(&self) -> &Arc<Reference> {
        &self.reference
    }

    /// Rows, empty ones included.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn blocks(&self) -> usize {
        self.rows.div_ceil(BLOCK)
    }

    /// Memory of everything packed, without what a mapped file holds.
    pub fn bytes(&self) -> usize {
        self.segments.iter().map(Segment::own).sum::<usize>() + 8 * self.live.capacity()
    }

    /// The sections of a file, in order: written one after the other, [`Population::open`] reads them back.
    pub fn sections(&self) -> impl Iterator<Item = Vec<u8>> {
        let head =
            archive::Head { reference: self.reference.hash().to_owned(), rows: self.rows, live: self.live.clone() };
        std::iter::once_with(move || head.section()).chain(self.segments.iter().map(Segment::section))
    }

    /// The population of a file's bytes. What is not changed is read where it lies.
    pub fn open(held: &Held, reference: Arc<Reference>) -> Result<Self, Unusable> {
        let (head, segments) = archive::read(held)?;
        if head.reference != reference.hash() {
            return Err(Unusable::OtherReference);
        }
        let is_whole = segments.len() == head.rows.div_ceil(SEGMENT)
            && head.live.len() == head.rows.div_ceil(BLOCK) * (BLOCK / WORD);
        if !is_whole {
            return Err(Unusable::Damaged);
        }
        Ok(Self { reference, segments, live: head.live, rows: head.rows, limit: None })
    }

    pub(crate) fn live(&self) -> &[u64] {
        &self.live
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether there is room for so many bytes beside the population: of all codings that are kept, where there are
    /// several.
    pub fn room_for(&self, more: usize) -> Result<(), Refused> {
        let needed = self.bytes().saturating_add(more);
        match self.limit {
            Some(limit) if needed > limit => Err(Refused::TooLarge { needed, limit }),
            _ => Ok(()),
        }
    }
}
