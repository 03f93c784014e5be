use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rules::{FactKey, FactState, Reference, Value};

use super::*;

const SEED: u64 = 20_261_123;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Made once for all tests.
fn city() -> &'static [Profile] {
    static CITY: OnceLock<Vec<Profile>> = OnceLock::new();
    CITY.get_or_init(|| enterprises(SEED, 2_000, day("2026-11-23")).collect())
}

fn latest(profile: &Profile, key: &str) -> Option<i64> {
    match profile.facts.get(&FactKey::from(key))?.last()?.state {
        FactState::Known(Value::Number(number)) => Some(number),
        _ => None,
    }
}

#[test]
fn the_same_seed_makes_the_same_city_and_another_seed_another() {
    let as_of = day("2026-11-23");
    let once: Vec<_> = enterprises(7, 50, as_of).collect();
    assert_eq!(once, enterprises(7, 50, as_of).collect::<Vec<_>>());
    assert_ne!(once, enterprises(8, 50, as_of).collect::<Vec<_>>());
}

#[test]
fn a_longer_run_begins_like_a_shorter_one() {
    let as_of = day("2026-11-23");
    let long: Vec<_> = enterprises(7, 300, as_of).take(20).collect();
    assert_eq!(long, enterprises(7, 20, as_of).collect::<Vec<_>>());
    assert_eq!(enterprise(7, 19, as_of), long[19]);
}

#[test]
fn every_code_is_valid_and_recognisably_made_up() {
    let city = city();
    let codes: BTreeSet<_> = city.iter().map(|profile| profile.uscc.as_str()).collect();
    let names: BTreeSet<_> = city.iter().map(|profile| profile.name.as_str()).collect();
    assert_eq!((codes.len(), names.len()), (city.len(), city.len()));
    for profile in city {
        let checked = rules::uscc::check(&profile.uscc).unwrap();
        assert!(!checked.inner_mismatch, "{}", profile.uscc);
        assert_eq!(&profile.uscc[2..11], "420199DEM");
        assert!(profile.name.starts_with("演示·"), "{}", profile.name);
    }
}

#[test]
fn every_profile_is_one_the_front_door_would_take() {
    let reference = Reference::builtin();
    for as_of in ["2026-11-23", "2027-01-04", "2029-06-01", "2028-02-29"] {
        for profile in enterprises(SEED, 150, day(as_of)) {
            let json = profile.to_json(reference);
            let again = rules::Profile::from_json(&json, reference);
            assert_eq!(again.as_ref(), Ok(&profile), "{json:#}");
            assert_eq!(profile.future_dates(day(as_of), reference), [], "{}", profile.name);
        }
    }
}

#[test]
fn figures_are_of_the_three_closed_years_and_none_before_the_firm_was_born() {
    let city = city();
    let mut years = BTreeSet::new();
    for profile in city {
        let Some(entries) = profile.facts.get(&FactKey::from("revenue")) else { continue };
        let Some(born) = profile.facts.get(&FactKey::from("established_on")) else { continue };
        let FactState::Known(Value::Date(born)) = born[0].state else { panic!("{born:?}") };
        for entry in entries {
            let year = entry.period.as_year().unwrap();
            assert!(year >= chrono::Datelike::year(&born), "{}", profile.name);
            years.insert(year);
        }
    }
    assert_eq!(years, BTreeSet::from([2023, 2024, 2025]));
}

#[test]
fn between_a_tenth_and_three_tenths_of_the_facts_are_missing_and_more_in_some_firms_than_in_others() {
    let summary = summary();
    let missing = summary.missing();
    assert!((100..=300).contains(&missing.thousandths), "{missing:?}");
    assert!(missing.careful * 3 < missing.careless, "{missing:?}");
}

fn summary() -> Summary {
    told_of(city())
}

fn told_of(firms: &[Profile]) -> Summary {
    let mut summary = Summary::default();
    for firm in firms {
        summary.add(firm);
    }
    summary
}

#[test]
fn a_summary_of_two_halves_is_the_summary_of_the_whole() {
    let (first, second) = city().split_at(700);
    let mut both = told_of(first);
    both.merge(told_of(second));
    assert_eq!(both, summary());
}

#[test]
fn figures_are_skewed_and_grow_together() {
    let summary = summary();
    let deciles =
        |key: &str| summary.deciles().into_iter().find(|(found, _)| *found == key).map(|(_, deciles)| deciles);
    let revenue = deciles("revenue").unwrap();
    assert!(revenue.is_sorted() && revenue[8] > 5 * revenue[4], "{revenue:?}");
    let pairs: Vec<_> = city()
        .iter()
        .filter_map(|profile| Some((latest(profile, "employees_stat")?, latest(profile, "revenue")?)))
        .collect();
    let mean = |of: &mut dyn Iterator<Item = i64>| {
        let all: Vec<i64> = of.collect();
        all.iter().sum::<i64>() / i64::try_from(all.len()).unwrap()
    };
    let small = mean(&mut pairs.iter().filter(|(heads, _)| *heads < 10).map(|(_, revenue)| *revenue));
    let large = mean(&mut pairs.iter().filter(|(heads, _)| *heads >= 50).map(|(_, revenue)| *revenue));
    assert!(large > 5 * small, "{small} and {large}");
}

/// Names and codes are functions of the number; the profile adds kind, district and trade, which cannot undo that.
#[test]
fn nine_hundred_thousand_firms_bear_different_names_and_codes() {
    let as_of = day("2026-11-23");
    // The first rounds of brands meet in the same place: the numbers whose brands could be confused.
    let round = |round: u32| (0..40_u32).map(move |place| round * 27_000 + place);
    let numbers: Vec<u32> = (0..34).flat_map(round).filter(|number| *number < 900_000).collect();
    let firms: Vec<Profile> = numbers.iter().map(|number| enterprise(SEED, *number, as_of)).collect();
    let names: BTreeSet<_> = firms.iter().map(|firm| &firm.name).collect();
    let codes: BTreeSet<_> = firms.iter().map(|firm| &firm.uscc).collect();
    assert_eq!((names.len(), codes.len()), (firms.len(), firms.len()));
}

#[test]
fn some_sources_disagree_some_lists_are_open_and_some_firms_moved_in() {
    let city = city();
    let count = |wanted: &dyn Fn(&Profile) -> bool| city.iter().filter(|profile| wanted(profile)).count();
    let entries = |profile: &Profile, key: &str| profile.facts.get(&FactKey::from(key)).map_or(0, Vec::len);
    let disagree = count(&|profile| {
        let mut seen = BTreeSet::new();
        let entries = profile.facts.get(&FactKey::from("revenue"));
        entries.into_iter().flatten().any(|entry| !seen.insert(entry.period))
    });
    assert!((100..500).contains(&disagree), "{disagree}");
    let moved = count(&|profile| entries(profile, "place_registered") > 1);
    assert!((120..400).contains(&moved), "{moved}");
    let vouched =
        count(&|profile| profile.lists.get(&FactKey::from("penalties")).is_some_and(|list| !list.complete.is_empty()));
    assert!((1_200..1_700).contains(&vouched), "{vouched}");
}

#[test]
fn for_many_firms_it_is_known_today_that_they_did_nothing_wrong_and_for_many_it_is_not() {
    let reference = rules::Reference::builtin();
    let none = rules::text::parse("没有 ( 近3年 重大违法 )", reference).unwrap();
    let parameters = BTreeMap::new();
    let context = rules::Context { reference, as_of: day("2026-11-23"), parameters: &parameters };
    let judged = |wanted| {
        city().iter().filter(|firm| rules::explain(&none, firm, &context, &BTreeMap::new()).verdict == wanted).count()
    };
    let (clean, open) = (judged(rules::Verdict::Met), judged(rules::Verdict::Unknown));
    assert!(clean > city().len() / 4 && open > city().len() / 4, "{clean} clean, {open} open");
}

#[test]
fn the_city_is_skewed_like_a_real_one() {
    let city = city();
    let mut districts: BTreeMap<String, usize> = BTreeMap::new();
    for profile in city {
        if let Some(FactState::Known(Value::Area(code))) =
            profile.facts.get(&FactKey::from("place_registered")).and_then(|entries| entries.last()).map(|e| &e.state)
        {
            *districts.entry(code.clone()).or_default() += 1;
        }
    }
    assert!(districts["420100-ELHT"] > 450 && districts["420100-CJXQ"] < 60, "{districts:?}");
    let mut heads: Vec<i64> = city.iter().filter_map(|profile| latest(profile, "employees_stat")).collect();
    heads.sort_unstable();
    let (median, largest) = (heads[heads.len() / 2], heads[heads.len() * 99 / 100]);
    assert!((5..30).contains(&median) && largest > 15 * median, "median {median}, top percent {largest}");
}

#[test]
fn enough_firms_hold_and_lack_what_policies_ask_for() {
    let city = city();
    let holds = |kind: &str| {
        let wanted = Value::Code(kind.to_owned());
        city.iter()
            .filter(|profile| {
                let list = profile.lists.get(&FactKey::from("certificates"));
                list.is_some_and(|list| list.records.iter().any(|record| record.get("kind") == Some(&wanted)))
            })
            .count()
    };
    let high = holds("高新技术企业");
    assert!((150..600).contains(&high), "{high}");
    let special = holds("专精特新中小企业");
    assert!((5..150).contains(&special), "{special}");
}

#[test]
fn contacts_are_stable_and_their_addresses_belong_to_nobody() {
    let contacts: Vec<_> = (0..1_000).filter_map(|index| contact(SEED, index)).collect();
    assert!((850..950).contains(&contacts.len()), "{}", contacts.len());
    assert!(contacts.iter().all(|contact| contact.email.ends_with(".example")));
    assert!(contacts.iter().any(|contact| contact.webhook_path.is_some()));
    assert_eq!(contact(SEED, 5), contact(SEED, 5));
}
