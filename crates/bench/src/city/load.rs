//! Firms are made by other threads than the one that packs them, in order, and never all at once.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use population::Population;
use rules::Profile;

use super::world::{Firms, World};

const BATCH: u32 = 512;

/// A population of `rows` firms, and how long packing them took; `at` is told whenever it has grown to
/// one of its sizes.
pub(crate) fn load(world: &World, rows: u32, mut at: impl FnMut(u32, &Population)) -> (Population, Duration) {
    let mut population = Population::new(Arc::clone(&world.reference));
    let mut took = Duration::ZERO;
    stream(&world.firms, rows, world.threads, |batch| {
        let started = Instant::now();
        for profile in &batch {
            population.push(profile);
        }
        took += started.elapsed();
        at(u32::try_from(population.rows()).unwrap_or(u32::MAX), &population);
    });
    (population, took)
}

/// Hands over all firms in order, batch by batch.
fn stream(firms: &Firms, rows: u32, threads: usize, mut take: impl FnMut(Vec<Profile>)) {
    let batches = rows.div_ceil(BATCH);
    std::thread::scope(|scope| {
        let makers: Vec<Receiver<Vec<Profile>>> = (0..u32::try_from(threads).unwrap_or(1))
            .map(|maker| {
                let (sender, receiver) = sync_channel(2);
                let step = threads.max(1);
                scope.spawn(move || {
                    for batch in (maker..batches).step_by(step) {
                        let made = batch * BATCH..((batch + 1) * BATCH).min(rows);
                        if sender.send(made.map(|index| firms.profile(index)).collect()).is_err() {
                            return;
                        }
                    }
                });
                receiver
            })
            .collect();
        for (_, maker) in (0..batches).zip(makers.iter().cycle()) {
            // A maker only stops early by a panic, which the scope passes on.
            let Ok(batch) = maker.recv() else { return };
            take(batch);
        }
    });
}
