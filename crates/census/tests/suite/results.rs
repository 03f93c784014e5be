//! What is stored is compared with, and damage is noticed.

use census::{Census, Earlier, Matched};
use domain::{Instant, ItemId};

use crate::place::{Place, SYSTEM, day, firm, on_both_engines};

on_both_engines! {
    what_was_stored_says_who_was_gained_and_lost,
    a_stored_set_that_does_not_read_is_as_if_it_were_not_there,
}

const RULE: &str = "上年度营业收入 >= 100万元 且 ( 上年度营业收入 >= 200万元 或 承诺「不裁员」 )";
const AT: Instant = Instant(1_795_000_000_000);

async fn store(place: &Place, census: &Census) {
    census.follow(day()).await.unwrap();
    let results = census.ask(|city| Matched::of(city).results(city, AT)).await.unwrap().unwrap();
    let mut tx = place.store.begin().await.unwrap();
    tx.replace_match_results(&SYSTEM, &results).await.unwrap();
    tx.commit().await.unwrap();
}

/// Ordinals gained and lost for the first item.
async fn delta(place: &Place, census: &Census) -> Option<(Vec<u64>, Vec<u64>)> {
    census.follow(day()).await.unwrap();
    let earlier = Earlier::load(&place.store).await.unwrap();
    let look = census.ask(move |city| {
        let matched = Matched::of(city);
        earlier.delta(city.matcher().entries()[0].item.id, matched.0[0].as_ref()?)
    });
    let delta = look.await.unwrap()?;
    Some((delta.gained.iter().collect(), delta.lost.iter().collect()))
}

async fn what_was_stored_says_who_was_gained_and_lost(place: &Place) {
    place.publish("a", RULE).await;
    for (number, revenue) in [(1, 99), (2, 100), (3, 200)] {
        place.save(&firm(number, revenue)).await;
    }
    let census = place.census();
    assert_eq!(delta(place, &census).await, None, "nothing was stored");
    store(place, &census).await;
    let stored = place.store.list_match_results(&SYSTEM).await.unwrap();
    let [result] = stored.as_slice() else { panic!("{stored:?}") };
    assert_eq!((result.item, result.item_revision, result.seq), (ItemId::of("a"), 1, 5));
    assert_eq!((result.as_of, result.reference_hash.as_str()), (day(), place.store.reference().hash()));
    let read = |bytes: &[u8]| roaring::RoaringTreemap::deserialize_from(bytes).unwrap().iter().collect::<Vec<_>>();
    assert_eq!((read(&result.met), read(&result.almost)), (vec![3], vec![2]));
    assert_eq!(delta(place, &census).await, Some((vec![], vec![])));
    place.save(&firm(1, 100)).await;
    place.save(&firm(2, 200)).await;
    place.save(&firm(3, 99)).await;
    assert_eq!(delta(place, &census).await, Some((vec![1], vec![3])), "the second matches as before, if better");
    store(place, &census).await;
    assert_eq!(delta(place, &census).await, Some((vec![], vec![])));
}

async fn a_stored_set_that_does_not_read_is_as_if_it_were_not_there(place: &Place) {
    place.publish("a", RULE).await;
    place.save(&firm(1, 300)).await;
    let census = place.census();
    store(place, &census).await;
    let mut results = place.store.list_match_results(&SYSTEM).await.unwrap();
    results[0].met.truncate(9);
    let mut tx = place.store.begin().await.unwrap();
    tx.replace_match_results(&SYSTEM, &results).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(delta(place, &census).await, None);
}
