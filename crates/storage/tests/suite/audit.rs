//! The audit: what is sealed cannot be changed unseen.

use domain::Scope;
use storage::{AuditReport, Error};

use crate::engines::{Place, execute, on_both_engines};
use crate::material::{NOW, SYSTEM, actor, library};

on_both_engines! {
    an_untouched_audit_verifies_and_says_what_is_unsealed,
    any_touched_entry_or_seal_is_found,
    entries_are_numbered_without_gaps_by_many_writers,
    the_audit_is_for_the_system,
}

async fn acts(place: &Place, number: usize) {
    for _ in 0..number {
        let mut tx = place.store.begin().await.unwrap();
        tx.audit(&actor(), "test.act", "subject", serde_json::json!({ "汉": 1 }), NOW);
        tx.commit().await.unwrap();
    }
}

async fn an_untouched_audit_verifies_and_says_what_is_unsealed(place: &Place) {
    library(&place.store, &["i"]).await;
    assert_eq!(place.store.seal_audit(&SYSTEM, NOW).await.unwrap(), 2);
    assert_eq!(place.store.seal_audit(&SYSTEM, NOW).await.unwrap(), 0);
    acts(place, 3).await;
    assert_eq!(place.store.seal_audit(&SYSTEM, NOW).await.unwrap(), 3);
    acts(place, 1).await;
    let report = place.store.verify_audit(&SYSTEM).await.unwrap();
    assert_eq!(report, AuditReport { entries: 6, seals: 2, unsealed: 1, ..AuditReport::default() });
    assert!(report.is_sound());
}

async fn any_touched_entry_or_seal_is_found(place: &Place) {
    for _ in 0..3 {
        acts(place, 2).await;
        place.store.seal_audit(&SYSTEM, NOW).await.unwrap();
    }
    let touches = [
        ("UPDATE audit_entry SET actor = 'tesu' WHERE seq = 3", "UPDATE audit_entry SET actor = 'test' WHERE seq = 3"),
        ("UPDATE audit_entry SET at = at + 1 WHERE seq = 4", "UPDATE audit_entry SET at = at - 1 WHERE seq = 4"),
        ("UPDATE audit_entry SET seq = 9 WHERE seq = 3", "UPDATE audit_entry SET seq = 3 WHERE seq = 9"),
        (
            "INSERT INTO audit_entry SELECT 0, at, actor, action, subject, detail FROM audit_entry WHERE seq = 3; \
             UPDATE audit_entry SET detail = '{}' WHERE seq = 3",
            "UPDATE audit_entry SET detail = (SELECT detail FROM audit_entry WHERE seq = 0) WHERE seq = 3; \
             DELETE FROM audit_entry WHERE seq = 0",
        ),
    ];
    for (touch, undo) in touches {
        execute(&place.url, touch).await;
        assert_eq!(place.store.verify_audit(&SYSTEM).await.unwrap().broken, [(3, 4)], "{touch}");
        execute(&place.url, undo).await;
        assert!(place.store.verify_audit(&SYSTEM).await.unwrap().is_sound(), "{undo}");
    }
    execute(&place.url, "UPDATE audit_seal SET sealed_at = sealed_at + 1 WHERE number = 2").await;
    assert_eq!(place.store.verify_audit(&SYSTEM).await.unwrap().unchained, [3]);
    execute(&place.url, "DELETE FROM audit_seal WHERE number = 2").await;
    assert!(!place.store.verify_audit(&SYSTEM).await.unwrap().is_sound());
}

async fn entries_are_numbered_without_gaps_by_many_writers(place: &Place) {
    let writers = (0..4).map(|_| {
        let store = place.store.clone();
        tokio::spawn(async move {
            for _ in 0..5 {
                let mut tx = store.begin().await.unwrap();
                tx.audit(&actor(), "test.act", "subject", serde_json::json!({}), NOW);
                tx.commit().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let entries = place.store.list_audit(&SYSTEM, 0, 100).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
}

async fn the_audit_is_for_the_system(place: &Place) {
    let refused = place.store.list_audit(&Scope::Public, 0, 1).await;
    assert!(matches!(refused, Err(Error::OutOfScope { .. })));
}
