//! Relevance over a real library kept beside the repository, where there is one.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test harness fails loudly and prints its figures")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use domain::{Level, Window};
use search::judge::{Judged, judge};
use search::{Area, Dictionary, Document, Index, Timeline};
use serde::Deserialize;

/// The least nDCG@10 that may land.
const FLOOR: f64 = 0.90;

/// A policy as the judged library has it.
#[derive(Deserialize)]
struct Raw {
    id: String,
    title: String,
    doc_number: Option<String>,
    issuer: Option<String>,
    level: Level,
    region: Option<String>,
    published: Option<String>,
    text: String,
}

impl Raw {
    fn into_document(self) -> Document {
        let published = self.published.unwrap_or_default();
        // A year or a month alone counts as its first day.
        let padded = match published.len() {
            4 => format!("{published}-01-01"),
            7 => format!("{published}-01"),
            _ => published,
        };
        Document {
            code: self.id,
            title: self.title,
            document_numbers: self.doc_number.into_iter().collect(),
            issuers: self.issuer.into_iter().collect(),
            level: self.level,
            areas: self.region.into_iter().map(|name| Area { code: name.clone(), name }).collect(),
            published_on: padded.parse().ok(),
            summary: String::new(),
            body: self.text,
            window: Timeline::constant(Window::Unannounced),
            items: Vec::new(),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test harness is told by the environment where material lies")]
fn material() -> Option<PathBuf> {
    let named = std::env::var("HANQITONG_SHARED_DATA").ok().map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    named.into_iter().chain([beside]).find(|directory| directory.join("queries.jsonl").is_file())
}

fn read<T: serde::de::DeserializeOwned>(path: PathBuf) -> Vec<T> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn judged_queries_find_their_policies_in_a_real_library() {
    let Some(directory) = material() else {
        println!("skipped: no judged library beside the repository");
        return;
    };
    let library: Vec<Raw> = read(directory.join("policies.jsonl"));
    let queries: Vec<Judged> = read(directory.join("queries.jsonl"));
    let documents: Vec<Document> = library.into_iter().map(Raw::into_document).collect();
    let index = Index::in_memory(Dictionary::builtin()).unwrap();
    index.replace_all(&documents, 1).unwrap();
    let report = judge(&index, &queries, "2026-11-23".parse().unwrap()).unwrap();
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
