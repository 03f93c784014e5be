//! Who matched which item when everybody was last looked at, so that the next look can say what is new. One row per
//! item with two sets of ordinals; no table of pairs.

use chrono::NaiveDate;
use domain::{CallId, Instant, ItemId, Scope};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};

use crate::access::system_only;
use crate::connect::Store;
use crate::entity::match_result;
use crate::error::Error;
use crate::row::{Row, readable};
use crate::tx::Tx;

/// Sets of a large city are some hundred kilobytes each.
const ROWS_PER_INSERT: usize = 50;

/// Who matched one item, and everything that was found from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchResult {
    pub item: ItemId,
    pub item_revision: i64,
    /// The call that governed the day and the parameters, with its revision.
    pub call: Option<(CallId, i64)>,
    pub reference_hash: String,
    /// The day the condition was judged for.
    pub as_of: NaiveDate,
    /// The change feed's sequence it is true for.
    pub seq: i64,
    pub taken_at: Instant,
    /// Ordinals of 符合, as a 64-bit Roaring bitmap in its portable form.
    pub met: Vec<u8>,
    /// Ordinals of 基本符合, likewise.
    pub almost: Vec<u8>,
}

impl Store {
    /// The results stored last, by item.
    pub async fn list_match_results(&self, scope: &Scope) -> Result<Vec<MatchResult>, Error> {
        system_only(scope, "read match results")?;
        let rows = match_result::Entity::find().order_by_asc(match_result::Column::ItemId).all(self.reader()).await?;
        Ok(readable(rows, decode))
    }
}

impl Tx {
    /// Replaces all results: those of items not among these are gone.
    pub async fn replace_match_results(&mut self, scope: &Scope, results: &[MatchResult]) -> Result<(), Error> {
        system_only(scope, "write match results")?;
        match_result::Entity::delete_many().exec(&self.db).await?;
        for chunk in results.chunks(ROWS_PER_INSERT) {
            let insert = match_result::Entity::insert_many(chunk.iter().map(encode));
            insert.exec_without_returning(&self.db).await?;
        }
        Ok(())
    }
}

fn encode(result: &MatchResult) -> match_result::ActiveModel {
    match_result::ActiveModel {
        item_id: Set(result.item.to_string()),
        item_revision: Set(result.item_revision),
        call_id: Set(result.call.map(|(call, _)| call.to_string())),
        call_revision: Set(result.call.map(|(_, revision)| revision)),
        reference_hash: Set(result.reference_hash.clone()),
        as_of: Set(result.as_of.to_string()),
        seq: Set(result.seq),
        taken_at: Set(result.taken_at.0),
        met: Set(result.met.clone()),
        almost: Set(result.almost.clone()),
    }
}

fn decode(row: match_result::Model) -> Result<MatchResult, Error> {
    let id = row.item_id.clone();
    let place = Row::new("match_result", &id);
    Ok(MatchResult {
        item: place.parse("item_id", &row.item_id)?,
        item_revision: row.item_revision,
        call: place.parse_some("call_id", row.call_id.as_deref())?.zip(row.call_revision),
        reference_hash: row.reference_hash,
        as_of: place.parse("as_of", &row.as_of)?,
        seq: row.seq,
        taken_at: Instant(row.taken_at),
        met: row.met,
        almost: row.almost,
    })
}
