//! A process that dies at the worst moment loses nothing and repeats nothing that was confirmed.

use std::path::Path;

use e2e::kill::{Engine, Toll, Victim, fresh_seed, kill_runs};

use crate::EXE;

const KILLS: usize = 20;

fn survive(engine: Engine) -> Option<Toll> {
    let seed = fresh_seed();
    // Shown when the test fails: `faults -- kill --seed` plays the same moments again.
    eprintln!("seed {seed}");
    let toll = kill_runs(Victim { exe: Path::new(EXE), variables: &[] }, engine, KILLS, seed)?;
    eprintln!("{toll}");
    Some(toll)
}

fn assert_bearable(toll: &Toll) {
    assert!(toll.lost.is_empty(), "lost: {:#?}", toll.lost);
    assert!(toll.invented.is_empty(), "never planned: {:#?}", toll.invented);
    assert!(toll.confirmed_repeated.is_empty(), "confirmed and repeated: {:#?}", toll.confirmed_repeated);
    assert_eq!(toll.duplicates, toll.explained, "a duplicate without a record of doubt");
    assert!(toll.kills >= KILLS && toll.kills_amid_delivery > 0, "the shots missed: {toll}");
}

#[test]
fn runs_killed_twenty_times_at_random_on_sqlite_lose_nothing_and_repeat_nothing_confirmed() {
    assert_bearable(&survive(Engine::Sqlite).expect("SQLite is always there"));
}

#[test]
fn runs_killed_twenty_times_at_random_on_postgresql_lose_nothing_and_repeat_nothing_confirmed() {
    if let Some(toll) = survive(Engine::Postgres) {
        assert_bearable(&toll);
    }
}
