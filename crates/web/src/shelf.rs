//! The public library in memory, with conditions parsed once, as of one position of the change feed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::matching::{Entry, Matcher};
use domain::{ItemId, Policy, Scope};
use rules::Reference;
use storage::Store;
use tokio::sync::Mutex;

use crate::error::Error;

/// One consistent state of the library.
#[derive(Debug)]
pub(crate) struct Shelf {
    /// Position of the change feed it was read at.
    pub(crate) seq: i64,
    /// Without bodies.
    pub(crate) policies: Vec<Policy>,
    pub(crate) matcher: Matcher,
    by_id: HashMap<ItemId, usize>,
}

impl Shelf {
    async fn load(store: &Store, reference: &Reference) -> Result<Self, Error> {
        let library = store.load_library(&Scope::Public).await?;
        let policies = library.policies.clone();
        let (matcher, unreadable) = Matcher::new(library.policies, library.items, library.calls, reference);
        for rule in unreadable {
            tracing::warn!(item = rule.code, problems = rule.problems.len(), "stored condition no longer reads");
        }
        let by_id = matcher.entries().iter().enumerate().map(|(at, entry)| (entry.item.id, at)).collect();
        Ok(Self { seq: library.seq, policies, matcher, by_id })
    }

    pub(crate) fn find(&self, code: &str) -> Result<&Entry, Error> {
        self.matcher.find(code).ok_or_else(|| Error::not_found("没有这个政策事项，可能已暂停公开。请回首页搜索。"))
    }

    pub(crate) fn find_by_id(&self, id: ItemId) -> Option<&Entry> {
        self.by_id.get(&id).map(|at| &self.matcher.entries()[*at])
    }

    pub(crate) fn items_of<'a>(&'a self, policy: &'a Policy) -> impl Iterator<Item = &'a Entry> {
        self.matcher.entries().iter().filter(|entry| entry.item.policy == policy.id)
    }

    /// The local items that carry out this one.
    pub(crate) fn carried_out_by(&self, id: ItemId) -> impl Iterator<Item = &Entry> {
        self.matcher.entries().iter().filter(move |entry| entry.item.implements == Some(id))
    }
}

/// Keeps the newest shelf and replaces it when the feed has moved.
#[derive(Debug, Default)]
pub(crate) struct Shelves {
    newest: RwLock<Option<Arc<Shelf>>>,
    /// Held while loading: a burst of requests after a change reads the library once.
    loading: Mutex<()>,
}

impl Shelves {
    pub(crate) async fn current(&self, store: &Store, reference: &Reference) -> Result<Arc<Shelf>, Error> {
        let seq = store.latest_change(&Scope::Public).await?;
        if let Some(shelf) = self.at_least(seq) {
            return Ok(shelf);
        }
        let _turn = self.loading.lock().await;
        if let Some(shelf) = self.at_least(seq) {
            return Ok(shelf);
        }
        let shelf = Arc::new(Shelf::load(store, reference).await?);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&shelf));
        Ok(shelf)
    }

    fn at_least(&self, seq: i64) -> Option<Arc<Shelf>> {
        let newest = self.newest.read().unwrap_or_else(PoisonError::into_inner);
        newest.as_ref().filter(|shelf| shelf.seq >= seq).cloned()
    }
}
