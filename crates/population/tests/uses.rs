//! What a city is matched for: counts by place, a draft's effect, one edited enterprise, what changed since.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{conditions_of, context, profiles, reference};
use population::draft::Draft;
use population::{
    Breakdown, Change, Changes, Coding, Counts, Groups, Isa, Listing, Plan, Population, Row, Snapshot, Snapshots,
    Stamp, Unreadable, run, run_around,
};
use rules::{Context, Core, FactKey, Profile, Reference, Verdict, decide, text};

struct City {
    plan: Plan,
    population: Population,
    coding: Coding,
}

fn city(cores: &[Core], profiles: &[Profile]) -> City {
    let plan = Plan::of(cores, &context());
    let population = Population::load(reference(), profiles);
    let coding = Coding::derive(&plan, &population, 2).unwrap();
    City { plan, population, coding }
}

impl City {
    fn listing(&self) -> Vec<(usize, usize, bool)> {
        Listing::merged(run::<64, _>(&self.plan, &self.coding, Isa::detect(), 2, Listing::default))
    }

    fn snapshot(&self) -> Snapshot {
        let items = self.plan.items();
        let stamp = Stamp { reference: Reference::builtin().hash().to_owned(), as_of: context().as_of, items };
        Snapshots::merged(stamp, run(&self.plan, &self.coding, Isa::detect(), 2, || Snapshots::new(items)))
    }

    fn changes(&self, before: &Snapshot) -> Vec<Change> {
        let was: Vec<Option<usize>> = (0..self.plan.items()).map(Some).collect();
        Changes::merged(run(&self.plan, &self.coding, Isa::detect(), 2, || Changes::new(before, &was)))
    }
}

#[test]
fn an_edited_added_or_removed_enterprise_is_as_if_loaded_so() {
    let cores = conditions_of(3, 60);
    let mut firms = profiles(11, 4_095);
    let mut city = city(&cores, &firms);
    let before = city.snapshot();
    let edits = profiles(12, 3);
    for (row, edit) in [(0, &edits[0]), (100, &edits[1]), (4_094, &edits[2])] {
        firms[row] = edit.clone();
        assert!(city.population.replace(row, edit));
        city.coding.refresh(&city.plan, &city.population, row).unwrap();
        let mut found = Row::new(row, cores.len());
        run_around(&city.plan, &city.coding, Isa::detect(), row, &mut found);
        let expected: Vec<Verdict> = cores.iter().map(|core| decide(core, edit, &context())).collect();
        assert_eq!(found.verdicts, expected);
    }
    for firm in profiles(13, 6) {
        let row = city.population.push(&firm);
        city.coding.refresh(&city.plan, &city.population, row).unwrap();
        firms.push(firm);
    }
    assert_eq!(city.listing(), self::city(&cores, &firms).listing());
    city.population.remove(70);
    city.coding.refresh(&city.plan, &city.population, 70).unwrap();
    let left = city.listing();
    assert!(left.iter().all(|(_, row, _)| *row != 70));
    let mut expected = self::city(&cores, &firms).listing();
    expected.retain(|(_, row, _)| *row != 70);
    assert_eq!(left, expected);

    let changed = city.changes(&before);
    assert!(changed.iter().all(|change| [0, 70, 100, 4_094].contains(&change.row) || change.row >= 4_095));
    assert!(changed.iter().any(|change| change.row == 70 && change.after == Verdict::NotMet));
    assert!(!self::city(&cores, &firms[..10]).changes(&before).is_empty(), "rows that are gone have changed");
}

#[test]
fn a_snapshot_survives_its_file_and_every_flipped_bit_is_noticed() {
    let city = city(&conditions_of(4, 30), &profiles(21, 300));
    let snapshot = city.snapshot();
    let bytes = snapshot.to_bytes();
    assert_eq!(Snapshot::from_bytes(&bytes).unwrap(), snapshot);
    assert!(city.changes(&snapshot).is_empty(), "nothing happened");
    for place in (0..bytes.len()).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        assert!(Snapshot::from_bytes(&damaged).is_err(), "byte {place}");
    }
    assert_eq!(Snapshot::from_bytes(&bytes[..bytes.len() - 1]), Err(Unreadable::Damaged));
    assert_eq!(Snapshot::from_bytes(b""), Err(Unreadable::OtherFormat));
}

#[test]
fn groups_of_a_breakdown_add_up_to_the_whole() {
    let reference = Reference::builtin();
    let mut cores = conditions_of(5, 40);
    cores.push(rules::lower(&text::parse("注册地 属于 武汉市", reference).unwrap(), reference));
    let city = city(&cores, &profiles(31, 700));
    let groups = Groups::by(&city.population, &FactKey::from("place_registered"), &context());
    assert!(groups.values.len() > 20);
    let items = cores.len();
    let parts = run::<64, _>(&city.plan, &city.coding, Isa::detect(), 2, || Breakdown::new(&groups, items));
    let counts =
        Counts::merged(items, &run::<64, _>(&city.plan, &city.coding, Isa::detect(), 2, || Counts::new(items)));
    for (groups, whole) in Breakdown::merged(&groups, items, &parts).iter().zip(&counts.0) {
        assert_eq!(groups.iter().map(|count| count.met).sum::<u64>(), whole.met);
        assert_eq!(groups.iter().map(|count| count.open).sum::<u64>(), whole.open);
    }
}

#[test]
fn a_draft_with_new_bounds_says_which_demand_excludes_most() {
    let reference = Reference::builtin();
    let condition = |text: &str| text::parse(text, reference).unwrap();
    let firm = |revenue: i64, legal: bool| {
        let json =
            serde_json::json!({ "facts": { "revenue": { "2025": revenue }, "independent_legal_person": legal } });
        Profile::from_json(&json, reference).unwrap()
    };
    let firms = [firm(10, true), firm(20, true), firm(30, false), firm(40, true)];
    let population = Population::load(self::reference(), &firms);
    let draft = condition("上年度营业收入 >= 35元 且 独立法人 为 是");
    let effect = Draft::new(&draft, &population, &context(), Isa::detect(), 2).unwrap().effect();
    assert_eq!(effect.whole.met, 1);
    let met: Vec<_> = effect.demands.iter().map(|demand| (demand.without.met, demand.alone.met)).collect();
    assert_eq!(met, [(3, 1), (1, 3)], "without the revenue three would qualify, without the legal person still one");
}

#[test]
fn a_draft_says_where_they_are_who_meet_it_and_what_it_would_cost() {
    let reference = Reference::builtin();
    let firms: Vec<Profile> = domain::synthetic::enterprises(3, 400, context().as_of).collect();
    let population = Population::load(self::reference(), &firms);
    let condition = text::parse("注册地 属于 武汉市 且 上年度研发费用 > 0", reference).unwrap();
    let draft = Draft::new(&condition, &population, &context(), Isa::detect(), 2).unwrap();
    let whole = draft.effect().whole;

    let answered = draft.answered();
    assert_eq!((answered.met.len() as u64, answered.open.len() as u64), (whole.met, whole.open));
    let core = rules::lower(&condition, reference);
    assert!(whole.met > 20, "{whole:?}");
    assert!(answered.met.iter().all(|row| decide(&core, &firms[*row as usize], &context()) == Verdict::Met));

    let by = draft.by(&FactKey::from("place_registered"));
    assert!(by.len() > 5);
    assert_eq!(by.iter().map(|(_, count)| count.met).sum::<u64>(), whole.met);

    let amount = rules::Amount::read("上年度研发费用 * 10% 最高 30万元", reference).unwrap();
    let estimates = answered.met.iter().map(|row| rules::amount::estimate(&amount, &firms[*row as usize], &context()));
    let expected = estimates.fold((0_i128, Some(0_i128)), |(low, high), one| {
        (low + i128::from(one.low), high.zip(one.high).map(|(all, one)| all + i128::from(one)))
    });
    let money = draft.money(&amount, &answered.met);
    assert_eq!((money.low, money.high), expected);
    assert!(money.low > 0 && draft.money(&amount, &[]).high == Some(0));
}

#[test]
fn one_population_answers_every_day_and_two_versions_of_an_item_at_once_and_follows_an_edit_in_all() {
    let old = rules::lower(
        &text::parse("成立 满 3年 且 在武汉市注册 满 1年", Reference::builtin()).unwrap(),
        Reference::builtin(),
    );
    let new =
        rules::lower(&text::parse("成立 满 5年 且 近1年 获奖", Reference::builtin()).unwrap(), Reference::builtin());
    let cores: Vec<Core> = [old, new].into_iter().chain(conditions_of(8, 30)).collect();
    let mut firms = profiles(61, 80);
    let mut population = Population::load(self::reference(), &firms);
    let days = ["2024-02-29", "2026-01-01", "2026-11-23"];
    let contexts = days.map(|day| Context { as_of: day.parse().unwrap(), ..context() });
    let plans = contexts.map(|context| Plan::of(&cores, &context));
    let mut codings = plans.each_ref().map(|plan| Coding::derive(plan, &population, 2).unwrap());
    let before = population.bytes();
    for row in [3, 79] {
        firms[row] = profiles(62, 1).remove(0);
        population.replace(row, &firms[row]);
    }
    for ((plan, coding), context) in plans.iter().zip(&mut codings).zip(&contexts) {
        for row in [3, 79] {
            coding.refresh(plan, &population, row).unwrap();
        }
        let found = Listing::merged(run::<64, _>(plan, coding, Isa::detect(), 2, Listing::default));
        let verdict = |item: usize, row: usize| match found.iter().find(|(i, r, _)| (*i, *r) == (item, row)) {
            Some((.., true)) => Verdict::Met,
            Some((.., false)) => Verdict::Unknown,
            None => Verdict::NotMet,
        };
        for (item, core) in cores.iter().enumerate() {
            for (row, firm) in firms.iter().enumerate() {
                assert_eq!(verdict(item, row), decide(core, firm, context), "{} item {item} row {row}", context.as_of);
            }
        }
    }
    assert!(population.bytes() < before + before / 4, "nothing derived is kept in the population");
}

#[test]
fn an_enterprise_deleted_meanwhile_counts_until_its_row_is_refreshed_and_never_after() {
    let city_of = |firms: &[Profile]| city(&conditions_of(10, 40), firms);
    let firms = profiles(71, 70);
    let mut city = city_of(&firms);
    let before = city.listing();
    city.population.remove(66);
    assert_eq!(city.listing(), before, "a run sees the rows of one moment");
    city.coding.refresh(&city.plan, &city.population, 66).unwrap();
    let after = city.listing();
    assert_eq!(after, before.iter().filter(|(_, row, _)| *row != 66).copied().collect::<Vec<_>>());
    city.population.replace(66, &firms[66]);
    city.coding.refresh(&city.plan, &city.population, 66).unwrap();
    assert_eq!(city.listing(), before, "who comes back is judged again");
}
