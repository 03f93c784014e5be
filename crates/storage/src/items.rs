//! 政策事项 and their immutable revisions.

use domain::{BureauId, Instant, Item, ItemId, ItemRevision, PolicyId, PolicyStatus, Scope};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, Select,
};
use serde_json::json;

use crate::access::{may_publish, owned_policies, owner, readable_items};
use crate::changes::ChangeKind;
use crate::connect::Store;
use crate::entity::{item, item_revision, policy};
use crate::error::Error;
use crate::events::{self, Event, EventKind};
use crate::page::Recorded;
use crate::row::{Row, json, readable, sha256, word};
use crate::tx::{Actor, Effect, Saved, Tx};

/// An item as its bureau means it to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemDraft {
    pub code: String,
    pub policy: PolicyId,
    pub bureau: Option<BureauId>,
    pub implements: Option<ItemId>,
    pub status: PolicyStatus,
    pub revision: ItemRevision,
}

#[derive(Debug, FromQueryResult)]
struct NewestItem {
    id: String,
    code: String,
    policy_id: String,
    bureau_id: Option<String>,
    implements: Option<String>,
    status: String,
    revision: i64,
    document: String,
}

impl Store {
    /// Items by code, of one policy or of all.
    pub async fn list_items(&self, scope: &Scope, policy: Option<PolicyId>) -> Result<Vec<Item>, Error> {
        let of_policy = policy.map(|id| item::Column::PolicyId.eq(id.to_string()));
        list(self.reader(), scope, Condition::all().add_option(of_policy)).await
    }

    pub async fn find_item(&self, scope: &Scope, code: &str) -> Result<Option<Item>, Error> {
        self.find_item_by_id(scope, ItemId::of(code)).await
    }

    pub async fn find_item_by_id(&self, scope: &Scope, id: ItemId) -> Result<Option<Item>, Error> {
        let query = newest(scope).filter(item::Column::Id.eq(id.to_string()));
        query.into_model::<NewestItem>().one(self.reader()).await?.map(decode).transpose()
    }

    /// One past revision, e.g. the one a push was made from.
    pub async fn item_revision(&self, scope: &Scope, id: ItemId, number: i64) -> Result<Option<ItemRevision>, Error> {
        let rows = self.item_revisions(scope, id, Some(number)).await?;
        Ok(rows.into_iter().next().map(|row| row.content))
    }

    /// Every revision, oldest first, for the owner: earlier wording may never have been public.
    pub async fn item_history(&self, scope: &Scope, id: ItemId) -> Result<Vec<Recorded<ItemRevision>>, Error> {
        self.item_revisions(scope, id, None).await
    }

    async fn item_revisions(
        &self,
        scope: &Scope,
        id: ItemId,
        number: Option<i64>,
    ) -> Result<Vec<Recorded<ItemRevision>>, Error> {
        let to_item =
            item_revision::Entity::belongs_to(item::Entity).from(item_revision::Column::ItemId).to(item::Column::Id);
        let rows = item_revision::Entity::find()
            .join(JoinType::InnerJoin, to_item.into())
            .join(JoinType::InnerJoin, to_policy())
            .filter(owned_policies(scope))
            .filter(item_revision::Column::ItemId.eq(id.to_string()))
            .filter(Condition::all().add_option(number.map(|number| item_revision::Column::Number.eq(number))))
            .order_by_asc(item_revision::Column::Number)
            .all(self.reader())
            .await?;
        Ok(readable(rows, |row| {
            let content = Row::new("item_revision", &row.item_id).json("document", &row.document)?;
            Ok(Recorded { number: row.number, at: Instant(row.recorded_at), by: row.recorded_by, content })
        }))
    }
}

impl Tx {
    /// Writes an item. Different content makes a new immutable revision; equal content makes none.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the policy does not exist or is another owner's.
    pub async fn save_item(
        &mut self,
        scope: &Scope,
        draft: ItemDraft,
        actor: &Actor,
        at: Instant,
    ) -> Result<Saved<Item>, Error> {
        let id = ItemId::of(&draft.code);
        self.lock_policy(scope, draft.policy).await?.ok_or_else(|| Error::not_found("policy", &draft.policy))?;
        let known = self.lock_item(scope, id).await?;
        let bureau = owner(scope, draft.bureau);
        if !may_publish(scope, bureau.map(|bureau| bureau.to_string()).as_deref()) {
            return Err(Error::not_found("item", &draft.code));
        }
        let document = json("item revision", &draft.revision)?;
        let hash = sha256(&document);
        let rewritten = !self.item_has(known.as_ref(), &hash).await?;
        let row = item::Model {
            id: id.to_string(),
            code: draft.code,
            policy_id: draft.policy.to_string(),
            bureau_id: bureau.map(|bureau| bureau.to_string()),
            implements: draft.implements.map(|upper| upper.to_string()),
            status: word("item status", draft.status)?,
            revision: known.as_ref().map_or(0, |known| known.revision) + i64::from(rewritten),
        };
        let effect = match &known {
            None => Effect::Created,
            Some(known) if *known == row => Effect::Unchanged,
            Some(_) => Effect::Changed,
        };
        if effect != Effect::Unchanged {
            self.write_item(&row, rewritten.then_some((document, hash)), actor, at).await?;
        }
        let value = Item {
            id,
            code: row.code,
            policy: draft.policy,
            bureau,
            implements: draft.implements,
            status: draft.status,
            revision_number: row.revision,
            revision: draft.revision,
        };
        Ok(Saved { value, effect })
    }

    /// Publishes, suspends or repeals one item. Returns whether it was not so already.
    pub async fn set_item_status(
        &mut self,
        scope: &Scope,
        id: ItemId,
        status: PolicyStatus,
        actor: &Actor,
        at: Instant,
    ) -> Result<bool, Error> {
        let mut row = self.lock_item(scope, id).await?.ok_or_else(|| Error::not_found("item", &id))?;
        let status = word("item status", status)?;
        if row.status == status {
            return Ok(false);
        }
        row.status = status;
        self.write_item(&row, None, actor, at).await?;
        Ok(true)
    }

    /// The row as it stands, kept from other writers until commit; an error if its policy is another owner's.
    pub(crate) async fn lock_item(&self, scope: &Scope, id: ItemId) -> Result<Option<item::Model>, Error> {
        let Some(row) = item::Entity::find_by_id(id.to_string()).lock_exclusive().one(&self.db).await? else {
            return Ok(None);
        };
        let policy = policy::Entity::find_by_id(&row.policy_id).one(&self.db).await?;
        let owner = policy.and_then(|policy| policy.bureau_id);
        if may_publish(scope, owner.as_deref()) { Ok(Some(row)) } else { Err(Error::not_found("item", &id)) }
    }

    async fn item_has(&self, known: Option<&item::Model>, hash: &str) -> Result<bool, Error> {
        let Some(known) = known else { return Ok(false) };
        let newest = item_revision::Entity::find_by_id((known.id.clone(), known.revision)).one(&self.db).await?;
        Ok(newest.is_some_and(|newest| newest.content_hash == hash))
    }

    async fn write_item(
        &mut self,
        row: &item::Model,
        content: Option<(String, String)>,
        actor: &Actor,
        at: Instant,
    ) -> Result<(), Error> {
        use item::Column as C;
        let replace = OnConflict::column(C::Id)
            .update_columns([C::PolicyId, C::BureauId, C::Implements, C::Status, C::Revision])
            .to_owned();
        let active: item::ActiveModel = row.clone().into();
        item::Entity::insert(active).on_conflict(replace).exec_without_returning(&self.db).await?;
        if let Some((document, content_hash)) = content {
            let revision = item_revision::ActiveModel {
                item_id: Set(row.id.clone()),
                number: Set(row.revision),
                document: Set(document),
                content_hash: Set(content_hash),
                recorded_at: Set(at.0),
                recorded_by: Set(actor.as_str().to_owned()),
            };
            item_revision::Entity::insert(revision).exec_without_returning(&self.db).await?;
        }
        let place = Row::new("item", &row.id);
        let itemised = Event {
            policy: Some(place.parse("policy_id", &row.policy_id)?),
            item: Some(place.parse("id", &row.id)?),
            bureau: place.parse_some("bureau_id", row.bureau_id.as_deref())?,
            ..Event::new(EventKind::Itemised, at)
        };
        events::record(&self.db, &itemised).await?;
        self.changed(ChangeKind::Item, &row.id);
        let detail = json!({ "code": row.code, "revision": row.revision, "status": row.status });
        self.audit(actor, "item.written", &row.id, detail, at);
        Ok(())
    }
}

pub(crate) fn to_policy() -> RelationDef {
    item::Entity::belongs_to(policy::Entity).from(item::Column::PolicyId).to(policy::Column::Id).into()
}

/// The newest revisions of the items a scope may read.
fn newest(scope: &Scope) -> Select<item::Entity> {
    use item_revision::Column as R;
    let revisions = item::Entity::belongs_to(item_revision::Entity).from(item::Column::Id).to(R::ItemId).into();
    item::Entity::find()
        .column(R::Document)
        .join(JoinType::InnerJoin, revisions)
        .join(JoinType::InnerJoin, to_policy())
        .filter(Expr::col((item_revision::Entity, R::Number)).eq(Expr::col((item::Entity, item::Column::Revision))))
        .filter(readable_items(scope))
}

pub(crate) async fn list(db: &impl ConnectionTrait, scope: &Scope, which: Condition) -> Result<Vec<Item>, Error> {
    let query = newest(scope).filter(which).order_by_asc(item::Column::Code);
    Ok(readable(query.into_model::<NewestItem>().all(db).await?, decode))
}

fn decode(row: NewestItem) -> Result<Item, Error> {
    let place = Row::new("item", &row.id);
    Ok(Item {
        id: place.parse("id", &row.id)?,
        policy: place.parse("policy_id", &row.policy_id)?,
        bureau: place.parse_some("bureau_id", row.bureau_id.as_deref())?,
        implements: place.parse_some("implements", row.implements.as_deref())?,
        status: place.word("status", &row.status)?,
        revision_number: row.revision,
        revision: Row::new("item_revision", &row.id).json("document", &row.document)?,
        code: row.code,
    })
}
