//! 申报通知 and their immutable revisions.

use domain::{Call, CallId, CallStatus, Instant, Item, ItemId, Policy, Scope};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde_json::json;

use crate::access::readable_items;
use crate::changes::{self, ChangeKind};
use crate::connect::Store;
use crate::entity::{call, call_revision, item};
use crate::error::Error;
use crate::items::to_policy;
use crate::row::{Row, day, json, readable, sha256, word};
use crate::tx::{Actor, Effect, Saved, Tx};
use crate::{items, policies};

/// Everything a scope may read of the library, as of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// Without bodies.
    pub policies: Vec<Policy>,
    pub items: Vec<Item>,
    pub calls: Vec<Call>,
    /// The feed's sequence at that moment: follow the feed from here.
    pub seq: i64,
}

#[derive(Debug, FromQueryResult)]
struct NewestCall {
    id: String,
    status: String,
    revision: i64,
    document: String,
}

impl Store {
    /// Calls by item and batch, of one item or of all.
    pub async fn list_calls(&self, scope: &Scope, item: Option<ItemId>) -> Result<Vec<Call>, Error> {
        let of_item = item.map(|id| call::Column::ItemId.eq(id.to_string()));
        list(self.reader(), scope, Condition::all().add_option(of_item)).await
    }

    pub async fn find_call(&self, scope: &Scope, id: CallId) -> Result<Option<Call>, Error> {
        let query = newest(scope).filter(call::Column::Id.eq(id.to_string()));
        query.into_model::<NewestCall>().one(self.reader()).await?.as_ref().map(decode).transpose()
    }

    /// The library in one consistent read.
    pub async fn load_library(&self, scope: &Scope) -> Result<Library, Error> {
        let db = self.snapshot().await?;
        let policies = policies::all(&db, scope).await?;
        let items = items::list(&db, scope, Condition::all()).await?;
        let calls = list(&db, scope, Condition::all()).await?;
        let seq = changes::latest(&db).await?;
        db.commit().await?;
        Ok(Library { policies, items, calls, seq })
    }
}

impl Tx {
    /// Writes a call. `revision_number` is ignored and given back right: different content makes a new immutable
    /// revision, a withdrawal changes the status only.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the item does not exist or is another owner's.
    pub async fn save_call(
        &mut self,
        scope: &Scope,
        call: Call,
        actor: &Actor,
        at: Instant,
    ) -> Result<Saved<Call>, Error> {
        self.lock_item(scope, call.item).await?.ok_or_else(|| Error::not_found("item", &call.item))?;
        let known = call::Entity::find_by_id(call.id.to_string()).lock_exclusive().one(&self.db).await?;
        // A batch belongs to its item for ever; the same id under another item is somebody else's call.
        if known.as_ref().is_some_and(|known| known.item_id != call.item.to_string()) {
            return Err(Error::not_found("call", &call.id));
        }
        // Number and status have columns of their own, so they are no part of the content.
        let content = Call { revision_number: 0, status: CallStatus::Published, ..call.clone() };
        let document = json("call", &content)?;
        let hash = sha256(&document);
        let rewritten = !self.call_has(known.as_ref(), &hash).await?;
        let row = call::Model {
            id: call.id.to_string(),
            item_id: call.item.to_string(),
            batch: call.batch.clone(),
            status: word("call status", call.status)?,
            revision: known.as_ref().map_or(0, |known| known.revision) + i64::from(rewritten),
            opens_on: day(call.opens_on),
            closes_on: day(call.closes_on),
        };
        let effect = match &known {
            None => Effect::Created,
            Some(known) if *known == row => Effect::Unchanged,
            Some(_) => Effect::Changed,
        };
        if effect != Effect::Unchanged {
            self.write_call(&row, rewritten.then_some((document, hash)), actor, at).await?;
        }
        Ok(Saved { value: Call { revision_number: row.revision, ..call }, effect })
    }

    async fn call_has(&self, known: Option<&call::Model>, hash: &str) -> Result<bool, Error> {
        let Some(known) = known else { return Ok(false) };
        let newest = call_revision::Entity::find_by_id((known.id.clone(), known.revision)).one(&self.db).await?;
        Ok(newest.is_some_and(|newest| newest.content_hash == hash))
    }

    async fn write_call(
        &mut self,
        row: &call::Model,
        content: Option<(String, String)>,
        actor: &Actor,
        at: Instant,
    ) -> Result<(), Error> {
        use call::Column as C;
        let replace = OnConflict::column(C::Id)
            .update_columns([C::Batch, C::Status, C::Revision, C::OpensOn, C::ClosesOn])
            .to_owned();
        let active: call::ActiveModel = row.clone().into();
        call::Entity::insert(active).on_conflict(replace).exec_without_returning(&self.db).await?;
        if let Some((document, content_hash)) = content {
            let revision = call_revision::ActiveModel {
                call_id: Set(row.id.clone()),
                number: Set(row.revision),
                document: Set(document),
                content_hash: Set(content_hash),
                recorded_at: Set(at.0),
                recorded_by: Set(actor.as_str().to_owned()),
            };
            call_revision::Entity::insert(revision).exec_without_returning(&self.db).await?;
        }
        self.changed(ChangeKind::Call, &row.id);
        let detail = json!({ "batch": row.batch, "revision": row.revision, "status": row.status });
        self.audit(actor, "call.written", &row.id, detail, at);
        Ok(())
    }
}

/// The newest revisions of the calls of items a scope may read.
fn newest(scope: &Scope) -> Select<call::Entity> {
    use call_revision::Column as R;
    let revisions = call::Entity::belongs_to(call_revision::Entity).from(call::Column::Id).to(R::CallId).into();
    let items = call::Entity::belongs_to(item::Entity).from(call::Column::ItemId).to(item::Column::Id).into();
    call::Entity::find()
        .select_only()
        .columns([call::Column::Id, call::Column::Status, call::Column::Revision])
        .column(R::Document)
        .join(JoinType::InnerJoin, revisions)
        .join(JoinType::InnerJoin, items)
        .join(JoinType::InnerJoin, to_policy())
        .filter(Expr::col((call_revision::Entity, R::Number)).eq(Expr::col((call::Entity, call::Column::Revision))))
        .filter(readable_items(scope))
}

async fn list(db: &impl ConnectionTrait, scope: &Scope, which: Condition) -> Result<Vec<Call>, Error> {
    let query = newest(scope).filter(which).order_by_asc(call::Column::ItemId).order_by_asc(call::Column::Batch);
    Ok(readable(query.into_model::<NewestCall>().all(db).await?, |row| decode(&row)))
}

fn decode(row: &NewestCall) -> Result<Call, Error> {
    let content: Call = Row::new("call_revision", &row.id).json("document", &row.document)?;
    let status = Row::new("call", &row.id).word("status", &row.status)?;
    Ok(Call { status, revision_number: row.revision, ..content })
}
