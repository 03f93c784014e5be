//! What the change feed asks of a city.

use std::collections::BTreeSet;

use domain::{EnterpriseOrdinal, Scope};
use storage::{Change, ChangeKind, Store};

use crate::error::Error;

/// Changes read at once; a longer backlog is taken in several rounds.
const BATCH: u64 = 1_000;

/// What has happened since a sequence of the feed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// Enterprises added, changed or deleted.
    pub(crate) enterprises: BTreeSet<EnterpriseOrdinal>,
    /// Whether policies, items or calls were written.
    pub(crate) is_library_changed: bool,
    /// The newest sequence seen.
    pub(crate) seq: i64,
}

impl News {
    pub(crate) async fn since(store: &Store, seq: i64) -> Result<Self, Error> {
        let mut news = Self { seq, ..Self::default() };
        loop {
            let changes = store.changes_after(&Scope::System, news.seq, BATCH).await?;
            if changes.is_empty() {
                return Ok(news);
            }
            for change in &changes {
                news.note(change);
            }
        }
    }

    fn note(&mut self, change: &Change) {
        self.seq = change.seq;
        match change.kind {
            ChangeKind::Policy | ChangeKind::Item | ChangeKind::Call => self.is_library_changed = true,
            ChangeKind::Enterprise => self.enterprises.extend(change.id.parse().ok().map(EnterpriseOrdinal)),
            // Reference data is a program's own; a node with other data has a city of its own.
            ChangeKind::Bureau
            | ChangeKind::Contact
            | ChangeKind::Channel
            | ChangeKind::Subscription
            | ChangeKind::Reference => {}
        }
    }
}
