//! The change feed: what was written, in the order it became visible.

use domain::Scope;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::access::system_only;
use crate::connect::Store;
use crate::entity::{change, counter, feed_cursor};
use crate::error::Error;
use crate::row::{Row, readable, word};
use crate::tx::Tx;

/// What kind of row changed. A change of a policy concerns its items and calls too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Bureau,
    /// `id` is a [`domain::PolicyId`].
    Policy,
    Item,
    Call,
    /// `id` is the ordinal.
    Enterprise,
    Contact,
    Channel,
    Subscription,
    /// `id` is the hash.
    Reference,
}

/// One entry of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// From 1, without gaps, in the order of commits.
    pub seq: i64,
    pub kind: ChangeKind,
    pub id: String,
}

impl Store {
    /// What was written after `seq`, oldest first.
    pub async fn changes_after(&self, scope: &Scope, seq: i64, limit: u64) -> Result<Vec<Change>, Error> {
        system_only(scope, "follow the change feed")?;
        let rows = change::Entity::find()
            .filter(change::Column::Seq.gt(seq))
            .order_by_asc(change::Column::Seq)
            .limit(limit)
            .all(self.reader())
            .await?;
        Ok(readable(rows, |row| {
            let kind = Row::new("change", &row.seq.to_string()).word("kind", &row.kind)?;
            Ok(Change { seq: row.seq, kind, id: row.id })
        }))
    }

    /// The newest sequence, for "as of revision N". A number tells nothing about rows, so every scope may ask.
    pub async fn latest_change(&self, _scope: &Scope) -> Result<i64, Error> {
        latest(self.reader()).await
    }

    /// How far a follower has come; 0 for a new one.
    pub async fn cursor(&self, scope: &Scope, name: &str) -> Result<i64, Error> {
        system_only(scope, "follow the change feed")?;
        let cursor = feed_cursor::Entity::find_by_id(name).one(self.reader()).await?;
        Ok(cursor.map_or(0, |cursor| cursor.seq))
    }
}

impl Tx {
    /// Moves a follower, also backwards: a rebuilt index starts at 0.
    pub async fn set_cursor(&mut self, scope: &Scope, name: &str, seq: i64) -> Result<(), Error> {
        system_only(scope, "follow the change feed")?;
        let cursor = feed_cursor::ActiveModel { name: Set(name.to_owned()), seq: Set(seq) };
        let replace = OnConflict::column(feed_cursor::Column::Name).update_column(feed_cursor::Column::Seq).to_owned();
        feed_cursor::Entity::insert(cursor).on_conflict(replace).exec_without_returning(&self.db).await?;
        Ok(())
    }
}

pub(crate) async fn latest(db: &impl ConnectionTrait) -> Result<i64, Error> {
    let row = counter::Entity::find_by_id("change").one(db).await?;
    Ok(row.map_or(0, |row| row.value))
}

/// Appends entries under the counter's lock and returns the last sequence.
pub(crate) async fn append(
    db: &impl ConnectionTrait,
    entries: Vec<(ChangeKind, String)>,
) -> Result<Option<i64>, Error> {
    if entries.is_empty() {
        return Ok(None);
    }
    let first = reserve(db, "change", entries.len()).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for (seq, (kind, id)) in (first..).zip(entries) {
        rows.push(change::ActiveModel { seq: Set(seq), kind: Set(word("kind", kind)?), id: Set(id) });
    }
    let last = first + as_i64(rows.len()) - 1;
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        change::Entity::insert_many(chunk.to_vec()).exec_without_returning(db).await?;
    }
    Ok(Some(last))
}

/// Takes `count` numbers of a gapless sequence; the counter's row stays locked until the transaction ends, so
/// numbers become visible in their order. Returns the first.
pub(crate) async fn reserve(db: &impl ConnectionTrait, name: &'static str, count: usize) -> Result<i64, Error> {
    let count = as_i64(count);
    let advanced = counter::Entity::update_many()
        .col_expr(counter::Column::Value, Expr::col(counter::Column::Value).add(count))
        .filter(counter::Column::Name.eq(name))
        .exec_with_returning(db)
        .await?;
    let last = advanced.first().ok_or_else(|| Error::not_found("counter", name))?.value;
    Ok(last - count + 1)
}

/// Well below the 32,766 parameters of a SQLite statement for the widest table.
pub(crate) const ROWS_PER_STATEMENT: usize = 500;

/// Counts of rows in memory always fit.
pub(crate) fn as_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
