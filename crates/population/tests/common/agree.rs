//! Columns beside the scalar evaluator, pair by pair, on every path of this processor.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use population::{Coding, Count, Counts, Isa, Listing, Plan, Population, run};
use rules::{Context, Core, Profile, Reference, Verdict, decide, lower, text};
use serde_json::Value as Json;

use crate::common::reference;

/// Item, row, met: what the scalar evaluator says of every pair that is not a no.
fn expected(cores: &[Core], profiles: &[Profile], context: &Context<'_>) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    for (item, core) in cores.iter().enumerate() {
        for (row, profile) in profiles.iter().enumerate() {
            match decide(core, profile, context) {
                Verdict::Met => found.push((item, row, true)),
                Verdict::Unknown => found.push((item, row, false)),
                Verdict::NotMet => {}
            }
        }
    }
    found
}

/// Panics with the first pair that differs; returns how many are met and how many open.
pub(crate) fn agree(cores: &[Core], profiles: &[Profile], context: &Context<'_>) -> Count {
    let plan = Plan::of(cores, context);
    let population = Population::load(reference(), profiles);
    let coding = Coding::derive(&plan, &population, 2).unwrap();
    let expected = expected(cores, profiles, context);
    let mut counted = vec![Count::default(); cores.len()];
    for (item, _, met) in &expected {
        if *met { counted[*item].met += 1 } else { counted[*item].open += 1 }
    }
    for isa in Isa::supported() {
        let found = Listing::merged(run::<64, _>(&plan, &coding, isa, 2, Listing::default));
        if let Some(pair) = found.iter().zip(&expected).find(|(one, other)| one != other) {
            panic!("{}: found and expected {pair:?}\n{:#?}", isa.name(), cores[pair.0.0.min(pair.1.0)]);
        }
        assert_eq!(found.len(), expected.len(), "{}", isa.name());
        let narrow = Listing::merged(run::<1, _>(&plan, &coding, isa, 1, Listing::default));
        assert_eq!(narrow, expected, "{} word by word", isa.name());
        let counts = Counts::merged(plan.items(), &run::<64, _>(&plan, &coding, isa, 2, || Counts::new(plan.items())));
        assert_eq!(counts.0, counted, "{}", isa.name());
    }
    counted.iter().fold(Count::default(), |all, one| Count { met: all.met + one.met, open: all.open + one.open })
}

pub(crate) fn core(written: &str) -> Core {
    let reference = Reference::builtin();
    lower(&text::parse(written, reference).unwrap_or_else(|wrong| panic!("{written}\n{wrong:#?}")), reference)
}

/// Every condition of the seeds.
pub(crate) fn seeds() -> Vec<Core> {
    let mut cores = Vec::new();
    for policy in tables(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds/policies").as_path()) {
        for item in policy.get("items").and_then(Json::as_array).into_iter().flatten() {
            cores.extend(item.get("condition").and_then(Json::as_str).map(core));
        }
    }
    cores
}

/// A real notice: its condition, and the firms of its cases by the day and parameters they are judged with.
pub(crate) struct Notice {
    pub(crate) core: Core,
    pub(crate) firms: BTreeMap<(NaiveDate, BTreeMap<String, String>), Vec<Profile>>,
}

/// The twenty-nine notices of `rules`.
pub(crate) fn notices() -> Vec<Notice> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/tests/notices");
    tables(&folder).iter().map(notice).collect()
}

fn notice(table: &Json) -> Notice {
    let parameters = |table: &Json| -> BTreeMap<String, String> {
        table.get("parameters").map(|all| serde_json::from_value(all.clone()).unwrap()).unwrap_or_default()
    };
    let mut firms = BTreeMap::new();
    for case in table["cases"].as_array().unwrap() {
        let mut facts = table["base"].as_object().unwrap().clone();
        for key in case.get("without").and_then(Json::as_array).into_iter().flatten() {
            facts.remove(key.as_str().unwrap());
        }
        facts.extend(case.get("facts").and_then(Json::as_object).cloned().unwrap_or_default());
        let day = case.get("as_of").unwrap_or(&table["as_of"]).as_str().unwrap().parse::<NaiveDate>().unwrap();
        let mut own = parameters(table);
        own.extend(parameters(case));
        let profile = Profile::from_json(&serde_json::json!({ "facts": facts }), Reference::builtin()).unwrap();
        firms.entry((day, own)).or_insert_with(Vec::new).push(profile);
    }
    Notice { core: core(table["condition"].as_str().unwrap()), firms }
}

/// Every file of a folder.
fn tables(folder: &Path) -> Vec<Json> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let table = |path| toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    files.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "toml")).map(table).collect()
}
