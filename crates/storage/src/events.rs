//! The times published, itemised, told, opened and answered, per item and bureau. Each is recorded when it first
//! happens, and what readers answer beside it. They cannot be made up later.

use std::collections::HashMap;

use domain::{BureauId, EnterpriseOrdinal, Instant, ItemId, LedgerKey, PolicyId, PushId, Scope};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::access::system_only;
use crate::changes::ROWS_PER_STATEMENT;
use crate::connect::Store;
use crate::entity::{event, feedback, item};
use crate::error::Error;
use crate::row::{Row, readable, word};
use crate::tx::Tx;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A policy became public.
    Published,
    /// An item was split out of its policy.
    Itemised,
    /// A line about an item was sent to somebody.
    Told,
    /// A message was opened.
    Opened,
    /// A reader answered.
    Answered,
}

/// Something that happened, once for each combination of what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    pub at: Instant,
    pub policy: Option<PolicyId>,
    pub item: Option<ItemId>,
    pub bureau: Option<BureauId>,
    pub enterprise: Option<EnterpriseOrdinal>,
    pub push: Option<PushId>,
}

impl Event {
    /// An event that names nothing yet: `Event { item: Some(id), ..Event::new(kind, at) }`.
    pub fn new(kind: EventKind, at: Instant) -> Self {
        Self { kind, at, policy: None, item: None, bureau: None, enterprise: None, push: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    /// 判定不对
    WrongVerdict,
    /// 已申报
    Applied,
    /// 不感兴趣
    NotInterested,
}

/// What a reader answered to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    pub at: Instant,
    pub kind: FeedbackKind,
    pub push: Option<PushId>,
    pub item: Option<ItemId>,
    pub enterprise: Option<EnterpriseOrdinal>,
    pub note: Option<String>,
}

impl Store {
    /// Events of a kind from an instant on, oldest first.
    pub async fn list_events(
        &self,
        scope: &Scope,
        kind: EventKind,
        since: Instant,
        limit: u64,
    ) -> Result<Vec<Event>, Error> {
        system_only(scope, "read recorded times")?;
        let rows = event::Entity::find()
            .filter(event::Column::Kind.eq(word("event kind", kind)?))
            .filter(event::Column::At.gte(since.0))
            .order_by_asc(event::Column::At)
            .order_by_asc(event::Column::Seq)
            .limit(limit)
            .all(self.reader())
            .await?;
        Ok(readable(rows, |row| decode_event(&row)))
    }

    /// Answers about an item, or all, oldest first.
    pub async fn list_feedback(&self, scope: &Scope, item: Option<ItemId>, limit: u64) -> Result<Vec<Feedback>, Error> {
        system_only(scope, "read feedback")?;
        let mut query = feedback::Entity::find().order_by_asc(feedback::Column::Seq).limit(limit);
        if let Some(item) = item {
            query = query.filter(feedback::Column::ItemId.eq(item.to_string()));
        }
        Ok(readable(query.all(self.reader()).await?, decode_feedback))
    }
}

impl Tx {
    /// Records an event unless the same has been recorded. Any scope may: it adds, and shows nothing.
    pub async fn record_event(&mut self, _scope: &Scope, event: &Event) -> Result<bool, Error> {
        Ok(insert(&self.db, vec![event_row(event)?]).await? == 1)
    }

    /// Keeps an answer. Any scope may: whoever holds the link was written to.
    pub async fn record_feedback(&mut self, _scope: &Scope, given: &Feedback) -> Result<(), Error> {
        let row = feedback::ActiveModel {
            seq: NotSet,
            at: Set(given.at.0),
            kind: Set(word("feedback kind", given.kind)?),
            push_id: Set(given.push.map(|id| id.to_string())),
            item_id: Set(given.item.map(|id| id.to_string())),
            enterprise: Set(given.enterprise.map(|ordinal| ordinal.0)),
            note: Set(given.note.clone()),
        };
        feedback::Entity::insert(row).exec_without_returning(&self.db).await?;
        Ok(())
    }
}

/// Records what a push told, item by item.
pub(crate) async fn told(db: &impl ConnectionTrait, push: &str, lines: &[LedgerKey], at: Instant) -> Result<(), Error> {
    let ids: Vec<String> = lines.iter().filter_map(|line| line.item).map(|item| item.to_string()).collect();
    let items = item::Entity::find().filter(item::Column::Id.is_in(ids)).all(db).await?;
    let items: HashMap<&str, &item::Model> = items.iter().map(|item| (item.id.as_str(), item)).collect();
    let mut rows = Vec::new();
    for line in lines {
        let Some(id) = line.item.map(|item| item.to_string()) else { continue };
        let known = items.get(id.as_str());
        rows.push(event::ActiveModel {
            seq: NotSet,
            kind: Set(word("event kind", EventKind::Told)?),
            at: Set(at.0),
            policy_id: Set(known.map(|item| item.policy_id.clone())),
            bureau_id: Set(known.and_then(|item| item.bureau_id.clone())),
            enterprise: Set(line.enterprise.map(|ordinal| ordinal.0)),
            push_id: Set(Some(push.to_owned())),
            dedupe_key: Set(format!("told/{line}")),
            item_id: Set(Some(id)),
        });
    }
    insert(db, rows).await?;
    Ok(())
}

pub(crate) async fn record(db: &impl ConnectionTrait, event: &Event) -> Result<(), Error> {
    insert(db, vec![event_row(event)?]).await?;
    Ok(())
}

async fn insert(db: &impl ConnectionTrait, rows: Vec<event::ActiveModel>) -> Result<u64, Error> {
    let keep = OnConflict::column(event::Column::DedupeKey).do_nothing().to_owned();
    let mut inserted = 0;
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let insert = event::Entity::insert_many(chunk.to_vec()).on_conflict(keep.clone());
        inserted += insert.exec_without_returning(db).await?;
    }
    Ok(inserted)
}

fn event_row(event: &Event) -> Result<event::ActiveModel, Error> {
    let text = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
    let kind = word("event kind", event.kind)?;
    let (policy, item) = (event.policy.map(|id| id.to_string()), event.item.map(|id| id.to_string()));
    let (push, enterprise) = (event.push.map(|id| id.to_string()), event.enterprise.map(|ordinal| ordinal.0));
    let named = [policy.clone(), item.clone(), push.clone(), enterprise.map(|ordinal| ordinal.to_string())];
    Ok(event::ActiveModel {
        seq: NotSet,
        at: Set(event.at.0),
        dedupe_key: Set(format!("{kind}/{}", named.map(text).join("/"))),
        kind: Set(kind),
        policy_id: Set(policy),
        item_id: Set(item),
        bureau_id: Set(event.bureau.map(|id| id.to_string())),
        enterprise: Set(enterprise),
        push_id: Set(push),
    })
}

fn decode_event(row: &event::Model) -> Result<Event, Error> {
    let seq = row.seq.to_string();
    let place = Row::new("event", &seq);
    Ok(Event {
        kind: place.word("kind", &row.kind)?,
        at: Instant(row.at),
        policy: place.parse_some("policy_id", row.policy_id.as_deref())?,
        item: place.parse_some("item_id", row.item_id.as_deref())?,
        bureau: place.parse_some("bureau_id", row.bureau_id.as_deref())?,
        enterprise: row.enterprise.map(EnterpriseOrdinal),
        push: place.parse_some("push_id", row.push_id.as_deref())?,
    })
}

fn decode_feedback(row: feedback::Model) -> Result<Feedback, Error> {
    let seq = row.seq.to_string();
    let place = Row::new("feedback", &seq);
    Ok(Feedback {
        at: Instant(row.at),
        kind: place.word("kind", &row.kind)?,
        push: place.parse_some("push_id", row.push_id.as_deref())?,
        item: place.parse_some("item_id", row.item_id.as_deref())?,
        enterprise: row.enterprise.map(EnterpriseOrdinal),
        note: row.note,
    })
}
