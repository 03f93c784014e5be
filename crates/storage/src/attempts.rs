//! 投递尝试: every try of a push, appended and never changed.

use domain::{Attempt, Instant, PushId, Scope};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::access::system_only;
use crate::connect::Store;
use crate::entity::attempt;
use crate::error::Error;
use crate::row::{Row, json, readable};

impl Store {
    /// The attempts of a push, first to last.
    pub async fn list_attempts(&self, scope: &Scope, push: PushId) -> Result<Vec<Attempt>, Error> {
        system_only(scope, "read pushes")?;
        let query = attempt::Entity::find().filter(attempt::Column::PushId.eq(push.to_string()));
        let rows = query.order_by_asc(attempt::Column::Number).all(self.reader()).await?;
        Ok(readable(rows, |row| decode(&row)))
    }
}

pub(crate) async fn append(db: &impl ConnectionTrait, attempt: &Attempt) -> Result<(), Error> {
    let detail = json("outcome", &attempt.outcome)?;
    let row = attempt::ActiveModel {
        id: Set(attempt.id.to_string()),
        push_id: Set(attempt.push.to_string()),
        number: Set(attempt.number),
        started_at: Set(attempt.started_at.0),
        finished_at: Set(attempt.finished_at.0),
        outcome: Set(kind(&attempt.outcome).to_owned()),
        detail: Set(detail),
    };
    attempt::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The outcome in a word of its own column, for counting without opening the document.
fn kind(outcome: &domain::Outcome) -> &'static str {
    match outcome {
        domain::Outcome::Sent { .. } => "sent",
        domain::Outcome::Retry { .. } => "retry",
        domain::Outcome::Failed { .. } => "failed",
        domain::Outcome::InDoubt { .. } => "in_doubt",
    }
}

fn decode(row: &attempt::Model) -> Result<Attempt, Error> {
    let place = Row::new("attempt", &row.id);
    Ok(Attempt {
        id: place.parse("id", &row.id)?,
        push: place.parse("push_id", &row.push_id)?,
        number: row.number,
        started_at: Instant(row.started_at),
        finished_at: Instant(row.finished_at),
        outcome: place.json("detail", &row.detail)?,
    })
}
