//! Table `push`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub run_id: String,
    pub subscription_id: String,
    pub channel_id: String,
    pub kind: String,
    pub dedupe_key: String,
    pub state: String,
    pub due_at: i64,
    pub attempts: i64,
    pub letter: String,
    pub lease_token: i64,
    pub lease_until: Option<i64>,
    pub committed_at: Option<i64>,
    pub resent: bool,
    pub cause: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
