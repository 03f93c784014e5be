//! An empty database on either engine, and the few things the tests put into it.

use std::sync::Arc;

use census::{Census, Settings};
use chrono::NaiveDate;
use domain::{Enterprise, EnterpriseOrdinal, Instant, PolicyId, PolicyStatus, Scope, sample};
use rules::{Profile, Reference};
use storage::{Actor, ItemDraft, PolicyDraft, Store};

pub(crate) const SYSTEM: Scope = Scope::System;
const NOW: Instant = Instant(1_795_000_000_000);

pub(crate) fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// A migrated, empty database that goes away with this guard.
pub(crate) struct Place {
    pub(crate) store: Store,
    url: String,
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
        migrations::apply(&url).await.unwrap();
        let reference = Arc::new(Reference::builtin().clone());
        Self { store: Store::connect(&url, 8, reference).await.unwrap(), url, _guard: guard }
    }

    pub(crate) fn census(&self) -> Census {
        self.census_of(None)
    }

    /// A census that may take so many bytes.
    pub(crate) fn census_within(&self, bytes: usize) -> Census {
        self.census_of(Some(bytes))
    }

    fn census_of(&self, limit: Option<usize>) -> Census {
        let settings = Settings { threads: 2, file: None, limit };
        Census::new(self.store.clone(), Arc::clone(self.store.reference()), settings)
    }

    /// Policy `p` with an item of that condition, open at any time.
    pub(crate) async fn publish(&self, code: &str, condition: &str) {
        let mut tx = self.store.begin().await.unwrap();
        let policy = sample::policy("p");
        let draft = PolicyDraft { code: policy.code, bureau: None, status: policy.status, revision: policy.revision };
        tx.save_policy(&SYSTEM, draft, &Actor::new("test"), NOW).await.unwrap();
        let mut revision = sample::item(code).revision;
        revision.condition = Some(condition.to_owned());
        revision.rolling = true;
        let (code, policy) = (code.to_owned(), PolicyId::of("p"));
        let status = PolicyStatus::Published;
        let draft = ItemDraft { code, policy, bureau: None, implements: None, status, revision };
        tx.save_item(&SYSTEM, draft, &Actor::new("test"), NOW).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn save(&self, profile: &Profile) -> Enterprise {
        let mut tx = self.store.begin().await.unwrap();
        let saved = tx.save_enterprise(&SYSTEM, profile, true, &Actor::new("test"), NOW).await.unwrap();
        tx.commit().await.unwrap();
        saved.value
    }

    /// Deletes an enterprise as an operator does who must: the rows, and an entry in the feed.
    pub(crate) async fn delete(&self, ordinal: EnterpriseOrdinal) {
        let EnterpriseOrdinal(number) = ordinal;
        self.execute(&format!("DELETE FROM profile_change WHERE enterprise = {number}")).await;
        self.execute(&format!("DELETE FROM enterprise WHERE ordinal = {number}")).await;
        let seq = self.store.latest_change(&SYSTEM).await.unwrap() + 1;
        self.execute(&format!("INSERT INTO change (seq, kind, id) VALUES ({seq}, 'enterprise', '{number}')")).await;
        self.execute(&format!("UPDATE counter SET value = {seq} WHERE name = 'change'")).await;
    }

    /// Runs a statement behind storage's back.
    pub(crate) async fn execute(&self, sql: &str) {
        use sea_orm::ConnectionTrait;
        let db = sea_orm::Database::connect(&self.url).await.unwrap();
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    }
}

/// A firm with a revenue of last year in 万元.
pub(crate) fn firm(number: u32, revenue: i64) -> Profile {
    let place = usize::try_from(number).unwrap();
    let mut profile = domain::synthetic::enterprises(7, 100, day()).nth(place).unwrap();
    let facts = serde_json::json!({ "facts": { "revenue": { "2025": revenue * 10_000 } } });
    profile.facts = Profile::from_json(&facts, Reference::builtin()).unwrap().facts;
    profile
}

/// Two tests for each body `async fn name(place: &Place)`: `sqlite::name` and `postgres::name`.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&crate::place::Place::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(place) = crate::place::Place::postgres().await {
                    super::$name(&place).await;
                }
            })+
        }
    };
}
pub(crate) use on_both_engines;
