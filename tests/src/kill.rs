//! `push run` is killed at random and started again until it is done. What the other side really took is compared
//! with what an undisturbed run delivers and with what the books said at each death.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use domain::PushState;

use crate::books;
use crate::patience::pause;
use crate::program::Program;
use crate::sinks::{Delivery, Mark, Sinks};

/// Deaths in one run at most.
const MOST_DEATHS: u64 = 3;
/// How long a killed run may take to be finished by its successors.
const PATIENCE: Duration = Duration::from_mins(2);
/// A doubt that is older than this is held: the message has been in doubt twice and a person decides. Leases and the
/// wait before the one repetition are far shorter.
const HELD_AFTER: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What many killed runs have cost.
#[derive(Clone, Debug, Default)]
pub struct Toll {
    pub runs: usize,
    pub kills: usize,
    /// Kills that came after the first delivery of their run and before the last.
    pub kills_amid_delivery: usize,
    /// Pushes of one run.
    pub planned: usize,
    /// Planned and never delivered, or not recorded as sent in the end.
    pub lost: Vec<String>,
    /// Delivered without being planned.
    pub invented: Vec<String>,
    /// Deliveries beyond the first of their push.
    pub duplicates: usize,
    /// Duplicates whose push was on record as in doubt.
    pub explained: usize,
    /// Pushes in doubt twice, which an operator had to decide about.
    pub decided_by_hand: usize,
    /// Duplicates of a push that the books already called sent.
    pub confirmed_repeated: Vec<String>,
    /// From the last kill of a run until everything was recorded as sent.
    pub time_to_resume: Vec<Duration>,
}

impl Toll {
    /// Nothing lost, nothing invented, nothing confirmed repeated, every duplicate explained.
    pub fn is_bearable(&self) -> bool {
        self.lost.is_empty()
            && self.invented.is_empty()
            && self.confirmed_repeated.is_empty()
            && self.duplicates == self.explained
    }
}

impl fmt::Display for Toll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slowest = self.time_to_resume.iter().max().copied().unwrap_or_default();
        let sum: Duration = self.time_to_resume.iter().sum();
        let mean = sum.checked_div(u32::try_from(self.time_to_resume.len()).unwrap_or(1).max(1)).unwrap_or_default();
        writeln!(f, "runs                 {}", self.runs)?;
        writeln!(f, "kills                {} ({} amid delivery)", self.kills, self.kills_amid_delivery)?;
        writeln!(f, "pushes per run       {}", self.planned)?;
        writeln!(f, "lost                 {}", self.lost.len())?;
        writeln!(f, "invented             {}", self.invented.len())?;
        writeln!(f, "duplicate            {}", self.duplicates)?;
        writeln!(f, "explained            {}", self.explained)?;
        writeln!(f, "decided by hand      {}", self.decided_by_hand)?;
        writeln!(f, "confirmed repeated   {}", self.confirmed_repeated.len())?;
        write!(f, "time to resume       mean {mean:.2?}, longest {slowest:.2?}")
    }
}

/// The program to kill, with the environment it needs to be itself.
#[derive(Clone, Copy, Debug)]
pub struct Victim<'a> {
    pub exe: &'a Path,
    pub variables: &'a [(&'a str, &'a str)],
}

/// Kills runs that many times at least, each run on its own copy of one demo installation; `None` where PostgreSQL is
/// not installed.
pub fn kill_runs(victim: Victim<'_>, engine: Engine, kills: usize, seed: u64) -> Option<Toll> {
    let sinks = Sinks::start();
    let base = base(victim, engine, &sinks)?;
    let undisturbed = Undisturbed::measure(&base, &sinks);
    let mut dice = Dice(seed);
    let mut toll = Toll { planned: undisturbed.deliveries.len(), ..Toll::default() };
    // A shot that comes after the end kills nobody; such a run does not count.
    while toll.kills < kills {
        let before = toll.kills;
        KilledRun::new(&base, &sinks, &undisturbed).play(&mut dice, &mut toll);
        toll.runs += usize::from(toll.kills > before);
    }
    Some(toll)
}

/// A migrated database with the demo's enterprises, contacts and subscriptions, and nothing told yet.
fn base(victim: Victim<'_>, engine: Engine, sinks: &Sinks) -> Option<Program> {
    let program = match engine {
        Engine::Sqlite => Program::on_sqlite(victim.exe),
        Engine::Postgres => Program::on_postgres(victim.exe)?,
    };
    let program = victim.variables.iter().fold(program, |program, (name, value)| program.with_variable(name, value));
    let program = sinks
        .wired(program)
        .with("SERVER__BASE_URL", sinks.url())
        .with("PUSH__LEASE", "1s")
        .with("PUSH__IN_DOUBT_AFTER", "500ms");
    program.ok(&["migrate"]);
    program.ok(&["seed", "--demo"]);
    Some(program)
}

/// The same run with nobody shooting.
struct Undisturbed {
    deliveries: BTreeSet<Delivery>,
    time: Duration,
}

impl Undisturbed {
    fn measure(base: &Program, sinks: &Sinks) -> Self {
        let (program, mark, start) = (base.copy(), sinks.mark(), Instant::now());
        program.ok(&["push", "run"]);
        let time = start.elapsed();
        let all = sinks.deliveries(mark);
        let deliveries: BTreeSet<Delivery> = all.iter().cloned().collect();
        assert_eq!(deliveries.len(), all.len(), "an undisturbed run delivers nothing twice");
        assert!(deliveries.len() >= 40, "a run of {} pushes shows little", deliveries.len());
        Self { deliveries, time }
    }
}

/// What the books said at a death, and how often each push had been delivered by then.
struct Death {
    states: BTreeMap<String, PushState>,
    delivered: BTreeMap<String, usize>,
}

struct KilledRun<'a> {
    program: Program,
    sinks: &'a Sinks,
    undisturbed: &'a Undisturbed,
    mark: Mark,
    taken_before: usize,
}

impl<'a> KilledRun<'a> {
    fn new(base: &Program, sinks: &'a Sinks, undisturbed: &'a Undisturbed) -> Self {
        Self { program: base.copy(), sinks, undisturbed, mark: sinks.mark(), taken_before: sinks.count() }
    }

    fn play(&self, dice: &mut Dice, toll: &mut Toll) {
        let mut deaths = Vec::new();
        for _ in 0..=dice.below(MOST_DEATHS) {
            if self.shoot(dice) {
                let taken = self.taken();
                toll.kills_amid_delivery += usize::from(taken > 0 && taken < self.undisturbed.deliveries.len());
                deaths.push(Death { states: books::states(&self.program), delivered: self.delivered() });
            }
        }
        toll.kills += deaths.len();
        if deaths.is_empty() {
            return;
        }
        let start = Instant::now();
        toll.decided_by_hand += self.finish();
        toll.time_to_resume.push(start.elapsed());
        self.settle(&deaths, toll);
    }

    /// Starts the program and kills it: half the time at any moment, half the time amid the deliveries.
    fn shoot(&self, dice: &mut Dice) -> bool {
        let mut child = self.program.command(&["push", "run"]).spawn().expect("the program starts");
        let start = Instant::now();
        let (taken, total) = (self.taken(), self.undisturbed.deliveries.len());
        let missing = total.saturating_sub(taken) as u64;
        if dice.below(2) == 0 || missing == 0 {
            let at = self.undisturbed.time.mul_f64(dice.fraction());
            Self::wait(&mut child, || start.elapsed() >= at);
        } else {
            let victim = taken + 1 + usize::try_from(dice.below(missing)).unwrap_or_default();
            Self::wait(&mut child, || self.taken() >= victim);
            // Not always at the same point of the next delivery.
            pause(Duration::from_micros(dice.below(5_000)));
        }
        let alive = child.try_wait().expect("a state").is_none();
        drop(child.kill());
        child.wait().expect("an end");
        alive
    }

    /// Until the moment has come or the program has ended by itself.
    fn wait(child: &mut Child, has_come: impl Fn() -> bool) {
        while !has_come() && child.try_wait().expect("a state").is_none() {
            pause(Duration::from_micros(200));
        }
    }

    /// Runs again until every push is sent, as the next tick would; what is in doubt a second time is held for a
    /// person, who has it sent again. Gives how many that were.
    fn finish(&self) -> usize {
        let start = Instant::now();
        let mut decided = 0;
        loop {
            self.program.ok(&["push", "run"]);
            let states = books::states(&self.program);
            let count = |state: PushState| states.values().filter(|one| **one == state).count();
            if !states.is_empty() && count(PushState::Sent) == states.len() {
                return decided;
            }
            if count(PushState::Sent) + count(PushState::InDoubt) == states.len() && start.elapsed() > HELD_AFTER {
                decided += count(PushState::InDoubt);
                self.program.ok(&["push", "replay", "--resolve", "resend"]);
            }
            assert!(start.elapsed() < PATIENCE, "not settled after {PATIENCE:?}: {states:#?}");
        }
    }

    fn settle(&self, deaths: &[Death], toll: &mut Toll) {
        let states = books::states(&self.program);
        let delivered = self.delivered();
        let arrived: BTreeSet<Delivery> = self.sinks.deliveries(self.mark).into_iter().collect();
        for missing in self.undisturbed.deliveries.difference(&arrived) {
            toll.lost.push(format!("{} to {}: {:?}", missing.push, missing.to, states.get(&missing.push)));
        }
        let unsent = states.iter().filter(|(_, state)| **state != PushState::Sent);
        toll.lost.extend(unsent.map(|(push, state)| format!("{push} ended as {state:?}")));
        // The outbox is the plan; an undisturbed run on a busy machine may itself have left something for later.
        let invented = arrived.iter().filter(|delivery| !states.contains_key(&delivery.push));
        toll.invented.extend(invented.map(|delivery| format!("{} to {}", delivery.push, delivery.to)));
        for (push, count) in delivered.iter().filter(|(_, count)| **count > 1) {
            toll.duplicates += count - 1;
            if books::was_in_doubt(&self.program, push) || deaths.iter().any(|death| death.doubts(push)) {
                toll.explained += count - 1;
            }
            toll.confirmed_repeated.extend(deaths.iter().filter_map(|death| death.contradicts(push, *count)));
        }
    }

    fn taken(&self) -> usize {
        self.sinks.count() - self.taken_before
    }

    /// How often each push has been delivered in this run.
    fn delivered(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for delivery in self.sinks.deliveries(self.mark) {
            *counts.entry(delivery.push).or_default() += 1;
        }
        counts
    }
}

impl Death {
    /// The books said that its bytes may have left.
    fn doubts(&self, push: &str) -> bool {
        matches!(self.states.get(push), Some(PushState::Committing | PushState::InDoubt))
    }

    /// The books called it sent, and then it was delivered once more.
    fn contradicts(&self, push: &str, count: usize) -> Option<String> {
        let sent = self.states.get(push) == Some(&PushState::Sent);
        let before = self.delivered.get(push).copied().unwrap_or_default();
        (sent && count > before)
            .then(|| format!("{push}: {before} deliveries when recorded as sent, {count} in the end"))
    }
}

/// `SplitMix64`: small, seeded, good enough to choose a moment.
#[derive(Clone, Copy, Debug)]
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// In `[0, 1)`.
    #[expect(clippy::cast_precision_loss, reason = "a moment needs no 64 bits")]
    fn fraction(&mut self) -> f64 {
        self.below(1_000_000) as f64 / 1_000_000.0
    }
}

/// A seed nobody chose, to be printed.
pub fn fresh_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one("a moment to die")
}
