//! 政策文件 and their immutable revisions.

use domain::{BureauId, Instant, Level, Policy, PolicyId, PolicyRevision, PolicyStatus, Scope};
use rules::Reference;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde_json::json;

use crate::access::{may_publish, owned_policies, owner, readable_policies, within};
use crate::changes::ChangeKind;
use crate::connect::Store;
use crate::entity::{policy, policy_revision};
use crate::error::Error;
use crate::events::{self, Event, EventKind};
use crate::page::{Page, Recorded};
use crate::row::{Row, json, readable, sha256, word};
use crate::tx::{Actor, Effect, Saved, Tx};

/// What to list. Every part that is set narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyFilter {
    pub level: Option<Level>,
    /// This area and those below it.
    pub area: Option<String>,
    pub status: Option<PolicyStatus>,
    pub bureau: Option<BureauId>,
    /// Part of the title. Words are `search`'s business; this is for lists an official narrows.
    pub text: Option<String>,
}

/// A policy as its bureau means it to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDraft {
    pub code: String,
    pub bureau: Option<BureauId>,
    pub status: PolicyStatus,
    pub revision: PolicyRevision,
}

#[derive(Debug, FromQueryResult)]
pub(crate) struct NewestPolicy {
    id: String,
    code: String,
    bureau_id: Option<String>,
    status: String,
    revision: i64,
    document: String,
    body: Option<String>,
}

/// Whether a query also reads the full text, which is by far the largest column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Read,
    Skip,
}

impl Store {
    /// Policies by code, without bodies. `after` is the cursor of the page before.
    pub async fn list_policies(
        &self,
        scope: &Scope,
        filter: &PolicyFilter,
        after: Option<String>,
        limit: u64,
    ) -> Result<Page<Policy>, Error> {
        let mut query =
            newest(scope, Body::Skip).filter(condition(filter, self.reference())?).order_by_asc(policy::Column::Code);
        if let Some(after) = after {
            query = query.filter(policy::Column::Code.gt(after));
        }
        let rows = query.limit(limit.saturating_add(1)).into_model::<NewestPolicy>().all(self.reader()).await?;
        Ok(Page::cut(rows, limit, |row| row.code.clone()).readable(decode))
    }

    /// One policy with its body.
    pub async fn find_policy(&self, scope: &Scope, code: &str) -> Result<Option<Policy>, Error> {
        self.find_policy_by_id(scope, PolicyId::of(code)).await
    }

    /// One policy with its body.
    pub async fn find_policy_by_id(&self, scope: &Scope, id: PolicyId) -> Result<Option<Policy>, Error> {
        let query = newest(scope, Body::Read).filter(policy::Column::Id.eq(id.to_string()));
        query.into_model::<NewestPolicy>().one(self.reader()).await?.map(decode).transpose()
    }

    /// Every revision, oldest first, for the owner: earlier wording may never have been public.
    pub async fn policy_history(&self, scope: &Scope, id: PolicyId) -> Result<Vec<Recorded<PolicyRevision>>, Error> {
        let owned = Query::select()
            .column(policy::Column::Id)
            .from(policy::Entity)
            .cond_where(owned_policies(scope).add(policy::Column::Id.eq(id.to_string())))
            .take();
        let rows = policy_revision::Entity::find()
            .filter(policy_revision::Column::PolicyId.in_subquery(owned))
            .order_by_asc(policy_revision::Column::Number)
            .all(self.reader())
            .await?;
        Ok(readable(rows, |row| {
            Ok(Recorded {
                number: row.number,
                at: Instant(row.recorded_at),
                by: row.recorded_by.clone(),
                content: decode_revision(&row.policy_id, &row.document, row.body)?,
            })
        }))
    }
}

impl Tx {
    /// Writes a policy. Different content makes a new immutable revision; equal content makes none; a new status
    /// alone changes the status only.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the scope may not write this owner's policies.
    pub async fn save_policy(
        &mut self,
        scope: &Scope,
        draft: PolicyDraft,
        actor: &Actor,
        at: Instant,
    ) -> Result<Saved<Policy>, Error> {
        let id = PolicyId::of(&draft.code);
        let bureau = owner(scope, draft.bureau);
        let known = self.lock_policy(scope, id).await?;
        if !may_publish(scope, bureau.map(|bureau| bureau.to_string()).as_deref()) {
            return Err(Error::not_found("policy", &draft.code));
        }
        let content = Content::of(&draft.revision)?;
        let rewritten = !self.policy_has(id, known.as_ref(), &content.hash).await?;
        let number = known.as_ref().map_or(0, |known| known.revision) + i64::from(rewritten);
        let row = policy::Model {
            id: id.to_string(),
            code: draft.code,
            bureau_id: bureau.map(|bureau| bureau.to_string()),
            status: word("policy status", draft.status)?,
            revision: number,
            title: draft.revision.title.clone(),
            level: word("level", draft.revision.level)?,
            area: draft.revision.area.clone(),
        };
        let effect = match &known {
            None => Effect::Created,
            Some(known) if *known == row => Effect::Unchanged,
            Some(_) => Effect::Changed,
        };
        if effect != Effect::Unchanged {
            self.write_policy(&row, rewritten.then_some(content), actor, at).await?;
        }
        let value = Policy {
            id,
            code: row.code,
            bureau,
            status: draft.status,
            revision_number: number,
            revision: draft.revision,
        };
        Ok(Saved { value, effect })
    }

    /// Publishes, suspends or repeals. Returns whether it was not so already.
    pub async fn set_policy_status(
        &mut self,
        scope: &Scope,
        id: PolicyId,
        status: PolicyStatus,
        actor: &Actor,
        at: Instant,
    ) -> Result<bool, Error> {
        let mut row = self.lock_policy(scope, id).await?.ok_or_else(|| Error::not_found("policy", &id))?;
        let status = word("policy status", status)?;
        if row.status == status {
            return Ok(false);
        }
        row.status = status;
        self.write_policy(&row, None, actor, at).await?;
        Ok(true)
    }

    /// The row as it stands, kept from other writers until commit; an error if it is another owner's.
    pub(crate) async fn lock_policy(&self, scope: &Scope, id: PolicyId) -> Result<Option<policy::Model>, Error> {
        let row = policy::Entity::find_by_id(id.to_string()).lock_exclusive().one(&self.db).await?;
        match row {
            Some(row) if !may_publish(scope, row.bureau_id.as_deref()) => Err(Error::not_found("policy", &id)),
            row => Ok(row),
        }
    }

    async fn policy_has(&self, id: PolicyId, known: Option<&policy::Model>, hash: &str) -> Result<bool, Error> {
        let Some(known) = known else { return Ok(false) };
        let newest = policy_revision::Entity::find_by_id((id.to_string(), known.revision)).one(&self.db).await?;
        Ok(newest.is_some_and(|newest| newest.content_hash == hash))
    }

    async fn write_policy(
        &mut self,
        row: &policy::Model,
        content: Option<Content>,
        actor: &Actor,
        at: Instant,
    ) -> Result<(), Error> {
        use policy::Column as C;
        let replace = OnConflict::column(C::Id)
            .update_columns([C::BureauId, C::Status, C::Revision, C::Title, C::Level, C::Area])
            .to_owned();
        let active: policy::ActiveModel = row.clone().into();
        policy::Entity::insert(active).on_conflict(replace).exec_without_returning(&self.db).await?;
        if let Some(content) = content {
            let revision = policy_revision::ActiveModel {
                policy_id: Set(row.id.clone()),
                number: Set(row.revision),
                document: Set(content.document),
                body: Set(content.body),
                content_hash: Set(content.hash),
                recorded_at: Set(at.0),
                recorded_by: Set(actor.as_str().to_owned()),
            };
            policy_revision::Entity::insert(revision).exec_without_returning(&self.db).await?;
        }
        if row.status == OPEN {
            self.record_published(row, at).await?;
        }
        self.changed(ChangeKind::Policy, &row.id);
        let detail = json!({ "code": row.code, "revision": row.revision, "status": row.status });
        self.audit(actor, "policy.written", &row.id, detail, at);
        Ok(())
    }

    /// The first time only: publishing again after a suspension is not news.
    async fn record_published(&self, row: &policy::Model, at: Instant) -> Result<(), Error> {
        let place = Row::new("policy", &row.id);
        let published = Event {
            policy: Some(place.parse("id", &row.id)?),
            bureau: place.parse_some("bureau_id", row.bureau_id.as_deref())?,
            ..Event::new(EventKind::Published, at)
        };
        events::record(&self.db, &published).await
    }
}

/// The stored word of [`PolicyStatus::Published`].
const OPEN: &str = "published";

/// A revision as stored: the body apart, and one hash over both.
struct Content {
    document: String,
    body: Option<String>,
    hash: String,
}

impl Content {
    fn of(revision: &PolicyRevision) -> Result<Self, Error> {
        let hash = sha256(json("policy revision", revision)?);
        let mut rest = revision.clone();
        let body = rest.body.take();
        Ok(Self { document: json("policy revision", &rest)?, body, hash })
    }
}

/// The newest revisions of the policies a scope may read.
pub(crate) fn newest(scope: &Scope, body: Body) -> Select<policy::Entity> {
    use policy_revision::Column as R;
    let revisions = policy::Entity::belongs_to(policy_revision::Entity).from(policy::Column::Id).to(R::PolicyId).into();
    let body = match body {
        Body::Read => Expr::col((policy_revision::Entity, R::Body)),
        Body::Skip => Expr::cust("NULL"),
    };
    policy::Entity::find()
        .select_only()
        .columns([
            policy::Column::Id,
            policy::Column::Code,
            policy::Column::BureauId,
            policy::Column::Status,
            policy::Column::Revision,
        ])
        .column(R::Document)
        .expr_as(body, "body")
        .join(JoinType::InnerJoin, revisions)
        .filter(
            Expr::col((policy_revision::Entity, R::Number)).eq(Expr::col((policy::Entity, policy::Column::Revision))),
        )
        .filter(readable_policies(scope))
}

fn condition(filter: &PolicyFilter, reference: &Reference) -> Result<Condition, Error> {
    let mut all = Condition::all();
    if let Some(level) = filter.level {
        all = all.add(policy::Column::Level.eq(word("level", level)?));
    }
    if let Some(status) = filter.status {
        all = all.add(policy::Column::Status.eq(word("policy status", status)?));
    }
    if let Some(area) = &filter.area {
        all = all.add(within((policy::Entity, policy::Column::Area), area, reference));
    }
    if let Some(bureau) = filter.bureau {
        all = all.add(policy::Column::BureauId.eq(bureau.to_string()));
    }
    if let Some(text) = &filter.text {
        // The engines differ in how LIKE treats case; lowered on both sides they agree.
        let title = Func::lower(Expr::col((policy::Entity, policy::Column::Title)));
        let wanted = text.to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        all = all.add(Expr::from(title).like(LikeExpr::new(format!("%{wanted}%")).escape('\\')));
    }
    Ok(all)
}

pub(crate) async fn all(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Policy>, Error> {
    let query = newest(scope, Body::Skip).order_by_asc(policy::Column::Code);
    Ok(readable(query.into_model::<NewestPolicy>().all(db).await?, decode))
}

fn decode(row: NewestPolicy) -> Result<Policy, Error> {
    let place = Row::new("policy", &row.id);
    Ok(Policy {
        id: place.parse("id", &row.id)?,
        bureau: place.parse_some("bureau_id", row.bureau_id.as_deref())?,
        status: place.word("status", &row.status)?,
        revision_number: row.revision,
        revision: decode_revision(&row.id, &row.document, row.body)?,
        code: row.code,
    })
}

fn decode_revision(id: &str, document: &str, body: Option<String>) -> Result<PolicyRevision, Error> {
    let revision: PolicyRevision = Row::new("policy_revision", id).json("document", document)?;
    Ok(PolicyRevision { body, ..revision })
}
