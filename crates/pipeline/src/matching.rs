//! Step 3: every enterprise against every item, by columns.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use census::{City, Earlier, ItemTally, Matched, Tally};
use domain::{Coverage, Scope, Standing};
use storage::MatchResult;

use crate::context::Context;
use crate::error::Error;

/// Counts of a full match.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct MatchReport {
    pub as_of_revision: i64,
    pub enterprises: usize,
    pub items: usize,
    /// What the conditions became.
    pub compiled: Compiled,
    /// 差一点 is counted as 不符合: telling them apart takes an explanation of each pair.
    pub standings: BTreeMap<Standing, u64>,
    /// Enterprises with at least one match whose window is open.
    pub actionable: u64,
    /// Per item code: how many are 符合 or 基本符合.
    pub matched: BTreeMap<String, u64>,
    /// Per item code with a recorded condition.
    pub by_item: BTreeMap<String, ItemCount>,
    /// Against the result stored last, where there is one.
    pub changed: Option<Changed>,
    pub stages: Stages,
}

/// What the conditions of all items became: none is judged pair by pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Compiled {
    /// Distinct expressions, and those of them that are worked out from others.
    pub expressions: usize,
    pub derived: usize,
    /// Distinct comparisons, memberships and counts, each answered once for every item that asks it.
    pub questions: usize,
    /// Those of them whose two sides both vary from enterprise to enterprise: compared row by row into bits.
    pub compared_row_by_row: usize,
}

impl Compiled {
    fn of(city: &City) -> Self {
        let report = city.report();
        Self {
            expressions: report.terms,
            derived: report.derived_terms,
            questions: report.atoms,
            compared_row_by_row: report.compared,
        }
    }
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
    /// Sets of everybody who matches, in the form they are stored in.
    pub encode: u64,
    pub compare: u64,
    pub store: u64,
    /// Writing the rows down for the next start.
    pub keep: u64,
}

/// What has changed since a result was stored last.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Changed {
    /// Sequence of the change feed the earlier result was true for.
    pub since_revision: i64,
    /// Per item code, where anybody matches who did not, or no longer does.
    pub items: BTreeMap<String, DeltaCount>,
    /// Items with a live window that had no result.
    pub new_items: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct DeltaCount {
    pub gained: u64,
    pub lost: u64,
}

/// Every enterprise against every item, as of the newest change; compared with what was stored last, and stored in its
/// place. A look from another day than today is compared only.
pub async fn run(cx: &Context) -> Result<MatchReport, Error> {
    let followed = cx.census.follow(cx.today()).await?;
    let earlier = Earlier::load(&cx.store).await?;
    let at = cx.now();
    let (mut report, results) = cx.census.ask(move |city| look(city, &earlier, at)).await??;
    report.stages.load = millis(followed.reading);
    report.stages.derive = millis(followed.deriving);
    if cx.settings.as_of.is_none() {
        let started = Instant::now();
        let mut tx = cx.store.begin().await?;
        tx.replace_match_results(&Scope::System, &results).await?;
        tx.commit().await?;
        report.stages.store = millis(started.elapsed());
    }
    let started = Instant::now();
    cx.census.keep().await?;
    report.stages.keep = millis(started.elapsed());
    Ok(report)
}

fn look(city: &City, earlier: &Earlier, at: domain::Instant) -> Result<(MatchReport, Vec<MatchResult>), census::Error> {
    let mut report = report(city);
    let started = Instant::now();
    let matched = Matched::of(city);
    let results = matched.results(city, at)?;
    report.stages.encode = millis(started.elapsed());
    let started = Instant::now();
    report.changed = changed(city, earlier, &matched);
    report.stages.compare = millis(started.elapsed());
    Ok((report, results))
}

/// `None` where nothing was stored before.
fn changed(city: &City, earlier: &Earlier, matched: &Matched) -> Option<Changed> {
    let mut changed = Changed { since_revision: earlier.seq?, ..Changed::default() };
    for (entry, sets) in city.matcher().entries().iter().zip(&matched.0) {
        let Some(sets) = sets else { continue };
        match earlier.delta(entry.item.id, sets) {
            None => changed.new_items.push(entry.item.code.clone()),
            Some(delta) if delta.gained.is_empty() && delta.lost.is_empty() => {}
            Some(delta) => {
                let count = DeltaCount { gained: delta.gained.len(), lost: delta.lost.len() };
                changed.items.insert(entry.item.code.clone(), count);
            }
        }
    }
    Some(changed)
}

/// The counts alone.
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
        compiled: Compiled::of(city),
        standings: tally.standings,
        actionable: tally.actionable,
        matched: matched.filter(|(_, count)| *count > 0).collect(),
        by_item,
        changed: None,
        stages,
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
