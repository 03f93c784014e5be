//! 推送批次: one per kind and slot, however many schedulers ask for it.

use domain::{Instant, PushRun, RunId, RunKind, Scope};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder, QuerySelect};

use crate::access::system_only;
use crate::connect::Store;
use crate::entity::push_run;
use crate::error::Error;
use crate::row::{Row, readable, word};
use crate::tx::Tx;

impl Store {
    pub async fn find_run(&self, scope: &Scope, kind: RunKind, slot: &str) -> Result<Option<PushRun>, Error> {
        system_only(scope, "read push runs")?;
        let id = run_id(kind, slot)?.to_string();
        push_run::Entity::find_by_id(id).one(self.reader()).await?.map(decode).transpose()
    }

    /// The newest runs by their due time.
    pub async fn list_runs(&self, scope: &Scope, limit: u64) -> Result<Vec<PushRun>, Error> {
        system_only(scope, "read push runs")?;
        let query = push_run::Entity::find().order_by_desc(push_run::Column::DueAt).order_by_desc(push_run::Column::Id);
        Ok(readable(query.limit(limit).all(self.reader()).await?, decode))
    }
}

impl Tx {
    /// The run of a slot, and whether this call made it. Until this transaction ends nobody else can plan it: a
    /// second scheduler waits here and then finds `planned_at` set.
    pub async fn open_run(
        &mut self,
        scope: &Scope,
        kind: RunKind,
        slot: &str,
        due_at: Instant,
    ) -> Result<(PushRun, bool), Error> {
        system_only(scope, "plan pushes")?;
        let id = run_id(kind, slot)?.to_string();
        let run = push_run::ActiveModel {
            id: Set(id.clone()),
            kind: Set(word("run kind", kind)?),
            slot: Set(slot.to_owned()),
            due_at: Set(due_at.0),
            planned_at: Set(None),
            finished_at: Set(None),
        };
        // Of either unique key: PostgreSQL may see the slot of a concurrent run before its id.
        let keep = OnConflict::new().do_nothing().to_owned();
        let made = push_run::Entity::insert(run).on_conflict(keep).exec_without_returning(&self.db).await?;
        let row = self.lock_run(&id).await?;
        Ok((decode(row)?, made == 1))
    }

    /// The plan of this run is complete: pushes and claims of this transaction are all there will be.
    pub async fn mark_planned(&mut self, scope: &Scope, run: RunId, now: Instant) -> Result<(), Error> {
        system_only(scope, "plan pushes")?;
        let row = self.lock_run(&run.to_string()).await?;
        let planned = push_run::ActiveModel { planned_at: Set(Some(now.0)), ..row.into_active_model() };
        push_run::Entity::update(planned).exec(&self.db).await?;
        Ok(())
    }

    /// Nothing of this run is left to do.
    pub async fn mark_finished(&mut self, scope: &Scope, run: RunId, now: Instant) -> Result<(), Error> {
        system_only(scope, "plan pushes")?;
        let row = self.lock_run(&run.to_string()).await?;
        let finished = push_run::ActiveModel { finished_at: Set(Some(now.0)), ..row.into_active_model() };
        push_run::Entity::update(finished).exec(&self.db).await?;
        Ok(())
    }

    async fn lock_run(&self, id: &str) -> Result<push_run::Model, Error> {
        let row = push_run::Entity::find_by_id(id).lock_exclusive().one(&self.db).await?;
        row.ok_or_else(|| Error::not_found("push run", id))
    }
}

fn run_id(kind: RunKind, slot: &str) -> Result<RunId, Error> {
    Ok(RunId::of(&format!("{}/{slot}", word("run kind", kind)?)))
}

fn decode(row: push_run::Model) -> Result<PushRun, Error> {
    let place = Row::new("push_run", &row.id);
    Ok(PushRun {
        id: place.parse("id", &row.id)?,
        kind: place.word("kind", &row.kind)?,
        due_at: Instant(row.due_at),
        planned_at: row.planned_at.map(Instant),
        finished_at: row.finished_at.map(Instant),
        slot: row.slot,
    })
}
