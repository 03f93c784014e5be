//! Enterprises: documents, revisions, ordinals and who may see them.

use domain::{EnterpriseOrdinal, Scope};
use rules::Profile;
use storage::{Effect, Error};

use crate::engines::{Place, execute, on_both_engines};
use crate::material::{NOW, SYSTEM, USCC, actor, enterprise, profile};

on_both_engines! {
    a_profile_comes_back_as_it_was_saved,
    an_equal_profile_makes_no_revision,
    any_past_state_of_a_profile_can_be_rebuilt,
    an_enterprise_sees_and_writes_itself_only,
    an_area_reads_the_enterprises_registered_within_it_and_writes_none,
    pages_read_every_enterprise_once,
    an_ordinal_is_never_used_again,
    a_dropped_write_leaves_nothing,
}

async fn a_profile_comes_back_as_it_was_saved(place: &Place) {
    let saved = enterprise(&place.store, &profile(USCC[0], 12_345_678, "420111")).await;
    assert_eq!(place.store.find_enterprise(&SYSTEM, USCC[0]).await.unwrap(), Some(saved.clone()));
    assert_eq!(place.store.find_enterprise_by_ordinal(&SYSTEM, saved.ordinal).await.unwrap(), Some(saved));
    assert_eq!(place.store.find_enterprise(&SYSTEM, USCC[1]).await.unwrap(), None);
}

async fn an_equal_profile_makes_no_revision(place: &Place) {
    let profile = profile(USCC[0], 1, "420111");
    enterprise(&place.store, &profile).await;
    let mut tx = place.store.begin().await.unwrap();
    let again = tx.save_enterprise(&SYSTEM, &profile, true, &actor(), NOW).await.unwrap();
    assert_eq!((again.effect, again.value.revision), (Effect::Unchanged, 1));
    assert_eq!(tx.commit().await.unwrap(), None);
}

async fn any_past_state_of_a_profile_can_be_rebuilt(place: &Place) {
    let mut states: Vec<Profile> = Vec::new();
    for (revenue, area) in [(100, "420111"), (250, "420111"), (250, "420106"), (70, "420103")] {
        let mut next = profile(USCC[0], revenue, area);
        if states.len() == 2 {
            next.facts.remove(&rules::FactKey::from("revenue"));
        }
        enterprise(&place.store, &next).await;
        states.push(next);
    }
    for (revision, state) in (1..).zip(states) {
        let then = place.store.enterprise_at(&SYSTEM, USCC[0], revision).await.unwrap().unwrap();
        assert_eq!((then.revision, then.profile), (revision, state));
    }
    assert_eq!(place.store.enterprise_at(&SYSTEM, USCC[0], 5).await.unwrap(), None);
    assert_eq!(place.store.enterprise_at(&SYSTEM, USCC[0], 0).await.unwrap(), None);
    let ordinal = place.store.find_enterprise(&SYSTEM, USCC[0]).await.unwrap().unwrap().ordinal;
    let history = place.store.enterprise_history(&SYSTEM, ordinal).await.unwrap();
    assert_eq!(history.len(), 4);
    assert_eq!(history[2].content["unset"], serde_json::json!(["facts/revenue"]));
}

async fn an_enterprise_sees_and_writes_itself_only(place: &Place) {
    let own = enterprise(&place.store, &profile(USCC[0], 1, "420111")).await;
    enterprise(&place.store, &profile(USCC[1], 1, "420111")).await;
    let scope = Scope::Enterprise(own.ordinal);
    assert!(place.store.find_enterprise(&scope, USCC[0]).await.unwrap().is_some());
    assert!(place.store.find_enterprise(&scope, USCC[1]).await.unwrap().is_none());
    assert!(place.store.enterprise_at(&scope, USCC[1], 1).await.unwrap().is_none());
    assert_eq!(place.store.page_enterprises(&scope, None, 10).await.unwrap().len(), 1);
    let mut tx = place.store.begin().await.unwrap();
    tx.save_enterprise(&scope, &profile(USCC[0], 2, "420111"), true, &actor(), NOW).await.unwrap();
    for foreign in [USCC[1], USCC[2]] {
        let refused = tx.save_enterprise(&scope, &profile(foreign, 2, "420111"), true, &actor(), NOW).await;
        assert!(matches!(refused, Err(Error::NotFound { what: "enterprise", .. })), "{refused:?}");
    }
    for blind in [Scope::Public, Scope::Bureau(domain::BureauId::of("b"))] {
        assert!(place.store.find_enterprise(&blind, USCC[0]).await.unwrap().is_none());
        assert_eq!(place.store.count_enterprises(&blind).await.unwrap(), 0);
    }
}

async fn an_area_reads_the_enterprises_registered_within_it_and_writes_none(place: &Place) {
    for (uscc, area) in USCC.into_iter().zip(["420111", "420106", "430000"]) {
        enterprise(&place.store, &profile(uscc, 1, area)).await;
    }
    for (area, seen) in
        [("420111", 1), ("420100", 2), ("420000", 2), ("430000", 1), ("100000", 3), ("110000", 0), ("%", 0)]
    {
        let scope = Scope::Area(area.to_owned());
        assert_eq!(place.store.page_enterprises(&scope, None, 10).await.unwrap().len(), seen, "{area}");
        assert_eq!(place.store.count_enterprises(&scope).await.unwrap(), seen as u64, "{area}");
    }
    let mut tx = place.store.begin().await.unwrap();
    let scope = Scope::Area("420111".to_owned());
    let refused = tx.save_enterprise(&scope, &profile(USCC[0], 2, "420111"), true, &actor(), NOW).await;
    assert!(matches!(refused, Err(Error::NotFound { .. })));
}

async fn pages_read_every_enterprise_once(place: &Place) {
    for uscc in USCC {
        enterprise(&place.store, &profile(uscc, 1, "420111")).await;
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = place.store.page_enterprises(&SYSTEM, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        seen.extend(page.into_iter().map(|enterprise| enterprise.profile.uscc));
    }
    assert_eq!(seen, USCC);
}

async fn an_ordinal_is_never_used_again(place: &Place) {
    let first = enterprise(&place.store, &profile(USCC[0], 1, "420111")).await.ordinal;
    let gone = enterprise(&place.store, &profile(USCC[1], 1, "420111")).await.ordinal;
    for table in ["profile_change WHERE enterprise", "enterprise WHERE ordinal"] {
        execute(&place.url, &format!("DELETE FROM {table} = {}", gone.0)).await;
    }
    let next = enterprise(&place.store, &profile(USCC[2], 1, "420111")).await.ordinal;
    assert!(first < gone && gone < next, "{first:?} {gone:?} {next:?}");
    assert_eq!(place.store.find_enterprise_by_ordinal(&SYSTEM, EnterpriseOrdinal(gone.0)).await.unwrap(), None);
}

async fn a_dropped_write_leaves_nothing(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    tx.save_enterprise(&SYSTEM, &profile(USCC[0], 1, "420111"), true, &actor(), NOW).await.unwrap();
    drop(tx);
    assert!(place.store.find_enterprise(&SYSTEM, USCC[0]).await.unwrap().is_none());
    assert_eq!(place.store.latest_change(&SYSTEM).await.unwrap(), 0);
    enterprise(&place.store, &profile(USCC[0], 1, "420111")).await;
}
