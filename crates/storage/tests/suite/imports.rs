//! Import runs: progress that survives a stop.

use domain::Scope;
use storage::{Error, ImportRun, ImportState};

use crate::engines::{Place, on_both_engines};
use crate::material::{NOW, SYSTEM};

on_both_engines! {
    an_import_run_is_found_by_kind_and_hash_and_moves_on,
    an_import_run_rolls_back_with_its_rows,
    only_the_system_imports,
}

fn run(position: i64) -> ImportRun {
    ImportRun {
        kind: "policies".to_owned(),
        source_name: "a.csv".to_owned(),
        source_hash: "0f".to_owned(),
        state: ImportState::Running,
        position,
        accepted: position - 1,
        rejected: 1,
    }
}

async fn an_import_run_is_found_by_kind_and_hash_and_moves_on(place: &Place) {
    for moved in [run(2), ImportRun { state: ImportState::Finished, source_name: "b.csv".to_owned(), ..run(9) }] {
        let mut tx = place.store.begin().await.unwrap();
        tx.save_import_run(&SYSTEM, &moved, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(place.store.find_import_run(&SYSTEM, "policies", "0f").await.unwrap(), Some(moved));
    }
    assert_eq!(place.store.find_import_run(&SYSTEM, "calls", "0f").await.unwrap(), None);
    assert_eq!(place.store.find_import_run(&SYSTEM, "policies", "ff").await.unwrap(), None);
}

async fn an_import_run_rolls_back_with_its_rows(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    tx.save_import_run(&SYSTEM, &run(2), NOW).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(place.store.find_import_run(&SYSTEM, "policies", "0f").await.unwrap(), None);
}

async fn only_the_system_imports(place: &Place) {
    let found = place.store.find_import_run(&Scope::Public, "policies", "0f").await;
    assert!(matches!(found, Err(Error::OutOfScope { .. })), "{found:?}");
}
