//! The city read from the database, page by page.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::Scope;
use rules::Reference;
use storage::Store;

use crate::city::City;
use crate::error::Error;
use crate::file;
use crate::handle::Settings;
use crate::library::Library;

/// The rows of a file, not yet settled and as old as the file; `None` where there is none that can be used, and a line
/// in the log where there should be.
pub(crate) async fn kept(
    store: &Store,
    reference: &Arc<Reference>,
    day: NaiveDate,
    settings: &Settings,
) -> Result<Option<City>, Error> {
    let Some(path) = settings.file.clone() else { return Ok(None) };
    let (named, same) = (path.clone(), Arc::clone(reference));
    let kept = match tokio::task::spawn_blocking(move || file::read(&path, &same)).await? {
        Ok(kept) => kept,
        Err(trouble) => {
            tracing::warn!(file = %named.display(), error = %trouble, "the snapshot of the city is not used");
            None
        }
    };
    let Some(kept) = kept else { return Ok(None) };
    let is_ours = store.history_mark(&Scope::System, Some(kept.mark.upto)).await? == kept.mark;
    if !is_ours || kept.seq > store.latest_change(&Scope::System).await? {
        tracing::warn!(file = %named.display(), "the snapshot is of another database, or of a later state of this one");
        return Ok(None);
    }
    let library = Library::load(store, reference).await?;
    Ok(Some(City::of(library.matcher, day, kept, settings.threads).limited_to(settings.limit)))
}

/// Reads everybody, not yet settled. What is written meanwhile is in the feed behind the sequence of the city.
pub(crate) async fn city(
    store: &Store,
    reference: &Arc<Reference>,
    day: NaiveDate,
    settings: &Settings,
    mut progress: impl FnMut(usize),
) -> Result<City, Error> {
    let Library { matcher, seq } = Library::load(store, reference).await?;
    let mut city = City::empty(matcher, Arc::clone(reference), day, seq, settings.threads).limited_to(settings.limit);
    let mut pages = store.stream_enterprises(&Scope::System, None).await?;
    while let Some(page) = pages.next().await {
        for enterprise in page? {
            city.add(enterprise.ordinal, enterprise.revision, &enterprise.profile);
        }
        city.is_within_limit()?;
        progress(city.enterprises());
    }
    Ok(city)
}
