//! What the columns tell is what the explanation of each pair tells.

use std::collections::BTreeMap;
use std::sync::Arc;

use census::{City, Matched, Tally};
use domain::matching::Matcher;
use domain::{Coverage, EnterpriseOrdinal, Item, Standing, sample};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use rules::{Profile, Reference};

use crate::place::day;

/// Every condition twice: fully and partly recorded; all open, but for the last, which is closed.
fn matcher(conditions: &[String]) -> Arc<Matcher> {
    let mut items: Vec<Item> = Vec::new();
    for (index, condition) in conditions.iter().enumerate() {
        for coverage in [Coverage::Full, Coverage::Partial] {
            let mut item = sample::item(&format!("{index:04}-{coverage:?}"));
            item.revision.condition = Some(condition.clone());
            item.revision.coverage = coverage;
            item.revision.rolling = index + 1 < conditions.len();
            items.push(item);
        }
    }
    items.push(sample::item("without-condition"));
    let (matcher, unreadable) = Matcher::new(vec![sample::policy("p")], items, Vec::new(), Reference::builtin());
    assert!(unreadable.is_empty(), "{unreadable:?}");
    Arc::new(matcher)
}

/// What matching one by one says; 差一点 is part of 不符合 in bits.
fn expected(matcher: &Matcher, profile: &Profile) -> BTreeMap<String, Standing> {
    let coarse = |standing| if standing == Standing::Near { Standing::NotMet } else { standing };
    let matches = matcher.match_all(profile, Reference::builtin(), day());
    matches.into_iter().map(|found| (found.entry.item.code.clone(), coarse(found.standing))).collect()
}

fn assert_agrees(conditions: &[String], profiles: &[Profile]) {
    let matcher = matcher(conditions);
    let reference = Arc::new(Reference::builtin().clone());
    let mut city = City::empty(Arc::clone(&matcher), reference, day(), 0, 2);
    for (number, profile) in (1_i64..).zip(profiles) {
        city.add(EnterpriseOrdinal(number), 1, profile);
    }
    city.settle().unwrap();
    let mut totals: BTreeMap<Standing, u64> = BTreeMap::new();
    let matched = Matched::of(&city);
    for (number, profile) in (1_i64..).zip(profiles) {
        let ordinal = EnterpriseOrdinal(number);
        let expected = expected(&matcher, profile);
        let found = city.standings_of(ordinal).unwrap();
        for (place, (entry, told)) in matcher.entries().iter().zip(found).enumerate() {
            let (code, text) = (&entry.item.code, &entry.item.revision.condition);
            assert_eq!(told, expected[code], "{code} for {number}: {text:?}");
            *totals.entry(told).or_default() += 1;
            let is_in = |pick: fn(&census::Sets) -> &roaring::RoaringTreemap| {
                matched.0[place].as_ref().is_some_and(|sets| pick(sets).contains(u64::try_from(number).unwrap()))
            };
            assert_eq!(is_in(|sets| &sets.met), told == Standing::Met, "{code} for {number}");
            assert_eq!(is_in(|sets| &sets.almost), told == Standing::AlmostMet, "{code} for {number}");
        }
    }
    assert_eq!(Tally::of(&city).standings, totals);
    for standing in [Standing::Met, Standing::AlmostMet, Standing::MissingInformation, Standing::NotMet] {
        assert!(totals.contains_key(&standing), "no pair is {standing:?}: {totals:?}");
    }
}

#[test]
fn random_conditions_tell_in_bits_what_they_tell_in_words() {
    let mut runner = TestRunner::deterministic();
    let strategy = rules::arbitrary::condition();
    let random = std::iter::from_fn(|| Some(strategy.new_tree(&mut runner).unwrap().current()));
    let printed = random.map(|condition| rules::text::print(&condition, Reference::builtin()));
    // What prints and reads back is what can be published.
    let readable = printed.filter(|text| rules::text::parse(text, Reference::builtin()).is_ok());
    let profiles: Vec<Profile> = (0..50).map(rules::arbitrary::profile).collect();
    assert_agrees(&readable.take(100).collect::<Vec<_>>(), &profiles);
}

#[test]
fn every_seed_tells_in_bits_what_it_tells_in_words() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../seeds/policies");
    let mut conditions = Vec::new();
    for entry in std::fs::read_dir(seeds).unwrap() {
        let policy: toml::Table = toml::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        for item in policy.get("items").and_then(|items| items.as_array()).into_iter().flatten() {
            conditions.extend(item.get("condition").and_then(|text| text.as_str()).map(str::to_owned));
        }
    }
    assert!(conditions.len() > 50);
    conditions.sort_unstable();
    let firms: Vec<Profile> = domain::synthetic::enterprises(7, 70, day()).collect();
    assert_agrees(&conditions, &firms);
}

#[test]
fn an_empty_city_tells_nobody_anything() {
    let reference = Arc::new(Reference::builtin().clone());
    let mut city = City::empty(matcher(&["独立法人 为 是".to_owned()]), reference, day(), 0, 2);
    city.settle().unwrap();
    let tally = Tally::of(&city);
    assert!(tally.standings.is_empty() && tally.actionable == 0, "{tally:?}");
    assert_eq!(city.standings_of(EnterpriseOrdinal(1)), None);
}
