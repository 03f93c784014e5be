//! Every enterprise of a city as columns, row by row as they were loaded.

use std::collections::HashMap;

use rules::bulk::Leaves;
use rules::{Context, FactKey, Profile};

use crate::column::Column;
use crate::leaf::Leaf;
use crate::plane::WORD;

/// Rows of one block.
pub const BLOCK: usize = 4_096;

/// The columns of all enterprises. A row is never moved; one that was removed stays empty.
#[derive(Clone, Debug)]
pub struct Population {
    leaves: HashMap<Leaf, usize>,
    order: Vec<Leaf>,
    columns: Vec<Column>,
    /// One bit per row that holds an enterprise, in whole blocks.
    live: Vec<u64>,
    rows: usize,
}

impl Population {
    /// An empty population that will hold these leaves.
    pub fn new(leaves: impl IntoIterator<Item = Leaf>) -> Self {
        let mut population =
            Self { leaves: HashMap::new(), order: Vec::new(), columns: Vec::new(), live: Vec::new(), rows: 0 };
        for leaf in leaves {
            let column = Column::new(&leaf);
            population.insert(leaf, column);
        }
        population
    }

    /// Reads a stream of profiles into rows.
    pub fn load<'p>(
        leaves: impl IntoIterator<Item = Leaf>,
        profiles: impl IntoIterator<Item = &'p Profile>,
        context: &Context<'_>,
    ) -> Self {
        let mut population = Self::new(leaves);
        for profile in profiles {
            population.push(profile, context);
        }
        population
    }

    /// Adds an enterprise and returns its row.
    pub fn push(&mut self, profile: &Profile, context: &Context<'_>) -> usize {
        let row = self.rows;
        self.rows += 1;
        if row.is_multiple_of(BLOCK) {
            self.live.resize(self.live.len() + BLOCK / WORD, 0);
        }
        self.write(row, profile, context);
        row
    }

    /// Replaces the enterprise of a row; `false` when there is no such row.
    pub fn replace(&mut self, row: usize, profile: &Profile, context: &Context<'_>) -> bool {
        if row < self.rows {
            self.write(row, profile, context);
        }
        row < self.rows
    }

    /// Takes an enterprise out; its row stays empty.
    pub fn remove(&mut self, row: usize) {
        if let Some(word) = self.live.get_mut(row / WORD) {
            *word &= !(1 << (row % WORD));
        }
    }

    fn write(&mut self, row: usize, profile: &Profile, context: &Context<'_>) {
        let leaves = Leaves::new(profile, context);
        for (leaf, column) in self.order.iter().zip(&mut self.columns) {
            column.set(row, leaf, &leaves);
        }
        self.live[row / WORD] |= 1 << (row % WORD);
    }

    /// Those of the leaves that were not loaded.
    pub fn missing(&self, leaves: impl IntoIterator<Item = Leaf>) -> Vec<Leaf> {
        leaves.into_iter().filter(|leaf| !self.leaves.contains_key(leaf)).collect()
    }

    /// Takes over the columns of another population of the same rows, read for leaves this one lacks.
    /// `false`, and nothing happens, where the rows are not as many.
    pub fn absorb(&mut self, other: Self) -> bool {
        if other.rows != self.rows {
            return false;
        }
        for (leaf, column) in other.order.into_iter().zip(other.columns) {
            self.insert(leaf, column);
        }
        true
    }

    fn insert(&mut self, leaf: Leaf, column: Column) {
        if !self.leaves.contains_key(&leaf) {
            self.leaves.insert(leaf.clone(), self.columns.len());
            self.order.push(leaf);
            self.columns.push(column);
        }
    }

    /// Rows, empty ones included.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn blocks(&self) -> usize {
        self.rows.div_ceil(BLOCK)
    }

    /// Memory of all columns.
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(Column::bytes).sum()
    }

    pub(crate) fn live(&self) -> &[u64] {
        &self.live
    }

    pub(crate) fn column(&self, leaf: &Leaf) -> Option<&Column> {
        self.leaves.get(leaf).map(|column| &self.columns[*column])
    }

    /// The dictionary of a code fact, for breakdowns.
    pub(crate) fn said(&self, fact: &FactKey) -> Option<&crate::column::Dictionary<rules::bulk::Said>> {
        match self.column(&Leaf::Said(fact.clone())) {
            Some(Column::Said(said)) => Some(said),
            _ => None,
        }
    }
}
