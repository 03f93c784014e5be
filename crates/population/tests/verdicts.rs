//! The verdicts of columns are those of the scalar evaluator, for every construct, size and instruction set.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "common/agree.rs"]
mod agree;
mod common;

use agree::{agree, core, notices, seeds};
use common::{conditions_of, context, profiles, reference};
use population::{BLOCK, Coding, Count, Counts, Isa, Listing, Plan, Population, run};
use rules::{Context, Core, Profile};

fn firm(facts: &serde_json::Value) -> Profile {
    Profile::from_json(&serde_json::json!({ "facts": facts }), rules::Reference::builtin()).unwrap()
}

#[test]
fn random_conditions_and_profiles_agree_pair_by_pair_on_several_days() {
    for (seed, day) in (0..).zip(["2026-11-23", "2026-01-01", "2024-02-29"]) {
        let context = Context { as_of: day.parse().unwrap(), ..context() };
        let found = agree(&conditions_of(seed, 130), &profiles(seed + 1, 130), &context);
        assert!(found.met > 0 && found.open > 0, "{found:?}");
    }
}

#[test]
fn every_size_around_words_and_blocks_agrees() {
    let cores = conditions_of(9, 40);
    for size in [0, 1, 63, 64, 65] {
        agree(&cores, &profiles(2, size), &context());
    }
    // Many rows are dear to judge one by one; few conditions tell as much of where a block ends.
    let block = u64::try_from(BLOCK).unwrap();
    let firms = profiles(3, block + 1);
    for size in [BLOCK - 1, BLOCK, BLOCK + 1] {
        agree(&cores[30..], &firms[..size], &context());
    }
}

#[test]
fn no_negation_makes_a_row_without_an_enterprise_match() {
    let cores =
        ["主体类型 不为 企业", "没有 ( 登记状态 为 存续 )", "上年度营业收入 ≠ 5元", "重点产业领域 不属于 新材料"];
    let cores = cores.map(core);
    let one = firm(&serde_json::json!({ "revenue": { "2025": 4 } }));
    agree(&cores, std::slice::from_ref(&one), &context());
    let mut population = Population::load(reference(), &[one.clone(), one]);
    population.remove(0);
    let plan = Plan::of(&cores, &context());
    let coding = Coding::derive(&plan, &population, 1).unwrap();
    let found = Listing::merged(run::<64, _>(&plan, &coding, Isa::detect(), 1, Listing::default));
    assert_eq!(found.iter().map(|(_, row, _)| *row).collect::<std::collections::BTreeSet<_>>(), [1].into());
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
    agree(&texts.map(core), &[firm(&near), firm(&serde_json::json!({}))], &context());
}

#[test]
fn every_seed_condition_agrees_on_a_made_up_city() {
    let cores = seeds();
    assert!(cores.len() > 50, "{} conditions", cores.len());
    let firms: Vec<Profile> = domain::synthetic::enterprises(7, 150, context().as_of).collect();
    let found = agree(&cores, &firms, &context());
    assert!(found.met > 0 && found.open > 0, "{found:?}");
}

#[test]
fn every_notice_agrees_on_the_firms_of_all_its_cases() {
    let notices = notices();
    assert_eq!(notices.len(), 29);
    for notice in &notices {
        for ((as_of, parameters), firms) in &notice.firms {
            agree(std::slice::from_ref(&notice.core), firms, &Context { as_of: *as_of, parameters, ..context() });
        }
    }
}
