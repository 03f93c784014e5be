//! Relevance over our own seeds: a judged set that gates, and ten strangers' queries that were written before any tuning.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fail")]

use std::sync::Arc;

use domain::Instant;
use pipeline::ingest::{embedded, load_seeds, store_seeds};
use rules::Reference;
use search::judge::{Judged, figures, judge};
use search::{Dictionary, Index, Query};
use storage::{Actor, Store};
use tempfile::TempDir;

const AT: Instant = Instant(1_795_392_000_000);
const DAY: &str = "2026-11-23";

const JUDGED: &str = include_str!("relevance/judged.jsonl");
/// Written as an owner or a citizen would type, before the method was touched, and never tuned for. On that day
/// nine of the ten found their policy in the first three, and 甲方是国企一直不给我结货款 did not find it at all.
const STRANGERS: &str = include_str!("relevance/strangers.jsonl");

/// 货款 is said 款项 in the regulation; nothing in the method bridges the two yet, and no line was added for it.
const KNOWN_MISSES: usize = 1;

fn read(lines: &str) -> Vec<Judged> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The seeds as a fresh installation has them, indexed.
async fn seeds() -> (TempDir, Index) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("hanqitong.db").display());
    migrations::apply(&url).await.unwrap();
    let store = Store::connect(&url, 2, Arc::new(Reference::builtin().clone())).await.unwrap();
    let seeds = load_seeds(embedded().iter().copied(), Reference::builtin()).unwrap();
    store_seeds(&store, &seeds, &Actor::new("seed"), AT).await.unwrap();
    let (documents, seq) = pipeline::index::documents(&store, Reference::builtin(), |_| ()).await.unwrap();
    let index = Index::in_memory(Dictionary::builtin()).unwrap();
    index.replace_all(&documents, seq).unwrap();
    (dir, index)
}

#[tokio::test]
async fn owners_queries_find_the_seed_they_mean() {
    let (_dir, index) = seeds().await;
    let queries = read(JUDGED);
    assert!(queries.len() >= 60, "{} queries", queries.len());
    let report = judge(&index, &queries, DAY.parse().unwrap()).unwrap();
    println!("{:?}", report.overall);
    for (class, figures) in &report.classes {
        println!("{class:>10} {figures:?}");
    }
    for one in &report.worst {
        println!("{:.2} {} {:?}", one.ndcg_at_10, one.query, one.came);
    }
    assert!(report.overall.ndcg_at_10 >= 0.90, "{:?}\n{:#?}", report.overall, report.worst);
    assert!(report.overall.zero_rate == 0.0, "{:?}", report.overall);
}

#[tokio::test]
async fn a_strangers_ten_queries_find_their_policy_in_the_first_three() {
    let (_dir, index) = seeds().await;
    let mut missed = Vec::new();
    for judged in read(STRANGERS) {
        let results = index.search(&Query::new(&judged.query, DAY.parse().unwrap()).page(0, 20)).unwrap();
        let came: Vec<String> = results.hits.into_iter().map(|hit| hit.code).collect();
        let first_three = &came[..came.len().min(3)];
        let place = figures(&came, &judged.relevant).mrr;
        println!("{} 1/rank {place:.2} {first_three:?}", judged.query);
        if judged.relevant.iter().all(|wanted| !first_three.contains(&wanted.code)) {
            missed.push(judged.query);
        }
    }
    assert!(missed.len() <= KNOWN_MISSES, "not in the first three: {missed:#?}");
}
