//! What became of pushes: attempts that are over, leases that ran out, doubts a person resolved.

use domain::{ChannelState, Instant, Outcome, PushId, PushState, Scope};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::{Finished, InDoubt, Next, Recovered, Resolution, held};
use crate::access::system_only;
use crate::attempts;
use crate::connect::Store;
use crate::entity::{channel, push};
use crate::error::Error;
use crate::row::word;
use crate::tx::{Actor, Tx};
use crate::{events, ledger};

impl Store {
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
}

impl Tx {
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

fn cause(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Sent { .. } => None,
        Outcome::Retry { cause, .. } | Outcome::Failed { cause, .. } | Outcome::InDoubt { cause } => {
            Some(cause.clone())
        }
    }
}
