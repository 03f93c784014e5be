//! Push runs: one per slot.

use domain::{RunKind, Scope};
use storage::Error;

use crate::engines::{Place, on_both_engines};
use crate::material::{NOW, SYSTEM};

on_both_engines! {
    any_number_of_schedulers_make_one_run,
    a_second_scheduler_finds_the_plan_of_the_first,
    a_planner_that_dies_leaves_the_slot_to_the_next,
    runs_are_for_the_system,
}

async fn any_number_of_schedulers_make_one_run(place: &Place) {
    for round in 0..10 {
        let schedulers = (0..8).map(|_| {
            let store = place.store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let slot = format!("2026-W{round:02}");
                let (run, created) = tx.open_run(&SYSTEM, RunKind::Weekly, &slot, NOW).await.unwrap();
                let plans = run.planned_at.is_none();
                if plans {
                    tx.mark_planned(&SYSTEM, run.id, NOW).await.unwrap();
                }
                tx.commit().await.unwrap();
                (created, plans)
            })
        });
        let mut made = (0, 0);
        for scheduler in schedulers.collect::<Vec<_>>() {
            let (created, plans) = scheduler.await.unwrap();
            made = (made.0 + i32::from(created), made.1 + i32::from(plans));
        }
        assert_eq!(made, (1, 1), "round {round}");
    }
    assert_eq!(place.store.list_runs(&SYSTEM, 100).await.unwrap().len(), 10);
}

async fn a_second_scheduler_finds_the_plan_of_the_first(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    let (run, created) = tx.open_run(&SYSTEM, RunKind::Weekly, "2026-W48", NOW).await.unwrap();
    assert!(created && run.planned_at.is_none());
    tx.mark_planned(&SYSTEM, run.id, NOW.plus_millis(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = place.store.begin().await.unwrap();
    let (again, created) = tx.open_run(&SYSTEM, RunKind::Weekly, "2026-W48", NOW.plus_millis(9)).await.unwrap();
    assert!(!created);
    assert_eq!((again.id, again.due_at, again.planned_at), (run.id, NOW, Some(NOW.plus_millis(1))));
    tx.mark_finished(&SYSTEM, run.id, NOW.plus_millis(10)).await.unwrap();
    tx.commit().await.unwrap();
    let found = place.store.find_run(&SYSTEM, RunKind::Weekly, "2026-W48").await.unwrap().unwrap();
    assert_eq!(found.finished_at, Some(NOW.plus_millis(10)));
    assert_eq!(place.store.find_run(&SYSTEM, RunKind::Express, "2026-W48").await.unwrap(), None);
}

async fn a_planner_that_dies_leaves_the_slot_to_the_next(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    tx.open_run(&SYSTEM, RunKind::Weekly, "2026-W48", NOW).await.unwrap();
    drop(tx);
    let mut tx = place.store.begin().await.unwrap();
    assert!(tx.open_run(&SYSTEM, RunKind::Weekly, "2026-W48", NOW).await.unwrap().1);
}

async fn runs_are_for_the_system(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    let refused = tx.open_run(&Scope::Public, RunKind::Weekly, "2026-W48", NOW).await;
    assert!(matches!(refused, Err(Error::OutOfScope { .. })));
}
