//! Which reference data this installation runs with: its hash is part of every stored result.

use domain::{Instant, Scope};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};

use crate::access::system_only;
use crate::changes::ChangeKind;
use crate::connect::Store;
use crate::entity::reference_data;
use crate::error::Error;
use crate::tx::{Actor, Tx};

impl Store {
    /// Hashes in the order they were first used, with the instant.
    pub async fn list_references(&self, scope: &Scope) -> Result<Vec<(String, Instant)>, Error> {
        system_only(scope, "read reference history")?;
        let query = reference_data::Entity::find()
            .order_by_asc(reference_data::Column::RecordedAt)
            .order_by_asc(reference_data::Column::Hash);
        Ok(query.all(self.reader()).await?.into_iter().map(|row| (row.hash, Instant(row.recorded_at))).collect())
    }
}

impl Tx {
    /// Notes the reference data of this store. Returns whether it is new here; then it enters the change feed,
    /// because every stored result may be out of date.
    pub async fn record_reference(&mut self, scope: &Scope, actor: &Actor, at: Instant) -> Result<bool, Error> {
        system_only(scope, "record reference data")?;
        let hash = self.store.reference().hash().to_owned();
        let row = reference_data::ActiveModel {
            hash: Set(hash.clone()),
            recorded_at: Set(at.0),
            recorded_by: Set(actor.as_str().to_owned()),
        };
        let keep = OnConflict::column(reference_data::Column::Hash).do_nothing().to_owned();
        let new = reference_data::Entity::insert(row).on_conflict(keep).exec_without_returning(&self.db).await? == 1;
        if new {
            self.changed(ChangeKind::Reference, &hash);
        }
        Ok(new)
    }
}
