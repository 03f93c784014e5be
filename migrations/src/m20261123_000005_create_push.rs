//! 推送批次, the outbox, 告知账 and what was last found for each enterprise.

use sea_orm_migration::prelude::*;

use crate::parts::{
    big_integer, big_integer_null, boolean, create, drop_tables, index, primary, reference, text, text_null, text_uniq,
    unique,
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
        create_push_run(manager).await?;
        create_push(manager).await?;
        create_attempt(manager).await?;
        create_ledger(manager).await?;
        create_ledger_push(manager).await?;
        create_match_snapshot(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["match_snapshot", "ledger_push", "ledger", "attempt", "push", "push_run"]).await
    }
}

async fn create_push_run(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("push_run")
            .col(text("id").primary_key())
            .col(text("kind"))
            .col(text("slot"))
            .col(big_integer("due_at"))
            .col(big_integer_null("planned_at"))
            .col(big_integer_null("finished_at")),
        vec![unique("push_run", &["kind", "slot"])],
    )
    .await
}

/// The outbox. `lease_token` counts leases: only the newest holder may write. `committed_at` is when bytes of unknown fate were about to leave; `resent` marks the one second try.
async fn create_push(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("push")
            .col(text("id").primary_key())
            .col(text("run_id"))
            .col(text("subscription_id"))
            .col(text("channel_id"))
            .col(text("kind"))
            .col(text_uniq("dedupe_key"))
            .col(text("state"))
            .col(big_integer("due_at"))
            .col(big_integer("attempts"))
            .col(text("letter"))
            .col(big_integer("lease_token"))
            .col(big_integer_null("lease_until"))
            .col(big_integer_null("committed_at"))
            .col(boolean("resent"))
            .col(text_null("cause"))
            .foreign_key(&mut reference("push", "run_id", ("push_run", "id")))
            .foreign_key(&mut reference("push", "subscription_id", ("subscription", "id")))
            .foreign_key(&mut reference("push", "channel_id", ("channel", "id"))),
        vec![
            index("push", &["state", "due_at", "id"]),
            index("push", &["run_id", "state"]),
            index("push", &["channel_id"]),
            index("push", &["subscription_id"]),
        ],
    )
    .await
}

/// Append-only.
async fn create_attempt(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("attempt")
            .col(text("id").primary_key())
            .col(text("push_id"))
            .col(big_integer("number"))
            .col(big_integer("started_at"))
            .col(big_integer("finished_at"))
            .col(text("outcome"))
            .col(text("detail"))
            .foreign_key(&mut reference("attempt", "push_id", ("push", "id"))),
        vec![unique("attempt", &["push_id", "number"])],
    )
    .await
}

/// What has been told to whom, for ever.
async fn create_ledger(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("ledger")
            .col(text("key").primary_key())
            .col(text("subscription_id"))
            .col(big_integer_null("enterprise"))
            .col(text_null("item_id"))
            .col(text("reason"))
            .col(text("occasion"))
            .col(text("state"))
            .col(big_integer_null("told_at"))
            .foreign_key(&mut reference("ledger", "subscription_id", ("subscription", "id"))),
        vec![index("ledger", &["subscription_id"]), index("ledger", &["item_id", "state"])],
    )
    .await
}

/// Which pushes carry a line: one per channel, and told when the first of them is. A plan may claim before it
/// writes its pushes, so `push_id` is no reference.
async fn create_ledger_push(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("ledger_push")
            .col(text("key"))
            .col(text("push_id"))
            .primary_key(&mut primary(&["key", "push_id"]))
            .foreign_key(&mut reference("ledger_push", "key", ("ledger", "key"))),
        vec![index("ledger_push", &["push_id"])],
    )
    .await
}

/// The standings of one enterprise when it was last looked at, with the revisions they were made from.
pub(crate) async fn create_match_snapshot(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("match_snapshot")
            .col(big_integer("enterprise").primary_key())
            .col(big_integer("taken_at"))
            .col(text("as_of"))
            .col(big_integer("library_seq"))
            .col(big_integer("profile_revision"))
            .col(text("reference_hash"))
            .col(text("document"))
            .foreign_key(&mut reference("match_snapshot", "enterprise", ("enterprise", "ordinal"))),
        vec![],
    )
    .await
}
