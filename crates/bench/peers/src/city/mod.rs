//! `city`: every firm of the flat city against its rules, ours beside other engines. Each engine answers a part of the
//! rules it can finish in a round; counts and ids are compared first, and where one differs nothing is measured.

mod child;
mod columns;
mod postgres;
mod report;
mod roaring;
mod say;
mod zen;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use bench::flat::{FIELDS, Firm, MISSING, Population as Firms, Rule, draw_rules};
use bench::rounds::Contest;
use population::{Answered, Coding, Counts, Isa, Listing, Plan, Population, run, run_items};
use rules::{Context, Core, Profile, Reference, decide};

use self::columns::Columns;
use self::postgres::Postgres;
use self::report::Entry;

/// What to measure.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) enterprises: u32,
    pub(crate) items: u32,
    pub(crate) rounds: usize,
    pub(crate) seed: u64,
    /// A Python that has `polars` and `duckdb`; without one both are left out.
    pub(crate) python: Option<String>,
}

/// How many rules each engine answers in a round, and how many firms the pair by pair engines see.
const ROARING: usize = 400;
const POLARS: usize = 100;
const DUCKDB: usize = 60;
const POSTGRES: usize = 12;
const ZEN: (usize, usize) = (40, 2_000);
const SCALAR: (usize, usize) = (200, 2_000);

/// One item: firms that meet it, firms it is open for, and a sum over their ids each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) met: u64,
    pub(crate) open: u64,
    pub(crate) met_ids: u64,
    pub(crate) open_ids: u64,
}

impl Answer {
    pub(crate) fn add(&mut self, row: usize, is_met: bool) {
        let (count, ids) =
            if is_met { (&mut self.met, &mut self.met_ids) } else { (&mut self.open, &mut self.open_ids) };
        *count += 1;
        *ids += token(row);
    }
}

/// A number below 2³¹ for a row, so that sums of all rows fit in 64 bits everywhere.
pub(crate) fn token(row: usize) -> u64 {
    (row as u64 + 1).wrapping_mul(2_654_435_761) % (1 << 31)
}

/// The same city for everybody.
pub(crate) struct City {
    pub(crate) rules: Vec<Rule>,
    /// Field by field.
    pub(crate) columns: Vec<Vec<i64>>,
    reference: Arc<Reference>,
    as_of: chrono::NaiveDate,
    cores: Vec<Core>,
}

impl City {
    fn of(order: &Order) -> Result<Self, String> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let rules = draw_rules(order.seed, order.items.into(), 10_000, threads);
        let firms = Firms::new(order.seed);
        let mut columns = vec![Vec::with_capacity(order.enterprises as usize); FIELDS.len()];
        for index in 0..order.enterprises {
            for (column, value) in columns.iter_mut().zip(firms.firm(index.into()).values) {
                column.push(value);
            }
        }
        let reference = Arc::new(bench::flat::reference().map_err(|problems| format!("{problems:?}"))?);
        let lowered = |rule: &Rule| {
            let text = rule.text();
            let read = rules::text::parse(&text, &reference);
            read.map(|condition| rules::lower(&condition, &reference)).map_err(|wrong| format!("{text}\n{wrong:?}"))
        };
        let cores = rules.iter().map(lowered).collect::<Result<_, _>>()?;
        let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
        Ok(Self { rules, columns, reference, as_of, cores })
    }

    pub(crate) fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    pub(crate) fn firm(&self, row: usize) -> Firm {
        Firm { values: std::array::from_fn(|field| self.columns[field][row]) }
    }

    fn profile(&self, row: usize) -> Profile {
        self.firm(row).profile()
    }

    /// All values as text, a line per firm: its token, then its fields, nothing where a value is missing.
    pub(crate) fn csv(&self, path: &std::path::Path) -> std::io::Result<()> {
        use std::io::Write as _;
        let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
        let names: Vec<&str> = FIELDS.iter().map(|field| field.key).collect();
        writeln!(file, "token,{}", names.join(","))?;
        for row in 0..self.rows() {
            write!(file, "{}", token(row))?;
            for column in &self.columns {
                match column[row] {
                    MISSING => write!(file, ",")?,
                    value => write!(file, ",{value}")?,
                }
            }
            writeln!(file)?;
        }
        file.flush()
    }
}

pub(crate) fn measure(order: &Order) -> Result<String, String> {
    let city = City::of(order)?;
    let parameters = BTreeMap::new();
    let context = Context { reference: &city.reference, as_of: city.as_of, parameters: &parameters };
    let plan = Plan::of(&city.cores, &context);
    let mut population = Population::new(Arc::clone(&city.reference));
    for row in 0..city.rows() {
        population.push(&city.profile(row));
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let coding = Coding::derive(&plan, &population, threads).map_err(|refused| refused.to_string())?;
    drop(population);
    let ours = answers(&plan, &coding, threads, ROARING.min(city.rules.len()));
    let engines = Engines::of(&city, order.python.as_deref())?;
    engines.agree(&city, &ours)?;
    scalar_agrees(&city, &context, &ours)?;

    let profiles: Vec<Profile> = (0..SCALAR.1.min(city.rows())).map(|row| city.profile(row)).collect();
    let mut table = Table::of(&city);
    for isa in Isa::supported().into_iter().rev() {
        let (plan, coding) = (&plan, &coding);
        let count = move || drop(black_box(run::<64, _>(plan, coding, isa, threads, || Counts::new(plan.items()))));
        table.enter(&format!("population, {}", isa.name()), (usize::MAX, usize::MAX), count);
    }
    table.enter("rules, pair by pair, one thread", SCALAR, || {
        for core in city.cores.iter().take(SCALAR.0) {
            for profile in &profiles {
                black_box(decide(core, profile, &context));
            }
        }
    });
    table.enter(report::ONE_OURS, (1, usize::MAX), one(&plan, &coding, threads));
    engines.enter(&mut table);
    let Table { contest, entries, .. } = table;
    let lines = contest.run(order.rounds);
    engines.failed().map_or_else(|| Ok(report::table(order, &entries, &lines)), Err)
}

/// Contenders, each with the pairs it answers in a round.
struct Table<'a> {
    city: &'a City,
    contest: Contest<'a>,
    entries: Vec<Entry>,
}

impl<'a> Table<'a> {
    fn of(city: &'a City) -> Self {
        Self { city, contest: Contest::default(), entries: Vec::new() }
    }

    /// Enters one that answers so many rules for so many firms, at most all.
    fn enter(&mut self, name: &str, (rules, firms): (usize, usize), run: impl FnMut() + 'a) {
        let pairs = rules.min(self.city.rules.len()) * firms.min(self.city.rows());
        self.entries.push(Entry { name: name.to_owned(), pairs });
        self.contest.enter(name, run);
    }
}

/// One item over all firms: the ids of those that meet it or may.
fn one<'c>(plan: &'c Plan, coding: &'c Coding, threads: usize) -> impl FnMut() + 'c {
    let mut item = 0;
    move || {
        item = (item + 37) % plan.items();
        black_box(run_items::<64, _>(plan, coding, Isa::detect(), threads, &[item], Answered::default));
    }
}

/// What ours says of the first items.
fn answers(plan: &Plan, coding: &Coding, threads: usize, items: usize) -> Vec<Answer> {
    let asked: Vec<usize> = (0..items).collect();
    let parts = run_items::<64, _>(plan, coding, Isa::detect(), threads, &asked, Listing::default);
    let mut answers = vec![Answer::default(); items];
    for (item, row, is_met) in parts.into_iter().flat_map(|part| part.found) {
        answers[item].add(row, is_met);
    }
    answers
}

/// Every verdict of the rules and firms the scalar evaluator is timed on, against the judge the rules were drawn with.
fn scalar_agrees(city: &City, context: &Context<'_>, ours: &[Answer]) -> Result<(), String> {
    for row in 0..SCALAR.1.min(city.rows()) {
        let profile = city.profile(row);
        for (item, core) in city.cores.iter().take(SCALAR.0.min(ours.len())).enumerate() {
            let verdict = city.rules[item].verdict(&|field| city.columns[field][row]);
            if decide(core, &profile, context) != verdict {
                return Err(format!("firm {row} and {}: {verdict:?} is not what rules says", city.rules[item].text()));
            }
        }
    }
    Ok(())
}

/// The others.
struct Engines {
    roaring: roaring::Bitmaps,
    zen: zen::Zen,
    columns: Option<Columns>,
    postgres: Option<Postgres>,
}

impl Engines {
    fn of(city: &City, python: Option<&str>) -> Result<Self, String> {
        let directory = std::env::temp_dir().join(format!("hanqitong-peers-{}", std::process::id()));
        let made = Self::with(city, python, &directory);
        // Both have read the file; a directory that is not there needs no removal.
        let _ = std::fs::remove_dir_all(&directory);
        made
    }

    fn with(city: &City, python: Option<&str>, directory: &std::path::Path) -> Result<Self, String> {
        let csv = directory.join("firms.csv");
        std::fs::create_dir_all(directory)
            .and_then(|()| city.csv(&csv))
            .map_err(|error| format!("{}: {error}", csv.display()))?;
        Ok(Self {
            roaring: roaring::Bitmaps::of(city, ROARING),
            zen: zen::Zen::of(city, ZEN)?,
            columns: python.map(|python| Columns::start(python, city, &csv)).transpose()?,
            postgres: Postgres::start(city, &csv)?,
        })
    }

    fn agree(&self, city: &City, ours: &[Answer]) -> Result<(), String> {
        let compared = |name: &str, theirs: &[Answer]| match theirs.iter().zip(ours).position(|(a, b)| a != b) {
            Some(item) => {
                Err(format!("{name} says {:?} and ours {:?} of {}", theirs[item], ours[item], city.rules[item].text()))
            }
            None => Ok(()),
        };
        compared("roaring", &self.roaring.answers())?;
        self.zen.agrees(city)?;
        if let Some(columns) = &self.columns {
            compared("polars", &columns.answers("polars")?)?;
            compared("duckdb", &columns.answers("duckdb")?)?;
        }
        if let Some(postgres) = &self.postgres {
            compared("postgres", &postgres.answers()?)?;
        }
        Ok(())
    }

    /// What went wrong in a round.
    fn failed(&self) -> Option<String> {
        let columns = self.columns.as_ref().and_then(Columns::failed);
        columns.or_else(|| self.postgres.as_ref().and_then(Postgres::failed))
    }

    fn enter<'e>(&'e self, table: &mut Table<'e>) {
        let all = usize::MAX;
        table.enter("roaring 0.12, the same plan", (ROARING, all), || self.roaring.count());
        table.enter("zen-expression 2.1, one thread", ZEN, || self.zen.run());
        if let Some(columns) = &self.columns {
            table.enter("Polars 2.1, 50 rules a select", (POLARS, all), || columns.time("polars"));
            table.enter("DuckDB 2.0, 10 rules a scan", (DUCKDB, all), || columns.time("duckdb"));
            table.enter(report::ONE_DUCKDB, (1, all), || columns.time("one"));
        }
        if let Some(postgres) = &self.postgres {
            table.enter("PostgreSQL, one rule a query", (POSTGRES, all), || postgres.time());
        }
    }
}
