//! The change feed, its counter and its followers.

use sea_orm_migration::prelude::*;

use crate::parts::{big_integer, create, drop_tables, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// A step is taken whole or not at all, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_change(manager).await?;
        create_counter(manager).await?;
        create_feed_cursor(manager).await?;
        create_reference_data(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["reference_data", "feed_cursor", "counter", "change"]).await
    }
}

/// The change feed. `seq` comes from the counter row below, not from the engine: a PostgreSQL sequence hands out
/// numbers that commit in another order, and a reader that follows by number would then miss some.
async fn create_change(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create().table("change").col(big_integer("seq").primary_key()).col(text("kind")).col(text("id")),
        vec![],
    )
    .await
}

/// Locked by every transaction that appends to a gapless sequence, until it commits.
async fn create_counter(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(manager, Table::create().table("counter").col(text("name").primary_key()).col(big_integer("value")), vec![])
        .await?;
    let rows = Query::insert()
        .into_table("counter")
        .columns(["name", "value"])
        .values_panic(["change".into(), 0_i64.into()])
        .values_panic(["audit".into(), 0_i64.into()])
        .to_owned();
    manager.execute(rows).await
}

/// How far each follower of the feed has come.
async fn create_feed_cursor(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create().table("feed_cursor").col(text("name").primary_key()).col(big_integer("seq")),
        vec![],
    )
    .await
}

/// Every state of the reference data this installation has run with.
async fn create_reference_data(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("reference_data")
            .col(text("hash").primary_key())
            .col(big_integer("recorded_at"))
            .col(text("recorded_by")),
        vec![],
    )
    .await
}
