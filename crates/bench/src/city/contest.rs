//! The contenders of a city and their rounds.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use bench::machine;
use bench::rounds::{Contest, Line};
use population::measure::Halves;
use population::{
    Answered, Changes, Coding, Counts, Isa, Plan, Renewals, Row, Snapshots, Spare, run, run_around, run_items,
};
use rules::program::{Evaluator, Scratch};
use rules::{Profile, Program, decide};

use super::Measured;
use crate::order::City;

/// Firms and items the small questions are asked of in one round.
pub(super) const ASKED: usize = 16;
/// Words of a block of the product.
const WORDS: usize = 64;

pub(super) fn run_all(order: &City, city: &Measured<'_>) -> Vec<Line> {
    let buffers = machine::SETS.map(|(_, bytes)| vec![1_u64; bytes / size_of::<u64>()]);
    let small = Small::of(city);
    let mut contest = Contest::default();
    whole(&mut contest, city);
    for ((name, _), words) in machine::SETS.iter().zip(&buffers) {
        contest.enter(format!("read {name}"), || machine::read(Isa::detect(), words));
    }
    halves(&mut contest, city);
    growth(&mut contest, city);
    small.enter(&mut contest, city);
    contest.run(order.rounds)
}

fn counts(plan: &Plan, coding: &Coding, isa: Isa, threads: usize) -> Counts {
    blocks_of::<WORDS>(plan, coding, isa, threads)
}

fn blocks_of<const W: usize>(plan: &Plan, coding: &Coding, isa: Isa, threads: usize) -> Counts {
    Counts::merged(plan.items(), &run::<W, _>(plan, coding, isa, threads, || Counts::new(plan.items())))
}

/// The full match for each of its sinks.
fn whole<'c>(contest: &mut Contest<'c>, city: &'c Measured<'_>) {
    let Measured { world, plan, coding, .. } = city;
    let (items, threads, best) = (plan.items(), world.threads, Isa::detect());
    for isa in Isa::supported() {
        contest.enter(format!("counts, {}", isa.name()), move || drop(black_box(counts(plan, coding, isa, threads))));
    }
    contest.enter("counts, blocks of 2,048", move || drop(black_box(blocks_of::<32>(plan, coding, best, threads))));
    contest.enter("counts, blocks of 8,192", move || drop(black_box(blocks_of::<128>(plan, coding, best, threads))));
    contest.enter("one thread", move || drop(black_box(counts(plan, coding, best, 1))));
    let spare = Rc::new(RefCell::new(Spare::default()));
    let again = Rc::clone(&spare);
    contest.enter("encode", move || {
        let held = Arc::new(spare.take());
        let parts = run(plan, coding, best, threads, || Snapshots::on(best, items).over(&held));
        spare.replace(Spare::of(Snapshots::merged(city.before.stamp.clone(), parts)));
    });
    let was: Vec<Option<usize>> = (0..items).map(Some).collect();
    contest.enter("encode and delta", move || {
        let held = Arc::new(again.take());
        let parts = run(plan, coding, best, threads, || Renewals {
            after: Snapshots::on(best, items).over(&held),
            changes: Changes::on(best, &city.before, &was),
        });
        let (after, changes) = parts.into_iter().map(|part| (part.after, part.changes)).unzip();
        black_box(Changes::merged(changes));
        again.replace(Spare::of(Snapshots::merged(city.before.stamp.clone(), after)));
    });
}

/// Atoms and gates apart, on one thread.
fn halves<'c>(contest: &mut Contest<'c>, city: &'c Measured<'_>) {
    let blocks = population::measure::blocks::<WORDS>(&city.coding);
    let halves = || Halves::<WORDS>::new(&city.plan, &city.coding, Isa::detect());
    let mut atoms = halves();
    contest.enter("atoms", move || (0..blocks).for_each(|block| atoms.atoms(block)));
    let mut gates = halves();
    gates.atoms(0);
    let mut sink = Counts::new(city.plan.items());
    contest.enter("gates", move || (0..blocks).for_each(|_| gates.gates(0, &mut sink)));
}

fn growth<'c>(contest: &mut Contest<'c>, city: &'c Measured<'_>) {
    let threads = city.world.threads;
    for (rows, coding) in &city.fewer_firms {
        let plan = &city.plan;
        contest.enter(format!("{rows} firms"), move || drop(black_box(counts(plan, coding, Isa::detect(), threads))));
    }
    for (plan, coding) in &city.fewer_items {
        let name = format!("{} items", plan.items());
        contest.enter(name, move || drop(black_box(counts(plan, coding, Isa::detect(), threads))));
    }
}

/// One firm against all items, one item over all firms.
struct Small {
    rows: Vec<usize>,
    profiles: Vec<Profile>,
    items: Vec<usize>,
    evaluator: Evaluator,
    coding: RefCell<Coding>,
}

impl Small {
    fn of(city: &Measured<'_>) -> Self {
        let spread = |count: usize| (0..ASKED).map(move |index| index * (count - 1) / ASKED).collect();
        let rows: Vec<usize> = spread(city.coding.rows());
        let world = city.world;
        Self {
            profiles: rows.iter().map(|row| world.firms.profile(u32::try_from(*row).unwrap_or_default())).collect(),
            rows,
            items: spread(city.plan.items()),
            evaluator: Evaluator::new(Program::of(&world.cores), world.context().reference),
            coding: RefCell::new(city.coding.clone()),
        }
    }

    fn enter<'c>(&'c self, contest: &mut Contest<'c>, city: &'c Measured<'_>) {
        let (world, plan, best) = (city.world, &city.plan, Isa::detect());
        contest.enter("one firm, scalar loop", move || {
            for profile in &self.profiles {
                for core in &world.cores {
                    black_box(decide(core, profile, &world.context()));
                }
            }
        });
        let (mut scratch, mut verdicts) = (Scratch::default(), Vec::new());
        contest.enter("one firm, shared program", move || {
            for profile in &self.profiles {
                self.evaluator.decide(profile, &world.context(), &mut scratch, &mut verdicts);
                black_box(&verdicts);
            }
        });
        contest.enter("one firm, its row", move || {
            let mut coding = self.coding.borrow_mut();
            for row in &self.rows {
                black_box(coding.refresh(plan, &city.population, *row)).ok();
                let mut found = Row::new(*row, plan.items());
                run_around(plan, &coding, best, *row, &mut found);
                black_box(found);
            }
        });
        contest.enter("one item", move || {
            for item in &self.items {
                black_box(run_items::<WORDS, _>(plan, &city.coding, best, world.threads, &[*item], Answered::default));
            }
        });
        contest.enter("one draft", move || {
            for item in &self.items {
                let plan = Plan::of(&world.cores[*item..=*item], &world.context());
                let coding = Coding::derive(&plan, &city.population, world.threads);
                black_box(coding.map(|coding| counts(&plan, &coding, best, world.threads)).ok());
            }
        });
    }
}
