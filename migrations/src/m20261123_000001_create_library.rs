//! 部门, 政策文件, 政策事项, 申报通知 and their revisions.

use sea_orm_migration::prelude::*;

use crate::parts::{
    big_integer, blob, create, drop_tables, index, primary, reference, text, text_null, text_uniq, unique,
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
        create_bureau(manager).await?;
        create_file(manager).await?;
        create_policy(manager).await?;
        create_policy_revision(manager).await?;
        create_item(manager).await?;
        create_item_revision(manager).await?;
        create_call(manager).await?;
        create_call_revision(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["call_revision", "call", "item_revision", "item", "policy_revision", "policy", "file", "bureau"],
        )
        .await
    }
}

async fn create_bureau(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("bureau")
            .col(text("id").primary_key())
            .col(text_uniq("code"))
            .col(text("name"))
            .col(text("area")),
        vec![],
    )
    .await
}

/// Attachments and snapshots of sources, by the SHA-256 of their bytes.
async fn create_file(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("file")
            .col(text("hash").primary_key())
            .col(text("name"))
            .col(text("media_type"))
            .col(big_integer("size"))
            .col(blob("bytes"))
            .col(big_integer("recorded_at")),
        vec![],
    )
    .await
}

/// What is filtered on is kept beside the newest revision; the revision itself is the truth.
async fn create_policy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("policy")
            .col(text("id").primary_key())
            .col(text_uniq("code"))
            .col(text_null("bureau_id"))
            .col(text("status"))
            .col(big_integer("revision"))
            .col(text("title"))
            .col(text("level"))
            .col(text("area"))
            .foreign_key(&mut reference("policy", "bureau_id", ("bureau", "id"))),
        vec![index("policy", &["status", "level"]), index("policy", &["bureau_id"])],
    )
    .await
}

/// Immutable. The body is apart from the rest because the whole library is read without bodies.
async fn create_policy_revision(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("policy_revision")
            .col(text("policy_id"))
            .col(big_integer("number"))
            .col(text("document"))
            .col(text_null("body"))
            .col(text("content_hash"))
            .col(big_integer("recorded_at"))
            .col(text("recorded_by"))
            .primary_key(&mut primary(&["policy_id", "number"]))
            .foreign_key(&mut reference("policy_revision", "policy_id", ("policy", "id"))),
        vec![],
    )
    .await
}

/// `implements` names an upper item that may be recorded later, so it is not a reference.
async fn create_item(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("item")
            .col(text("id").primary_key())
            .col(text_uniq("code"))
            .col(text("policy_id"))
            .col(text_null("bureau_id"))
            .col(text_null("implements"))
            .col(text("status"))
            .col(big_integer("revision"))
            .foreign_key(&mut reference("item", "policy_id", ("policy", "id")))
            .foreign_key(&mut reference("item", "bureau_id", ("bureau", "id"))),
        vec![index("item", &["policy_id"])],
    )
    .await
}

async fn create_item_revision(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("item_revision")
            .col(text("item_id"))
            .col(big_integer("number"))
            .col(text("document"))
            .col(text("content_hash"))
            .col(big_integer("recorded_at"))
            .col(text("recorded_by"))
            .primary_key(&mut primary(&["item_id", "number"]))
            .foreign_key(&mut reference("item_revision", "item_id", ("item", "id"))),
        vec![],
    )
    .await
}

async fn create_call(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("call")
            .col(text("id").primary_key())
            .col(text("item_id"))
            .col(text("batch"))
            .col(text("status"))
            .col(big_integer("revision"))
            .col(text_null("opens_on"))
            .col(text_null("closes_on"))
            .foreign_key(&mut reference("call", "item_id", ("item", "id"))),
        vec![index("call", &["closes_on"]), unique("call", &["item_id", "batch"])],
    )
    .await
}

async fn create_call_revision(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("call_revision")
            .col(text("call_id"))
            .col(big_integer("number"))
            .col(text("document"))
            .col(text("content_hash"))
            .col(big_integer("recorded_at"))
            .col(text("recorded_by"))
            .primary_key(&mut primary(&["call_id", "number"]))
            .foreign_key(&mut reference("call_revision", "call_id", ("call", "id"))),
        vec![],
    )
    .await
}
