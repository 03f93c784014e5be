//! Table `subscription`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscription")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub contact_id: String,
    pub enterprise: Option<i64>,
    pub topic: String,
    pub frequency: String,
    pub express: bool,
    pub paused_until: Option<i64>,
    pub ended_at: Option<i64>,
    pub token: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
