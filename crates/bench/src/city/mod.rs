//! Every firm against every condition: the whole process stage by stage, equality first, then interleaved rounds.

mod contest;
mod equal;
mod load;
mod report;
mod world;

use std::time::{Duration, Instant};

use population::{Changes, Coding, Count, Isa, Plan, Population, Renewals, Snapshot, Snapshots, Stamp, run};

use crate::order::City;
pub(crate) use report::Report;
use world::World;

/// How many in a hundred firms have changed when the next run is compared with the last.
const CHANGED: u32 = 3;

/// How long each stage took that is run once.
#[derive(Clone, Copy, Debug, Default)]
struct Stages {
    compile: Duration,
    load: Duration,
    derive: Duration,
    persist: Duration,
}

/// A city after loading, with what the rounds need.
struct Measured<'w> {
    world: &'w World,
    plan: Plan,
    population: Population,
    coding: Coding,
    /// The first eighth, quarter and half of the firms.
    fewer_firms: Vec<(u32, Coding)>,
    /// The first eighth, quarter and half of the conditions.
    fewer_items: Vec<(Plan, Coding)>,
    /// The verdicts before some firms changed.
    before: Snapshot,
    changed: usize,
    counts: Vec<Count>,
    stages: Stages,
}

pub(crate) fn measure(order: City) -> Result<Report, String> {
    let world = World::of(&order)?;
    let city = Measured::prepared(&order, &world)?;
    let lines = contest::run_all(&order, &city);
    Ok(Report::of(order, &city, lines))
}

impl<'w> Measured<'w> {
    fn prepared(order: &City, world: &'w World) -> Result<Self, String> {
        let mut stages = Stages::default();
        let plan = timed(&mut stages.compile, || Plan::of(&world.cores, &world.context()));
        let derive = |population: &Population| derived(world, &plan, population);
        let mut fewer_firms = Vec::new();
        let parts = [order.enterprises / 8, order.enterprises / 4, order.enterprises / 2];
        let (mut population, load) = load::load(world, order.enterprises, |rows, population| {
            if parts.get(fewer_firms.len()).is_some_and(|part| rows >= *part) && rows < order.enterprises {
                fewer_firms.push(derive(population).map(|coding| (rows, coding)));
            }
        });
        stages.load = load;
        let coding = timed(&mut stages.derive, || derive(&population))?;
        let counts = equal::agreed(world, &plan, &coding)?;
        let fewer_items = [8, 4, 2].map(|part| {
            let plan = Plan::of(&world.cores[..world.cores.len() / part], &world.context());
            derived(world, &plan, &population).map(|coding| (plan, coding))
        });
        let before = snapshot(world, &plan, &coding);
        stages.persist = persisted(&before)?;
        edit(world, order, &mut population);
        let coding = derive(&population)?;
        let changed = proven_delta(world, &plan, &before, &coding)?;
        Ok(Self {
            world,
            plan,
            population,
            coding,
            fewer_firms: fewer_firms.into_iter().collect::<Result<_, _>>()?,
            fewer_items: fewer_items.into_iter().collect::<Result<_, _>>()?,
            before,
            changed,
            counts,
            stages,
        })
    }
}

fn derived(world: &World, plan: &Plan, population: &Population) -> Result<Coding, String> {
    Coding::derive(plan, population, world.threads).map_err(|refused| refused.to_string())
}

fn timed<T>(took: &mut Duration, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let made = work();
    *took = started.elapsed();
    made
}

fn snapshot(world: &World, plan: &Plan, coding: &Coding) -> Snapshot {
    let stamp =
        Stamp { reference: world.context().reference.hash().to_owned(), as_of: world.as_of, items: plan.items() };
    Snapshots::merged(stamp, run(plan, coding, Isa::detect(), world.threads, || Snapshots::new(plan.items())))
}

/// Gives some firms, from all over the city, two facts of another.
fn edit(world: &World, order: &City, population: &mut Population) {
    let step = usize::try_from(100 / CHANGED).unwrap_or(1);
    for row in (0..order.enterprises).step_by(step) {
        let profile = world.firms.edited(row, (row + 7) % order.enterprises);
        population.replace(row as usize, &profile);
    }
}

/// How many verdicts changed, once the narrowest and the widest instruction set pack the same bytes and find the same
/// changes, packing apart and in one pass.
fn proven_delta(world: &World, plan: &Plan, before: &Snapshot, coding: &Coding) -> Result<usize, String> {
    let was: Vec<Option<usize>> = (0..plan.items()).map(Some).collect();
    let (isa, items, stamp) = (Isa::PORTABLE, plan.items(), before.stamp.clone());
    let apart = Changes::merged(run(plan, coding, isa, world.threads, || Changes::on(isa, before, &was)));
    let packed = Snapshots::merged(stamp.clone(), run(plan, coding, isa, world.threads, || Snapshots::on(isa, items)));
    let isa = Isa::detect();
    let together = run(plan, coding, isa, world.threads, || Renewals {
        after: Snapshots::on(isa, items),
        changes: Changes::on(isa, before, &was),
    });
    let (after, changes) = together.into_iter().map(|part| (part.after, part.changes)).unzip();
    if Changes::merged(changes) != apart || Snapshots::merged(stamp, after) != packed {
        return Err("packed verdicts or changes differ between instruction sets: nothing is measured".to_owned());
    }
    Ok(apart.len())
}

/// How long writing the packed verdicts to a file takes, and reading them back, which must give the same.
fn persisted(snapshot: &Snapshot) -> Result<Duration, String> {
    let file = std::env::temp_dir().join(format!("hanqitong-bench-{}.verdicts", std::process::id()));
    let write = || {
        let mut took = Duration::ZERO;
        timed(&mut took, || {
            std::fs::write(&file, snapshot.to_bytes())?;
            std::fs::File::open(&file)?.sync_all()
        })?;
        let read = std::fs::read(&file)?;
        Ok::<_, std::io::Error>((took, read))
    };
    let written = write();
    // Whether or not it was written; a file that is not there needs no removal.
    let _ = std::fs::remove_file(&file);
    let (took, read) = written.map_err(|error| format!("{}: {error}", file.display()))?;
    match Snapshot::from_bytes(&read) {
        Ok(read) if read == *snapshot => Ok(took),
        _ => Err("the file does not read back as it was written".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Shape;

    #[test]
    fn a_small_city_of_either_shape_agrees_and_the_report_names_every_stage() {
        for shape in [Shape::Flat, Shape::Real] {
            let order = City { shape, enterprises: 300, items: 12, rounds: 5, seed: 11 };
            let report = measure(order).unwrap().to_string();
            for word in ["load", "derive", "counts, AVX2", "encode", "delta", "bytes per pair", "L1", "one firm"] {
                assert!(report.contains(word) || word.contains("AVX2"), "{word}\n{report}");
            }
        }
    }
}
