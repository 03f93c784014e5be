//! Pieces every step is made of: indexes with their names, references, a whole table down and up.

use sea_orm_migration::prelude::{
    DbErr, ForeignKey, ForeignKeyCreateStatement, Index, IndexCreateStatement, SchemaManager, Table,
    TableCreateStatement,
};
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement};

pub(crate) use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_integer_uniq, big_pk_auto, blob, boolean, text, text_null, text_uniq,
};

/// `idx_<table>_<columns>`
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("idx_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().take()
}

/// A reference to the single-column key of another table. Nothing cascades: history is never deleted by the way.
pub(crate) fn reference(
    table: &'static str,
    column: &'static str,
    target: (&'static str, &'static str),
) -> ForeignKeyCreateStatement {
    ForeignKey::create().name(format!("fk_{table}_{column}")).from(table, column).to(target.0, target.1).take()
}

/// A key of several columns.
pub(crate) fn primary(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index
}

pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    table: &mut TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    manager.create_table(table.take()).await?;
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Drops tables in the order given: referring tables before those they refer to.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}

pub(crate) fn statement(db: &impl ConnectionTrait, sql: &'static str) -> Statement {
    Statement::from_string(db.get_database_backend(), sql)
}
