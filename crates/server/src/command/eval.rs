//! `eval search`: how good the answers are, as numbers, over a judged library or the one in the database.

use std::fs;
use std::path::Path;

use search::judge::{self, Figures, Report, Unreadable, VariantFigures};
use search::{Dictionary, Index};
use serde::Serialize;

use crate::app::{self, Options};
use crate::cli::EvalSearch;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

/// Classes of fewer queries say too little to be held to a figure.
const TELLING: usize = 10;

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    report: Report,
    variants: Vec<VariantFigures>,
}

pub(super) async fn search(config: &Config, args: &EvalSearch) -> Result<(), Failure> {
    let queries = judge::read_queries(&read(&args.queries)?).map_err(|error| unreadable(&args.queries, &error))?;
    let today = args.as_of.unwrap_or_else(|| domain::Clock::now(&crate::clock::SystemClock).day(config.city.zone));
    let index = match &args.library {
        Some(file) => judged_library(file)?,
        None => {
            let cx = app::open(config, Options::default()).await?;
            pipeline::index::follow(&cx).await?;
            cx.index
        }
    };
    let report = judge::judge(&index, &queries, today)?;
    let variants = judge::judge_variants(&index, &queries, Dictionary::builtin(), today)?;
    if args.json.json {
        return Ok(output::json(&Answer { report, variants })?);
    }
    print(&report, &variants)
}

fn judged_library(file: &Path) -> Result<Index, Failure> {
    let documents = judge::read_library(&read(file)?).map_err(|error| unreadable(file, &error))?;
    let index = Index::in_memory(Dictionary::builtin())?;
    index.replace_all(&documents, 0)?;
    Ok(index)
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file)
        .map_err(|error| Failure::bad_input(format!("读不了 {}({error});须是 UTF-8 的 JSON 行文件", file.display())))
}

fn unreadable(file: &Path, error: &Unreadable) -> Failure {
    let Unreadable { line, source } = error;
    Failure::bad_input(format!("{} 第 {line} 行读不懂({source});每行一个 JSON 对象", file.display()))
}

fn print(report: &Report, variants: &[VariantFigures]) -> Result<(), Failure> {
    output::line(format!("{:>20} {:>4} {:>8} {:>9} {:>6} {:>5}", "class", "n", "nDCG@10", "recall@20", "MRR", "zero"))?;
    for (class, figures) in &report.classes {
        let mark = if figures.queries < TELLING { " (少于 10 条,不作门槛)" } else { "" };
        output::line(format!("{}{mark}", row(class, figures)))?;
    }
    output::line(row("open", &report.open))?;
    output::line(row("held back", &report.held_back))?;
    output::line(row("all", &report.overall))?;
    output::line("\n写法变体(按规则由原查询生成;kept 为保住的份额)")?;
    for one in variants {
        let name = format!("{:?}", one.variant);
        output::line(format!(
            "{name:>20} {:>4} {:>8.4} → {:.4}  kept {:.3}",
            one.queries, one.original, one.varied, one.kept
        ))?;
    }
    output::line("\n最差的 10 条(保留查询只计分,不列出)")?;
    for one in &report.worst {
        output::line(format!("{:.2}  {}  → {}", one.ndcg_at_10, one.query, one.came.join(" ")))?;
    }
    Ok(())
}

fn row(class: &str, figures: &Figures) -> String {
    format!(
        "{class:>20} {:>4} {:>8.4} {:>9.4} {:>6.4} {:>5.2}",
        figures.queries, figures.ndcg_at_10, figures.recall_at_20, figures.mrr, figures.zero_rate
    )
}
