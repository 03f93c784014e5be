//! Runs one test body on both engines.

use std::sync::Arc;

use migrations::apply;
use rules::Reference;
use storage::Store;

/// A migrated, empty database that goes away with this guard.
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) url: String,
    _guard: Guard,
}

#[expect(dead_code, reason = "held for their drop")]
enum Guard {
    Directory(tempfile::TempDir),
    Database(cluster::Database),
}

impl Place {
    pub(crate) async fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("hanqitong.db").display());
        Self::open(url, Guard::Directory(directory)).await
    }

    /// `None` after a line `skipped: …` when there is no PostgreSQL.
    pub(crate) async fn postgres() -> Option<Self> {
        let database = cluster::database()?;
        Some(Self::open(database.url().to_owned(), Guard::Database(database)).await)
    }

    async fn open(url: String, guard: Guard) -> Self {
        apply(&url).await.unwrap();
        Self { store: connect(&url).await, url, _guard: guard }
    }
}

pub(crate) async fn connect(url: &str) -> Store {
    Store::connect(url, 8, Arc::new(Reference::builtin().clone())).await.unwrap()
}

/// Two tests for each body `async fn name(place: &Place)`: `sqlite::name` and `postgres::name`.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&crate::engines::Place::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(place) = crate::engines::Place::postgres().await {
                    super::$name(&place).await;
                }
            })+
        }
    };
}
pub(crate) use on_both_engines;

/// Runs a statement behind storage's back, to make the damage a test is about.
pub(crate) async fn execute(url: &str, sql: &str) {
    use sea_orm::ConnectionTrait;
    let db = sea_orm::Database::connect(url).await.unwrap();
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}
