//! Taking pushes out of the outbox: leases, their renewal, and the point of no return.

use domain::{Instant, PushId, PushState, Scope};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Leased, WAITING, held, wanted};
use crate::access::system_only;
use crate::connect::Store;
use crate::contacts::decode_channel;
use crate::entity::{channel, push};
use crate::error::Error;
use crate::ledger;
use crate::pushes::decode;
use crate::row::{Chain, word};

impl Store {
    /// Takes up to `limit` due pushes for `lease_millis`: retries first, then the oldest. No two workers get the
    /// same one. Pushes whose subscription ended or whose channel is not active end here, and their lines are free
    /// to be told another way. Empty only when nothing is due that no other worker is taking.
    pub async fn lease_pushes(
        &self,
        scope: &Scope,
        now: Instant,
        lease_millis: i64,
        limit: u64,
    ) -> Result<Vec<Leased>, Error> {
        system_only(scope, "send pushes")?;
        let tx = self.begin().await?;
        let leased = loop {
            let due = due(&tx.db, now, limit).await?;
            if due.is_empty() {
                break Vec::new();
            }
            suppress_unwanted(&tx.db, &due).await?;
            let rows = lease(&tx.db, due, now.plus_millis(lease_millis)).await?;
            let leased = with_channels(&tx.db, rows).await?;
            if !leased.is_empty() {
                break leased;
            }
        };
        tx.commit().await?;
        Ok(leased)
    }

    /// Asks for more time. `false`: the lease is lost, stop.
    pub async fn renew_lease(&self, scope: &Scope, push: PushId, token: i64, until: Instant) -> Result<bool, Error> {
        system_only(scope, "send pushes")?;
        let tx = self.begin().await?;
        let renewed = push::Entity::update_many()
            .col_expr(push::Column::LeaseUntil, Expr::val(until.0))
            .filter(held(&push.to_string(), token, &[PushState::Leased, PushState::Committing])?)
            .exec(&tx.db)
            .await?;
        tx.commit().await?;
        Ok(renewed.rows_affected == 1)
    }

    /// Records that from now on nobody can know whether the message arrived, right before its last bytes leave.
    /// `false`: the lease is over, or the person unsubscribed meanwhile; send nothing.
    pub async fn mark_committing(&self, scope: &Scope, push: PushId, token: i64, now: Instant) -> Result<bool, Error> {
        Ok(self.mark_all_committing(scope, &[(push, token)], now).await?.first().copied().unwrap_or(false))
    }

    /// The same for several pushes at the price of one commit.
    pub async fn mark_all_committing(
        &self,
        scope: &Scope,
        pushes: &[(PushId, i64)],
        now: Instant,
    ) -> Result<Vec<bool>, Error> {
        system_only(scope, "send pushes")?;
        let tx = self.begin().await?;
        let mut marked = Vec::with_capacity(pushes.len());
        for (push, token) in pushes {
            let done = push::Entity::update_many()
                .col_expr(push::Column::State, Expr::val(word("push state", PushState::Committing)?))
                .col_expr(push::Column::CommittedAt, Expr::val(now.0))
                .filter(held(&push.to_string(), *token, &[PushState::Leased])?)
                .filter(push::Column::LeaseUntil.gt(now.0))
                .filter(wanted()?)
                .exec(&tx.db)
                .await?;
            marked.push(done.rows_affected == 1);
        }
        tx.commit().await?;
        Ok(marked)
    }

    /// When the next waiting push is due, if any is waiting.
    pub async fn next_due(&self, scope: &Scope) -> Result<Option<Instant>, Error> {
        system_only(scope, "send pushes")?;
        let mut first: Option<i64> = None;
        for state in WAITING {
            let waiting = push::Column::State.eq(word("push state", state)?);
            let query = push::Entity::find().filter(waiting).order_by_asc(push::Column::DueAt);
            let due = query.one(self.reader()).await?.map(|row| row.due_at);
            first = first.into_iter().chain(due).min();
        }
        Ok(first.map(Instant))
    }
}

/// Locks due pushes and returns their ids. On PostgreSQL rows another worker holds are skipped, not waited for;
/// on SQLite the transaction already holds the only write lock. One state at a time, so that the index gives the
/// rows in order and a long queue costs no more than a short one.
async fn due(db: &impl ConnectionTrait, now: Instant, limit: u64) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    for state in WAITING {
        let wanted = limit.saturating_sub(ids.len() as u64);
        if wanted == 0 {
            break;
        }
        let rows = push::Entity::find()
            .select_only()
            .column(push::Column::Id)
            .filter(push::Column::State.eq(word("push state", state)?))
            .filter(push::Column::DueAt.lte(now.0))
            .order_by_asc(push::Column::DueAt)
            .order_by_asc(push::Column::Id)
            .limit(wanted)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple::<String>()
            .all(db)
            .await?;
        ids.extend(rows);
    }
    Ok(ids)
}

async fn suppress_unwanted(db: &impl ConnectionTrait, due: &[String]) -> Result<(), Error> {
    let suppressed = push::Entity::update_many()
        .col_expr(push::Column::State, Expr::val(word("push state", PushState::Suppressed)?))
        .col_expr(push::Column::Cause, Expr::val("unsubscribed or channel not active"))
        .filter(push::Column::Id.is_in(due))
        .filter(wanted()?.not())
        .exec_with_returning(db)
        .await?;
    let ids: Vec<String> = suppressed.into_iter().map(|row| row.id).collect();
    if ids.is_empty() { Ok(()) } else { ledger::release(db, &ids).await }
}

/// Leases those that are still waiting.
async fn lease(db: &impl ConnectionTrait, due: Vec<String>, until: Instant) -> Result<Vec<push::Model>, Error> {
    let waiting = WAITING.iter().map(|state| word("push state", state)).collect::<Result<Vec<_>, _>>()?;
    let leased = push::Entity::update_many()
        .col_expr(push::Column::State, Expr::val(word("push state", PushState::Leased)?))
        .col_expr(push::Column::LeaseToken, Expr::col(push::Column::LeaseToken).add(1))
        .col_expr(push::Column::LeaseUntil, Expr::val(until.0))
        .filter(push::Column::Id.is_in(due))
        .filter(push::Column::State.is_in(waiting));
    Ok(leased.exec_with_returning(db).await?)
}

/// A row that does not decode fails at once: left leased it would come back for ever, as an error it would stop
/// all others.
async fn with_channels(db: &impl ConnectionTrait, mut rows: Vec<push::Model>) -> Result<Vec<Leased>, Error> {
    rows.sort_by(|a, b| (a.due_at, &a.id).cmp(&(b.due_at, &b.id)));
    let ids: Vec<&str> = rows.iter().map(|row| row.channel_id.as_str()).collect();
    let channels = channel::Entity::find().filter(channel::Column::Id.is_in(ids)).all(db).await?;
    let (mut leased, mut broken) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let (id, token) = (row.id.clone(), row.lease_token);
        match with_channel(row, &channels) {
            Ok(one) => leased.push(one),
            Err(error) => broken.push((id, token, Chain(&error).to_string())),
        }
    }
    for (id, token, cause) in broken {
        tracing::error!(push.id = %id, error = %cause, "push does not decode and fails");
        fail(db, &id, token, &cause).await?;
    }
    Ok(leased)
}

fn with_channel(row: push::Model, channels: &[channel::Model]) -> Result<Leased, Error> {
    let channel = channels.iter().find(|channel| channel.id == row.channel_id).cloned();
    let channel = channel.ok_or_else(|| Error::not_found("channel", &row.channel_id))?;
    Ok(Leased { token: row.lease_token, push: decode(row)?, channel: decode_channel(channel)? })
}

async fn fail(db: &impl ConnectionTrait, id: &str, token: i64, cause: &str) -> Result<(), Error> {
    push::Entity::update_many()
        .col_expr(push::Column::State, Expr::val(word("push state", PushState::Failed)?))
        .col_expr(push::Column::LeaseUntil, Expr::val(None::<i64>))
        .col_expr(push::Column::Cause, Expr::val(cause))
        .filter(held(id, token, &[PushState::Leased])?)
        .exec(db)
        .await?;
    ledger::release(db, &[id.to_owned()]).await
}
