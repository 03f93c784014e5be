//! How many enterprises are told what, by item and in all.

use std::collections::BTreeMap;

use domain::Standing;

use crate::city::City;
use crate::standings::{Standings, Visitor, is_full, tell};

/// What one item comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemTally {
    pub met: u64,
    pub almost_met: u64,
    /// 待补信息
    pub open: u64,
}

impl ItemTally {
    pub(crate) fn of<const W: usize>(standings: &Standings<W>) -> Self {
        Self { met: standings.met.count(), almost_met: standings.almost.count(), open: standings.open.count() }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { met: self.met + other.met, almost_met: self.almost_met + other.almost_met, open: self.open + other.open }
    }
}

/// What all items come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By entry of the matcher: bits alone, window and coverage left aside.
    pub items: Vec<ItemTally>,
    /// Pairs by standing. 差一点 is part of 不符合 here: telling it takes an explanation.
    pub standings: BTreeMap<Standing, u64>,
    /// Enterprises with at least one match whose window is open.
    pub actionable: u64,
}

impl Tally {
    /// Counts everybody.
    pub fn of(city: &City) -> Self {
        let entries = city.matcher().entries();
        let windows = city.windows();
        let can_act = entries.iter().zip(windows.iter()).map(|(entry, window)| is_full(entry) && window.is_open());
        let can_act: Vec<bool> = can_act.collect();
        let parts = city.visit(|| Counter::new(&can_act));
        let mut whole = Counter::new(&can_act);
        for part in &parts {
            whole.add(part);
        }
        let actionable = whole.acting.iter().map(|word| u64::from(word.count_ones())).sum();
        let mut standings = BTreeMap::new();
        for ((entry, window), item) in entries.iter().zip(windows.iter()).zip(&whole.items) {
            for (bits, count) in counted(item, city.enterprises()) {
                *standings.entry(tell(entry, window, bits)).or_default() += count;
            }
        }
        standings.retain(|_, count| *count > 0);
        Self { items: whole.items, standings, actionable }
    }
}

/// What the bits of one item say to how many.
fn counted(item: &ItemTally, enterprises: usize) -> [(Option<Standing>, u64); 4] {
    let ItemTally { met, almost_met, open } = *item;
    let others = enterprises as u64 - met - almost_met - open;
    [
        (Some(Standing::Met), met),
        (Some(Standing::AlmostMet), almost_met),
        (Some(Standing::MissingInformation), open),
        (None, others),
    ]
}

struct Counter<'c> {
    can_act: &'c [bool],
    items: Vec<ItemTally>,
    first: usize,
    /// One bit per row with something to act on.
    acting: Vec<u64>,
}

impl<'c> Counter<'c> {
    fn new(can_act: &'c [bool]) -> Self {
        Self { can_act, items: vec![ItemTally::default(); can_act.len()], first: 0, acting: Vec::new() }
    }

    fn add(&mut self, part: &Self) {
        for (all, one) in self.items.iter_mut().zip(&part.items) {
            *all = all.plus(*one);
        }
        let reach = self.acting.len().max(part.acting.len());
        self.acting.resize(reach, 0);
        self.acting.iter_mut().zip(&part.acting).for_each(|(all, one)| *all |= one);
    }
}

impl<const W: usize> Visitor<W> for Counter<'_> {
    fn begin(&mut self, first: usize) {
        self.first = first / 64;
        self.acting.resize(self.acting.len().max(self.first + W), 0);
    }

    fn visit(&mut self, entry: usize, standings: &Standings<W>) {
        self.items[entry] = self.items[entry].plus(ItemTally::of(standings));
        if self.can_act[entry] {
            let matched = standings.met.0.iter().zip(&standings.almost.0);
            let acting = self.acting[self.first..].iter_mut();
            acting.zip(matched).for_each(|(row, (met, almost))| *row |= met | almost);
        }
    }
}
