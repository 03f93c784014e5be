//! 联系人, 渠道 and 订阅.

use sea_orm_migration::prelude::*;

use crate::parts::{
    big_integer, big_integer_null, boolean, create, drop_tables, index, primary, reference, text, text_null, text_uniq,
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
        create_contact(manager).await?;
        create_channel(manager).await?;
        create_subscription(manager).await?;
        create_subscription_channel(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["subscription_channel", "subscription", "channel", "contact"]).await
    }
}

async fn create_contact(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("contact")
            .col(text("id").primary_key())
            .col(big_integer_null("enterprise"))
            .col(text("name"))
            .col(text("role"))
            .col(text("basis"))
            .foreign_key(&mut reference("contact", "enterprise", ("enterprise", "ordinal"))),
        vec![index("contact", &["enterprise"])],
    )
    .await
}

/// `cause` says why it was suppressed.
async fn create_channel(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("channel")
            .col(text("id").primary_key())
            .col(text("contact_id"))
            .col(text("kind"))
            .col(text("address"))
            .col(text_null("secret"))
            .col(text("state"))
            .col(text_null("cause"))
            .foreign_key(&mut reference("channel", "contact_id", ("contact", "id"))),
        vec![index("channel", &["contact_id"])],
    )
    .await
}

async fn create_subscription(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("subscription")
            .col(text("id").primary_key())
            .col(text("contact_id"))
            .col(big_integer_null("enterprise"))
            .col(text("topic"))
            .col(text("frequency"))
            .col(boolean("express"))
            .col(big_integer_null("paused_until"))
            .col(big_integer_null("ended_at"))
            .col(text_uniq("token"))
            .foreign_key(&mut reference("subscription", "contact_id", ("contact", "id")))
            .foreign_key(&mut reference("subscription", "enterprise", ("enterprise", "ordinal"))),
        vec![index("subscription", &["contact_id"]), index("subscription", &["enterprise"])],
    )
    .await
}

async fn create_subscription_channel(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        Table::create()
            .table("subscription_channel")
            .col(text("subscription_id"))
            .col(text("channel_id"))
            .col(big_integer("position"))
            .primary_key(&mut primary(&["subscription_id", "channel_id"]))
            .foreign_key(&mut reference("subscription_channel", "subscription_id", ("subscription", "id")))
            .foreign_key(&mut reference("subscription_channel", "channel_id", ("channel", "id"))),
        vec![index("subscription_channel", &["channel_id"])],
    )
    .await
}
