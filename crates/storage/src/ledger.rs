//! 告知账: what has been told to whom. A key is claimed with the plan, told when a push of it is sent, and released
//! when every push of it has failed, so that a dead address does not eat the news.

use domain::{Instant, ItemId, LedgerKey, LedgerState, PushId, PushState, Reason, Scope, SubscriptionId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::system_only;
use crate::changes::ROWS_PER_STATEMENT;
use crate::connect::Store;
use crate::entity::{ledger, ledger_push, push};
use crate::error::Error;
use crate::row::{Row, readable, word};
use crate::tx::Tx;

/// Something told, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldLine {
    pub key: LedgerKey,
    pub at: Instant,
}

impl Store {
    /// What these subscriptions were told or are being told: collect it into a [`domain::Told`].
    pub async fn ledger_keys(&self, scope: &Scope, of: &[SubscriptionId]) -> Result<Vec<LedgerKey>, Error> {
        system_only(scope, "read the ledger")?;
        let released = word("ledger state", LedgerState::Released)?;
        let mut keys = Vec::new();
        for some in of.chunks(ROWS_PER_STATEMENT) {
            let ids: Vec<String> = some.iter().map(ToString::to_string).collect();
            let rows = ledger::Entity::find()
                .filter(ledger::Column::SubscriptionId.is_in(ids))
                .filter(ledger::Column::State.ne(&released))
                .order_by_asc(ledger::Column::Key)
                .all(self.reader())
                .await?;
            keys.extend(readable(rows, |row| decode(&row)));
        }
        Ok(keys)
    }

    /// Every recommendation of these items that reached somebody: whom a correction must reach too.
    pub async fn told_matches(&self, scope: &Scope, items: &[ItemId]) -> Result<Vec<ToldLine>, Error> {
        system_only(scope, "read the ledger")?;
        let items: Vec<String> = items.iter().map(ToString::to_string).collect();
        let rows = ledger::Entity::find()
            .filter(ledger::Column::ItemId.is_in(items))
            .filter(ledger::Column::State.eq(word("ledger state", LedgerState::Told)?))
            .filter(ledger::Column::Reason.eq(Reason::NewlyMatched.as_str()))
            .order_by_asc(ledger::Column::Key)
            .all(self.reader())
            .await?;
        Ok(readable(rows, |row| Ok(ToldLine { key: decode(&row)?, at: Instant(row.told_at.unwrap_or_default()) })))
    }
}

impl Tx {
    /// Claims keys for a push and returns those that are its to tell: new or released ones, and those another
    /// push of this same plan has claimed. A key somebody else holds is not returned.
    pub async fn claim(&mut self, scope: &Scope, keys: &[LedgerKey], push: PushId) -> Result<Vec<LedgerKey>, Error> {
        system_only(scope, "plan pushes")?;
        // In one order everywhere, so that two plans wait for each other instead of deadlocking.
        let mut sorted: Vec<&LedgerKey> = keys.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut granted = Vec::new();
        for some in sorted.chunks(ROWS_PER_STATEMENT) {
            let new = insert_claims(&self.db, some).await?;
            self.claimed.extend(new);
            granted.extend(some.iter().filter(|key| self.claimed.contains(&key.to_string())).map(|key| (*key).clone()));
        }
        let links: Vec<_> = granted
            .iter()
            .map(|key| ledger_push::ActiveModel { key: Set(key.to_string()), push_id: Set(push.to_string()) })
            .collect();
        let keep = OnConflict::columns([ledger_push::Column::Key, ledger_push::Column::PushId]).do_nothing().to_owned();
        for chunk in links.chunks(ROWS_PER_STATEMENT) {
            let insert = ledger_push::Entity::insert_many(chunk.to_vec()).on_conflict(keep.clone());
            insert.exec_without_returning(&self.db).await?;
        }
        Ok(granted)
    }
}

/// Inserts what is new, takes over what was released, and returns the keys of both.
async fn insert_claims(db: &impl ConnectionTrait, keys: &[&LedgerKey]) -> Result<Vec<String>, Error> {
    use ledger::Column as C;
    let (claimed, released) =
        (word("ledger state", LedgerState::Claimed)?, word("ledger state", LedgerState::Released)?);
    let mut insert = Query::insert();
    insert.into_table(ledger::Entity).columns([
        C::Key,
        C::SubscriptionId,
        C::Enterprise,
        C::ItemId,
        C::Reason,
        C::Occasion,
        C::State,
    ]);
    for key in keys {
        insert.values_panic([
            key.to_string().into(),
            key.subscription.to_string().into(),
            key.enterprise.map(|ordinal| ordinal.0).into(),
            key.item.map(|item| item.to_string()).into(),
            key.reason.as_str().into(),
            key.occasion.as_str().into(),
            claimed.as_str().into(),
        ]);
    }
    let take_over = OnConflict::column(C::Key)
        .update_column(C::State)
        .action_and_where(Expr::col((ledger::Entity, C::State)).eq(released))
        .to_owned();
    insert.on_conflict(take_over).returning_col(C::Key);
    let rows = db.query_all(&insert).await?;
    Ok(rows.iter().map(|row| row.try_get("", "key")).collect::<Result<_, _>>()?)
}

/// Marks what a sent push carried as told.
pub(crate) async fn tell(db: &impl ConnectionTrait, push: &str, now: Instant) -> Result<(), Error> {
    ledger::Entity::update_many()
        .col_expr(ledger::Column::State, Expr::val(word("ledger state", LedgerState::Told)?))
        .col_expr(ledger::Column::ToldAt, Expr::val(now.0))
        .filter(ledger::Column::Key.in_subquery(keys_of(push)))
        .filter(ledger::Column::State.ne(word("ledger state", LedgerState::Told)?))
        .exec(db)
        .await?;
    Ok(())
}

/// Gives back what a dead push carried, unless another push of the same line may still bring it.
pub(crate) async fn release(db: &impl ConnectionTrait, pushes: &[String]) -> Result<(), Error> {
    let dead = [word("push state", PushState::Failed)?, word("push state", PushState::Suppressed)?];
    let carried = Query::select()
        .column(ledger_push::Column::Key)
        .from(ledger_push::Entity)
        .and_where(Expr::col(ledger_push::Column::PushId).is_in(pushes))
        .take();
    let hopeful = Query::select()
        .column((ledger_push::Entity, ledger_push::Column::Key))
        .from(ledger_push::Entity)
        .inner_join(
            push::Entity,
            Expr::col((push::Entity, push::Column::Id)).equals((ledger_push::Entity, ledger_push::Column::PushId)),
        )
        .and_where(Expr::col((push::Entity, push::Column::State)).is_not_in(dead))
        .and_where(Expr::col((ledger_push::Entity, ledger_push::Column::Key)).in_subquery(carried.clone()))
        .take();
    let condition = Condition::all()
        .add(ledger::Column::Key.in_subquery(carried))
        .add(ledger::Column::Key.not_in_subquery(hopeful))
        .add(ledger::Column::State.eq(word("ledger state", LedgerState::Claimed)?));
    ledger::Entity::update_many()
        .col_expr(ledger::Column::State, Expr::val(word("ledger state", LedgerState::Released)?))
        .filter(condition)
        .exec(db)
        .await?;
    Ok(())
}

/// The lines a push carries.
pub(crate) async fn lines_of(db: &impl ConnectionTrait, push: &str) -> Result<Vec<LedgerKey>, Error> {
    let rows = ledger_push::Entity::find()
        .filter(ledger_push::Column::PushId.eq(push))
        .select_only()
        .column(ledger_push::Column::Key)
        .into_tuple::<String>()
        .all(db)
        .await?;
    rows.iter().map(|key| Row::new("ledger_push", key).parse("key", key)).collect()
}

fn keys_of(push: &str) -> SelectStatement {
    Query::select()
        .column(ledger_push::Column::Key)
        .from(ledger_push::Entity)
        .and_where(Expr::col(ledger_push::Column::PushId).eq(push))
        .take()
}

fn decode(row: &ledger::Model) -> Result<LedgerKey, Error> {
    Row::new("ledger", &row.key).parse("key", &row.key)
}
