//! Leaves that look at more than the entries of one fact: the profile is put together again, with the facts they read
//! and no others.

use std::ops::Range as Rows;

use indexmap::{IndexMap, IndexSet};
use rules::bulk::{self, Amount, ESTABLISHED, Leaves, Stated, facts_of_parameter};
use rules::tree::Tally;
use rules::{Context, FactKey, Profile, Reference};

use super::Columns;
use crate::archive::{Facts, Lists, Parts, Segment};
use crate::column::{Column, Numbers, UNBOUNDED};
use crate::leaf::{self, Leaf};

/// A profile that holds some facts of one row after the other.
struct Scratch<'a> {
    sources: Vec<Source<'a>>,
    profile: Profile,
}

struct Source<'a> {
    key: FactKey,
    facts: Option<(&'a Facts, Parts<'a>, &'a [u8])>,
    lists: Option<(&'a Lists, Parts<'a>, &'a [u8])>,
    /// The next row of the parts.
    next: usize,
    is_filled: bool,
}

impl<'a> Scratch<'a> {
    fn new(segment: &'a Segment, keys: impl IntoIterator<Item = FactKey>) -> Self {
        let mut scratch = Self { sources: Vec::new(), profile: Profile::default() };
        for key in keys {
            let facts = segment.facts(&key).map(|facts| (facts, Parts::none(), [].as_slice()));
            let lists = segment.lists(&key).map(|lists| (lists, Parts::none(), [].as_slice()));
            scratch.sources.push(Source { key, facts, lists, next: usize::MAX, is_filled: false });
        }
        scratch
    }

    /// Turns to a row; nothing of it is put together yet.
    fn go_to(&mut self, row: usize) {
        for source in &mut self.sources {
            source.go_to(row);
        }
    }

    fn is_empty(&self, source: usize) -> bool {
        let source = &self.sources[source];
        source.facts.is_none_or(|(.., part)| part.is_empty()) && source.lists.is_none_or(|(.., part)| part.is_empty())
    }

    /// Puts one fact of the row into the profile.
    fn fill(&mut self, source: usize) {
        let Source { key, facts, lists, is_filled, .. } = &mut self.sources[source];
        if std::mem::replace(is_filled, true) {
            return;
        }
        if let Some((facts, _, part)) = facts {
            let entries = match self.profile.facts.get_mut(key) {
                Some(entries) => entries,
                None => self.profile.facts.entry(key.clone()).or_default(),
            };
            entries.clear();
            facts.entries(part, entries);
        }
        if let Some((lists, _, part)) = lists {
            let list = match self.profile.lists.get_mut(key) {
                Some(list) => list,
                None => self.profile.lists.entry(key.clone()).or_default(),
            };
            list.records.clear();
            list.complete.clear();
            lists.list(part, list);
        }
    }
}

impl Source<'_> {
    fn go_to(&mut self, row: usize) {
        let is_next = self.next == row;
        if let Some((facts, parts, part)) = &mut self.facts {
            if !is_next {
                *parts = facts.store.parts(row);
            }
            *part = parts.part();
        }
        if let Some((lists, parts, part)) = &mut self.lists {
            if !is_next {
                *parts = lists.store.parts(row);
            }
            *part = parts.part();
        }
        self.next = row + 1;
        self.is_filled = false;
    }
}

/// Leaves that look at the same facts.
#[derive(Default)]
struct Group {
    /// Where all of these are empty, each leaf has the value of a firm nothing is known of.
    asks: Vec<usize>,
    /// What is read besides.
    looks_at: Vec<usize>,
    leaves: Vec<Whole>,
}

/// One such leaf.
struct Whole {
    place: usize,
    leaf: Leaf,
    of_nobody: Value,
}

#[derive(Clone)]
enum Value {
    Stated(Stated),
    Amount(Amount),
}

/// All such leaves of a plan.
pub(crate) struct WholeReader<'a> {
    context: &'a Context<'a>,
    groups: Vec<Group>,
    /// Of all leaves, others too.
    leaves: usize,
    scratch: Scratch<'a>,
}

impl<'a> WholeReader<'a> {
    pub(crate) fn new(leaves: &'a leaf::Leaves, segment: &'a Segment, context: &'a Context<'a>) -> Self {
        let mut keys = IndexSet::new();
        let nobody = Profile::default();
        let mut groups: IndexMap<Vec<usize>, Group> = IndexMap::new();
        for (place, leaf) in leaves.all.iter().enumerate() {
            let leaf = written_out(leaf, context.reference);
            let (asks, looks_at) = match &leaf {
                Leaf::Number { .. } => continue,
                Leaf::HeldSince { fact, .. } => (vec![fact.clone()], Vec::new()),
                Leaf::Parameter { .. } => (facts_of_parameter(), Vec::new()),
                Leaf::Tally(tally) => (vec![tally.records.list.clone()], vec![FactKey::from(ESTABLISHED)]),
                Leaf::Records(records) => (vec![records.list.clone()], vec![FactKey::from(ESTABLISHED)]),
            };
            let mut places = |facts: Vec<FactKey>| -> Vec<usize> {
                facts.into_iter().map(|fact| keys.insert_full(fact).0).collect()
            };
            let (asks, looks_at) = (places(asks), places(looks_at));
            let of_nobody = value(&leaf, &Leaves::new(&nobody, context));
            let group = groups.entry(asks.clone()).or_default();
            group.asks = asks;
            group.looks_at.extend(looks_at);
            group.leaves.push(Whole { place, leaf, of_nobody });
        }
        for group in groups.values_mut() {
            group.looks_at.sort_unstable();
            group.looks_at.dedup();
        }
        let groups = groups.into_values().collect();
        Self { context, groups, leaves: leaves.all.len(), scratch: Scratch::new(segment, keys) }
    }

    /// A column per leaf; those of other leaves are empty.
    pub(crate) fn columns(&mut self, rows: Rows<usize>) -> Columns {
        let mut columns: Columns = (0..self.leaves).map(|_| Column::Numbers(Numbers::default())).collect();
        for whole in self.groups.iter().flat_map(|group| &group.leaves) {
            columns[whole.place] = match &whole.of_nobody {
                Value::Stated(stated) => Column::Numbers(Numbers::all(*stated, rows.len())),
                Value::Amount(amount) => Column::Amounts(vec![amount.clone(); rows.len()]),
            };
        }
        if self.groups.is_empty() {
            return columns;
        }
        for (index, row) in rows.enumerate() {
            self.scratch.go_to(row);
            for group in &self.groups {
                if group.asks.iter().all(|source| self.scratch.is_empty(*source)) {
                    continue;
                }
                group.asks.iter().chain(&group.looks_at).for_each(|source| self.scratch.fill(*source));
                for whole in &group.leaves {
                    let found = value(&whole.leaf, &Leaves::new(&self.scratch.profile, self.context));
                    match (&mut columns[whole.place], found) {
                        (Column::Numbers(numbers), Value::Stated(stated)) => numbers.set(index, stated),
                        (Column::Amounts(amounts), Value::Amount(amount)) => amounts[index] = amount,
                        // A leaf is always of one kind.
                        _ => {}
                    }
                }
            }
        }
        columns
    }
}

fn written_out(leaf: &Leaf, reference: &Reference) -> Leaf {
    match leaf {
        Leaf::Records(records) => Leaf::Records(bulk::written_out(records, reference)),
        Leaf::Tally(tally) => {
            Leaf::Tally(Tally { records: bulk::written_out(&tally.records, reference), ..tally.clone() })
        }
        other => other.clone(),
    }
}

fn value(leaf: &Leaf, leaves: &Leaves<'_>) -> Value {
    match leaf {
        Leaf::Number { fact, when, source } => Value::Stated(leaves.stated(fact, *when, source.as_deref())),
        Leaf::HeldSince { fact, area } => Value::Stated(leaves.held_since(fact, area)),
        Leaf::Parameter { name, year } => {
            Value::Amount(leaves.parameter(name, *year).map_or(Amount::Unknown, Amount::exactly))
        }
        Leaf::Tally(tally) => Value::Amount(leaves.tallied(tally)),
        Leaf::Records(records) => {
            let counted = leaves.counted(records);
            let bounded = |count: u64| i64::try_from(count).unwrap_or(UNBOUNDED).min(UNBOUNDED - 1);
            let high = counted.possible.map_or(UNBOUNDED, bounded);
            Value::Stated(Stated::Known { low: bounded(counted.certain), high })
        }
    }
}
