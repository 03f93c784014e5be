//! Table `profile_change`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "profile_change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub enterprise: i64,
    pub revision: i64,
    pub recorded_at: i64,
    pub actor: String,
    pub patch: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
