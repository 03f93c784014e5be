//! Recorded times, answers, imports, keys and the audit.

use sea_orm_migration::prelude::*;

use crate::parts::{
    big_integer, big_integer_null, big_integer_uniq, big_pk_auto, create, drop_tables, index, primary, text, text_null,
    text_uniq, unique,
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
        create_event(manager).await?;
        create_feedback(manager).await?;
        create_import_run(manager).await?;
        create_idempotency_key(manager).await?;
        create_api_key(manager).await?;
        create_audit_entry(manager).await?;
        create_audit_seal(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["audit_seal", "audit_entry", "api_key", "idempotency_key", "import_run", "feedback", "event"],
        )
        .await
    }
}

/// The times published, itemised, told, opened and answered. They cannot be made up later.
async fn create_event(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("event")
            .col(big_pk_auto("seq"))
            .col(text("kind"))
            .col(big_integer("at"))
            .col(text_null("policy_id"))
            .col(text_null("item_id"))
            .col(text_null("bureau_id"))
            .col(big_integer_null("enterprise"))
            .col(text_null("push_id"))
            .col(text_uniq("dedupe_key")),
        vec![
            index("event", &["kind", "at"]),
            index("event", &["item_id", "kind"]),
            index("event", &["bureau_id", "kind"]),
        ],
    )
    .await
}

async fn create_feedback(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("feedback")
            .col(big_pk_auto("seq"))
            .col(big_integer("at"))
            .col(text("kind"))
            .col(text_null("push_id"))
            .col(text_null("item_id"))
            .col(big_integer_null("enterprise"))
            .col(text_null("note")),
        vec![index("feedback", &["item_id"])],
    )
    .await
}

/// `position` is the last input row whose fate is committed: an interrupted import goes on behind it.
async fn create_import_run(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("import_run")
            .col(text("id").primary_key())
            .col(text("kind"))
            .col(text("source_name"))
            .col(text("source_hash"))
            .col(text("state"))
            .col(big_integer("position"))
            .col(big_integer("accepted"))
            .col(big_integer("rejected"))
            .col(big_integer("started_at"))
            .col(big_integer("updated_at")),
        vec![unique("import_run", &["kind", "source_hash"])],
    )
    .await
}

async fn create_idempotency_key(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("idempotency_key")
            .col(text("owner"))
            .col(text("key"))
            .col(text("request_hash"))
            .col(big_integer_null("status"))
            .col(text_null("response"))
            .col(big_integer("created_at"))
            .primary_key(&mut primary(&["owner", "key"])),
        vec![index("idempotency_key", &["created_at"])],
    )
    .await
}

async fn create_api_key(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("api_key")
            .col(text("id").primary_key())
            .col(text("name"))
            .col(text_uniq("key_hash"))
            .col(text("permissions"))
            .col(text("scope"))
            .col(big_integer("created_at"))
            .col(big_integer_null("expires_at"))
            .col(big_integer_null("revoked_at")),
        vec![],
    )
    .await
}

async fn create_audit_entry(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("audit_entry")
            .col(big_integer("seq").primary_key())
            .col(big_integer("at"))
            .col(text("actor"))
            .col(text("action"))
            .col(text("subject"))
            .col(text("detail")),
        vec![index("audit_entry", &["subject"]), index("audit_entry", &["at"])],
    )
    .await
}

/// Fixes a range of audit entries by the hash of all of them and of the seal before.
async fn create_audit_seal(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("audit_seal")
            .col(big_integer("number").primary_key())
            .col(big_integer_uniq("from_seq"))
            .col(big_integer_uniq("to_seq"))
            .col(text("root"))
            .col(text("previous"))
            .col(big_integer("sealed_at")),
        vec![],
    )
    .await
}
