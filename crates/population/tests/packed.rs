//! The packed form holds exactly what conditions can read, survives its file, and refuses what it cannot answer.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::sync::Arc;

use common::{conditions_of, context, profiles, reference};
use population::{Coding, Counts, Held, Isa, Plan, Population, Refused, Unusable, run};
use rules::{Profile, Reference, ReferenceTexts};

/// Without what no condition reads: name, code, and facts nothing is said of.
fn readable(mut profile: Profile) -> Profile {
    profile.facts.retain(|_, entries| !entries.is_empty());
    profile.lists.retain(|_, list| !list.records.is_empty() || !list.complete.is_empty());
    Profile { uscc: String::new(), name: String::new(), ..profile }
}

fn firms() -> Vec<Profile> {
    let made_up = domain::synthetic::enterprises(5, 90, context().as_of);
    profiles(51, 150).into_iter().chain(made_up).collect()
}

fn file(population: &Population) -> Vec<u8> {
    population.sections().flatten().collect()
}

fn opened(bytes: Vec<u8>) -> Result<Population, Unusable> {
    let held: Held = Arc::new(bytes);
    Population::open(&held, reference())
}

#[test]
fn every_firm_comes_back_as_it_went_in() {
    let firms = firms();
    let population = Population::load(reference(), &firms);
    let again = opened(file(&population)).unwrap();
    for (row, firm) in firms.into_iter().enumerate() {
        let firm = readable(firm);
        assert_eq!(population.profile(row).unwrap(), firm, "row {row}");
        assert_eq!(again.profile(row).unwrap(), firm, "row {row} of the file");
    }
}

#[test]
fn an_edit_changes_its_row_and_no_other_whether_in_memory_or_over_a_file() {
    let firms = firms();
    let loaded = Population::load(reference(), &firms);
    let file = file(&loaded);
    for mut population in [loaded, opened(file).unwrap()] {
        let rows = firms.len();
        for (row, firm) in [(0, &firms[7]), (63, &firms[8]), (64, &firms[9]), (rows - 1, &firms[10])] {
            assert!(population.replace(row, firm));
        }
        population.remove(65);
        assert_eq!(population.push(&firms[11]), rows);
        assert!(!population.replace(rows + 1, &firms[0]), "there is no such row");
        let expected = |row: usize| match row {
            0 => 7,
            63 => 8,
            64 => 9,
            row if row == rows - 1 => 10,
            row if row == rows => 11,
            row => row,
        };
        for row in 0..=rows {
            let firm = (row != 65).then(|| readable(firms[expected(row)].clone()));
            assert_eq!(population.profile(row), firm, "row {row}");
        }
        assert!(!population.contains(65) && !population.contains(rows + 1));
    }
}

#[test]
fn a_file_cut_short_or_with_one_bit_changed_is_noticed() {
    let bytes = file(&Population::load(reference(), &firms()[140..170]));
    assert!(opened(bytes.clone()).is_ok());
    for place in (0..bytes.len()).step_by(13) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        assert!(opened(damaged).is_err(), "byte {place}");
        assert!(opened(bytes[..place].to_vec()).is_err(), "{place} bytes");
    }
    assert_eq!(opened(Vec::new()).unwrap_err(), Unusable::OtherFormat);
    let mut population = opened(file(&Population::new(reference()))).unwrap();
    assert_eq!(population.push(&firms()[0]), 0, "an empty population is one too");
}

/// The reference data of a city that knows one fact less.
fn other_reference() -> Arc<Reference> {
    let mut texts = ReferenceTexts::builtin();
    let catalogue = texts.catalogue.replacen("key = \"diagnosis_done\"", "key = \"diagnosis_made\"", 1);
    assert_ne!(catalogue, texts.catalogue);
    texts.catalogue = catalogue;
    Arc::new(Reference::parse(&texts).unwrap())
}

#[test]
fn a_fact_added_or_retired_meanwhile_is_refused_and_never_guessed_at() {
    let firms = firms();
    let other = other_reference();
    let population = Population::load(Arc::clone(&other), &firms);
    let plan = Plan::of(&conditions_of(1, 5), &context());
    let refused = Coding::derive(&plan, &population, 1).unwrap_err();
    assert!(matches!(&refused, Refused::OtherReference { population, .. } if population == other.hash()));
    assert!(refused.to_string().contains("重新读取"), "{refused}");
    let mut coding = Coding::derive(&plan, &Population::load(reference(), &firms), 1).unwrap();
    assert!(coding.refresh(&plan, &population, 0).is_err());
    assert_eq!(opened(file(&population)).unwrap_err(), Unusable::OtherReference);
}

#[test]
fn a_memory_limit_is_kept_and_says_what_is_needed() {
    let firms = firms();
    let plan = Plan::of(&conditions_of(2, 50), &context());
    let population = Population::load(reference(), &firms);
    let needed = match Coding::derive(&plan, &population.clone().limited_to(1), 2).unwrap_err() {
        Refused::TooLarge { needed, limit: 1 } => needed,
        other => panic!("{other}"),
    };
    assert!(needed > population.clone().bytes());
    assert!(Coding::derive(&plan, &population.clone().limited_to(needed - 1), 2).is_err());
    let coding = Coding::derive(&plan, &population.clone().limited_to(needed), 2).unwrap();
    let counts = run::<64, _>(&plan, &coding, Isa::detect(), 2, || Counts::new(plan.items()));
    assert_eq!(Counts::merged(plan.items(), &counts).0.len(), 50);
}
