//! A rule nobody has published yet, over everybody: its effect, and which of its demands excludes most.

use rules::core::Core;
use rules::{Condition, Context, lower};

use crate::coding::Coding;
use crate::kernel::Isa;
use crate::plan::Plan;
use crate::population::Population;
use crate::refused::Refused;
use crate::run::run;
use crate::sink::{Count, Counts};

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

/// Counts of conditions that belong to no plan. Nothing of them need be known before.
pub fn counts(
    conditions: &[Core],
    population: &Population,
    context: &Context<'_>,
    isa: Isa,
    threads: usize,
) -> Result<Vec<Count>, Refused> {
    let plan = Plan::of(conditions, context);
    let coding = Coding::derive(&plan, population, threads)?;
    let parts = run::<64, _>(&plan, &coding, isa, threads, || Counts::new(plan.items()));
    Ok(Counts::merged(plan.items(), &parts).0)
}

/// The effect of a condition, with each of its demands left out in turn.
pub fn effect(
    condition: &Condition,
    population: &Population,
    context: &Context<'_>,
    isa: Isa,
    threads: usize,
) -> Result<Effect, Refused> {
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
    let counts = counts(&asked, population, context, isa, threads)?;
    let (without, alone) = counts[1..].split_at(all.len());
    let demands = without.iter().zip(alone).map(|(without, alone)| Demand { without: *without, alone: *alone });
    Ok(Effect { whole: counts[0], demands: demands.collect() })
}
