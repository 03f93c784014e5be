//! Asks the index; while it is empty or broken, answers from the library itself.

use std::sync::Arc;

use domain::matching::Entry;
use domain::{Coverage, Policy, Window};
use search::{Facets, Filters, Hit, HitItem, Query, Results, Status, fold, mark};

use crate::asking::Asking;
use crate::error::Error;
use crate::shelf::Shelf;
use crate::state::State;

/// What was found, and whether by the index.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) results: Results,
    pub(crate) complete: bool,
}

pub(crate) async fn find(state: &State, shelf: &Arc<Shelf>, asking: &Asking, limit: usize) -> Result<Finding, Error> {
    let near = state.reference().areas.path(&state.parts.area).iter().map(ToString::to_string).collect();
    let query = Query::new(&asking.text, state.day())
        .filtered(asking.filters.clone())
        .near(near)
        .sorted(asking.sort)
        .page(asking.offset, limit);
    let index = state.parts.index.clone();
    let shelf = Arc::clone(shelf);
    let job = move || match index.position().map(|_| index.search(&query)) {
        Some(Ok(results)) => Finding { results, complete: true },
        Some(Err(error)) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "search index failed, answering from the library"
            );
            Finding { results: from_library(&shelf, &query), complete: false }
        }
        None => Finding { results: from_library(&shelf, &query), complete: false },
    };
    actix_web::web::block(job).await.map_err(|_| Error::Stopped)
}

/// Every word must stand in title, summary or an item's name. No ranking, no facets.
fn from_library(shelf: &Shelf, query: &Query) -> Results {
    let terms: Vec<String> = query.text().split_whitespace().map(fold).collect();
    let found: Vec<Hit> = shelf.policies.iter().filter_map(|policy| hit(shelf, policy, query, &terms)).collect();
    Results {
        total: found.len(),
        hits: found.into_iter().skip(query.offset()).take(query.limit()).collect(),
        folded: 0,
        facets: Facets::default(),
        relaxed: false,
        truncated: query.is_truncated(),
        nothing_named: false,
        read_as: None,
        position: None,
    }
}

fn hit(shelf: &Shelf, policy: &Policy, query: &Query, terms: &[String]) -> Option<Hit> {
    let revision = &policy.revision;
    let admitted = query.filters.levels.is_empty() || query.filters.levels.contains(&revision.level);
    let entries: Vec<&Entry> = shelf.items_of(policy).collect();
    let names = entries.iter().map(|entry| entry.item.revision.name.as_str());
    let text: String = names.chain([revision.title.as_str(), &revision.summary]).map(fold).collect();
    if !admitted || !terms.iter().all(|term| text.contains(term.as_str())) {
        return None;
    }
    let items: Vec<HitItem> =
        entries.iter().map(|entry| hit_item(entry, query, terms)).filter(|item| passes(&query.filters, item)).collect();
    let narrowed = !query.filters.categories.is_empty() || !query.filters.statuses.is_empty();
    if narrowed && items.is_empty() {
        return None;
    }
    let window =
        items.iter().map(|item| item.window.clone()).min_by_key(Window::urgency).unwrap_or(Window::Unannounced);
    Some(Hit {
        code: policy.code.clone(),
        title: revision.title.clone(),
        title_html: mark(&revision.title, terms),
        snippet_html: mark(&revision.summary, terms),
        document_numbers: revision.document_numbers.clone(),
        issuers: revision.issuers.clone(),
        level: revision.level,
        area: None,
        published_on: revision.published_on,
        coverage: items.iter().map(|item| item.coverage).max().unwrap_or(Coverage::None),
        status: Status::of(&window),
        window,
        score: 0.0,
        item_total: items.len(),
        items,
    })
}

fn hit_item(entry: &Entry, query: &Query, terms: &[String]) -> HitItem {
    let revision = &entry.item.revision;
    let window = entry.window(query.today);
    HitItem {
        code: entry.item.code.clone(),
        name: revision.name.clone(),
        name_html: mark(&revision.name, terms),
        summary: revision.summary.clone(),
        level: revision.level,
        area: revision.area.clone(),
        category: revision.category,
        support: revision.support,
        mode: revision.mode,
        coverage: revision.coverage,
        amount_text: revision.amount_text.clone(),
        status: Status::of(&window),
        window,
        upper: Vec::new(),
    }
}

fn passes(filters: &Filters, item: &HitItem) -> bool {
    (filters.categories.is_empty() || filters.categories.contains(&item.category))
        && (filters.statuses.is_empty() || filters.statuses.contains(&item.status))
}
