//! The verdicts of columns are those of the scalar evaluator, for every construct, size and instruction set.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use population::{BLOCK, Coding, Count, Counts, Isa, Listing, Plan, Population, run};
use rules::{Core, Profile, Verdict, decide};

use common::{conditions, context, profiles, reference};

/// Item, row, met: what the scalar evaluator says of every pair that is not a no.
fn expected(cores: &[Core], profiles: &[Profile]) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    for (item, core) in cores.iter().enumerate() {
        for (row, profile) in profiles.iter().enumerate() {
            match decide(core, profile, &context()) {
                Verdict::Met => found.push((item, row, true)),
                Verdict::Unknown => found.push((item, row, false)),
                Verdict::NotMet => {}
            }
        }
    }
    found
}

fn agree(cores: &[Core], profiles: &[Profile]) {
    let plan = Plan::of(cores, &context());
    let population = Population::load(reference(), profiles);
    let coding = Coding::derive(&plan, &population, 2).unwrap();
    let expected = expected(cores, profiles);
    assert!(profiles.len() < 100 || expected.iter().any(|(.., met)| *met) && expected.iter().any(|(.., met)| !*met));
    for isa in Isa::supported() {
        let found = Listing::merged(run::<64, _>(&plan, &coding, isa, 2, Listing::default));
        if let Some(pair) = found.iter().zip(&expected).find(|(one, other)| one != other) {
            panic!("{}: found and expected {pair:?}\n{:#?}", isa.name(), cores[pair.0.0.min(pair.1.0)]);
        }
        assert_eq!(found.len(), expected.len(), "{}", isa.name());
        let narrow = Listing::merged(run::<1, _>(&plan, &coding, isa, 1, Listing::default));
        assert_eq!(narrow, expected, "{} word by word", isa.name());
        let counts = Counts::merged(plan.items(), &run::<64, _>(&plan, &coding, isa, 2, || Counts::new(plan.items())));
        let mut counted = vec![Count::default(); cores.len()];
        for (item, _, met) in &expected {
            if *met { counted[*item].met += 1 } else { counted[*item].open += 1 }
        }
        assert_eq!(counts.0, counted, "{}", isa.name());
    }
}

#[test]
fn random_conditions_and_profiles_agree_pair_by_pair() {
    agree(&conditions(400), &profiles(1, 130));
}

#[test]
fn every_size_around_words_and_blocks_agrees() {
    let cores = conditions(40);
    for size in [0, 1, 63, 64, 65] {
        agree(&cores, &profiles(2, size));
    }
    let block = u64::try_from(BLOCK).unwrap();
    for size in [block - 1, block, block + 1] {
        agree(&cores[20..], &profiles(3, size));
    }
}

fn core(text: &str) -> Core {
    let reference = rules::Reference::builtin();
    rules::lower(&rules::text::parse(text, reference).unwrap_or_else(|wrong| panic!("{text}\n{wrong:#?}")), reference)
}

fn firm(facts: &serde_json::Value) -> Profile {
    Profile::from_json(&serde_json::json!({ "facts": facts }), rules::Reference::builtin()).unwrap()
}

#[test]
fn any_number_of_bounds_is_told_apart() {
    // Bytes hold the ranks of 253 cuts, two bytes those of 65,533; each bound is met on it and not one below.
    for bounds in [1_u32, 253, 254, 65_533, 65_534] {
        let cores: Vec<Core> = (1..=bounds).map(|bound| core(&format!("上年度营业收入 >= {bound}元"))).collect();
        let plan = Plan::of(&cores, &context());
        let held = [0, 1, 252, 253, 254, i64::from(bounds) - 1, i64::from(bounds), i64::from(bounds) + 1];
        let firms: Vec<Profile> =
            held.iter().map(|held| firm(&serde_json::json!({ "revenue": { "2025": held } }))).collect();
        let population = Population::load(reference(), &firms);
        let coding = Coding::derive(&plan, &population, 1).unwrap();
        let found = Listing::merged(run::<64, _>(&plan, &coding, Isa::detect(), 1, Listing::default));
        let mut met = vec![0; held.len()];
        for (item, row, is_met) in found {
            assert!(is_met && i64::try_from(item).unwrap() < held[row]);
            met[row] += 1;
        }
        let expected: Vec<i64> = held.iter().map(|held| (*held).clamp(0, bounds.into())).collect();
        assert_eq!(met, expected, "{bounds} bounds");
    }
}

#[test]
fn a_bound_repeated_ten_thousand_times_is_one_question() {
    let cores: Vec<Core> = (0..10_000).map(|_| core("上年度营业收入 > 5元")).collect();
    let plan = Plan::of(&cores, &context());
    assert_eq!(plan.program().atoms().len(), 1);
    let firms: Vec<Profile> =
        [4, 5, 6].iter().map(|held| firm(&serde_json::json!({ "revenue": { "2025": held } }))).collect();
    let population = Population::load(reference(), &firms);
    let coding = Coding::derive(&plan, &population, 1).unwrap();
    let counts = Counts::merged(10_000, &run::<64, _>(&plan, &coding, Isa::detect(), 1, || Counts::new(10_000)));
    assert!(counts.0.iter().all(|count| *count == Count { met: 1, open: 0 }));
}

#[test]
fn what_fits_no_register_is_reckoned_exactly() {
    let most = i64::MAX / 100;
    let near = serde_json::json!({ "revenue": { "2025": most, "2024": most }, "rd_expense": { "2025": most, "2024": most - 1 } });
    let texts = [
        "近2年营业收入 >= 92233720368547758元",
        "近2年营业收入 > 184467440737095514元",
        "上年度研发费用 * 上年度营业收入 * 上年度营业收入 > 0元",
        "上年度研发费用 / 上年度营业收入 >= 100%",
        "上上年度研发费用 / 上上年度营业收入 >= 100%",
    ];
    agree(&texts.map(core), &[firm(&near), firm(&serde_json::json!({}))]);
}

#[test]
fn every_seed_condition_agrees_on_a_made_up_city() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../seeds/policies");
    let mut cores = Vec::new();
    for entry in std::fs::read_dir(seeds).unwrap() {
        let policy: toml::Table = toml::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        for item in policy.get("items").and_then(|items| items.as_array()).into_iter().flatten() {
            cores.extend(item.get("condition").and_then(|text| text.as_str()).map(core));
        }
    }
    assert!(cores.len() > 50, "{} conditions", cores.len());
    let firms: Vec<Profile> = domain::synthetic::enterprises(7, 150, context().as_of).collect();
    agree(&cores, &firms);
}
