//! Step 3: the library made ready to be decided, and every enterprise against it.

use std::collections::BTreeMap;

use domain::matching::{Match, Matcher};
use domain::{Enterprise, EnterpriseOrdinal, Scope, Standing};

use crate::context::Context;
use crate::error::Error;

/// Enterprises read in one page.
const PAGE: u64 = 500;

/// The compiled library and the point of the change feed it was read at.
#[derive(Debug)]
pub struct Population {
    pub matcher: Matcher,
    /// Sequence number of the change feed: "as of revision N".
    pub seq: i64,
}

impl Population {
    /// Reads policies, items and calls once and compiles every condition.
    pub async fn load(cx: &Context) -> Result<Self, Error> {
        let library = cx.store.load_library(&Scope::System).await?;
        let (matcher, unreadable) = Matcher::new(library.policies, library.items, library.calls, &cx.reference);
        for rule in unreadable {
            tracing::error!(item.code = %rule.code, problems = ?rule.problems, "condition does not read, treated as not recorded");
        }
        Ok(Self { matcher, seq: library.seq })
    }
}

/// Counts of a full match.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct MatchReport {
    pub as_of_revision: i64,
    /// Reads of the database: the library and one per page of enterprises, never one per pair.
    pub reads: usize,
    pub enterprises: usize,
    pub items: usize,
    pub standings: BTreeMap<Standing, usize>,
    /// Enterprises with at least one match whose window is open.
    pub actionable: usize,
    /// Per item code: how many are 符合 or 基本符合.
    pub matched: BTreeMap<String, usize>,
}

/// Every enterprise against every item. One read per page of enterprises, none per pair.
pub async fn run(
    cx: &Context,
    mut progress: impl FnMut(usize),
    mut visit: impl FnMut(&Enterprise, &[Match<'_>]),
) -> Result<MatchReport, Error> {
    let population = Population::load(cx).await?;
    let mut report = MatchReport {
        as_of_revision: population.seq,
        reads: 1,
        items: population.matcher.entries().len(),
        ..MatchReport::default()
    };
    let mut after: Option<EnterpriseOrdinal> = None;
    loop {
        let page = cx.store.page_enterprises(&Scope::System, after, PAGE).await?;
        report.reads += 1;
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        for enterprise in &page {
            let matches = population.matcher.match_all(&enterprise.profile, &cx.reference, cx.today());
            note(&mut report, &matches);
            visit(enterprise, &matches);
        }
        progress(report.enterprises);
    }
    Ok(report)
}

fn note(report: &mut MatchReport, matches: &[Match<'_>]) {
    report.enterprises += 1;
    let mut actionable = false;
    for found in matches {
        *report.standings.entry(found.standing).or_default() += 1;
        if found.standing.is_match() {
            *report.matched.entry(found.entry.item.code.clone()).or_default() += 1;
            actionable |= found.window.is_open();
        }
    }
    report.actionable += usize::from(actionable);
}
