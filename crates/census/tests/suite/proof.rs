//! A city that differs from the database is found out, said with both explanations, and read anew.

use census::Tally;
use rules::Verdict;

use crate::place::{Place, day, firm, on_both_engines};

on_both_engines! {
    a_city_kept_up_to_date_is_the_city_read_anew,
    what_was_written_past_the_feed_is_reported_and_mended,
}

const RULE: &str = "上年度营业收入 >= 100万元 且 ( 上年度营业收入 >= 110万元 或 承诺「不裁员」 )";

async fn filled(place: &Place) -> census::Census {
    place.publish("a", RULE).await;
    for number in 1..=60 {
        place.save(&firm(number, 80 + i64::from(number))).await;
    }
    let census = place.census();
    census.follow(day()).await.unwrap();
    for number in [3, 40, 61] {
        place.save(&firm(number, 105)).await;
    }
    place.delete(domain::EnterpriseOrdinal(50)).await;
    census
}

async fn a_city_kept_up_to_date_is_the_city_read_anew(place: &Place) {
    let census = filled(place).await;
    let proof = census.prove(day()).await.unwrap().unwrap();
    assert_eq!((proof.differing, proof.enterprises, proof.items), (0, 60, 1), "{proof:?}");
    assert_eq!(census.last_proof(), Some((proof.seq, 0)));
}

async fn what_was_written_past_the_feed_is_reported_and_mended(place: &Place) {
    let census = filled(place).await;
    census.follow(day()).await.unwrap();
    // The document of one firm is given to another, and nobody is told.
    let copy =
        "UPDATE enterprise SET document = (SELECT document FROM enterprise WHERE ordinal = 1) WHERE ordinal = 45";
    place.execute(copy).await;
    let proof = census.prove(day()).await.unwrap().unwrap();
    let [difference] = proof.differences.as_slice() else { panic!("{proof:#?}") };
    assert_eq!((proof.differing, difference.item.as_str(), difference.enterprise.0), (1, "a", 45));
    assert!(difference.matched, "in memory it matched");
    let verdict = |explained: &Option<rules::Explanation>| explained.as_ref().map(|explained| explained.verdict);
    assert_eq!(verdict(&difference.in_memory), Some(Verdict::Met));
    assert_eq!(verdict(&difference.in_database), Some(Verdict::NotMet));
    assert_eq!(census.last_proof(), Some((proof.seq, 1)));
    census.follow(day()).await.unwrap();
    let met = census.ask(|city| Tally::of(city).items[0].met).await.unwrap();
    let fresh = place.census();
    fresh.follow(day()).await.unwrap();
    assert_eq!(met, fresh.ask(|city| Tally::of(city).items[0].met).await.unwrap());
    assert_eq!(census.prove(day()).await.unwrap().unwrap().differing, 0);
}
