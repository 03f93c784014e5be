//! Who matched which item when everybody was last looked at: one row per item, not one per enterprise.

use sea_orm_migration::prelude::*;

use crate::m20261123_000005_create_push::create_match_snapshot;
use crate::parts::{big_integer, big_integer_null, blob, create, drop_tables, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// A step is taken whole or not at all, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Nobody ever wrote to it.
        drop_tables(manager, &["match_snapshot"]).await?;
        create_match_result(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["match_result"]).await?;
        create_match_snapshot(manager).await
    }
}

/// Two sets of ordinals, with everything they were made from. The item is no reference: a result may outlive it until
/// the next one is stored.
async fn create_match_result(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("match_result")
            .col(text("item_id").primary_key())
            .col(big_integer("item_revision"))
            .col(text_null("call_id"))
            .col(big_integer_null("call_revision"))
            .col(text("reference_hash"))
            .col(text("as_of"))
            .col(big_integer("seq"))
            .col(big_integer("taken_at"))
            .col(blob("met"))
            .col(blob("almost")),
        vec![],
    )
    .await
}
