//! What is measured: conditions, and firms that can be made again at any time.

use std::collections::BTreeMap;
use std::sync::Arc;

use bench::flat;
use bench::library::Library;
use chrono::NaiveDate;
use rules::{Context, Core, Profile, Reference};

use crate::order::{City, Shape};

/// Firms a flat rule is fitted to.
const SAMPLE: u64 = 10_000;

/// Conditions and firms of one shape.
pub(crate) struct World {
    pub(crate) reference: Arc<Reference>,
    parameters: BTreeMap<String, String>,
    pub(crate) as_of: NaiveDate,
    pub(crate) cores: Vec<Core>,
    pub(crate) firms: Firms,
    pub(crate) threads: usize,
}

/// Makes the firm of any number.
pub(crate) enum Firms {
    Flat(flat::Population),
    Real { seed: u64, as_of: NaiveDate },
}

impl World {
    pub(crate) fn of(order: &City) -> Result<Self, String> {
        let as_of = NaiveDate::from_ymd_opt(2026, 11, 23).ok_or("no such day")?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (reference, cores, firms) = match order.shape {
            Shape::Flat => {
                let reference = flat::reference().map_err(|problems| format!("{problems:?}"))?;
                let rules = flat::draw_rules(order.seed, order.items.into(), SAMPLE, threads);
                let lowered = |rule: &flat::Rule| {
                    let text = rule.text();
                    let read = rules::text::parse(&text, &reference);
                    read.map(|condition| rules::lower(&condition, &reference))
                        .map_err(|wrong| format!("{text}\n{wrong:?}"))
                };
                let cores = rules.iter().map(lowered).collect::<Result<_, _>>()?;
                (reference, cores, Firms::Flat(flat::Population::new(order.seed)))
            }
            Shape::Real => {
                let reference = Reference::builtin();
                let items = usize::try_from(order.items).unwrap_or(usize::MAX);
                let library = Library::made_up(order.seed, items, reference);
                let cores = library.conditions.iter().map(|condition| rules::lower(condition, reference)).collect();
                (reference.clone(), cores, Firms::Real { seed: order.seed, as_of })
            }
        };
        Ok(Self { reference: Arc::new(reference), parameters: BTreeMap::new(), as_of, cores, firms, threads })
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context { reference: &self.reference, as_of: self.as_of, parameters: &self.parameters }
    }
}

impl Firms {
    pub(crate) fn profile(&self, index: u32) -> Profile {
        match self {
            Self::Flat(population) => population.firm(index.into()).profile(),
            Self::Real { seed, as_of } => domain::synthetic::enterprise(*seed, index, *as_of),
        }
    }

    /// The firm after two of its facts have become those of another.
    pub(crate) fn edited(&self, index: u32, other: u32) -> Profile {
        let (mut profile, other) = (self.profile(index), self.profile(other));
        let count = other.facts.len().max(1);
        for place in [index as usize % count, index as usize * 7 % count] {
            if let Some((fact, entries)) = other.facts.iter().nth(place) {
                profile.facts.insert(fact.clone(), entries.clone());
            }
        }
        profile
    }
}
