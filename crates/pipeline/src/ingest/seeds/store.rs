//! Writing the seeds: one transaction, only what differs.

use std::collections::HashMap;

use domain::{Instant, ItemRevision, PolicyId, PolicyStatus, Scope};
use storage::{Actor, Effect, ItemDraft, PolicyDraft, Store};

use super::{ItemSeed, PolicySeed, Seeds};
use crate::error::Error;

/// What storing did. A second time everything is unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeedCounts {
    pub bureaus: usize,
    pub policies: usize,
    pub items: usize,
    pub calls: usize,
    /// Rows of any kind that were new or different.
    pub written: usize,
}

impl SeedCounts {
    fn note(&mut self, effect: Effect) {
        self.written += usize::from(effect != Effect::Unchanged);
    }
}

/// Writes all seeds or none.
pub async fn store_seeds(store: &Store, seeds: &Seeds, actor: &Actor, at: Instant) -> Result<SeedCounts, Error> {
    let mut counts = SeedCounts::default();
    let known = known_revisions(store).await?;
    let mut tx = store.begin().await?;
    for bureau in &seeds.bureaus {
        let saved = tx.save_bureau(&Scope::System, &bureau.code, &bureau.name, &bureau.area).await?;
        counts.note(saved.effect);
        counts.bureaus += 1;
    }
    for policy in &seeds.policies {
        let saved = tx.save_policy(&Scope::System, policy_draft(policy), actor, at).await?;
        counts.note(saved.effect);
        counts.policies += 1;
        for item in &policy.items {
            let saved =
                tx.save_item(&Scope::System, item_draft(policy, item, known.get(&item.code)), actor, at).await?;
            counts.note(saved.effect);
            counts.items += 1;
            for call in &item.calls {
                let saved = tx.save_call(&Scope::System, call.clone(), actor, at).await?;
                counts.note(saved.effect);
                counts.calls += 1;
            }
        }
    }
    tx.commit().await?;
    Ok(counts)
}

/// Writes what an official wrote: what is new becomes a draft, what is there is revised and keeps its status.
pub async fn store_drafts(store: &Store, seeds: &Seeds, actor: &Actor, at: Instant) -> Result<SeedCounts, Error> {
    let mut drafts = seeds.clone();
    for policy in &mut drafts.policies {
        let known = store.find_policy(&Scope::System, &policy.code).await?;
        policy.status = known.map_or(PolicyStatus::Draft, |known| known.status);
        for item in &mut policy.items {
            let known = store.find_item(&Scope::System, &item.code).await?;
            item.status = known.map_or(policy.status, |known| known.status);
        }
    }
    store_seeds(store, &drafts, actor, at).await
}

fn policy_draft(policy: &PolicySeed) -> PolicyDraft {
    PolicyDraft {
        code: policy.code.clone(),
        bureau: policy.bureau,
        status: policy.status,
        revision: policy.revision.clone(),
    }
}

/// An unchanged item keeps the catalogue hash it was written with: a new calendar or fact makes no new revision of
/// it, and so tells nobody anew what they were told.
fn item_draft(policy: &PolicySeed, item: &ItemSeed, known: Option<&ItemRevision>) -> ItemDraft {
    let mut revision = item.revision.clone();
    if let Some(known) = known {
        let hash = std::mem::replace(&mut revision.catalogue_hash, known.catalogue_hash.clone());
        if revision != *known {
            revision.catalogue_hash = hash;
        }
    }
    ItemDraft {
        code: item.code.clone(),
        policy: PolicyId::of(&policy.code),
        bureau: item.bureau,
        implements: item.implements,
        status: item.status,
        revision,
    }
}

async fn known_revisions(store: &Store) -> Result<HashMap<String, ItemRevision>, Error> {
    let items = store.list_items(&Scope::System, None).await?;
    Ok(items.into_iter().map(|item| (item.code, item.revision)).collect())
}
