//! Table `enterprise`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enterprise")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub ordinal: i64,
    pub uscc: String,
    pub name: String,
    pub area: Option<String>,
    pub synthetic: bool,
    pub revision: i64,
    pub recorded_at: i64,
    pub document: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
