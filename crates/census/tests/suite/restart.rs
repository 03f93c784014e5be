//! A restart begins with a file and answers as if everybody had been read; no damage to the file makes a wrong count.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use census::{Census, City, Matched, Settings, Tally};

use crate::place::{Place, day, firm, on_both_engines};

on_both_engines! {
    a_restart_catches_up_from_the_file,
    a_damaged_or_cut_file_is_as_if_it_were_not_there,
    the_file_of_another_database_is_not_taken,
    a_file_that_cannot_be_written_leaves_no_torso,
}

const RULE: &str = "上年度营业收入 >= 100万元";

fn census(place: &Place, file: &Path) -> Census {
    let settings = Settings { threads: 2, file: Some(file.to_owned()), limit: None };
    Census::new(place.store.clone(), Arc::clone(place.store.reference()), settings)
}

async fn told(census: &Census) -> (i64, Tally, Matched) {
    census.follow(day()).await.unwrap();
    census.ask(|city: &City| (city.seq(), Tally::of(city), Matched::of(city))).await.unwrap()
}

/// A city of eighty firms, two of them gone, and its file.
async fn kept(place: &Place, directory: &Path) -> PathBuf {
    place.publish("a", RULE).await;
    for number in 1..=80 {
        place.save(&firm(number, 60 + i64::from(number))).await;
    }
    place.delete(domain::EnterpriseOrdinal(50)).await;
    let file = directory.join("city.rows");
    let census = census(place, &file);
    told(&census).await;
    place.delete(domain::EnterpriseOrdinal(70)).await;
    told(&census).await;
    census.keep().await.unwrap();
    file
}

async fn a_restart_catches_up_from_the_file(place: &Place) {
    let directory = tempfile::tempdir().unwrap();
    let file = kept(place, directory.path()).await;
    assert_eq!(told(&census(place, &file)).await, told(&place.census()).await);
    place.save(&firm(81, 100)).await;
    place.save(&firm(2, 100)).await;
    place.delete(domain::EnterpriseOrdinal(60)).await;
    place.publish("b", "上年度营业收入 >= 120万元").await;
    // The deletion took changes of the history with it, so this start reads everybody.
    assert_eq!(told(&census(place, &file)).await, told(&place.census()).await);
    let again = census(place, &file);
    told(&again).await;
    again.keep().await.unwrap();
    place.save(&firm(82, 100)).await;
    let restarted = census(place, &file);
    // What follows is not in the database: only the file can still know it.
    place.execute("UPDATE enterprise SET document = '{}' WHERE ordinal <= 80").await;
    let (_, tally, _) = told(&restarted).await;
    assert_eq!(tally.items[0].met, 41, "40 to 80 less 50, 60 and 70, and 2, 81 and 82");
}

async fn a_damaged_or_cut_file_is_as_if_it_were_not_there(place: &Place) {
    let directory = tempfile::tempdir().unwrap();
    let file = kept(place, directory.path()).await;
    let expected = told(&place.census()).await;
    let whole = std::fs::read(&file).unwrap();
    let step = whole.len() / 40;
    for at in (0..whole.len()).step_by(step).chain([8, 20, whole.len() - 1]) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        std::fs::write(&file, damaged).unwrap();
        assert_eq!(told(&census(place, &file)).await, expected, "byte {at}");
    }
    for length in [0, 7, 8, 19, 20, 100, whole.len() - 1] {
        std::fs::write(&file, &whole[..length]).unwrap();
        assert_eq!(told(&census(place, &file)).await, expected, "{length} bytes");
    }
    std::fs::remove_file(&file).unwrap();
    assert_eq!(told(&census(place, &file)).await, expected);
}

async fn the_file_of_another_database_is_not_taken(place: &Place) {
    let directory = tempfile::tempdir().unwrap();
    let other = Place::sqlite().await;
    let file = kept(&other, directory.path()).await;
    place.publish("a", RULE).await;
    for number in 1..=100 {
        place.save(&firm(number % 90, 1)).await;
    }
    let (_, tally, _) = told(&census(place, &file)).await;
    assert_eq!(tally.items[0].met, 0);
    assert_eq!(tally, told(&place.census()).await.1);
}

async fn a_file_that_cannot_be_written_leaves_no_torso(place: &Place) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("city.rows");
    // Nothing can be renamed over a directory that holds something.
    std::fs::create_dir_all(file.join("taken")).unwrap();
    place.save(&firm(1, 100)).await;
    let census = census(place, &file);
    told(&census).await;
    census.keep().await.unwrap();
    let left: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [file]);
}
