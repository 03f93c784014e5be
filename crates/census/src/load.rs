//! The city read from the database, page by page.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::{EnterpriseOrdinal, Scope};
use rules::Reference;
use storage::Store;

use crate::city::City;
use crate::error::Error;
use crate::library::Library;

/// Enterprises read in one page.
const PAGE: u64 = 500;

/// Reads everybody, not yet settled. What is written meanwhile is in the feed behind the sequence of the city.
pub(crate) async fn city(
    store: &Store,
    reference: &Arc<Reference>,
    day: NaiveDate,
    threads: usize,
    mut progress: impl FnMut(usize),
) -> Result<City, Error> {
    let Library { matcher, seq } = Library::load(store, reference).await?;
    let mut city = City::empty(matcher, Arc::clone(reference), day, seq, threads);
    let mut after: Option<EnterpriseOrdinal> = None;
    loop {
        let page = store.page_enterprises(&Scope::System, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        for enterprise in &page {
            city.add(enterprise.ordinal, enterprise.revision, &enterprise.profile);
        }
        progress(city.enterprises());
    }
    Ok(city)
}
