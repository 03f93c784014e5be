//! A rule nobody has published yet, over everybody: its effect, which of its demands excludes most, where those are who
//! meet it, and what it would cost.

use rules::core::Core;
use rules::{Amount, Condition, Context, FactKey, Value, amount, lower};

use crate::coding::Coding;
use crate::kernel::Isa;
use crate::plan::Plan;
use crate::population::Population;
use crate::refused::Refused;
use crate::run::{run, run_items};
use crate::sink::{Answered, Breakdown, Count, Counts, Groups};

/// Words of a block.
const WORDS: usize = 64;
/// The condition itself; its demands come after it.
const WHOLE: usize = 0;

/// How a city would fare without one demand of a condition, and with that demand alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    pub without: Count,
    pub alone: Count,
}

/// The effect of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub whole: Count,
    /// One per child of the condition's outermost conjunction; one for a condition that is none.
    pub demands: Vec<Demand>,
}

/// What an amount comes to for many enterprises together, in 分. Without a high end it is open upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    pub low: i128,
    pub high: Option<i128>,
}

/// A draft seen over a population. Nothing it asks need have been asked before.
#[derive(Debug)]
pub struct Draft<'p> {
    population: &'p Population,
    plan: Plan,
    coding: Coding,
    demands: usize,
    isa: Isa,
    threads: usize,
}

impl<'p> Draft<'p> {
    pub fn new(
        condition: &Condition,
        population: &'p Population,
        context: &Context<'_>,
        isa: Isa,
        threads: usize,
    ) -> Result<Self, Refused> {
        let demands = match condition {
            Condition::All(demands) => demands.as_slice(),
            other => std::slice::from_ref(other),
        };
        let core = |condition: &Condition| lower(condition, context.reference);
        let all: Vec<Core> = demands.iter().map(core).collect();
        let without = (0..all.len()).map(|left_out| {
            let kept = all.iter().enumerate().filter(|(index, _)| *index != left_out);
            Core::all(kept.map(|(_, demand)| demand.clone()).collect())
        });
        let mut asked = vec![core(condition)];
        asked.extend(without);
        asked.extend(all.iter().cloned());
        let plan = Plan::of(&asked, context);
        let coding = Coding::derive(&plan, population, threads)?;
        Ok(Self { population, plan, coding, demands: all.len(), isa, threads })
    }

    pub fn effect(&self) -> Effect {
        let items = self.plan.items();
        let parts = run::<WORDS, _>(&self.plan, &self.coding, self.isa, self.threads, || Counts::new(items));
        let Counts(counts) = Counts::merged(items, &parts);
        let (without, alone) = counts[1..].split_at(self.demands);
        let demands = without.iter().zip(alone).map(|(without, alone)| Demand { without: *without, alone: *alone });
        Effect { whole: counts[WHOLE], demands: demands.collect() }
    }

    /// By what is said of a fact; last those of whom nothing, or more than one thing, is said.
    pub fn by(&self, fact: &FactKey) -> Vec<(Option<Value>, Count)> {
        let groups = Groups::by(self.population, fact, &self.plan.context(self.population.reference()));
        let parts = run_items::<WORDS, _>(&self.plan, &self.coding, self.isa, self.threads, &[WHOLE], || {
            Breakdown::new(&groups, 1)
        });
        let counts = Breakdown::merged(&groups, 1, &parts).swap_remove(WHOLE);
        groups.values.iter().cloned().map(Some).chain([None]).zip(counts).collect()
    }

    pub fn answered(&self) -> Answered {
        let sink = Answered::default;
        Answered::merged(&run_items::<WORDS, _>(&self.plan, &self.coding, self.isa, self.threads, &[WHOLE], sink))
    }

    /// What an amount comes to for these rows together: exactly, estimate by estimate.
    pub fn money(&self, amount: &Amount, rows: &[u32]) -> Money {
        let share = rows.len().div_ceil(self.threads.max(1)).max(1);
        let part = |rows: &[u32]| self.sum(amount, rows);
        std::thread::scope(|scope| {
            let workers: Vec<_> = rows.chunks(share).map(|rows| scope.spawn(move || part(rows))).collect();
            // A worker's panic is this thread's panic: a sum without its rows would be wrong.
            let parts = workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            parts.fold(Money::NOTHING, Money::plus)
        })
    }

    fn sum(&self, amount: &Amount, rows: &[u32]) -> Money {
        let context = self.plan.context(self.population.reference());
        let profiles = rows.iter().filter_map(|row| self.population.profile(*row as usize));
        let one = |profile| {
            let (low, high) = amount::estimate_ends(amount, &profile, &context);
            Money { low: low.into(), high: high.map(i128::from) }
        };
        profiles.map(one).fold(Money::NOTHING, Money::plus)
    }
}

impl Money {
    const NOTHING: Self = Self { low: 0, high: Some(0) };

    fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high.zip(other.high).map(|(one, two)| one + two) }
    }
}
