//! What a reader sees: stages, memory, ratios.

use std::fmt;

use bench::machine;
use bench::rounds::Line;
use population::Isa;
use population::measure::{blocks, loads_per_word};

use super::contest::ASKED;
use super::{Measured, Stages};
use crate::order::City;

pub(crate) struct Report {
    order: City,
    threads: usize,
    statistics: String,
    derived: usize,
    stages: Stages,
    memory: [(&'static str, usize); 3],
    met: u64,
    open: u64,
    changed: usize,
    /// Bytes the gates load in one full match.
    gate_bytes: usize,
    firms: Vec<u32>,
    items: Vec<usize>,
    lines: Vec<Line>,
}

impl Report {
    pub(super) fn of(order: City, city: &Measured<'_>, lines: Vec<Line>) -> Self {
        Self {
            order,
            threads: city.world.threads,
            statistics: city.plan.program().statistics().to_string(),
            derived: city.plan.report().derived_terms,
            stages: city.stages,
            memory: [
                ("columns", city.population.bytes()),
                ("codes", city.coding.bytes()),
                ("packed verdicts", city.before.bytes()),
            ],
            met: city.counts.iter().map(|count| count.met).sum(),
            open: city.counts.iter().map(|count| count.open).sum(),
            changed: city.changed,
            gate_bytes: loads_per_word(&city.plan) * blocks::<64>(&city.coding) * 64,
            firms: city.fewer_firms.iter().map(|(rows, _)| *rows).collect(),
            items: city.fewer_items.iter().map(|(plan, _)| plan.items()).collect(),
            lines,
        }
    }

    fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    fn head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let City { shape, enterprises, items, rounds, seed } = self.order;
        let sets: Vec<&str> = Isa::supported().into_iter().map(Isa::name).collect();
        writeln!(
            f,
            "{shape:?}: {enterprises} made-up firms × {items} conditions, seed {seed}, {rounds} interleaved rounds, \
             {} threads\n{}: {}; ratios carry over, times are this machine's\n",
            self.threads,
            machine::processor(),
            sets.join(", ")
        )?;
        writeln!(f, "{}; {} distinct expressions worked out", self.statistics, self.derived)?;
        let pairs = u64::from(enterprises) * u64::from(items);
        writeln!(
            f,
            "equal before anything was timed: counts and ids on every instruction set, every verdict of 200 firms \
             with the scalar evaluator\n{} met, {} open of {pairs} pairs; after 3 % of the firms changed, {} verdicts differ\n",
            self.met, self.open, self.changed
        )
    }

    fn once(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stages { compile, load, derive, persist } = self.stages;
        writeln!(f, "once\n  build  {compile:.3?}\n  load   {load:.2?}, making the firms not counted")?;
        writeln!(f, "  derive {derive:.3?}\n  persist {persist:.2?}, file written and synced")?;
        for (name, bytes) in self.memory {
            writeln!(f, "  {name} {} MiB", bytes >> 20)?;
        }
        let share = ratio(self.memory[2].1, self.met + self.open);
        writeln!(f, "  {share:.2} bytes per pair that is not a no")?;
        match machine::peak_mebibytes() {
            Some(peak) => writeln!(f, "  at most {peak} MiB resident, the rounds' own copies included\n"),
            None => writeln!(f),
        }
    }

    fn rounds(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(base) = self.line(&best()) else { return Ok(()) };
        writeln!(f, "{:26}{:>10}   fastest – slowest    times {}", "median", "ms", base.name)?;
        for line in &self.lines {
            let each = if line.name.starts_with("one firm")
                || line.name.starts_with("one item")
                || line.name.starts_with("one draft")
            {
                ASKED
            } else {
                1
            };
            let [middle, least, most] = line.seconds().map(|seconds| seconds * 1e3 / ratio(each, 1_u64));
            let [times, low, high] = line.against(base);
            write!(f, "{:26}{middle:>10.3}   {least:.3} – {most:.3}", line.name)?;
            match each {
                1 => writeln!(f, "    {times:.2} ({low:.2} – {high:.2})")?,
                _ => writeln!(f, " each")?,
            }
        }
        writeln!(f)
    }

    fn rates(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |bytes: usize, name: &str| {
            self.line(name).map_or(f64::NAN, |line| ratio(bytes, 1_u64) / line.seconds()[0] / 1e9)
        };
        let pairs = f64::from(self.order.enterprises) * f64::from(self.order.items);
        let seconds = self.line(&best()).map_or(f64::NAN, |line| line.seconds()[0]);
        writeln!(f, "{:.0} million pairs a second", pairs / seconds / 1e6)?;
        for (name, _) in machine::SETS {
            writeln!(f, "read {name}: {:.0} GB/s on one core", rate(machine::READ, &format!("read {name}")))?;
        }
        let gates = rate(self.gate_bytes, "gates");
        let share = 100.0 * gates / rate(machine::READ, "read L1");
        writeln!(f, "gates load {gates:.0} GB/s on one core: {share:.0} % of what L1 gives")
    }

    fn questions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let against = |name: &str, base: &str| match (self.line(name), self.line(base)) {
            (Some(line), Some(base)) => line.against(base),
            _ => [f64::NAN; 3],
        };
        for faster in ["one firm, shared program", "one firm, its row"] {
            let [times, low, high] = against("one firm, scalar loop", faster);
            writeln!(f, "{faster}: {times:.1} ({low:.1} – {high:.1}) times as fast as the scalar loop")?;
        }
        let whole = best();
        writeln!(f, "growth, in parts of the whole city's time")?;
        for rows in &self.firms {
            let [times, low, high] = against(&format!("{rows} firms"), &whole);
            writeln!(
                f,
                "  {:.3} of the firms: {times:.3} ({low:.3} – {high:.3})",
                f64::from(*rows) / f64::from(self.order.enterprises)
            )?;
        }
        for items in &self.items {
            let [times, low, high] = against(&format!("{items} items"), &whole);
            writeln!(
                f,
                "  {:.3} of the items: {times:.3} ({low:.3} – {high:.3})",
                ratio(*items, u64::from(self.order.items))
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        self.once(f)?;
        self.rounds(f)?;
        self.rates(f)?;
        self.questions(f)
    }
}

/// The contender all others are compared with.
fn best() -> String {
    format!("counts, {}", Isa::detect().name())
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for a reader")]
fn ratio(part: usize, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
