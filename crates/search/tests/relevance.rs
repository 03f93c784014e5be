//! Relevance over a real library kept beside the repository, where there is one.

#![expect(clippy::print_stdout, reason = "a test harness prints its figures")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use search::judge::{judge, judge_variants, read_library, read_queries};
use search::{Dictionary, Index};

/// The least nDCG@10 that may land.
const FLOOR: f64 = 0.93;
/// Share of the originals' figure that every other spelling keeps at least.
const KEPT: f64 = 0.87;

#[expect(clippy::disallowed_methods, reason = "a test harness is told by the environment where material lies")]
fn material() -> Option<PathBuf> {
    let named = std::env::var("HANQITONG_SHARED_DATA").ok().map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    named.into_iter().chain([beside]).find(|directory| directory.join("queries.jsonl").is_file())
}

#[test]
fn judged_queries_find_their_policies_in_a_real_library() {
    let Some(directory) = material() else {
        println!("skipped: no judged library beside the repository");
        return;
    };
    let documents = read_library(&fs::read_to_string(directory.join("policies.jsonl")).unwrap()).unwrap();
    let queries = read_queries(&fs::read_to_string(directory.join("queries.jsonl")).unwrap()).unwrap();
    let index = Index::in_memory(Dictionary::builtin()).unwrap();
    index.replace_all(&documents, 1).unwrap();
    let today = "2026-11-23".parse().unwrap();
    let report = judge(&index, &queries, today).unwrap();
    println!(
        "open {:.4} of {}, held back {:.4} of {}",
        report.open.ndcg_at_10, report.open.queries, report.held_back.ndcg_at_10, report.held_back.queries
    );
    let variants = judge_variants(&index, &queries, Dictionary::builtin(), today).unwrap();
    for one in &variants {
        println!("{:?} n={} {:.4} -> {:.4} kept {:.3}", one.variant, one.queries, one.original, one.varied, one.kept);
        assert!(one.kept >= KEPT, "{one:?}");
    }
    print(&report.overall, &report.classes);
    for verdict in &report.worst {
        println!("{:.2} {} {:?}", verdict.ndcg_at_10, verdict.query, verdict.came);
    }
    assert!(report.overall.ndcg_at_10 >= FLOOR, "nDCG@10 {:.4} is under {FLOOR}", report.overall.ndcg_at_10);
}

fn print(overall: &search::judge::Figures, classes: &BTreeMap<String, search::judge::Figures>) {
    println!("{:>16} {:>4} {:>8} {:>9} {:>6} {:>5}", "class", "n", "nDCG@10", "recall@20", "MRR", "zero");
    for (class, figures) in classes.iter().map(|(class, figures)| (class.as_str(), figures)).chain([("all", overall)]) {
        println!(
            "{class:>16} {:>4} {:>8.4} {:>9.4} {:>6.4} {:>5.2}",
            figures.queries, figures.ndcg_at_10, figures.recall_at_20, figures.mrr, figures.zero_rate
        );
    }
}
