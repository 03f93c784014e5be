//! How long a made-up city takes, and how much room: `cargo run --release -p population --example measure -- 200000 2000`.
//!
//! Counts are compared with the scalar evaluator before any figure is printed; figures are ratios and shares, and times
//! of this machine only for orientation.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use population::{Changes, Coding, Counts, Held, Isa, Plan, Population, Snapshot, Snapshots, Stamp, draft::Draft, run};
use rules::{Context, Core, Profile, Reference, Verdict, decide, lower, text};

type Failure = Box<dyn std::error::Error>;

/// Rows and items the scalar evaluator is timed and compared on.
const SAMPLE: (u32, usize) = (500, 500);
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

fn atom(dice: &mut Dice) -> String {
    let amount = 1 + dice.roll(300);
    match dice.roll(16) {
        0 | 1 => format!("上年度营业收入 {} {}万元", dice.pick(&[">=", ">", "<", "<="]), amount * 10),
        2 => format!("上年度研发费用 >= {amount}万元"),
        3 => format!("上年度资产总额 <= {}万元", amount * 50),
        4 => format!("成立 {} {}个月", dice.pick(&["满", "不满"]), 1 + dice.roll(240)),
        5 => format!("注册地 属于 {}", dice.pick(&["武汉市", "洪山区", "武昌区", "江岸区"])),
        6 => format!("所属行业 {} {}", dice.pick(&["属于", "不属于"]), dice.pick(&["制造业", "工业", "建筑业"])),
        7 => format!("独立法人 为 {}", dice.pick(&["是", "否"])),
        8 => format!("上年度研发费用 / 上年度营业收入 >= {}%", 1 + dice.roll(12)),
        9 => format!("近2年营业收入 >= {}万元", amount * 20),
        10 => format!("上年度营业收入 同比增长率 >= {}%", dice.roll(30)),
        11 => format!("资质证书 含 {} 有效", dice.pick(&["高新技术企业", "科技型中小企业"])),
        12 => format!("没有 ( 近{}年 重大违法 )", 1 + dice.roll(3)),
        13 => format!("企业规模 属于 {}", dice.pick(&["{小型, 微型}", "中型"])),
        14 => format!("在武汉市注册 满 {}年", 1 + dice.roll(5)),
        _ => format!("知识产权 >= {}项", 1 + dice.roll(8)),
    }
}

fn condition(seed: u64) -> Result<Core, Failure> {
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

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>());
    let rows = arguments.next().transpose()?.unwrap_or(200_000);
    let items = arguments.next().transpose()?.unwrap_or(2_000);
    let threads = std::thread::available_parallelism()?.get();
    let mut out = std::io::stdout().lock();
    let parameters = BTreeMap::new();
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).ok_or("a day")?;
    let context = Context { reference: Reference::builtin(), as_of, parameters: &parameters };
    let cores: Vec<Core> =
        (0..items).map(|seed| condition(u64::from(seed) * 77 + 5)).collect::<Result<_, Failure>>()?;
    let started = Instant::now();
    let plan = Plan::of(&cores, &context);
    writeln!(out, "compile {:?}; {}\n{:?}", started.elapsed(), plan.program().statistics(), plan.report())?;
    let population = packed(rows, as_of, &mut out)?;
    let started = Instant::now();
    let coding = Coding::derive(&plan, &population, threads)?;
    writeln!(out, "derive {:?}, {} MB", started.elapsed(), coding.bytes() >> 20)?;

    let count =
        |isa| Counts::merged(plan.items(), &run::<64, _>(&plan, &coding, isa, threads, || Counts::new(plan.items())));
    let scalar = compare(&cores, as_of, &context)?;
    for isa in Isa::supported() {
        assert_eq!(count(isa), count(Isa::PORTABLE), "{}", isa.name());
        let seconds = timed(|| drop(std::hint::black_box(count(isa))));
        #[expect(clippy::cast_precision_loss, reason = "a rate for a reader")]
        let rate = (rows as usize * plan.items()) as f64 / seconds;
        writeln!(out, "{}: {seconds:.4} s, {:.0} Mpairs/s, {:.0} × scalar", isa.name(), rate / 1e6, rate / scalar)?;
    }
    sinks(&plan, &coding, threads, &mut out)?;
    drop(coding);
    drafts(&population, &context, threads, &mut out)
}

/// A packed city of made-up firms, and how it opens again.
fn packed(rows: u32, as_of: chrono::NaiveDate, out: &mut impl std::io::Write) -> Result<Population, Failure> {
    let reference = Arc::new(Reference::builtin().clone());
    let mut population = Population::new(Arc::clone(&reference));
    let mut packing = Duration::ZERO;
    for firm in domain::synthetic::enterprises(20_261_123, rows, as_of) {
        let started = Instant::now();
        population.push(&firm);
        packing += started.elapsed();
    }
    let started = Instant::now();
    let file: Vec<u8> = population.sections().flatten().collect();
    let written = started.elapsed();
    let firms = (rows as usize).max(1);
    writeln!(
        out,
        "pack {rows} firms {packing:?}; {} bytes a firm, {} of them in the file, written in {written:?}",
        population.bytes() / firms,
        file.len() / firms
    )?;
    let held: Held = Arc::new(file);
    let started = Instant::now();
    let opened = Population::open(&held, reference)?;
    writeln!(out, "open {:?}, {} bytes a firm besides the file", started.elapsed(), opened.bytes() / firms)?;
    Ok(population)
}

/// Conditions nobody asked before, with every demand left out in turn.
fn drafts(
    population: &Population,
    context: &Context<'_>,
    threads: usize,
    out: &mut impl std::io::Write,
) -> Result<(), Failure> {
    for written in [
        "注册地 属于 武汉市 且 上年度营业收入 >= 1234万元 且 成立 满 3年",
        "注册地 属于 江夏区 且 上年度研发费用 / 上年度营业收入 >= 3% 且 上年度营业收入 同比增长率 >= 12%",
        "所属行业 属于 制造业 且 资质证书 含 高新技术企业 有效 且 没有 ( 近3年 重大违法 ) 且 企业规模 属于 {小型, 微型}",
        "在武汉市注册 满 2年 且 近3年 获奖 含 省级科技奖励 ( 单位排名 <= 3 ) 且 上年度参保人数 >= 30人",
    ] {
        let condition = text::parse(written, Reference::builtin()).map_err(|wrong| format!("{wrong:?}"))?;
        let whole = Draft::new(&condition, population, context, Isa::detect(), threads)?.effect().whole;
        let seconds = timed(|| {
            let draft = Draft::new(&condition, population, context, Isa::detect(), threads);
            drop(draft.map(|draft| draft.effect()));
        });
        writeln!(out, "draft {seconds:.3} s, {} met, {} open: {written}", whole.met, whole.open)?;
    }
    Ok(())
}

fn timed(work: impl Fn()) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        work();
        started.elapsed()
    });
    median(rounds.collect())
}

/// Packing all verdicts, and comparing a run with them.
fn sinks(plan: &Plan, coding: &Coding, threads: usize, out: &mut impl std::io::Write) -> Result<(), Failure> {
    let (isa, items) = (Isa::detect(), plan.items());
    let stamp = Stamp { reference: String::new(), as_of: chrono::NaiveDate::MIN, items };
    let pack = || Snapshots::merged(stamp.clone(), run(plan, coding, isa, threads, || Snapshots::new(items)));
    let snapshot: Snapshot = pack();
    let was: Vec<Option<usize>> = (0..items).map(Some).collect();
    let count = timed(|| drop(run::<64, _>(plan, coding, isa, threads, || Counts::new(items))));
    let packing = timed(|| drop(pack()));
    let compare = timed(|| drop(run(plan, coding, isa, threads, || Changes::new(&snapshot, &was))));
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
fn compare(cores: &[Core], as_of: chrono::NaiveDate, context: &Context<'_>) -> Result<f64, Failure> {
    let profiles: Vec<Profile> = domain::synthetic::enterprises(20_261_123, SAMPLE.0, as_of).collect();
    let cores = &cores[..SAMPLE.1.min(cores.len())];
    let plan = Plan::of(cores, context);
    let population = Population::load(Arc::new(Reference::builtin().clone()), &profiles);
    let coding = Coding::derive(&plan, &population, 1)?;
    let found = run::<64, _>(&plan, &coding, Isa::detect(), 1, || Counts::new(plan.items()));
    let found = Counts::merged(plan.items(), &found);
    let started = Instant::now();
    let mut expected = Counts::new(cores.len());
    for (core, count) in cores.iter().zip(&mut expected.0) {
        for profile in &profiles {
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
