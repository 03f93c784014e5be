//! The SQL reading of conditions agrees with the scalar evaluator on both engines.

use storage::Engine;

use crate::engines::{Place, on_both_engines};
use crate::oracle::{City, Tried, notices, random_firms, random_questions, seed_questions, small_world, today};

on_both_engines! {
    random_conditions_and_firms_agree_pair_by_pair,
    conditions_of_a_small_world_agree_on_and_beside_their_thresholds,
    evaluator_columns_and_sql_agree_on_every_pair,
    every_seed_condition_agrees_on_a_made_up_city,
    the_twenty_nine_notices_agree_on_their_enterprises,
}

/// PostgreSQL holds every number, SQLite refuses some products.
fn refuses_only_on_sqlite(place: &Place, tried: Tried) {
    assert!(place.store.engine() == Engine::Sqlite || tried.refused == 0, "{tried:?}");
}

async fn random_conditions_and_firms_agree_pair_by_pair(place: &Place) {
    let city = City::build(&place.store, random_firms(1, 60)).await;
    let tried = city.ask_all(random_questions(150)).await;
    assert!(tried.met > 100 && tried.unknown > 1_000, "{tried:?}");
    refuses_only_on_sqlite(place, tried);
}

async fn conditions_of_a_small_world_agree_on_and_beside_their_thresholds(place: &Place) {
    let (firms, questions) = small_world(0..100);
    let tried = City::build(&place.store, firms).await.ask_all(questions).await;
    assert!(tried.met > 500 && tried.unknown > 1_000, "{tried:?}");
    refuses_only_on_sqlite(place, tried);
}

async fn evaluator_columns_and_sql_agree_on_every_pair(place: &Place) {
    let (mut firms, mut questions) = small_world(200..240);
    firms.extend(random_firms(3, 20));
    questions.extend(random_questions(60));
    let city = City::build(&place.store, firms).await;
    let pairs = city.columns_agree(&questions);
    let tried = city.ask_all(questions).await;
    assert!(tried.pairs * 2 > pairs && tried.met > 500 && tried.unknown > 1_000, "{tried:?} of {pairs}");
}

async fn every_seed_condition_agrees_on_a_made_up_city(place: &Place) {
    let firms = domain::synthetic::enterprises(7, 60, today());
    let tried = City::build(&place.store, firms).await.ask_all(seed_questions()).await;
    assert!(tried.conditions > 50 && tried.refused == 0 && tried.met > 100, "{tried:?}");
}

async fn the_twenty_nine_notices_agree_on_their_enterprises(place: &Place) {
    let (firms, questions) = notices();
    let tried = City::build(&place.store, firms).await.ask_all(questions).await;
    assert!(tried.conditions >= 29 && tried.met > 100, "{tried:?}");
    refuses_only_on_sqlite(place, tried);
}
