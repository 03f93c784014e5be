//! Which enterprise is in which row. Ordinals are never used again, so a row belongs to its enterprise for ever.

use std::collections::HashMap;

use domain::EnterpriseOrdinal;

#[derive(Debug, Default)]
pub(crate) struct Rows {
    ordinals: Vec<EnterpriseOrdinal>,
    /// The revision of the profile in each row.
    revisions: Vec<i64>,
    row_of: HashMap<EnterpriseOrdinal, usize>,
}

impl Rows {
    /// A row behind the last.
    pub(crate) fn push(&mut self, ordinal: EnterpriseOrdinal, revision: i64) -> usize {
        let row = self.ordinals.len();
        self.ordinals.push(ordinal);
        self.revisions.push(revision);
        self.row_of.insert(ordinal, row);
        row
    }

    pub(crate) fn set_revision(&mut self, row: usize, revision: i64) {
        self.revisions[row] = revision;
    }

    /// Takes the enterprise out; its row stays and is empty.
    pub(crate) fn remove(&mut self, ordinal: EnterpriseOrdinal) -> Option<usize> {
        self.row_of.remove(&ordinal)
    }

    pub(crate) fn find(&self, ordinal: EnterpriseOrdinal) -> Option<usize> {
        self.row_of.get(&ordinal).copied()
    }

    pub(crate) fn revision(&self, row: usize) -> i64 {
        self.revisions[row]
    }

    /// The enterprise a row is for, also after it is gone.
    pub(crate) fn ordinal(&self, row: usize) -> EnterpriseOrdinal {
        self.ordinals[row]
    }

    /// Every enterprise there is.
    pub(crate) fn ordinals(&self) -> impl Iterator<Item = EnterpriseOrdinal> {
        self.ordinals.iter().copied().filter(|ordinal| self.row_of.contains_key(ordinal))
    }

    /// Ordinal and revision of every row, empty ones included.
    pub(crate) fn all(&self) -> impl Iterator<Item = (EnterpriseOrdinal, i64)> {
        self.ordinals.iter().copied().zip(self.revisions.iter().copied())
    }

    /// How many enterprises there are.
    pub(crate) fn len(&self) -> usize {
        self.row_of.len()
    }

    /// Memory held.
    pub(crate) fn bytes(&self) -> usize {
        let entry = size_of::<(EnterpriseOrdinal, usize)>() + 1;
        16 * self.ordinals.capacity() + entry * self.row_of.capacity()
    }
}
