//! One file per page: what it reads, and how that becomes its view.

pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod enterprise;
pub(crate) mod feedback;
pub(crate) mod guide;
pub(crate) mod mailbox;
pub(crate) mod opened;
pub(crate) mod policy;
pub(crate) mod receiver;
pub(crate) mod search;
pub(crate) mod share;
pub(crate) mod unsubscribe;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use domain::matching::Entry;

use crate::error::Error;
use crate::markdown::SafeHtml;
use crate::state::State;
use crate::templates::View;
use crate::views::ItemRow;
use crate::words;

/// A page as HTML.
pub(crate) fn page<V: View>(state: &State, view: &V) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(state.render(view)?))
}

/// One item as a line of a list.
pub(crate) fn item_row(entry: &Entry, day: NaiveDate) -> ItemRow {
    let revision = &entry.item.revision;
    let mut badges =
        vec![words::window_badge(&entry.window(day), day), words::mode_badge(revision.mode, revision.quota)];
    badges.extend(words::synthetic_badge(entry, day));
    ItemRow {
        href: format!("/items/{}", entry.item.code),
        name: SafeHtml::text(&revision.name),
        badges,
        amount: revision.amount_text.clone(),
        coverage: words::coverage_notice(revision.coverage),
    }
}

/// Names of the files with this extension, in order; a folder that does not exist yet holds none.
async fn files(folder: &std::path::Path, extension: &str) -> Result<Vec<String>, Error> {
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        let path = std::path::PathBuf::from(entry.file_name());
        let matches = path.extension().is_some_and(|found| found == extension);
        names.extend(path.to_str().filter(|_| matches).map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}
