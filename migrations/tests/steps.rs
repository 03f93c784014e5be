//! Every step can be taken, taken back and taken again, on both engines.

#![expect(clippy::unwrap_used, reason = "shared bodies of tests fail by panicking")]

use sea_orm_migration::prelude::{MigratorTrait, SchemaManager};
use sea_orm_migration::sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};

use migrations::{Error, Migrator, apply, pending, revert};

fn sqlite(directory: &tempfile::TempDir) -> String {
    format!("sqlite://{}?mode=rwc", directory.path().join("hanqitong.db").display())
}

async fn execute(db: &DatabaseConnection, sql: &str) {
    db.execute_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
}

async fn goes_up_down_and_up(url: &str) {
    let all: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    assert_eq!(pending(url).await.unwrap(), all);
    assert_eq!(apply(url).await.unwrap(), all);
    assert_eq!(apply(url).await.unwrap(), Vec::<String>::new());
    revert(url).await.unwrap();
    let db = Database::connect(url).await.unwrap();
    assert!(!SchemaManager::new(&db).has_table("policy").await.unwrap(), "`down` left a table");
    db.close().await.unwrap();
    assert_eq!(apply(url).await.unwrap(), all);
    assert_eq!(pending(url).await.unwrap(), Vec::<String>::new());
}

async fn refuses_a_newer_database(url: &str) {
    apply(url).await.unwrap();
    let db = Database::connect(url).await.unwrap();
    execute(&db, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_from_the_future', 0)")
        .await;
    db.close().await.unwrap();
    for refused in [pending(url).await, apply(url).await] {
        let Err(Error::Newer(steps)) = refused else { panic!("a newer database was accepted") };
        assert_eq!(steps, ["m20991231_000001_from_the_future"]);
    }
}

#[tokio::test]
async fn steps_go_up_down_and_up_on_sqlite() {
    let directory = tempfile::tempdir().unwrap();
    goes_up_down_and_up(&sqlite(&directory)).await;
}

#[tokio::test]
async fn steps_go_up_down_and_up_on_postgres() {
    let Some(database) = cluster::database() else { return };
    goes_up_down_and_up(database.url()).await;
}

#[tokio::test]
async fn a_newer_database_is_refused_by_name_on_sqlite() {
    let directory = tempfile::tempdir().unwrap();
    refuses_a_newer_database(&sqlite(&directory)).await;
}

#[tokio::test]
async fn a_newer_database_is_refused_by_name_on_postgres() {
    let Some(database) = cluster::database() else { return };
    refuses_a_newer_database(database.url()).await;
}

#[tokio::test]
async fn several_nodes_may_migrate_at_once_on_postgres() {
    let Some(database) = cluster::database() else { return };
    let url = database.url();
    let (a, b, c) = tokio::join!(apply(url), apply(url), apply(url));
    let applied: usize = [a, b, c].into_iter().map(|steps| steps.unwrap().len()).sum();
    assert_eq!(applied, Migrator::migrations().len());
}

#[tokio::test]
async fn an_unreachable_database_is_named_as_such() {
    let refused = pending("postgres://nobody@127.0.0.1:1/none").await;
    assert!(matches!(refused, Err(Error::Unreachable(_))));
}

#[tokio::test]
async fn no_column_holds_a_decimal_or_a_float() {
    let directory = tempfile::tempdir().unwrap();
    let url = sqlite(&directory);
    apply(&url).await.unwrap();
    let db = Database::connect(&url).await.unwrap();
    let sql = "SELECT m.name || '.' || p.name AS place, p.type AS type FROM sqlite_master m, pragma_table_info(m.name) p \
               WHERE m.type = 'table' AND m.name NOT IN ('seaql_migrations', 'sqlite_sequence')";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    assert!(rows.len() > 100);
    for row in rows {
        let (place, kind): (String, String) = (row.try_get("", "place").unwrap(), row.try_get("", "type").unwrap());
        let kind = kind.to_lowercase();
        assert!(["text", "bigint", "integer", "boolean", "blob"].contains(&kind.as_str()), "{place} is {kind}");
    }
}
