//! Table `match_result`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "match_result")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: String,
    pub item_revision: i64,
    pub call_id: Option<String>,
    pub call_revision: Option<i64>,
    pub reference_hash: String,
    pub as_of: String,
    pub seq: i64,
    pub taken_at: i64,
    pub met: Vec<u8>,
    pub almost: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
