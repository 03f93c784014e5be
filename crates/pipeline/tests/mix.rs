//! What made-up items aim at, held against what real notices ask: the seeds and the notices of the rules' tests.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fail")]

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use domain::synthetic::items::{Mix, wanted};
use pipeline::ingest::{embedded, load_seeds};
use rules::{Condition, Context, Reference, Verdict};

/// Conditions of the seeds that have one, and of N1 to N29.
fn real() -> Vec<Condition> {
    let reference = Reference::builtin();
    let seeds = load_seeds(embedded().iter().copied(), reference).unwrap();
    let read = |text: &str| rules::text::parse(text, reference).unwrap();
    let of_seeds = seeds.items().filter_map(|item| item.revision.condition.as_deref());
    let mut conditions: Vec<Condition> = of_seeds.map(read).collect();
    let notices = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/tests/notices");
    for file in std::fs::read_dir(notices).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let notice: toml::Table = text.parse().unwrap();
        conditions.push(read(notice["condition"].as_str().unwrap()));
    }
    conditions
}

#[test]
fn made_up_items_ask_as_real_notices_do_with_more_to_work_out() {
    let reference = Reference::builtin();
    let mut mix = Mix::default();
    for condition in real() {
        mix.add(&condition, reference);
    }
    println!(
        "{} conditions, {} leaves, {} worked out; groups {:?}",
        mix.conditions,
        mix.asked(),
        mix.derived(),
        mix.groups
    );
    for (operator, aim, derived) in wanted() {
        let real = mix.thousandths(operator);
        println!("{operator:>20} real {real:>4}‰ wanted {aim:>4}‰{}", if derived { " worked out" } else { "" });
        // Nothing real is missing, and nothing frequent is off by more than a factor of three.
        assert!(
            aim > 0 && (real < 20 || (aim * 3 >= real && (derived || aim <= real * 3))),
            "{operator}: {real}‰, {aim}‰"
        );
    }
    let named: Vec<&str> = wanted().map(|(name, ..)| name).collect();
    assert!(mix.leaves.keys().all(|operator| named.contains(operator)), "{:?}", mix.leaves);
}

/// Not a demand but a yardstick: how many firms of a made-up city meet real items.
#[test]
fn real_items_suit_nobody_few_or_many() {
    let reference = Reference::builtin();
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let firms: Vec<_> = domain::synthetic::enterprises(20_261_123, 240, day).collect();
    let none = BTreeMap::new();
    let context = Context { reference, as_of: day, parameters: &none };
    let mut suited: Vec<usize> = real()
        .iter()
        .map(|condition| {
            let core = rules::lower(condition, reference);
            firms.iter().filter(|firm| rules::decide(&core, firm, &context) == Verdict::Met).count() * 1000
                / firms.len()
        })
        .collect();
    suited.sort_unstable();
    println!("thousandths of firms that meet each: {suited:?}");
    assert!(suited.first() < suited.last());
}
