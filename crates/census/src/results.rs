//! Sets as they are stored, and what has changed since they were.

use std::collections::HashMap;

use domain::window::governing_call;
use domain::{Instant, ItemId, Scope};
use roaring::RoaringTreemap;
use storage::{MatchResult, Store};

use crate::city::City;
use crate::error::Error;
use crate::matched::{Delta, Matched, Sets};

/// What was stored last.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// The sequence of the feed it was true for; `None` where nothing was stored.
    pub seq: Option<i64>,
    by_item: HashMap<ItemId, Sets>,
}

impl Matched {
    /// As rows to store.
    pub fn results(&self, city: &City, at: Instant) -> Result<Vec<MatchResult>, Error> {
        let entries = city.matcher().entries().iter().zip(&self.0);
        let kept = entries.filter_map(|(entry, sets)| Some((entry, sets.as_ref()?)));
        let result = |(entry, sets): (&domain::matching::Entry, &Sets)| {
            let call = governing_call(&entry.calls, city.day());
            Ok(MatchResult {
                item: entry.item.id,
                item_revision: entry.item.revision_number,
                call: call.map(|call| (call.id, call.revision_number)),
                reference_hash: city.reference().hash().to_owned(),
                as_of: entry.as_of(city.day()),
                seq: city.seq(),
                taken_at: at,
                met: bytes(&sets.met)?,
                almost: bytes(&sets.almost)?,
            })
        };
        kept.map(result).collect()
    }
}

impl Earlier {
    /// Reads what was stored. A set that does not read is as if it had not been stored, and said in the log.
    pub async fn load(store: &Store) -> Result<Self, Error> {
        let results = store.list_match_results(&Scope::System).await?;
        let seq = results.first().map(|result| result.seq);
        let by_item = results.iter().filter_map(|result| Some((result.item, sets(result)?))).collect();
        Ok(Self { seq, by_item })
    }

    /// What has changed for an item; `None` where it had no result.
    pub fn delta(&self, item: ItemId, now: &Sets) -> Option<Delta> {
        self.by_item.get(&item).map(|before| now.since(before))
    }
}

fn sets(result: &MatchResult) -> Option<Sets> {
    let read = |bytes: &[u8]| {
        let refused = |error: &std::io::Error| tracing::error!(item.id = %result.item, %error, "stored result does not read, treated as none");
        RoaringTreemap::deserialize_from(bytes).inspect_err(refused).ok()
    };
    Some(Sets { met: read(&result.met)?, almost: read(&result.almost)? })
}

fn bytes(set: &RoaringTreemap) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(set.serialized_size());
    set.serialize_into(&mut bytes).map_err(Error::Encode)?;
    Ok(bytes)
}
