//! The city follows what is written: enterprises one by one, the library as a whole.

use census::{Census, Error, Matched, Phase, Tally};
use domain::{EnterpriseOrdinal, Standing};
use population::Refused;

use crate::place::{Place, SYSTEM, day, firm, on_both_engines};

on_both_engines! {
    what_is_written_is_followed_as_if_loaded_so,
    an_item_published_meanwhile_is_asked_and_an_enterprise_deleted_meanwhile_is_gone,
    an_empty_city_is_loaded_and_filled_later,
    nobody_is_answered_before_the_city_is_loaded,
    another_day_is_another_city,
    a_city_too_large_for_its_limit_is_refused_with_what_it_needs,
}

const RULE: &str = "上年度营业收入 >= 100万元";

async fn met(census: &Census) -> (u64, i64) {
    census.follow(day()).await.unwrap();
    let counted = census.ask(|city| (Tally::of(city).items.iter().map(|item| item.met).sum(), city.seq()));
    counted.await.unwrap()
}

async fn what_is_written_is_followed_as_if_loaded_so(place: &Place) {
    place.publish("a", RULE).await;
    for (number, revenue) in [(1, 99), (2, 100), (3, 101)] {
        place.save(&firm(number, revenue)).await;
    }
    let census = place.census();
    assert_eq!(met(&census).await, (2, 5));
    place.save(&firm(1, 100)).await;
    place.save(&firm(2, 0)).await;
    for number in 4..=80 {
        place.save(&firm(number, 100)).await;
    }
    let followed = met(&census).await;
    assert_eq!(followed, (79, 84));
    let fresh = place.census();
    assert_eq!(met(&fresh).await, followed);
    let sets = |city: &census::City| Matched::of(city);
    assert_eq!(census.ask(sets).await.unwrap(), fresh.ask(sets).await.unwrap());
    assert_eq!(met(&census).await, followed, "nothing has happened");
}

async fn an_item_published_meanwhile_is_asked_and_an_enterprise_deleted_meanwhile_is_gone(place: &Place) {
    place.publish("a", RULE).await;
    let one = place.save(&firm(1, 100)).await.ordinal;
    let two = place.save(&firm(2, 100)).await.ordinal;
    let census = place.census();
    assert_eq!(met(&census).await.0, 2);
    place.publish("b", "上年度营业收入 >= 1万元").await;
    assert_eq!(met(&census).await.0, 4);
    place.delete(one).await;
    assert_eq!(met(&census).await.0, 2);
    let told = |ordinal| census.ask(move |city| city.standings_of(ordinal));
    assert_eq!(told(one).await.unwrap(), None);
    assert_eq!(told(two).await.unwrap(), Some(vec![Standing::Met, Standing::Met]));
    assert_eq!(met(&place.census()).await, met(&census).await);
}

async fn an_empty_city_is_loaded_and_filled_later(place: &Place) {
    let census = place.census();
    assert_eq!(met(&census).await, (0, 0));
    place.publish("a", RULE).await;
    place.save(&firm(1, 100)).await;
    assert_eq!(met(&census).await, (1, 3));
}

async fn nobody_is_answered_before_the_city_is_loaded(place: &Place) {
    let census = place.census();
    assert_eq!(census.phase(), Phase::Idle);
    assert!(matches!(census.ask(census::City::seq).await, Err(Error::NotReady)));
    census.follow(day()).await.unwrap();
    assert!(matches!(census.phase(), Phase::Ready { enterprises: 0, seq: 0, .. }));
}

async fn another_day_is_another_city(place: &Place) {
    place.publish("a", "成立 满 1年").await;
    let mut young = firm(1, 1);
    let founded = serde_json::json!({ "facts": { "established_on": "2025-11-24" } });
    young.facts = rules::Profile::from_json(&founded, rules::Reference::builtin()).unwrap().facts;
    place.save(&young).await;
    let census = place.census();
    assert_eq!(met(&census).await.0, 0);
    census.follow(day().succ_opt().unwrap()).await.unwrap();
    assert_eq!(census.ask(|city| Tally::of(city).items[0].met).await.unwrap(), 1);
    assert_eq!(place.store.latest_change(&SYSTEM).await.unwrap(), 3);
    assert_eq!(census.ask(|city| city.revision(EnterpriseOrdinal(1))).await.unwrap(), Some(1));
}

async fn a_city_too_large_for_its_limit_is_refused_with_what_it_needs(place: &Place) {
    place.publish("a", RULE).await;
    for number in 1..=80 {
        place.save(&firm(number, 100)).await;
    }
    let needed = match place.census_within(1).follow(day()).await.unwrap_err() {
        Error::Refused(Refused::TooLarge { needed, limit: 1 }) => needed,
        other => panic!("{other}"),
    };
    let rows_only = place.census_within(needed).follow(day()).await.unwrap_err();
    let Error::Refused(Refused::TooLarge { needed, .. }) = rows_only else { panic!("{rows_only}") };
    assert!(place.census_within(needed - 1).follow(day()).await.is_err());
    let census = place.census_within(needed);
    assert_eq!(met(&census).await.0, 80);
    // A second day is reckoned beside the first: twice the codes.
    let beside = census.follow(day().succ_opt().unwrap()).await;
    assert!(matches!(beside, Err(Error::Refused(Refused::TooLarge { .. }))), "{beside:?}");
    assert_eq!(met(&census).await.0, 80, "what was there still answers");
}
