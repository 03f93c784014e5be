//! The outbox: messages that must leave exactly once, as far as the wire allows it.
//!
//! ```text
//! queued ─lease─▶ leased ─mark_committing─▶ committing ─finish─▶ sent | retry | failed | in_doubt
//!   ▲               │ lease over              │ lease over
//!   └───────────────┘                         └──▶ in_doubt ─▶ by policy: once again, or held for a person
//! ```
//!
//! Every step is one short transaction; none is open while bytes travel. A lease carries a token that counts up
//! with every lease of the push, and every later write names it: whoever slept through its lease writes nothing.

use domain::{Channel, ChannelState, Instant, Outcome, Push, PushId, PushState, Scope};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::access::system_only;
use crate::attempts;
use crate::changes::ROWS_PER_STATEMENT;
use crate::connect::Store;
use crate::contacts::decode_channel;
use crate::entity::{channel, push, subscription};
use crate::error::Error;
use crate::pushes::{decode, push_row};
use crate::row::word;
use crate::tx::{Actor, Tx};
use crate::{events, ledger};

/// A push that is ours to send until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leased {
    pub push: Push,
    pub channel: Channel,
    /// Names this lease in every later write.
    pub token: i64,
}

/// What comes after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Sent,
    /// Not before this instant.
    Retry {
        at: Instant,
    },
    Failed,
    InDoubt,
}

/// One attempt that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    pub push: PushId,
    pub token: i64,
    pub attempt: domain::Attempt,
    pub next: Next,
}

/// What to do with a push whose bytes may or may not have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InDoubt {
    /// Send it once more after this time, under the same message id. A second doubt is held.
    ResendOnce { after_millis: i64 },
    /// Nothing until a person decides.
    Hold,
    /// Nothing until the relay's reports or a person resolve it.
    Resolve,
}

/// What a person found out about a push in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It arrived.
    Arrived,
    /// It did not: send it again.
    Resend,
    /// It did not, and shall not be sent again.
    GiveUp,
}

/// What became of expired leases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Nothing had left: queued again.
    pub requeued: u64,
    /// Bytes may have left.
    pub in_doubt: u64,
    /// In doubt long enough, now due once more.
    pub resent: u64,
}

impl Store {
    /// Takes up to `limit` due pushes for `lease_millis`, oldest first. No two workers get the same one. Pushes
    /// whose subscription ended or whose channel is not active end here, and their lines are free to be told
    /// another way.
    pub async fn lease_pushes(
        &self,
        scope: &Scope,
        now: Instant,
        lease_millis: i64,
        limit: u64,
    ) -> Result<Vec<Leased>, Error> {
        system_only(scope, "send pushes")?;
        let tx = self.begin().await?;
        let ended = due(&tx.db, now, limit, unwanted()?).await?;
        suppress(&tx.db, &ended).await?;
        let ids = due(&tx.db, now, limit, wanted()?).await?;
        let leased = push::Entity::update_many()
            .col_expr(push::Column::State, Expr::val(word("push state", PushState::Leased)?))
            .col_expr(push::Column::LeaseToken, Expr::col(push::Column::LeaseToken).add(1))
            .col_expr(push::Column::LeaseUntil, Expr::val(now.plus_millis(lease_millis).0))
            .filter(push::Column::Id.is_in(ids))
            .exec_with_returning(&tx.db)
            .await?;
        let leased = with_channels(&tx.db, leased).await?;
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

    /// Writes how attempts went, all in one transaction with their effect on the ledger, the channel and the
    /// recorded times. `false` for an attempt whose lease was lost: nothing of it is written.
    pub async fn finish(&self, scope: &Scope, finished: &[Finished], now: Instant) -> Result<Vec<bool>, Error> {
        system_only(scope, "send pushes")?;
        let mut tx = self.begin().await?;
        let mut written = Vec::with_capacity(finished.len());
        for one in finished {
            written.push(tx.finish_one(one, now).await?);
        }
        tx.commit().await?;
        Ok(written)
    }

    /// Deals with leases that ran out: a crash or a stall.
    pub async fn recover_expired(&self, scope: &Scope, now: Instant, policy: InDoubt) -> Result<Recovered, Error> {
        system_only(scope, "send pushes")?;
        let tx = self.begin().await?;
        let expired = push::Column::LeaseUntil.lte(now.0);
        let requeued =
            turn(&tx.db, PushState::Leased, PushState::Queued, Condition::all().add(expired.clone())).await?;
        let in_doubt = turn(&tx.db, PushState::Committing, PushState::InDoubt, Condition::all().add(expired)).await?;
        let mut resent = 0;
        if let InDoubt::ResendOnce { after_millis } = policy {
            let ripe = Condition::all()
                .add(push::Column::State.eq(word("push state", PushState::InDoubt)?))
                .add(push::Column::Resent.eq(false))
                .add(push::Column::CommittedAt.lte(now.plus_millis(-after_millis).0));
            let again = push::Entity::update_many()
                .col_expr(push::Column::State, Expr::val(word("push state", PushState::Retry)?))
                .col_expr(push::Column::DueAt, Expr::val(now.0))
                .col_expr(push::Column::Resent, Expr::val(true));
            resent = again.filter(ripe).exec(&tx.db).await?.rows_affected;
        }
        tx.commit().await?;
        Ok(Recovered { requeued, in_doubt, resent })
    }

    /// When the next waiting push is due, if any is waiting.
    pub async fn next_due(&self, scope: &Scope) -> Result<Option<Instant>, Error> {
        system_only(scope, "send pushes")?;
        let waiting = push::Column::State.is_in(waiting()?);
        let first = push::Entity::find().filter(waiting).order_by_asc(push::Column::DueAt).one(self.reader()).await?;
        Ok(first.map(|row| Instant(row.due_at)))
    }
}

impl Tx {
    /// Puts rendered pushes into the outbox, in the transaction of the plan they come from.
    pub async fn insert_pushes(&mut self, scope: &Scope, pushes: &[Push]) -> Result<(), Error> {
        system_only(scope, "plan pushes")?;
        for chunk in pushes.chunks(ROWS_PER_STATEMENT) {
            let rows = chunk.iter().map(push_row).collect::<Result<Vec<_>, _>>()?;
            push::Entity::insert_many(rows).exec_without_returning(&self.db).await?;
        }
        Ok(())
    }

    /// A person decides about a push in doubt. `false` when it is no longer in doubt.
    pub async fn resolve_push(
        &mut self,
        scope: &Scope,
        push: PushId,
        resolution: Resolution,
        actor: &Actor,
        now: Instant,
    ) -> Result<bool, Error> {
        system_only(scope, "send pushes")?;
        let id = push.to_string();
        let to = match resolution {
            Resolution::Arrived => PushState::Sent,
            Resolution::Resend => PushState::Retry,
            Resolution::GiveUp => PushState::Failed,
        };
        let this = Condition::all().add(push::Column::Id.eq(&id));
        if turn(&self.db, PushState::InDoubt, to, this).await? == 0 {
            return Ok(false);
        }
        match resolution {
            Resolution::Arrived => self.told(&id, now).await?,
            Resolution::GiveUp => ledger::release(&self.db, &[id]).await?,
            Resolution::Resend => {}
        }
        self.audit(actor, "push.resolved", &push, json!({ "to": word("push state", to)? }), now);
        Ok(true)
    }

    async fn finish_one(&mut self, one: &Finished, now: Instant) -> Result<bool, Error> {
        let id = one.push.to_string();
        let (state, due_at) = match one.next {
            Next::Sent => (PushState::Sent, None),
            Next::Retry { at } => (PushState::Retry, Some(at)),
            Next::Failed => (PushState::Failed, None),
            Next::InDoubt => (PushState::InDoubt, None),
        };
        let mut from = vec![PushState::Leased, PushState::Committing];
        // News that it did arrive settles a doubt as long as nobody has begun to send it again.
        if one.next == Next::Sent {
            from.push(PushState::InDoubt);
        }
        let mut update = push::Entity::update_many()
            .col_expr(push::Column::State, Expr::val(word("push state", state)?))
            .col_expr(push::Column::Attempts, Expr::col(push::Column::Attempts).add(1))
            .col_expr(push::Column::LeaseUntil, Expr::val(None::<i64>))
            .col_expr(push::Column::Cause, Expr::val(cause(&one.attempt.outcome)));
        if let Some(at) = due_at {
            update = update.col_expr(push::Column::DueAt, Expr::val(at.0));
        }
        if update.filter(held(&id, one.token, &from)?).exec(&self.db).await?.rows_affected == 0 {
            return Ok(false);
        }
        attempts::append(&self.db, &one.attempt).await?;
        match one.next {
            Next::Sent => self.told(&id, now).await?,
            Next::Failed => ledger::release(&self.db, std::slice::from_ref(&id)).await?,
            Next::Retry { .. } | Next::InDoubt => {}
        }
        if let Outcome::Failed { cause, suppress_channel: true } = &one.attempt.outcome {
            self.suppress_channel_of(&id, cause).await?;
        }
        Ok(true)
    }

    async fn told(&mut self, push: &str, now: Instant) -> Result<(), Error> {
        ledger::tell(&self.db, push, now).await?;
        let lines = ledger::lines_of(&self.db, push).await?;
        events::told(&self.db, push, &lines, now).await
    }

    async fn suppress_channel_of(&mut self, push: &str, cause: &str) -> Result<(), Error> {
        let row = push::Entity::find_by_id(push).one(&self.db).await?;
        let Some(row) = row else { return Ok(()) };
        let channel = channel::Entity::find_by_id(row.channel_id).lock_exclusive().one(&self.db).await?;
        if let Some(channel) = channel {
            self.set_channel_state(channel, ChannelState::Suppressed, Some(cause)).await?;
        }
        Ok(())
    }
}

fn waiting() -> Result<[String; 2], Error> {
    Ok([word("push state", PushState::Queued)?, word("push state", PushState::Retry)?])
}

/// Somebody still wants it there: the channel is active and the subscription runs.
fn wanted() -> Result<Condition, Error> {
    let active = Query::select()
        .column(channel::Column::Id)
        .from(channel::Entity)
        .and_where(Expr::col(channel::Column::State).eq(word("channel state", ChannelState::Active)?))
        .and_where(Expr::col((channel::Entity, channel::Column::Id)).equals((push::Entity, push::Column::ChannelId)))
        .take();
    let running = Query::select()
        .column(subscription::Column::Id)
        .from(subscription::Entity)
        .and_where(Expr::col(subscription::Column::EndedAt).is_null())
        .and_where(
            Expr::col((subscription::Entity, subscription::Column::Id))
                .equals((push::Entity, push::Column::SubscriptionId)),
        )
        .take();
    Ok(Condition::all().add(Expr::exists(active)).add(Expr::exists(running)))
}

fn unwanted() -> Result<Condition, Error> {
    Ok(wanted()?.not())
}

/// Locks due pushes and returns their ids. On PostgreSQL rows another worker holds are skipped, not waited for;
/// on SQLite the transaction already holds the only write lock.
async fn due(db: &impl ConnectionTrait, now: Instant, limit: u64, which: Condition) -> Result<Vec<String>, Error> {
    let rows = push::Entity::find()
        .select_only()
        .column(push::Column::Id)
        .filter(push::Column::State.is_in(waiting()?))
        .filter(push::Column::DueAt.lte(now.0))
        .filter(which)
        .order_by_asc(push::Column::DueAt)
        .order_by_asc(push::Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple::<String>()
        .all(db)
        .await?;
    Ok(rows)
}

async fn suppress(db: &impl ConnectionTrait, ids: &[String]) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    push::Entity::update_many()
        .col_expr(push::Column::State, Expr::val(word("push state", PushState::Suppressed)?))
        .col_expr(push::Column::Cause, Expr::val("unsubscribed or channel not active"))
        .filter(push::Column::Id.is_in(ids))
        .exec(db)
        .await?;
    ledger::release(db, ids).await
}

/// The push is in one of these states under this very lease.
fn held(id: &str, token: i64, states: &[PushState]) -> Result<Condition, Error> {
    let states = states.iter().map(|state| word("push state", state)).collect::<Result<Vec<_>, _>>()?;
    Ok(Condition::all()
        .add(push::Column::Id.eq(id))
        .add(push::Column::LeaseToken.eq(token))
        .add(push::Column::State.is_in(states)))
}

/// Moves pushes from one state to another and ends their leases.
async fn turn(db: &impl ConnectionTrait, from: PushState, to: PushState, which: Condition) -> Result<u64, Error> {
    let turned = push::Entity::update_many()
        .col_expr(push::Column::State, Expr::val(word("push state", to)?))
        .col_expr(push::Column::LeaseUntil, Expr::val(None::<i64>))
        .filter(push::Column::State.eq(word("push state", from)?))
        .filter(which)
        .exec(db)
        .await?;
    Ok(turned.rows_affected)
}

async fn with_channels(db: &impl ConnectionTrait, mut rows: Vec<push::Model>) -> Result<Vec<Leased>, Error> {
    rows.sort_by(|a, b| (a.due_at, &a.id).cmp(&(b.due_at, &b.id)));
    let ids: Vec<&str> = rows.iter().map(|row| row.channel_id.as_str()).collect();
    let channels = channel::Entity::find().filter(channel::Column::Id.is_in(ids)).all(db).await?;
    rows.into_iter()
        .map(|row| {
            let channel = channels.iter().find(|channel| channel.id == row.channel_id).cloned();
            let channel = channel.ok_or_else(|| Error::not_found("channel", &row.channel_id))?;
            Ok(Leased { token: row.lease_token, push: decode(row)?, channel: decode_channel(channel)? })
        })
        .collect()
}

fn cause(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Sent { .. } => None,
        Outcome::Retry { cause, .. } | Outcome::Failed { cause, .. } | Outcome::InDoubt { cause } => {
            Some(cause.clone())
        }
    }
}
