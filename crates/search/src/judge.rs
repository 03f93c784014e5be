//! Relevance as a number: a judged set of queries against an index.

mod material;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use material::{Unreadable, read_library, read_queries};
pub use variants::{Variant, VariantFigures, judge_variants};

use crate::Error;
use crate::index::Index;
use crate::query::Query;

/// Depth of nDCG: the first page.
const NDCG_DEPTH: usize = 10;
/// Depth of recall.
const RECALL_DEPTH: usize = 20;
/// Queries listed as the worst.
const WORST: usize = 10;

/// A query with what a careful person found relevant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub query: String,
    /// Kind of the query, e.g. `docno`; figures are given per class.
    #[serde(rename = "type", default)]
    pub class: String,
    pub relevant: Vec<Judgement>,
}

/// A relevant policy: 2 answers the query, 1 is related.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    #[serde(rename = "id")]
    pub code: String,
    pub grade: u8,
}

/// Means over a set of queries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    pub queries: usize,
    /// Normalised discounted cumulative gain of the first 10, gain 2^grade − 1.
    pub ndcg_at_10: f64,
    /// Share of the relevant policies among the first 20.
    pub recall_at_20: f64,
    /// Mean reciprocal rank of the first relevant policy among the first 20.
    pub mrr: f64,
    /// Share of queries without any hit.
    pub zero_rate: f64,
}

impl Judged {
    /// Whether this query is only scored, never tuned on.
    pub fn is_held_back(&self) -> bool {
        Sha256::digest(self.query.as_bytes())[0] % 4 == 0
    }
}

/// How one query went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    pub query: String,
    pub class: String,
    pub ndcg_at_10: f64,
    /// What came, first page.
    pub came: Vec<String>,
}

/// Figures over all queries, per class, and the open queries that went worst.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub overall: Figures,
    /// The queries the method may be tuned on.
    pub open: Figures,
    /// The quarter of the queries, chosen by their hash, that is only ever scored.
    pub held_back: Figures,
    pub classes: BTreeMap<String, Figures>,
    pub worst: Vec<Verdict>,
}

/// Runs every query on `today`.
///
/// # Errors
/// Those of [`Index::search`].
pub fn judge(index: &Index, queries: &[Judged], today: NaiveDate) -> Result<Report, Error> {
    let mut by_class: BTreeMap<String, Vec<Figures>> = BTreeMap::new();
    let (mut open, mut held_back) = (Vec::new(), Vec::new());
    let mut verdicts = Vec::with_capacity(queries.len());
    for judged in queries {
        let results = index.search(&Query::new(&judged.query, today).page(0, RECALL_DEPTH))?;
        let mut came: Vec<String> = results.hits.into_iter().map(|hit| hit.code).collect();
        let figures = figures(&came, &judged.relevant);
        by_class.entry(judged.class.clone()).or_default().push(figures);
        if judged.is_held_back() {
            held_back.push(figures);
            continue;
        }
        open.push(figures);
        came.truncate(NDCG_DEPTH);
        let (query, class) = (judged.query.clone(), judged.class.clone());
        verdicts.push(Verdict { query, class, ndcg_at_10: figures.ndcg_at_10, came });
    }
    verdicts.sort_by(|left, right| left.ndcg_at_10.total_cmp(&right.ndcg_at_10));
    verdicts.truncate(WORST);
    let overall = mean(by_class.values().flatten());
    let classes = by_class.iter().map(|(class, figures)| (class.clone(), mean(figures))).collect();
    Ok(Report { overall, open: mean(&open), held_back: mean(&held_back), classes, worst: verdicts })
}

/// The figures of one ranked list.
pub fn figures(ranked: &[String], relevant: &[Judgement]) -> Figures {
    let grades: BTreeMap<&str, u8> = relevant.iter().map(|judged| (judged.code.as_str(), judged.grade)).collect();
    let gain = |code: &String| gain(grades.get(code.as_str()).copied().unwrap_or(0));
    let mut ideal: Vec<f64> = relevant.iter().map(|judged| self::gain(judged.grade)).collect();
    ideal.sort_by(|left, right| right.total_cmp(left));
    let best = discounted(ideal.into_iter());
    let found: BTreeSet<&String> =
        ranked.iter().take(RECALL_DEPTH).filter(|code| grades.contains_key(code.as_str())).collect();
    let first = ranked.iter().take(RECALL_DEPTH).position(|code| grades.contains_key(code.as_str()));
    Figures {
        queries: 1,
        ndcg_at_10: if best > 0.0 { discounted(ranked.iter().map(gain)) / best } else { 0.0 },
        recall_at_20: share(found.len(), grades.len()),
        mrr: first.map_or(0.0, |place| share(1, place + 1)),
        zero_rate: if ranked.is_empty() { 1.0 } else { 0.0 },
    }
}

fn gain(grade: u8) -> f64 {
    f64::from(grade).exp2() - 1.0
}

fn discounted(gains: impl Iterator<Item = f64>) -> f64 {
    gains.take(NDCG_DEPTH).zip(2_u8..).map(|(gain, place)| gain / f64::from(place).log2()).sum()
}

#[expect(clippy::cast_precision_loss, reason = "counts of queries and policies are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn mean<'a>(figures: impl IntoIterator<Item = &'a Figures>) -> Figures {
    let mut sum = Figures::default();
    for one in figures {
        sum.queries += one.queries;
        sum.ndcg_at_10 += one.ndcg_at_10;
        sum.recall_at_20 += one.recall_at_20;
        sum.mrr += one.mrr;
        sum.zero_rate += one.zero_rate;
    }
    let each = share(1, sum.queries);
    Figures {
        queries: sum.queries,
        ndcg_at_10: sum.ndcg_at_10 * each,
        recall_at_20: sum.recall_at_20 * each,
        mrr: sum.mrr * each,
        zero_rate: sum.zero_rate * each,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    fn judgements(grades: &[(&str, u8)]) -> Vec<Judgement> {
        grades.iter().map(|(code, grade)| Judgement { code: (*code).to_owned(), grade: *grade }).collect()
    }

    #[test]
    fn the_ideal_order_scores_one_and_an_empty_list_nothing() {
        let relevant = judgements(&[("a", 2), ("b", 1)]);
        let perfect = figures(&codes(&["a", "b", "x"]), &relevant);
        assert!((perfect.ndcg_at_10 - 1.0).abs() < 1e-12 && (perfect.recall_at_20 - 1.0).abs() < 1e-12, "{perfect:?}");
        let nothing = figures(&[], &relevant);
        assert!(nothing.ndcg_at_10.abs() < 1e-12 && (nothing.zero_rate - 1.0).abs() < 1e-12, "{nothing:?}");
    }

    #[test]
    fn gains_are_discounted_by_place_as_in_the_textbook() {
        let relevant = judgements(&[("a", 2), ("b", 1)]);
        let swapped = figures(&codes(&["b", "x", "a"]), &relevant);
        let expected = (1.0 + 3.0 / 2.0) / (3.0 + 1.0 / 3_f64.log2());
        assert!((swapped.ndcg_at_10 - expected).abs() < 1e-12, "{swapped:?}");
        let late = figures(&codes(&["x", "y", "a"]), &relevant);
        assert!((late.mrr - 1.0 / 3.0).abs() < 1e-12 && (late.recall_at_20 - 0.5).abs() < 1e-12, "{late:?}");
    }
}
