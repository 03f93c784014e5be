//! Step 2: the index follows the library. It is derived: deleting it loses nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{Call, Item, ItemId, Policy, PolicyId, Scope};
use rules::Reference;
use search::{Area, Document, Entry};
use storage::{ChangeKind, PolicyFilter, Store};

use crate::context::Context;
use crate::error::Error;

/// Changes read at once; a longer backlog is taken in several rounds.
const BATCH: u64 = 1000;
/// Policies read in one page of a rebuild.
const PAGE: u64 = 200;

/// Brings the index up to the library: nothing, the changed policies, or everything. Says how many were written.
pub async fn follow(cx: &Context) -> Result<usize, Error> {
    let Some(mut position) = cx.index.position() else { return rebuild(cx, |_| ()).await };
    let mut written = 0;
    loop {
        let changes = cx.store.changes_after(&Scope::System, position, BATCH).await?;
        let Some(last) = changes.last() else { return Ok(written) };
        position = last.seq;
        let touched = changes
            .iter()
            .filter(|change| matches!(change.kind, ChangeKind::Policy | ChangeKind::Item | ChangeKind::Call))
            .map(|change| (change.kind, change.id.clone()))
            .collect();
        written += update(cx, touched, position).await?;
    }
}

/// Writes the whole index anew beside the live one, then switches.
pub async fn rebuild(cx: &Context, progress: impl FnMut(usize)) -> Result<usize, Error> {
    let (documents, seq) = documents(&cx.store, &cx.reference, progress).await?;
    let (index, count) = (cx.index.clone(), documents.len());
    blocking(move || index.replace_all(&documents, seq)).await?;
    Ok(count)
}

/// Every listed policy of the library as search knows it, and the change-feed position it reflects.
pub async fn documents(
    store: &Store,
    reference: &Reference,
    mut progress: impl FnMut(usize),
) -> Result<(Vec<Document>, i64), Error> {
    let shelf = Shelf::load(store).await?;
    let mut documents = Vec::new();
    let mut after = None;
    loop {
        let page = store.list_policies(&Scope::System, &PolicyFilter::default(), after, PAGE).await?;
        documents.extend(page.rows.iter().filter_map(|policy| shelf.document(reference, policy)));
        progress(documents.len());
        after = page.next;
        if after.is_none() {
            return Ok((documents, shelf.seq));
        }
    }
}

async fn update(cx: &Context, touched: BTreeSet<(ChangeKind, String)>, seq: i64) -> Result<usize, Error> {
    let (mut upserts, mut deletes) = (Vec::new(), Vec::new());
    if !touched.is_empty() {
        let shelf = Shelf::load(&cx.store).await?;
        for id in shelf.policies_of(&touched) {
            let Some(policy) = cx.store.find_policy_by_id(&Scope::System, id).await? else { continue };
            match shelf.document(&cx.reference, &policy) {
                Some(document) => upserts.push(document),
                None => deletes.push(policy.code),
            }
        }
    }
    let (index, count) = (cx.index.clone(), upserts.len() + deletes.len());
    blocking(move || index.apply(&upserts, &deletes, seq)).await?;
    Ok(count)
}

async fn blocking(work: impl FnOnce() -> Result<(), search::Error> + Send + 'static) -> Result<(), Error> {
    Ok(tokio::task::spawn_blocking(work).await??)
}

/// Items and calls by what they belong to.
struct Shelf {
    items: BTreeMap<PolicyId, Vec<Item>>,
    calls: HashMap<ItemId, Vec<Call>>,
    codes: HashMap<ItemId, String>,
    policy_of_item: HashMap<String, PolicyId>,
    item_of_call: HashMap<String, ItemId>,
    seq: i64,
}

impl Shelf {
    async fn load(store: &Store) -> Result<Self, Error> {
        let library = store.load_library(&Scope::System).await?;
        let mut shelf = Self {
            items: BTreeMap::new(),
            calls: HashMap::new(),
            codes: library.items.iter().map(|item| (item.id, item.code.clone())).collect(),
            policy_of_item: library.items.iter().map(|item| (item.id.to_string(), item.policy)).collect(),
            item_of_call: library.calls.iter().map(|call| (call.id.to_string(), call.item)).collect(),
            seq: library.seq,
        };
        for item in library.items {
            shelf.items.entry(item.policy).or_default().push(item);
        }
        for call in library.calls {
            shelf.calls.entry(call.item).or_default().push(call);
        }
        Ok(shelf)
    }

    fn policies_of(&self, touched: &BTreeSet<(ChangeKind, String)>) -> BTreeSet<PolicyId> {
        touched
            .iter()
            .filter_map(|(kind, id)| match kind {
                ChangeKind::Policy => id.parse().ok(),
                ChangeKind::Item => self.policy_of_item.get(id).copied(),
                ChangeKind::Call => {
                    let item = self.item_of_call.get(id)?;
                    self.policy_of_item.get(&item.to_string()).copied()
                }
                _ => None,
            })
            .collect()
    }

    /// `None` for what does not belong in the index.
    fn document(&self, reference: &Reference, policy: &Policy) -> Option<Document> {
        if !Document::is_listed(policy.status) {
            return None;
        }
        let entries = self
            .items
            .get(&policy.id)
            .into_iter()
            .flatten()
            .filter(|item| Document::is_listed(item.status))
            .map(|item| {
                let calls = self.calls.get(&item.id).map_or(&[][..], Vec::as_slice);
                let upper = item.implements.and_then(|upper| self.codes.get(&upper).cloned());
                Entry::new(policy, item, calls, upper)
            })
            .collect();
        Some(Document::new(policy, areas(reference, &policy.revision.area), entries))
    }
}

fn areas(reference: &Reference, code: &str) -> Vec<Area> {
    reference
        .areas
        .path(code)
        .into_iter()
        .map(|code| Area { name: reference.areas.name(code).unwrap_or(code).to_owned(), code: code.to_owned() })
        .collect()
}
