//! Step 3: every enterprise against every item, by columns.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use census::{City, ItemTally, Tally};
use domain::{Coverage, Standing};

use crate::context::Context;
use crate::error::Error;

/// Counts of a full match.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct MatchReport {
    pub as_of_revision: i64,
    pub enterprises: usize,
    pub items: usize,
    /// Conditions no column could answer, judged for each enterprise by itself.
    pub judged_pair_by_pair: usize,
    /// 差一点 is counted as 不符合: telling them apart takes an explanation of each pair.
    pub standings: BTreeMap<Standing, u64>,
    /// Enterprises with at least one match whose window is open.
    pub actionable: u64,
    /// Per item code: how many are 符合 or 基本符合.
    pub matched: BTreeMap<String, u64>,
    /// Per item code with a recorded condition.
    pub by_item: BTreeMap<String, ItemCount>,
    pub stages: Stages,
}

/// What one item comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ItemCount {
    pub met: u64,
    pub almost_met: u64,
    /// 待补信息
    pub open: u64,
    /// Only a fully recorded condition tells anybody that it is met.
    pub coverage: Coverage,
}

/// Milliseconds each stage took.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Stages {
    pub load: u64,
    pub derive: u64,
    pub count: u64,
}

/// Every enterprise against every item, as of the newest change.
pub async fn run(cx: &Context) -> Result<MatchReport, Error> {
    let followed = cx.census.follow(cx.today()).await?;
    let mut report = cx.census.ask(report).await?;
    report.stages.load = millis(followed.reading);
    report.stages.derive = millis(followed.deriving);
    Ok(report)
}

fn report(city: &City) -> MatchReport {
    let started = Instant::now();
    let tally = Tally::of(city);
    let stages = Stages { count: millis(started.elapsed()), ..Stages::default() };
    let entries = city.matcher().entries();
    let counted = entries.iter().zip(&tally.items).filter(|(entry, _)| entry.rule.is_some());
    let by_item: BTreeMap<String, ItemCount> = counted
        .map(|(entry, ItemTally { met, almost_met, open })| {
            let coverage = entry.item.revision.coverage;
            (entry.item.code.clone(), ItemCount { met: *met, almost_met: *almost_met, open: *open, coverage })
        })
        .collect();
    let matches = by_item.iter().filter(|(_, count)| count.coverage == Coverage::Full);
    let matched = matches.map(|(code, count)| (code.clone(), count.met + count.almost_met));
    MatchReport {
        as_of_revision: city.seq(),
        enterprises: city.enterprises(),
        items: entries.len(),
        judged_pair_by_pair: 0,
        standings: tally.standings,
        actionable: tally.actionable,
        matched: matched.filter(|(_, count)| *count > 0).collect(),
        by_item,
        stages,
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
