//! A world so small that everything unknown in it can be tried out: a handful of facts, each with a few possible values,
//! and profiles that know only part of it. The values lie on, between and on both sides of every threshold the random
//! conditions use, so that an answer is not settled merely because the world is small.

#![expect(clippy::unwrap_used, reason = "for tests, over the embedded catalogue")]

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde_json::{Value as Json, json};

use super::writer::{Family, condition};
use crate::evaluate::arbitrary::Dice;
use crate::profile::{Entry, FactState, Profile};
use crate::reference::Reference;
use crate::tree::Condition;

/// No more ways to fill the gaps than this: every one is tried.
const MOST_COMPLETIONS: usize = 300;

/// A condition, a profile with gaps, and every profile without gaps that agrees with it.
#[derive(Debug)]
pub struct Case {
    pub family: Family,
    pub condition: Condition,
    pub known: Profile,
    /// What is known of each fact, and which of its worlds that leaves possible.
    facts: Vec<(&'static Profile, Vec<usize>)>,
    completions: Vec<Vec<usize>>,
}

/// One fact of one period: everything that can be true of it, and what may be known without knowing which.
#[derive(Debug)]
struct Slot {
    worlds: Vec<Profile>,
    /// With the worlds it leaves possible. The first entry knows nothing.
    vague: Vec<(Profile, Vec<usize>)>,
}

const FOUNDED: usize = 0;
/// The slots of yearly figures: those of a year before the founding are absent (the last world of such a slot), all
/// others are there.
const FIGURES: [(usize, i32); 4] = [(1, 2025), (2, 2024), (3, 2023), (4, 2025)];

/// The day on which this world is looked at.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

static SLOTS: LazyLock<Vec<Slot>> = LazyLock::new(|| {
    // Each of the larger ones is out of reach of what the others can bring about in ratios and growth.
    let figures =
        [("revenue", 2025, 1_000), ("revenue", 2024, 100), ("revenue", 2023, 50), ("rd_expense", 2025, 10_000)];
    let figures = figures.map(|(fact, year, most)| figure(fact, year, most));
    std::iter::once(founding()).chain(figures).chain([flag(), status(), place(), penalties()]).collect()
});

/// The day of each founding in the world, in the order of its worlds.
const FOUNDINGS: [&str; 4] = ["2020-01-01", "2023-11-23", "2025-03-01", "2026-02-01"];

fn founding() -> Slot {
    let one = |day: &str| only("established_on", &json!(day));
    let two = json!([{ "value": FOUNDINGS[1], "source": "tax" }, { "value": FOUNDINGS[2], "source": "statistics" }]);
    slot(FOUNDINGS.map(one).to_vec(), vec![(only("established_on", &two), vec![1, 2])])
}

fn figure(fact: &str, year: i32, most: i64) -> Slot {
    let period = year.to_string();
    let value = |value: i64| only(fact, &json!([{ "period": period, "value": value }]));
    let not_applicable = only(fact, &json!([{ "period": period, "state": "not_applicable" }]));
    let two = json!([
        { "period": period, "value": 5, "source": "tax" }, { "period": period, "value": 10, "source": "statistics" },
    ]);
    let worlds = vec![value(0), value(5), value(7), value(10), value(most), not_applicable, Profile::default()];
    slot(worlds, vec![(only(fact, &two), vec![1, 2, 3])])
}

fn flag() -> Slot {
    let one = |value: Json| only("independent_legal_person", &value);
    slot(vec![one(json!(true)), one(json!(false)), one(json!({ "state": "not_applicable" }))], Vec::new())
}

fn status() -> Slot {
    let one = |value: Json| only("reg_status", &value);
    let worlds = vec![one(json!("存续")), one(json!("注销")), one(json!({ "state": "not_applicable" }))];
    let two = json!([{ "value": "存续", "source": "tax" }, { "value": "注销", "source": "statistics" }]);
    slot(worlds, vec![(one(two), vec![0, 1])])
}

fn place() -> Slot {
    let at = |code: &str| only("place_registered", &json!({ "value": code, "since": "2020-01-01" }));
    let worlds = vec![at("420115"), at("420102"), at("110000")];
    slot(worlds, vec![(at("420100"), vec![0, 1])])
}

fn penalties() -> Slot {
    let of = |serious: bool, on: &str| json!({ "kind": "税务", "serious": serious, "on": on });
    let (serious, slight, recent) = (of(true, "2024-01-01"), of(false, "2024-01-01"), of(false, "2026-06-01"));
    let list = |records: Json| only("penalties", &json!({ "records": records }));
    let complete =
        |records: Json| only("penalties", &json!({ "records": records, "complete": [{ "source": "credit_report" }] }));
    let worlds = vec![
        complete(json!([])),
        complete(json!([serious])),
        complete(json!([slight])),
        complete(json!([serious, slight])),
        complete(json!([slight, slight, recent])),
        complete(json!([serious, serious, serious])),
        complete(json!([recent])),
    ];
    let unclear = complete(json!([{ "kind": "税务", "on": "2024-01-01" }]));
    slot(
        worlds,
        vec![
            (list(json!([])), vec![0, 1, 2, 3, 4, 5, 6]),
            (list(json!([slight])), vec![2, 3, 4]),
            (unclear, vec![1, 2]),
        ],
    )
}

fn slot(worlds: Vec<Profile>, vague: Vec<(Profile, Vec<usize>)>) -> Slot {
    let nothing = (Profile::default(), (0..worlds.len()).collect());
    Slot { worlds, vague: std::iter::once(nothing).chain(vague).collect() }
}

/// A profile that says one thing.
fn only(fact: &str, value: &Json) -> Profile {
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": { fact: value } });
    Profile::from_json(&json, Reference::builtin()).unwrap()
}

fn together<'a>(parts: impl Iterator<Item = &'a Profile>) -> Profile {
    let mut all = Profile::default();
    for part in parts {
        for (key, entries) in &part.facts {
            all.facts.entry(key.clone()).or_default().extend(entries.iter().cloned());
        }
        all.lists.extend(part.lists.iter().map(|(key, list)| (key.clone(), list.clone())));
    }
    all
}

impl Case {
    /// The same for the same seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let family = *dice.pick(&Family::ALL);
        let condition = condition(family, &mut dice);
        loop {
            let facts = knowledge(&mut dice);
            let possible: Vec<Vec<usize>> = facts.iter().map(|(_, possible)| possible.clone()).collect();
            // Those of which most cannot be true together are drawn again unseen.
            let most: usize = possible.iter().map(Vec::len).product();
            if most > 3 * MOST_COMPLETIONS || tells_the_founding(&possible) {
                continue;
            }
            let completions = combinations(&possible);
            if (1..=MOST_COMPLETIONS).contains(&completions.len()) {
                let known = together(facts.iter().map(|(part, _)| *part));
                return Self { family, condition, known, facts, completions };
            }
        }
    }

    /// The profile with so many of its gaps filled by values, in every way. That a question does not apply at all is no
    /// answer to hope for.
    pub fn answered(&self, count: usize) -> impl Iterator<Item = Profile> {
        let open = (0..self.facts.len()).filter(|slot| self.facts[*slot].1.len() > 1);
        let chosen = open.fold(vec![Vec::new()], |begun: Vec<Vec<usize>>, slot| {
            let with = begun.iter().map(|set| set.iter().copied().chain([slot]).collect()).collect::<Vec<_>>();
            begun.into_iter().chain(with).collect()
        });
        let chosen = chosen.into_iter().filter(move |set| set.len() == count);
        chosen.flat_map(move |set| self.filled(&set))
    }

    fn filled(&self, slots: &[usize]) -> Vec<Profile> {
        let known: Vec<&Profile> = self.facts.iter().map(|(part, _)| *part).collect();
        let ways = slots.iter().fold(vec![known], |begun, slot| {
            let answers = self.facts[*slot].1.iter().map(|world| &SLOTS[*slot].worlds[*world]);
            let answers: Vec<&Profile> = answers.filter(|answer| says_something(answer)).collect();
            let filled = |parts: &Vec<&'static Profile>, answer: &'static Profile| {
                let mut parts = parts.clone();
                parts[*slot] = answer;
                parts
            };
            begun
                .iter()
                .flat_map(|parts| answers.iter().map(|answer| filled(parts, answer)).collect::<Vec<_>>())
                .collect()
        });
        ways.into_iter().map(|parts| together(parts.into_iter())).collect()
    }

    /// Every way to fill the gaps.
    pub fn completions(&self) -> impl Iterator<Item = Profile> {
        self.completions
            .iter()
            .map(|worlds| together(SLOTS.iter().zip(worlds).map(|(slot, world)| &slot.worlds[*world])))
    }
}

/// One to five facts of which not everything is known, and for each fact what it leaves possible.
fn knowledge(dice: &mut Dice) -> Vec<(&'static Profile, Vec<usize>)> {
    let mut open = dice.roll(5) + 1;
    let mut left = SLOTS.len() as u64;
    let mut facts = Vec::new();
    for slot in SLOTS.iter() {
        if dice.roll(left) < open {
            open -= 1;
            let half = dice.roll(2) == 0;
            let (part, worlds) = if half { &slot.vague[0] } else { dice.pick(&slot.vague) };
            facts.push((part, worlds.clone()));
        } else {
            let count = slot.worlds.len() as u64;
            let world = usize::try_from(dice.roll(count)).unwrap();
            let part = &slot.worlds[world];
            // That there is nothing to know does not show.
            facts.push((part, if is_silent(part) { slot.vague[0].1.clone() } else { vec![world] }));
        }
        left -= 1;
    }
    facts
}

fn says_something(part: &Profile) -> bool {
    let applies = |entry: &Entry| entry.state != FactState::NotApplicable;
    !is_silent(part) && part.facts.values().flatten().all(applies)
}

fn is_silent(part: &Profile) -> bool {
    part.facts.is_empty() && part.lists.is_empty()
}

/// Every choice of one world per fact that can be true together.
fn combinations(possible: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let all = possible.iter().fold(vec![Vec::new()], |begun, worlds| {
        let extend = |begun: &Vec<usize>| {
            let begun = begun.clone();
            worlds.iter().map(move |world| begun.iter().copied().chain([*world]).collect::<Vec<usize>>()).collect()
        };
        begun.iter().flat_map(|begun| -> Vec<Vec<usize>> { extend(begun) }).collect()
    });
    all.into_iter().filter(|worlds: &Vec<usize>| is_consistent(worlds)).collect()
}

/// A year has a figure exactly if the enterprise existed in it.
fn is_consistent(worlds: &[usize]) -> bool {
    FIGURES.iter().all(|figure| agrees(worlds[FOUNDED], figure.1, is_absent(figure.0, worlds[figure.0])))
}

/// Whether a figure that is known rules out a founding that is not: no reader concludes that, so it is not asked for.
fn tells_the_founding(possible: &[Vec<usize>]) -> bool {
    let known = FIGURES.iter().filter(|(slot, _)| !possible[*slot].iter().any(|world| is_absent(*slot, *world)));
    let mut pairs = known.flat_map(|(_, year)| possible[FOUNDED].iter().map(move |founded| (*founded, *year)));
    possible[FOUNDED].len() > 1 && pairs.any(|(founded, year)| !agrees(founded, year, false))
}

fn is_absent(slot: usize, world: usize) -> bool {
    world == SLOTS[slot].worlds.len() - 1
}

fn agrees(founded: usize, year: i32, is_absent: bool) -> bool {
    let founded_later = FOUNDINGS[founded] >= format!("{}-01-01", year + 1).as_str();
    is_absent == founded_later
}
