//! Backup and restore, within one engine and from each to the other.

use domain::{Reason, Scope};
use storage::{Error, Next, Store};

use crate::engines::{Place, execute, on_both_engines};
use crate::material::{NOW, SYSTEM, USCC, actor, enterprise, finished, key, library, plan, profile, sent, subscriber};

on_both_engines! {
    a_restored_database_is_the_same_and_goes_on,
    a_backup_larger_than_a_page_is_whole,
    a_backup_is_never_restored_over_anything,
    a_damaged_or_foreign_backup_is_refused_and_leaves_nothing,
    a_backup_file_appears_only_when_complete,
}

#[tokio::test]
async fn a_backup_of_sqlite_restores_into_postgres_and_back() {
    let Some(postgres) = Place::postgres().await else { return };
    let (first, last) = (Place::sqlite().await, Place::sqlite().await);
    fill(&first.store).await;
    let there = export(&first.store).await;
    postgres.store.import(&SYSTEM, there.as_bytes()).await.unwrap();
    let back = export(&postgres.store).await;
    assert_eq!(back, there);
    last.store.import(&SYSTEM, back.as_bytes()).await.unwrap();
    assert_eq!(export(&last.store).await, there);
}

/// Servers run these beside other work, so their futures must be able to move between threads.
#[test]
fn backup_and_restore_can_run_on_any_thread() {
    fn movable<T: Send>(_: impl Fn(Store) -> T) {}
    movable(|store| async move { store.export(&SYSTEM, Vec::new()).await });
    movable(|store| async move { store.import(&SYSTEM, &b""[..]).await });
}

/// Something in every table.
async fn fill(store: &Store) {
    library(store, &["i", "j"]).await;
    let firm = enterprise(store, &profile(USCC[0], 1, "420111")).await.ordinal;
    enterprise(store, &profile(USCC[0], 2, "420111")).await;
    let person = subscriber(store, "甲", Some(firm)).await;
    let push = plan(store, std::slice::from_ref(&person)).await.remove(0);
    let mut tx = store.begin().await.unwrap();
    tx.claim(&SYSTEM, &[key(&person, "i", Reason::NewlyMatched)], push.id).await.unwrap();
    tx.save_file(&SYSTEM, "空.bin", "application/octet-stream", vec![0, 255], NOW).await.unwrap();
    tx.save_bureau(&SYSTEM, "b", "局", "420100").await.unwrap();
    tx.commit().await.unwrap();
    let leased = store.lease_pushes(&SYSTEM, NOW, 1_000, 1).await.unwrap().remove(0);
    store.finish(&SYSTEM, &[finished(&leased, sent(), Next::Sent)], NOW).await.unwrap();
    store.seal_audit(&SYSTEM, NOW).await.unwrap();
}

async fn export(store: &Store) -> String {
    let mut bytes = Vec::new();
    store.export(&SYSTEM, &mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Another empty database of the same engine.
async fn another(place: &Place) -> Place {
    match place.store.engine() {
        storage::Engine::Sqlite => Place::sqlite().await,
        storage::Engine::Postgres => Place::postgres().await.unwrap(),
    }
}

async fn a_restored_database_is_the_same_and_goes_on(place: &Place) {
    fill(&place.store).await;
    let backup = export(&place.store).await;
    let target = another(place).await;
    let manifest = target.store.import(&SYSTEM, backup.as_bytes()).await.unwrap();
    assert_eq!(manifest.rows, backup.lines().count() as u64 - 2);
    assert_eq!(export(&target.store).await, backup);
    assert!(target.store.verify_audit(&SYSTEM).await.unwrap().is_sound());
    let seq = target.store.latest_change(&SYSTEM).await.unwrap();
    let next = enterprise(&target.store, &profile(USCC[1], 1, "420111")).await;
    assert_eq!(next.ordinal.0, 2, "the sequence of ordinals goes on");
    enterprise(&target.store, &profile(USCC[0], 3, "420111")).await;
    assert_eq!(target.store.latest_change(&SYSTEM).await.unwrap(), seq + 2);
}

async fn a_backup_larger_than_a_page_is_whole(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    for number in 0..1_100 {
        tx.audit(&actor(), "test.act", &number, serde_json::json!({}), NOW);
    }
    for number in 0..9_u8 {
        tx.save_file(&SYSTEM, "f", "text/plain", vec![number], NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    let backup = export(&place.store).await;
    assert_eq!(backup.matches(r#"{"table":"audit_entry""#).count(), 1_100);
    assert_eq!(backup.matches(r#"{"table":"file""#).count(), 9);
    let target = another(place).await;
    target.store.import(&SYSTEM, backup.as_bytes()).await.unwrap();
    assert_eq!(export(&target.store).await, backup);
}

async fn a_backup_is_never_restored_over_anything(place: &Place) {
    fill(&place.store).await;
    let backup = export(&place.store).await;
    let target = another(place).await;
    target.store.begin().await.unwrap().commit().await.unwrap();
    subscriber(&target.store, "乙", None).await;
    let refused = target.store.import(&SYSTEM, backup.as_bytes()).await;
    assert!(matches!(refused, Err(Error::NotEmpty("contact"))), "{refused:?}");
    assert!(target.store.load_library(&SYSTEM).await.unwrap().policies.is_empty());
}

async fn a_damaged_or_foreign_backup_is_refused_and_leaves_nothing(place: &Place) {
    fill(&place.store).await;
    let backup = export(&place.store).await;
    let lines: Vec<&str> = backup.lines().collect();
    let cut = lines[..lines.len() - 1].join("\n");
    let missing = [&lines[..5], &lines[6..]].concat().join("\n");
    let changed = backup.replace("示例政策", "示例改策");
    let other = backup.replacen("hanqitong-backup", "something-else", 1);
    let broken = backup.replacen(r#"{"table":"item""#, r#"{"table":"#, 1);
    let target = another(place).await;
    for (what, text) in [("cut", cut), ("missing", missing), ("changed", changed), ("other", other), ("broken", broken)]
    {
        let refused = target.store.import(&SYSTEM, text.as_bytes()).await;
        assert!(matches!(refused, Err(Error::BadBackup { .. } | Error::Dangling(_))), "{what}: {refused:?}");
        assert!(target.store.load_library(&SYSTEM).await.unwrap().policies.is_empty(), "{what}");
    }
    execute(&target.url, "INSERT INTO seaql_migrations VALUES ('m20991231_000001_later', 0)").await;
    let refused = target.store.import(&SYSTEM, backup.as_bytes()).await;
    assert!(matches!(refused, Err(Error::OtherSchema { .. })), "{refused:?}");
}

async fn a_backup_file_appears_only_when_complete(place: &Place) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("today.jsonl");
    let refused = place.store.backup_to(&Scope::Public, &path).await;
    assert!(matches!(refused, Err(Error::OutOfScope { .. })));
    assert!(!path.exists());
    fill(&place.store).await;
    let manifest = place.store.backup_to(&SYSTEM, &path).await.unwrap();
    let target = another(place).await;
    assert_eq!(target.store.restore_from(&SYSTEM, &path).await.unwrap(), manifest);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}
