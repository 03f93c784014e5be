//! 推送 as rows, and the questions an operator asks about them.

use std::collections::HashSet;

use domain::{Instant, Push, PushId, PushState, RunId, Scope};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::system_only;
use crate::changes::ROWS_PER_STATEMENT;
use crate::connect::Store;
use crate::entity::push;
use crate::error::Error;
use crate::row::{Row, readable, word};
use crate::tx::Tx;

#[derive(Debug, FromQueryResult)]
struct Count {
    state: String,
    number: i64,
}

impl Store {
    pub async fn find_push(&self, scope: &Scope, id: PushId) -> Result<Option<Push>, Error> {
        system_only(scope, "read pushes")?;
        push::Entity::find_by_id(id.to_string()).one(self.reader()).await?.map(decode).transpose()
    }

    /// Which of these exist.
    pub async fn known_pushes(&self, scope: &Scope, ids: &[PushId]) -> Result<HashSet<PushId>, Error> {
        system_only(scope, "read pushes")?;
        let mut known = HashSet::new();
        for chunk in ids.chunks(ROWS_PER_STATEMENT) {
            let wanted = push::Column::Id.is_in(chunk.iter().map(PushId::to_string));
            let found = push::Entity::find().select_only().column(push::Column::Id).filter(wanted);
            let found: Vec<String> = found.into_tuple().all(self.reader()).await?;
            let found: HashSet<String> = found.into_iter().collect();
            known.extend(chunk.iter().filter(|id| found.contains(&id.to_string())));
        }
        Ok(known)
    }

    /// Pushes of a run by id.
    pub async fn list_pushes(
        &self,
        scope: &Scope,
        run: RunId,
        after: Option<PushId>,
        limit: u64,
    ) -> Result<Vec<Push>, Error> {
        system_only(scope, "read pushes")?;
        let past = after.map(|after| push::Column::Id.gt(after.to_string()));
        let rows = push::Entity::find()
            .filter(push::Column::RunId.eq(run.to_string()))
            .filter(Condition::all().add_option(past))
            .order_by_asc(push::Column::Id)
            .limit(limit)
            .all(self.reader())
            .await?;
        Ok(readable(rows, decode))
    }

    /// Everything in doubt, for a person to decide.
    pub async fn list_in_doubt(&self, scope: &Scope, limit: u64) -> Result<Vec<Push>, Error> {
        system_only(scope, "read pushes")?;
        let doubted = push::Column::State.eq(word("push state", PushState::InDoubt)?);
        let query = push::Entity::find().filter(doubted).order_by_asc(push::Column::CommittedAt);
        Ok(readable(query.limit(limit).all(self.reader()).await?, decode))
    }

    /// How many pushes of a run are in each state; states without any are left out.
    pub async fn push_counts(&self, scope: &Scope, run: RunId) -> Result<Vec<(PushState, i64)>, Error> {
        system_only(scope, "read pushes")?;
        let counts = push::Entity::find()
            .select_only()
            .column(push::Column::State)
            .column_as(push::Column::Id.count(), "number")
            .filter(push::Column::RunId.eq(run.to_string()))
            .group_by(push::Column::State)
            .order_by_asc(push::Column::State)
            .into_model::<Count>()
            .all(self.reader())
            .await?;
        counts
            .into_iter()
            .map(|count| Ok((Row::new("push", "count").word("state", &count.state)?, count.number)))
            .collect()
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
}

fn push_row(push: &Push) -> Result<push::ActiveModel, Error> {
    Ok(push::ActiveModel {
        id: Set(push.id.to_string()),
        run_id: Set(push.run.to_string()),
        subscription_id: Set(push.subscription.to_string()),
        channel_id: Set(push.channel.to_string()),
        kind: Set(word("channel kind", push.kind)?),
        dedupe_key: Set(push.dedupe_key.clone()),
        state: Set(word("push state", push.state)?),
        due_at: Set(push.due_at.0),
        attempts: Set(push.attempts),
        letter: Set(push.letter.clone()),
        lease_token: Set(0),
        lease_until: Set(None),
        committed_at: Set(None),
        resent: Set(false),
        cause: Set(None),
    })
}

pub(crate) fn decode(row: push::Model) -> Result<Push, Error> {
    let place = Row::new("push", &row.id);
    Ok(Push {
        id: place.parse("id", &row.id)?,
        run: place.parse("run_id", &row.run_id)?,
        subscription: place.parse("subscription_id", &row.subscription_id)?,
        channel: place.parse("channel_id", &row.channel_id)?,
        kind: place.word("kind", &row.kind)?,
        state: place.word("state", &row.state)?,
        due_at: Instant(row.due_at),
        attempts: row.attempts,
        dedupe_key: row.dedupe_key,
        letter: row.letter,
    })
}
