//! The database goes away and comes back.

use cluster::{Binaries, Database, Durability, Server};
use migrations::apply;

use crate::engines::{Place, connect, execute};
use crate::material::{NOW, SYSTEM, actor, library};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_postgres_is_told_as_unavailable_and_nothing_committed_is_lost() {
    if Binaries::find().is_err() {
        return eprintln!("skipped: no PostgreSQL");
    }
    let server = Server::start(Durability::Fsync).unwrap();
    let database = Database::create_on(&server).unwrap();
    apply(database.url()).await.unwrap();
    let store = connect(database.url()).await;
    library(&store, &["i"]).await;
    let mut open = store.begin().await.unwrap();
    open.audit(&actor(), "test.act", "lost", serde_json::json!({}), NOW);
    server.crash().unwrap();
    let cut = open.commit().await.unwrap_err();
    assert!(cut.is_unavailable(), "{cut:?}");
    let refused = store.load_library(&SYSTEM).await.unwrap_err();
    assert!(refused.is_unavailable(), "{refused:?}");
    server.resume().unwrap();
    assert_eq!(store.load_library(&SYSTEM).await.unwrap().items.len(), 1);
    assert!(store.list_audit(&SYSTEM, 0, 10).await.unwrap().iter().all(|entry| entry.subject != "lost"));
    store.ping().await.unwrap();
}

#[tokio::test]
async fn an_error_of_the_request_is_not_told_as_an_outage() {
    let place = Place::sqlite().await;
    execute(&place.url, "DROP TABLE attempt").await;
    let error = place.store.list_attempts(&SYSTEM, domain::PushId::of("p")).await.unwrap_err();
    assert!(!error.is_unavailable(), "{error:?}");
}
