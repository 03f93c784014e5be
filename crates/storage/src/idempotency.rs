//! Idempotency keys: a request that is sent twice is done once and answered twice.

use domain::{Instant, Scope};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::access::system_only;
use crate::connect::Store;
use crate::entity::idempotency_key;
use crate::error::Error;
use crate::tx::Tx;

/// What is known about a request with this key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Do it, and call [`Tx::answer_request`] in the same transaction.
    New,
    /// It was done; give this answer again.
    Done { status: u16, response: String },
    /// The key was used for another request.
    Mismatch,
}

impl Tx {
    /// Begins a request under a key of its owner (the API key's id). While this transaction lasts, another one
    /// with the same key waits; rolled back, the request may be tried again. Any scope may: keys are per owner.
    pub async fn begin_request(
        &mut self,
        _scope: &Scope,
        owner: &str,
        key: &str,
        request_hash: &str,
        at: Instant,
    ) -> Result<Idempotency, Error> {
        use idempotency_key::Column as C;
        let row = idempotency_key::ActiveModel {
            owner: Set(owner.to_owned()),
            key: Set(key.to_owned()),
            request_hash: Set(request_hash.to_owned()),
            status: Set(None),
            response: Set(None),
            created_at: Set(at.0),
        };
        let keep = OnConflict::columns([C::Owner, C::Key]).do_nothing().to_owned();
        let new = idempotency_key::Entity::insert(row).on_conflict(keep).exec_without_returning(&self.db).await?;
        if new == 1 {
            return Ok(Idempotency::New);
        }
        let known = self.lock_request(owner, key).await?;
        Ok(match (known.status.and_then(|status| u16::try_from(status).ok()), known.response) {
            _ if known.request_hash != request_hash => Idempotency::Mismatch,
            (Some(status), Some(response)) => Idempotency::Done { status, response },
            // Committed without an answer: the caller answered nothing, so nothing was done under it.
            _ => Idempotency::New,
        })
    }

    /// Keeps the answer to give again.
    pub async fn answer_request(
        &mut self,
        _scope: &Scope,
        owner: &str,
        key: &str,
        status: u16,
        response: &str,
    ) -> Result<(), Error> {
        let row = self.lock_request(owner, key).await?;
        let answered = idempotency_key::ActiveModel {
            status: Set(Some(i64::from(status))),
            response: Set(Some(response.to_owned())),
            ..row.into_active_model()
        };
        idempotency_key::Entity::update(answered).exec(&self.db).await?;
        Ok(())
    }

    async fn lock_request(&self, owner: &str, key: &str) -> Result<idempotency_key::Model, Error> {
        let id = (owner.to_owned(), key.to_owned());
        let row = idempotency_key::Entity::find_by_id(id).lock_exclusive().one(&self.db).await?;
        row.ok_or_else(|| Error::not_found("idempotency key", key))
    }
}

impl Store {
    /// Forgets keys older than an instant. Returns how many.
    pub async fn forget_requests(&self, scope: &Scope, before: Instant) -> Result<u64, Error> {
        system_only(scope, "forget idempotency keys")?;
        let tx = self.begin().await?;
        let old = idempotency_key::Column::CreatedAt.lt(before.0);
        let gone = idempotency_key::Entity::delete_many().filter(old).exec(&tx.db).await?.rows_affected;
        tx.commit().await?;
        Ok(gone)
    }
}
