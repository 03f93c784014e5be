//! One pass over everything that matches the words: what passes the choices, its rank, and the counts.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::facets::{Counts, LEVELS};
use crate::query::{Query, Sort};
use crate::schema::column;
use crate::slots::{self, Mask, Offer};
use crate::timeline::Status;

/// Lists are read from the best end: a greater rank stands higher.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rank {
    primary: f32,
    secondary: i64,
    /// The same for a policy on every node, so that equal ranks keep one order.
    tie: u64,
}

impl Rank {
    pub(crate) fn score(self) -> f32 {
        self.primary
    }

    /// Best first.
    pub(crate) fn order(&self, other: &Self) -> std::cmp::Ordering {
        other
            .primary
            .total_cmp(&self.primary)
            .then_with(|| other.secondary.cmp(&self.secondary))
            .then_with(|| other.tie.cmp(&self.tie))
    }
}

/// A policy that passes words and choices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) rank: Rank,
    pub(crate) address: DocAddress,
}

/// Everything one pass yields.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) counts: Counts,
    /// Upper item (by stable key) → the passing policies that carry it out locally.
    pub(crate) implemented: HashMap<u64, Implementing>,
}

/// The local policies that carry out one upper item.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Implementing {
    policies: usize,
    best: f32,
}

impl Implementing {
    fn add(&mut self, other: Self) {
        self.best = if self.policies == 0 { other.best } else { self.best.max(other.best) };
        self.policies += other.policies;
    }

    /// Whether one local policy stands for an upper one of this score; orders other than relevance have none.
    pub(crate) fn speaks_for(self, score: f32) -> bool {
        self.policies == 1 && (score <= 0.0 || self.best >= score * FOLDING_SHARE)
    }
}

/// Share of the upper policy's score that the local one must have to stand for it.
const FOLDING_SHARE: f32 = 0.8;

/// The choices of a query in the form the columns are read with.
#[derive(Clone, Debug)]
pub(crate) struct Sieve {
    today: u64,
    levels: Mask,
    categories: Mask,
    statuses: Mask,
    areas: Vec<String>,
    near: Vec<String>,
    sort: Sort,
    scoring: bool,
}

impl Sieve {
    /// `scoring` is false when there are no words, and relevance then means what can be acted on.
    pub(crate) fn new(query: &Query, scoring: bool) -> Self {
        let filters = &query.filters;
        let sort = if scoring || query.sort != Sort::Relevance { query.sort } else { Sort::Actionable };
        Self {
            today: slots::day_number(query.today),
            levels: Mask::of(filters.levels.iter().map(|level| *level as usize)),
            categories: Mask::of(filters.categories.iter().map(|category| slots::category_ordinal(*category))),
            statuses: Mask::of(filters.statuses.iter().map(|status| *status as usize)),
            areas: filters.areas.clone(),
            near: query.near.clone(),
            sort,
            scoring,
        }
    }
}

impl Collector for Sieve {
    type Fruit = Pass;
    type Child = SegmentSieve;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentSieve> {
        let columns = Columns::open(segment)?;
        let chosen_areas = ordinals(columns.areas.as_ref(), &self.areas)?;
        let near = ordinals(columns.own_area.as_ref(), &self.near)?;
        let area_counts = vec![0; columns.areas.as_ref().map_or(0, |areas| areas.num_terms())];
        Ok(SegmentSieve {
            sieve: self.clone(),
            ordinal,
            columns,
            chosen_areas,
            near,
            area_counts,
            pass: Pass::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scoring
    }

    fn merge_fruits(&self, passes: Vec<Pass>) -> tantivy::Result<Pass> {
        let mut merged = Pass::default();
        for pass in passes {
            merged.candidates.extend(pass.candidates);
            merged.counts.add(pass.counts);
            for (upper, local) in pass.implemented {
                merged.implemented.entry(upper).or_default().add(local);
            }
        }
        Ok(merged)
    }
}

/// The columns of one segment.
struct Columns {
    level: Column<u64>,
    slots: Column<u64>,
    published: Column<i64>,
    upper_keys: Column<u64>,
    tie: Column<u64>,
    areas: Option<StrColumn>,
    own_area: Option<StrColumn>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            level: fast.u64(column::LEVEL)?,
            slots: fast.u64(column::SLOTS)?,
            published: fast.i64(column::PUBLISHED)?,
            upper_keys: fast.u64(column::UPPER_KEYS)?,
            tie: fast.u64(column::TIE)?,
            areas: fast.str(column::AREAS)?,
            own_area: fast.str(column::OWN_AREA)?,
        })
    }
}

/// The ordinals of `codes` in a segment's dictionary, with their place in `codes`.
fn ordinals(column: Option<&StrColumn>, codes: &[String]) -> tantivy::Result<Vec<(u64, usize)>> {
    let Some(column) = column else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (place, code) in codes.iter().enumerate() {
        if let Some(ordinal) = column.dictionary().term_ord(code)? {
            found.push((ordinal, place));
        }
    }
    Ok(found)
}

/// Reads one segment.
pub(crate) struct SegmentSieve {
    sieve: Sieve,
    ordinal: SegmentOrdinal,
    columns: Columns,
    chosen_areas: Vec<(u64, usize)>,
    near: Vec<(u64, usize)>,
    area_counts: Vec<usize>,
    pass: Pass,
}

impl SegmentCollector for SegmentSieve {
    type Fruit = Pass;

    fn collect(&mut self, document: DocId, score: Score) {
        let today = self.sieve.today;
        let values = self.columns.slots.values_for_doc(document);
        let offer = slots::offer(values, today, self.sieve.categories, self.sieve.statuses);
        let level = self.columns.level.first(document).and_then(|level| usize::try_from(level).ok());
        let level_passes = level.is_some_and(|level| self.sieve.levels.admits(level));
        let area_passes = self.sieve.areas.is_empty() || self.any_area(document, |area| self.is_chosen(area));
        self.count(document, &offer, level.filter(|level| *level < LEVELS.len()), (level_passes, area_passes));
        if let (Some(best), true, true) = (offer.best, level_passes, area_passes) {
            let rank = self.rank(document, score, best);
            let address = DocAddress::new(self.ordinal, document);
            self.pass.candidates.push(Candidate { rank, address });
            if self.applies_here(document) {
                for upper in self.columns.upper_keys.values_for_doc(document) {
                    let local = Implementing { policies: 1, best: rank.score() };
                    self.pass.implemented.entry(upper).or_default().add(local);
                }
            }
        }
    }

    fn harvest(mut self) -> Pass {
        if let Some(areas) = &self.columns.areas {
            for (ordinal, count) in self.area_counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let mut code = String::new();
                if areas.ord_to_str(ordinal as u64, &mut code).unwrap_or(false) {
                    self.pass.counts.areas.insert(code, *count);
                }
            }
        }
        self.pass
    }
}

impl SegmentSieve {
    fn any_area(&self, document: DocId, mut test: impl FnMut(u64) -> bool) -> bool {
        self.columns.areas.as_ref().is_some_and(|areas| areas.term_ords(document).any(&mut test))
    }

    fn is_chosen(&self, area: u64) -> bool {
        self.chosen_areas.iter().any(|(chosen, _)| *chosen == area)
    }

    /// Counts each facet under the choices of the others.
    fn count(&mut self, document: DocId, offer: &Offer, level: Option<usize>, passes: (bool, bool)) {
        let (level_passes, area_passes) = passes;
        let offers = offer.best.is_some();
        let counts = &mut self.pass.counts;
        if let Some(level) = level.filter(|_| offers && area_passes) {
            counts.levels[level] += 1;
        }
        if level_passes && area_passes {
            for (category, count) in counts.categories.iter_mut().enumerate() {
                *count += usize::from(offer.categories.contains(category));
            }
            for (status, count) in counts.statuses.iter_mut().enumerate() {
                *count += usize::from(offer.statuses.contains(status));
            }
        }
        if let Some(areas) = self.columns.areas.as_ref().filter(|_| offers && level_passes) {
            for area in areas.term_ords(document) {
                if let Some(count) = usize::try_from(area).ok().and_then(|area| self.area_counts.get_mut(area)) {
                    *count += 1;
                }
            }
        }
    }

    fn rank(&self, document: DocId, score: Score, best: (Status, Option<u64>)) -> Rank {
        let published = self.columns.published.first(document).unwrap_or(0);
        let tie = self.columns.tie.first(document).unwrap_or(0);
        let (primary, secondary) = match self.sieve.sort {
            Sort::Relevance => (score * self.factor(document, published, best.0), published),
            Sort::Newest => (0.0, published),
            Sort::Actionable => actionable(best, published),
        };
        Rank { primary, secondary, tie }
    }

    /// How much of its score a policy keeps: by window, age and place.
    fn factor(&self, document: DocId, published: i64, status: Status) -> f32 {
        let status = STATUS_FACTOR[status as usize];
        let age = i64::try_from(self.sieve.today).unwrap_or(i64::MAX).saturating_sub(published);
        let freshness = match age {
            ..=730 => 1.0,
            731..=1826 => 0.97,
            _ => 0.94,
        };
        status * freshness * self.closeness(document)
    }

    /// 1 for the searcher's own area, a little less for the areas around it, least for elsewhere.
    fn closeness(&self, document: DocId) -> f32 {
        if self.sieve.near.is_empty() {
            return 1.0;
        }
        let Some(place) = self.place_in_near(document) else { return ELSEWHERE_FACTOR };
        let steps_out = u8::try_from(self.sieve.near.len() - 1 - place).unwrap_or(u8::MAX);
        (1.0 - 0.05 * f32::from(steps_out)).max(ELSEWHERE_FACTOR)
    }

    /// Whether the policy applies where the searcher is, as far as that is known.
    fn applies_here(&self, document: DocId) -> bool {
        self.sieve.near.is_empty() || self.place_in_near(document).is_some()
    }

    fn place_in_near(&self, document: DocId) -> Option<usize> {
        let own = self.columns.own_area.as_ref()?.term_ords(document).next()?;
        self.near.iter().find(|(near, _)| *near == own).map(|(_, place)| *place)
    }
}

/// Share of the score kept, by [`Status`] in its order: open, soon, rolling, expected, unannounced,
/// closed, ended. Close together at the top, so that a window never beats a better match by much;
/// what has ended falls behind anything comparable.
const STATUS_FACTOR: [f32; 7] = [1.0, 0.97, 0.96, 0.92, 0.9, 0.85, 0.75];

/// Share kept by what applies somewhere the searcher is not.
const ELSEWHERE_FACTOR: f32 = 0.6;

/// Open first and what closes soonest in front; then what opens soonest; the rest newest first.
fn actionable((status, ends): (Status, Option<u64>), published: i64) -> (f32, i64) {
    let soonest = || ends.and_then(|day| i64::try_from(day).ok()).map_or(i64::MIN, |day| -day);
    let secondary = match status {
        Status::Open | Status::Soon => soonest(),
        _ => published,
    };
    (-f32::from(status as u8), secondary)
}
