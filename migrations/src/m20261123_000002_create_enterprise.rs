//! 企业 with their profile documents and every change of them.

use sea_orm_migration::prelude::*;

use crate::parts::{
    big_integer, big_pk_auto, boolean, create, drop_tables, index, reference, text, text_null, text_uniq, unique,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// A step is taken whole or not at all, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_enterprise(manager).await?;
        create_profile_change(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["profile_change", "enterprise"]).await
    }
}

/// One row with one canonical document. `ordinal` is never used again, even after the last row is deleted.
async fn create_enterprise(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("enterprise")
            .col(big_pk_auto("ordinal"))
            .col(text_uniq("uscc"))
            .col(text("name"))
            .col(text_null("area"))
            .col(boolean("synthetic"))
            .col(big_integer("revision"))
            .col(big_integer("recorded_at"))
            .col(text("document")),
        vec![index("enterprise", &["area", "ordinal"])],
    )
    .await
}

/// Append-only: any past state of a profile can be rebuilt from it.
async fn create_profile_change(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("profile_change")
            .col(big_pk_auto("seq"))
            .col(big_integer("enterprise"))
            .col(big_integer("revision"))
            .col(big_integer("recorded_at"))
            .col(text("actor"))
            .col(text("patch"))
            .foreign_key(&mut reference("profile_change", "enterprise", ("enterprise", "ordinal"))),
        vec![unique("profile_change", &["enterprise", "revision"])],
    )
    .await
}
