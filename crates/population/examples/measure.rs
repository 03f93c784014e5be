//! How long a made-up flat city takes: `cargo run --release -p population --example measure -- 200000 2000`.
//!
//! Counts are compared with the scalar evaluator before any figure is printed; figures are ratios and shares, and times
//! of this machine only for orientation.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

use population::{Changes, Coding, Counts, Isa, Plan, Population, Snapshot, Snapshots, Stamp, run};
use rules::{Context, Core, Profile, Reference, Verdict, decide, lower, text};

/// Rows and items the scalar evaluator is timed and compared on.
const SAMPLE: (usize, usize) = (500, 500);
const ROUNDS: usize = 5;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ (mixed >> 27)) % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.roll(of.len() as u64)).unwrap_or(0)]
    }
}

fn profile(seed: u64) -> Result<Profile, String> {
    let mut dice = Dice(seed);
    let mut facts = serde_json::Map::new();
    let mut put = |dice: &mut Dice, key: &str, value: serde_json::Value| {
        if dice.roll(100) < 84 {
            facts.insert(key.into(), value);
        }
    };
    let place = dice.pick(&["420102", "420103", "420106", "420111", "420112", "110000", "420100-ELHT"]);
    put(&mut dice, "place_registered", serde_json::json!({ "value": place, "since": "2020-01-01" }));
    let industry = dice.pick(&["C39", "C3921", "I65", "I6510", "F52", "M73", "G54", "A01"]);
    put(&mut dice, "industry", serde_json::json!(industry));
    let legal = dice.roll(4) > 0;
    put(&mut dice, "independent_legal_person", serde_json::json!(legal));
    let founded = format!("{}-{:02}-11", 2005 + dice.roll(21), 1 + dice.roll(12));
    put(&mut dice, "established_on", serde_json::json!(founded));
    for (key, most) in [("revenue", 90_000_000), ("rd_expense", 9_000_000), ("assets", 200_000_000)] {
        for year in ["2024", "2025"] {
            let value = dice.roll(most);
            let skewed = value / (1 + dice.roll(30));
            put(&mut dice, key, serde_json::json!({ year: skewed }));
        }
    }
    Profile::from_json(&serde_json::json!({ "facts": facts }), Reference::builtin())
        .map_err(|wrong| format!("{wrong:?}"))
}

fn atom(dice: &mut Dice) -> String {
    let amount = 1 + dice.roll(300);
    match dice.roll(8) {
        0 | 1 => format!("上年度营业收入 {} {}万元", dice.pick(&[">=", ">", "<", "<="]), amount * 10),
        2 => format!("上年度研发费用 >= {amount}万元"),
        3 => format!("上年度资产总额 <= {}万元", amount * 50),
        4 => format!("成立 {} {}个月", dice.pick(&["满", "不满"]), 1 + dice.roll(240)),
        5 => format!("注册地 属于 {}", dice.pick(&["武汉市", "洪山区", "武昌区", "江岸区"])),
        6 => format!("所属行业 {} {}", dice.pick(&["属于", "不属于"]), dice.pick(&["制造业", "工业", "建筑业"])),
        _ => format!("独立法人 为 {}", dice.pick(&["是", "否"])),
    }
}

fn condition(seed: u64) -> Result<Core, String> {
    let mut dice = Dice(seed);
    let count = 3 + dice.roll(6);
    let atoms: Vec<String> = (0..count).map(|_| atom(&mut dice)).collect();
    let written = match dice.roll(14) {
        0 => format!("满足任意2项 {{ {} }}", atoms.join(" ; ")),
        1 => atoms.join(" 或 "),
        2 | 3 => format!("{} 且 ( {} )", atoms[0], atoms[1..].join(" 或 ")),
        _ => atoms.join(" 且 "),
    };
    let parsed = text::parse(&written, Reference::builtin()).map_err(|wrong| format!("{written} {wrong:?}"))?;
    Ok(lower(&parsed, Reference::builtin()))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let rows = arguments.next().transpose()?.unwrap_or(200_000);
    let items = arguments.next().transpose()?.unwrap_or(2_000);
    let threads = std::thread::available_parallelism()?.get();
    let mut out = std::io::stdout().lock();
    let parameters = BTreeMap::new();
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).ok_or("a day")?;
    let context = Context { reference: Reference::builtin(), as_of, parameters: &parameters };
    let cores: Vec<Core> = (0..items).map(|seed| condition(seed * 77 + 5)).collect::<Result<_, _>>()?;
    let started = Instant::now();
    let plan = Plan::of(&cores, as_of);
    writeln!(out, "compile {:?}; {}", started.elapsed(), plan.program().statistics())?;
    let profiles: Vec<Profile> = (0..rows).map(|seed| profile(seed * 131 + 9)).collect::<Result<_, _>>()?;
    let started = Instant::now();
    let population = Population::load(plan.leaves(), &profiles, &context);
    writeln!(out, "load {rows} profiles {:?}, {} MB", started.elapsed(), population.bytes() >> 20)?;
    let started = Instant::now();
    let coding = Coding::derive(&plan, &population, &context, threads);
    writeln!(out, "derive {:?}, {} MB", started.elapsed(), coding.bytes() >> 20)?;

    let count =
        |isa| Counts::merged(plan.items(), &run::<64, _>(&plan, &coding, isa, threads, || Counts::new(plan.items())));
    let scalar = compare(&cores, &profiles, &context)?;
    for isa in Isa::supported() {
        assert_eq!(count(isa), count(Isa::PORTABLE), "{}", isa.name());
        let times = (0..ROUNDS).map(|_| {
            let started = Instant::now();
            std::hint::black_box(count(isa));
            started.elapsed()
        });
        let seconds = median(times.collect());
        #[expect(clippy::cast_precision_loss, reason = "a rate for a reader")]
        let rate = (rows * items) as f64 / seconds;
        writeln!(out, "{}: {seconds:.4} s, {:.0} Mpairs/s, {:.0} × scalar", isa.name(), rate / 1e6, rate / scalar)?;
    }
    sinks(&plan, &coding, threads, &mut out)
}

/// Packing all verdicts, and comparing a run with them.
fn sinks(
    plan: &Plan,
    coding: &Coding,
    threads: usize,
    out: &mut impl std::io::Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let (isa, items) = (Isa::detect(), plan.items());
    let stamp = Stamp { reference: String::new(), as_of: chrono::NaiveDate::MIN, items };
    let pack = || Snapshots::merged(stamp.clone(), run(plan, coding, isa, threads, || Snapshots::new(items)));
    let snapshot: Snapshot = pack();
    let was: Vec<Option<usize>> = (0..items).map(Some).collect();
    let timed = |work: &dyn Fn()| {
        let rounds = (0..ROUNDS).map(|_| {
            let started = Instant::now();
            work();
            started.elapsed()
        });
        median(rounds.collect())
    };
    let count = timed(&|| drop(run::<64, _>(plan, coding, isa, threads, || Counts::new(items))));
    let packing = timed(&|| drop(pack()));
    let compare = timed(&|| drop(run(plan, coding, isa, threads, || Changes::new(&snapshot, &was))));
    let counts = Counts::merged(items, &run::<64, _>(plan, coding, isa, threads, || Counts::new(items)));
    let pairs: u64 = counts.0.iter().map(|count| count.met + count.open).sum();
    #[expect(clippy::cast_precision_loss, reason = "a ratio for a reader")]
    let share = snapshot.bytes() as f64 / pairs as f64;
    writeln!(
        out,
        "pack {:.1} × counts, compare {:.1} ×, {share:.2} bytes per pair that is not a no",
        packing / count,
        compare / count
    )?;
    Ok(())
}

/// Pairs per second of the scalar evaluator on a corner of the city, after comparing its counts there.
fn compare(cores: &[Core], profiles: &[Profile], context: &Context<'_>) -> Result<f64, Box<dyn std::error::Error>> {
    let profiles = &profiles[..SAMPLE.0.min(profiles.len())];
    let cores = &cores[..SAMPLE.1.min(cores.len())];
    let plan = Plan::of(cores, context.as_of);
    let population = Population::load(plan.leaves(), profiles, context);
    let coding = Coding::derive(&plan, &population, context, 1);
    let found = run::<64, _>(&plan, &coding, Isa::detect(), 1, || Counts::new(plan.items()));
    let found = Counts::merged(plan.items(), &found);
    let started = Instant::now();
    let mut expected = Counts::new(cores.len());
    for (core, count) in cores.iter().zip(&mut expected.0) {
        for profile in profiles {
            match decide(core, profile, context) {
                Verdict::Met => count.met += 1,
                Verdict::Unknown => count.open += 1,
                Verdict::NotMet => {}
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    if found != expected {
        return Err("the counts differ from the scalar evaluator's".into());
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate for a reader")]
    Ok((cores.len() * profiles.len()) as f64 / seconds)
}
