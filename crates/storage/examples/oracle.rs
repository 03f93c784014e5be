//! Asks random, small-world, seed and notice conditions of random and made-up firms in SQL and of columns, and compares every
//! pair with the scalar evaluator: `cargo run --release -p storage --example oracle -- sqlite 2000 100` (engine, random conditions,
//! firms of each kind). The first difference ends it with the firm and the query.

#![expect(clippy::unwrap_used, reason = "a tool for tests fails by panicking")]

#[path = "../tests/oracle/mod.rs"]
mod oracle;

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use rules::Reference;
use storage::Store;

use oracle::{City, Question, notices, random_firms, random_questions, seed_questions, small_world, today};

/// Small-world conditions asked of one another's firms at a time.
const WORLD: u64 = 100;

enum Guard {
    Directory(tempfile::TempDir),
    Database(cluster::Database),
}

impl Guard {
    fn of(engine: &str) -> Option<Self> {
        match engine {
            "sqlite" => tempfile::tempdir().ok().map(Self::Directory),
            "postgres" => cluster::database().map(Self::Database),
            _ => None,
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Directory(directory) => format!("sqlite://{}", directory.path().join("oracle.db").display()),
            Self::Database(database) => database.url().to_owned(),
        }
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let engine = arguments.next().unwrap_or_else(|| "sqlite".to_owned());
    let mut number = |default: u64| arguments.next().and_then(|word| word.parse().ok()).unwrap_or(default);
    let (conditions, firms) = (number(2_000), number(100));
    told(&format!(
        "{:12} {:>10} {:>10} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8}",
        engine, "columns", "pairs", "met", "unknown", "beyond", "asked", "refused", "seconds"
    ));
    let count = usize::try_from(conditions).unwrap_or(usize::MAX);
    compare(&engine, "random", random_firms(conditions, firms), random_questions(count)).await;
    for world in 0..firms.div_ceil(WORLD) {
        let (firms, questions) = small_world(1_000 + world * WORLD..1_000 + (world + 1) * WORLD);
        compare(&engine, "small world", firms, questions).await;
    }
    let city = domain::synthetic::enterprises(11, u32::try_from(firms).unwrap_or(u32::MAX), today());
    compare(&engine, "seeds", city, seed_questions()).await;
    let (enterprises, questions) = notices();
    compare(&engine, "notices", enterprises, questions).await;
}

/// One kind of firms and questions, in a database of their own.
async fn compare(
    engine: &str,
    kind: &str,
    firms: impl IntoIterator<Item = rules::Profile>,
    questions: impl IntoIterator<Item = Question>,
) {
    let guard = Guard::of(engine).unwrap_or_else(|| panic!("no engine `{engine}`: sqlite or postgres"));
    migrations::apply(&guard.url()).await.unwrap();
    let store = Store::connect(&guard.url(), 4, Arc::new(Reference::builtin().clone())).await.unwrap();
    let city = City::build(&store, firms).await;
    let questions: Vec<Question> = questions.into_iter().collect();
    let columns = city.columns_agree(&questions);
    let begun = Instant::now();
    let tried = city.ask_all(questions).await;
    let seconds = begun.elapsed().as_secs();
    told(&format!(
        "{kind:12} {columns:>10} {:>10} {:>9} {:>9} {:>9} {:>8} {:>8} {seconds:>8}",
        tried.pairs, tried.met, tried.unknown, tried.beyond, tried.conditions, tried.refused
    ));
    drop(city);
    store.close().await.unwrap();
}

fn told(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
