//! `search QUERY`: the library by words and facets.

use domain::{Category, Level};
use search::{Filters, Query, Status};
use serde::de::DeserializeOwned;

use crate::app::{self, Options};
use crate::cli::Search;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn run(config: &Config, args: &Search) -> Result<(), Failure> {
    let cx = app::open(config, Options::default()).await?;
    // Another process may own the index and be a moment behind; what is here is still the answer.
    if let Err(error) = pipeline::index::follow(&cx).await {
        tracing::warn!(%error, "answering from the index as it is");
    }
    let filters = filters(args, &cx.reference)?;
    let query = Query::new(&args.query.join(" "), cx.today()).filtered(filters).page(0, args.limit);
    let results = cx.index.search(&query)?;
    if args.json.json {
        return Ok(output::json(&results)?);
    }
    for (place, hit) in results.hits.iter().enumerate() {
        let area = hit.area.as_ref().map_or("", |area| area.name.as_str());
        output::line(format!("{:>2}. {}  [{area} · {}]  {}", place + 1, hit.title, hit.window.label(), hit.code))?;
        for item in &hit.items {
            output::line(format!("      · {}  {}  {}", item.name, item.window.label(), item.code))?;
        }
    }
    let note = if results.relaxed { "(没有同时含全部词语的政策,以下含其中之一)" } else { "" };
    Ok(output::line(format!("共 {} 份{note}", results.total))?)
}

fn filters(args: &Search, reference: &rules::Reference) -> Result<Filters, Failure> {
    Ok(Filters {
        levels: words("--level", &args.level, &LEVELS)?,
        areas: args.area.iter().map(|name| area(name, reference)).collect::<Result<_, _>>()?,
        categories: codes::<Category>("--category", &args.category)?,
        statuses: codes::<Status>("--status", &args.status)?,
    })
}

const LEVELS: [(&str, Level); 4] =
    [("国家", Level::National), ("省", Level::Province), ("市", Level::City), ("区", Level::District)];

fn words<T: Copy>(flag: &str, given: &[String], known: &[(&str, T)]) -> Result<Vec<T>, Failure> {
    given
        .iter()
        .map(|word| {
            known.iter().find(|(name, _)| name == word).map(|(_, value)| *value).ok_or_else(|| {
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                Failure::bad_input(format!("{flag} 没有「{word}」;可选:{}", names.join("、")))
            })
        })
        .collect()
}

/// Codes as in the API, e.g. `finance`, `open`.
fn codes<T: DeserializeOwned>(flag: &str, given: &[String]) -> Result<Vec<T>, Failure> {
    given
        .iter()
        .map(|code| {
            serde_json::from_value(serde_json::Value::String(code.clone())).map_err(|error| {
                let known = error.to_string();
                let known = known.split("expected ").nth(1).unwrap_or(&known).to_owned();
                Failure::bad_input(format!("{flag} 没有「{code}」;可选:{known}"))
            })
        })
        .collect()
}

fn area(name: &str, reference: &rules::Reference) -> Result<String, Failure> {
    if reference.areas.name(name).is_some() {
        return Ok(name.to_owned());
    }
    let code = reference.areas.find(name).map(str::to_owned);
    code.ok_or_else(|| Failure::bad_input(format!("--area 没有「{name}」;写行政区划名称或代码,例如 洪山区 或 420111")))
}
