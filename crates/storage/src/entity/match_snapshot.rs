//! Table `match_snapshot`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "match_snapshot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub enterprise: i64,
    pub taken_at: i64,
    pub as_of: String,
    pub library_seq: i64,
    pub profile_revision: i64,
    pub reference_hash: String,
    pub document: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
