//! What was last found for each enterprise, so that the next look can say what is new. One row per enterprise; no
//! table of pairs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{EnterpriseOrdinal, Instant, ItemId, Scope, Standing};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::access::{may_write_for, system_only};
use crate::changes::ROWS_PER_STATEMENT;
use crate::connect::Store;
use crate::entity::match_snapshot;
use crate::error::Error;
use crate::row::{Row, json, readable};
use crate::tx::Tx;

/// The standing towards one item, with the revision it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotLine {
    pub standing: Standing,
    pub item_revision: i64,
}

/// The standings of one enterprise at one moment, and everything they were made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchSnapshot {
    pub enterprise: EnterpriseOrdinal,
    pub taken_at: Instant,
    /// The day the conditions were evaluated for.
    pub as_of: NaiveDate,
    /// The change feed's sequence of the library used.
    pub library_seq: i64,
    pub profile_revision: i64,
    pub reference_hash: String,
    pub lines: BTreeMap<ItemId, SnapshotLine>,
}

impl Store {
    pub async fn find_snapshot(
        &self,
        scope: &Scope,
        enterprise: EnterpriseOrdinal,
    ) -> Result<Option<MatchSnapshot>, Error> {
        if !may_write_for(scope, Some(enterprise)) {
            return Ok(None);
        }
        let found = match_snapshot::Entity::find_by_id(enterprise.0).one(self.reader()).await?;
        found.map(|row| decode(&row)).transpose()
    }

    /// Snapshots by ordinal.
    pub async fn page_snapshots(
        &self,
        scope: &Scope,
        after: Option<EnterpriseOrdinal>,
        limit: u64,
    ) -> Result<Vec<MatchSnapshot>, Error> {
        system_only(scope, "read match snapshots")?;
        let past = after.map(|after| match_snapshot::Column::Enterprise.gt(after.0));
        let rows = match_snapshot::Entity::find()
            .filter(Condition::all().add_option(past))
            .order_by_asc(match_snapshot::Column::Enterprise)
            .limit(limit)
            .all(self.reader())
            .await?;
        Ok(readable(rows, |row| decode(&row)))
    }
}

impl Tx {
    /// Replaces the snapshots of these enterprises.
    pub async fn save_snapshots(&mut self, scope: &Scope, snapshots: &[MatchSnapshot]) -> Result<(), Error> {
        use match_snapshot::Column as C;
        system_only(scope, "write match snapshots")?;
        let replace = OnConflict::column(C::Enterprise)
            .update_columns([C::TakenAt, C::AsOf, C::LibrarySeq, C::ProfileRevision, C::ReferenceHash, C::Document])
            .to_owned();
        for chunk in snapshots.chunks(ROWS_PER_STATEMENT) {
            let rows = chunk.iter().map(encode).collect::<Result<Vec<_>, _>>()?;
            let insert = match_snapshot::Entity::insert_many(rows).on_conflict(replace.clone());
            insert.exec_without_returning(&self.db).await?;
        }
        Ok(())
    }
}

fn encode(snapshot: &MatchSnapshot) -> Result<match_snapshot::ActiveModel, Error> {
    Ok(match_snapshot::ActiveModel {
        enterprise: Set(snapshot.enterprise.0),
        taken_at: Set(snapshot.taken_at.0),
        as_of: Set(snapshot.as_of.to_string()),
        library_seq: Set(snapshot.library_seq),
        profile_revision: Set(snapshot.profile_revision),
        reference_hash: Set(snapshot.reference_hash.clone()),
        document: Set(json("match snapshot", &snapshot.lines)?),
    })
}

fn decode(row: &match_snapshot::Model) -> Result<MatchSnapshot, Error> {
    let id = row.enterprise.to_string();
    let place = Row::new("match_snapshot", &id);
    Ok(MatchSnapshot {
        enterprise: EnterpriseOrdinal(row.enterprise),
        taken_at: Instant(row.taken_at),
        as_of: place.parse("as_of", &row.as_of)?,
        library_seq: row.library_seq,
        profile_revision: row.profile_revision,
        reference_hash: row.reference_hash.clone(),
        lines: place.json("document", &row.document)?,
    })
}
