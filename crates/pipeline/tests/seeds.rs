//! The seeds compiled into the program, and what is said about broken ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fail")]

use std::path::Path;
use std::sync::Arc;

use domain::matching::Matcher;
use domain::total::total;
use domain::{Instant, Item, ItemId, Policy, PolicyId, Scope};
use pipeline::ingest::{SeedProblem, Seeds, embedded, load_seeds, load_seeds_beside, store_seeds};
use rules::Reference;
use storage::{Actor, Store};

const AT: Instant = Instant(1_795_392_000_000);

const BUREAUS: &str = "[[bureaus]]\ncode = \"b\"\nname = \"某局\"\nlevel = \"city\"\narea = \"武汉市\"\n";

const GOOD: &str = r#"
[policy]
code = "p"
title = "某通知"
issuers = ["某局"]
bureau = "b"
level = "city"
area = "武汉市"
published = "2022-06"
summary = "一句话"

[[items]]
code = "i"
name = "某事项"
summary = "一句话"
category = "科技创新"
support = "grant"
mode = "application"
coverage = "full"
condition = """
注册地 属于 武汉市
且 上年度营业收入 >= 2000万元
"""
amount_low = "0.5"
amount_high = 200000

[items.sentences]
"上年度营业收入>=2000万元" = "上年度营业收入不少于2000万元"

[[items.calls]]
batch = "2025"
opens = 2025-03-01
closes = "2025-03-31"

[[items.cases]]
name = "都达标"
expect = "met"
as_of = 2026-11-23
facts = { place_registered = "420111", revenue = { 2025 = 30000000 } }

[[items.cases]]
name = "差一分"
expect = "not_met"
boundary = true
as_of = 2026-11-23
facts = { place_registered = "420111", revenue = { 2025 = 19999999.99 } }

[[items.cases]]
name = "不知道收入"
expect = "unknown"
as_of = 2026-11-23
facts = { place_registered = "420111" }
"#;

fn load(policy: &str) -> Result<Seeds, Vec<SeedProblem>> {
    load_seeds([("bureaus.toml", BUREAUS), ("policies/p.toml", policy)], Reference::builtin())
}

/// The problems after one replacement in the good seed.
fn problems(from: &str, to: &str) -> Vec<SeedProblem> {
    assert!(GOOD.contains(from), "the good seed has no {from}");
    load(&GOOD.replacen(from, to, 1)).unwrap_err()
}

/// The one problem, as `line: message。suggestion`.
fn problem(from: &str, to: &str) -> String {
    let problems = problems(from, to);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    format!("{}: {}", problems[0].line, problems[0])
}

#[test]
fn every_seed_loads_and_every_case_holds() {
    let seeds = load_seeds(embedded().iter().copied(), Reference::builtin()).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{} problems:\n{}", lines.len(), lines.join("\n"))
    });
    assert!(seeds.policies.len() >= 24, "{} policies", seeds.policies.len());
    assert!(seeds.items().count() >= 30, "{} items", seeds.items().count());
}

#[test]
fn every_seed_file_is_compiled_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds/policies");
    let files = std::fs::read_dir(root)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "toml"));
    assert_eq!(embedded().len(), files.count() + 1);
}

#[test]
fn the_good_seed_is_read_exactly() {
    let seeds = load(GOOD).unwrap();
    let policy = &seeds.policies[0];
    assert_eq!(policy.revision.published_on, "2022-06-01".parse().ok());
    assert_eq!(policy.revision.published_precision.as_deref(), Some("month"));
    let item = &policy.items[0].revision;
    assert_eq!((item.amount_low, item.amount_high), (Some(50), Some(20_000_000)));
    assert_eq!(item.area, "420100");
    assert_eq!(item.sentences.keys().collect::<Vec<_>>(), ["上年度营业收入 >= 2000万元"]);
    assert_eq!(policy.items[0].calls[0].closes_on, "2025-03-31".parse().ok());
}

#[test]
fn a_slip_in_a_key_names_line_and_the_key_meant() {
    let told = problem("summary = \"一句话\"\n\n[[items]]", "summery = \"一句话\"\nsummary = \"一句话\"\n\n[[items]]");
    assert!(told.starts_with("10: ") && told.contains("summery") && told.contains("是否想写 summary"), "{told}");
}

#[test]
fn a_missing_key_a_strange_word_and_an_unknown_place_are_told() {
    let told = problem("title = \"某通知\"\n", "");
    assert!(told.contains("title") && told.contains("缺少"), "{told}");
    let told = problem("\"科技创新\"", "\"科创\"");
    assert!(told.contains("第 16 行") && told.contains("innovation(科技创新)"), "{told}");
    let told = problem("area = \"武汉市\"", "area = \"武汗市\"");
    assert!(told.contains("武汗市"), "{told}");
}

#[test]
fn an_error_in_a_condition_is_told_at_its_own_line() {
    let told = problem("上年度营业收入 >= 2000万元\n\"\"\"", "上年度营业收人 >= 2000万元\n\"\"\"");
    assert!(told.starts_with("22: ") && told.contains("营业收入"), "{told}");
}

#[test]
fn a_sentence_without_its_leaf_is_told() {
    let told = problem("\"上年度营业收入>=2000万元\"", "\"上年度营业收入>=3000万元\"");
    assert!(told.contains("条件里没有") && told.contains("2000万元"), "{told}");
}

#[test]
fn an_unofficial_address_is_refused() {
    let told = problem("published", "source_url = \"https://www.gov.cn.example.com/\"\npublished");
    assert!(told.contains("不是官方网址"), "{told}");
}

#[test]
fn full_coverage_needs_each_verdict_and_a_boundary() {
    let told = problem("boundary = true\n", "");
    assert!(told.contains("用例不够") && told.contains("boundary"), "{told}");
    let told = problem(
        "expect = \"unknown\"\nas_of = 2026-11-23\nfacts = {",
        "expect = \"met\"\nas_of = 2026-11-23\nfacts = { revenue = { 2025 = 30000000 },",
    );
    assert!(told.contains("用例不够") && told.contains("unknown"), "{told}");
}

#[test]
fn a_case_that_does_not_hold_is_told_with_the_leaf_that_decided() {
    let told = problem(
        "as_of = 2026-11-23\nfacts = { place_registered = \"420111\", revenue = { 2025 = 30000000 } }",
        "as_of = 2026-11-23\nfacts = { place_registered = \"420111\", revenue = { 2025 = 10000000 } }",
    );
    assert!(told.contains("用例“都达标”期望符合,实际不符合"), "{told}");
    assert!(told.contains("上年度营业收入 >= 2000万元(实际 1000 万元)"), "{told}");
}

#[test]
fn a_condition_that_reads_but_makes_no_sense_is_told() {
    let problems = problems("注册地 属于 武汉市", "上年度营业收入 >= 3%");
    assert!(problems.iter().any(|problem| problem.line == 21), "{problems:#?}");
}

#[test]
fn a_broken_file_names_its_line_and_hides_nothing_of_the_others() {
    let problems = load_seeds(
        [
            ("bureaus.toml", BUREAUS),
            ("policies/a.toml", "[policy\ncode = 1"),
            ("policies/b.toml", "[policy]\ncode = \"B\""),
        ],
        Reference::builtin(),
    )
    .unwrap_err();
    assert!(problems.iter().any(|p| p.file == "policies/a.toml" && p.line == 1), "{problems:#?}");
    assert!(problems.iter().any(|p| p.file == "policies/b.toml" && p.message.contains("不能作代码")), "{problems:#?}");
}

#[test]
fn codes_are_unique_and_references_lead_somewhere() {
    let texts = [("bureaus.toml", BUREAUS), ("policies/a.toml", GOOD), ("policies/b.toml", GOOD)];
    let problems = load_seeds(texts, Reference::builtin()).unwrap_err();
    assert_eq!(problems.len(), 2, "{problems:#?}");
    assert!(problems.iter().all(|problem| problem.message.contains("policies/a.toml")));
    assert!(problem("bureau = \"b\"", "bureau = \"c\"").contains("没有部门 c"));
    assert!(problem("coverage =", "implements = \"j\"\ncoverage =").contains("上级事项 j"));
}

/// The seeds as the library they become.
fn library() -> Matcher {
    let seeds = load_seeds(embedded().iter().copied(), Reference::builtin()).unwrap();
    let (mut policies, mut items, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    for seed in seeds.policies {
        let id = PolicyId::of(&seed.code);
        for item in seed.items {
            calls.extend(item.calls);
            items.push(Item {
                id: ItemId::of(&item.code),
                code: item.code,
                policy: id,
                bureau: item.bureau,
                implements: item.implements,
                status: item.status,
                revision_number: 1,
                revision: item.revision,
            });
        }
        let (bureau, status, revision) = (seed.bureau, seed.status, seed.revision);
        policies.push(Policy { id, code: seed.code, bureau, status, revision_number: 1, revision });
    }
    let (matcher, unreadable) = Matcher::new(policies, items, calls, Reference::builtin());
    assert!(unreadable.is_empty(), "{unreadable:?}");
    matcher
}

#[test]
fn what_the_firms_of_the_demo_can_expect_in_all() {
    let (library, reference) = (library(), Reference::builtin());
    let day = "2026-11-23".parse().unwrap();
    let firms = domain::synthetic::enterprises(20_261_123, 60, day);
    let told = firms.filter_map(|firm| {
        let matches = library.explain_all(&firm, reference, day);
        total(&matches, &firm, reference, day).map(|total| format!("{}\n  {}", firm.name, total.words))
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_amount_of_the_seeds_reads_in_plain_words() {
    let library = library();
    let said = library.entries().iter().filter_map(|entry| {
        let amount = rules::plain_amount(entry.amount.as_ref()?, Reference::builtin());
        Some(format!("{} {}\n{amount}", entry.item.code, entry.item.revision.name))
    });
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n\n"));
}

/// A second item in the file of the good seed, with relations of its own.
fn with_second(first: &str, second: &str) -> Result<Seeds, Vec<SeedProblem>> {
    let items = GOOD.split_once("[[items]]").map(|(_, item)| item.replacen("code = \"i\"", "code = \"j\"", 1)).unwrap();
    load(&format!("{GOOD}\n{first}\n[[items]]{items}\n{second}"))
}

fn relation(kind: &str, rest: &str) -> String {
    format!("[[items.relations]]\nkind = \"{kind}\"\n{rest}\n")
}

#[test]
fn an_amount_is_kept_in_its_canonical_text_and_its_mistakes_are_told_at_their_own_line() {
    let with = |amount: &str| load(&GOOD.replacen("amount_low", &format!("amount = {amount}\namount_low"), 1));
    let seeds = with("\"\"\"\n上年度营业收入*10%\n最高 20万元\"\"\"").unwrap();
    let item = seeds.items().next().unwrap();
    assert_eq!(item.revision.amount.as_deref(), Some("上年度营业收入 * 10% 最高 20万元"));
    let told = with("\"\"\"\n上年度营业收入*10%\n最高 20人\"\"\"").unwrap_err();
    assert!(told[0].message.contains("的金额") && told[0].message.contains("不是金额"), "{told:#?}");
    let told = with("\"\"\"\n上年度营业收入*10%\n最高\"\"\"").unwrap_err();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].line, 26, "{told:#?}");
}

#[test]
fn a_case_may_say_what_it_is_paid() {
    let with = |amount: &str| {
        let seed = GOOD.replacen("amount_low", "amount = \"上年度营业收入 * 1% 最高 20万元\"\namount_low", 1);
        load(&seed.replacen("name = \"都达标\"", &format!("name = \"都达标\"\namount = \"{amount}\""), 1))
    };
    assert_eq!(with("20 万元").unwrap().items().next().unwrap().cases[0].amount.as_deref(), Some("20 万元"));
    let told = with("30 万元").unwrap_err().remove(0);
    assert!(told.message.contains("期望 30 万元,实际 20 万元"), "{told}");
    assert!(told.suggestion.unwrap().contains("按上限 20 万元"));
}

#[test]
fn relations_are_read_and_lead_to_items_that_exist() {
    let seeds = with_second(
        &relation("就高不重复", "items = [\"j\"]\nwording = \"与某事项就高不重复\""),
        &relation("cap", "items = [\"i\"]\ncap = \"30万元\""),
    );
    let kinds: Vec<_> = seeds.unwrap().items().map(|item| item.revision.relations[0].kind).collect();
    assert_eq!(kinds, [domain::RelationKind::BestOf, domain::RelationKind::Cap]);
    let told = with_second(&relation("best_of", "items = [\"jj\", \"zzz\"]"), &relation("obligation", "")).unwrap_err();
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told[0].contains("policies/p.toml 第 ") && told[0].contains("没有事项 jj"), "{told:#?}");
    assert!(told.iter().any(|line| line.contains("没有事项 zzz")), "{told:#?}");
    assert!(told.iter().any(|line| line.contains("items[2].relations[1] 的 wording:义务没有写内容")), "{told:#?}");
}

#[test]
fn circular_prerequisites_are_refused_also_through_the_library() {
    let first = |code: &str| relation("prerequisite", &format!("items = [\"{code}\"]"));
    let told = with_second(&first("j"), &first("i")).unwrap_err();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].message.contains("前置事项绕成了一圈:i → j → i"), "{told:#?}");
    let beside = |library: &[(&str, &str)]| {
        let of = |(code, before): &(&str, &str)| ((*code).to_owned(), std::iter::once((*before).to_owned()).collect());
        let texts = [("bureaus.toml", BUREAUS), ("policies/p.toml", &format!("{GOOD}\n{}", first("k")))];
        load_seeds_beside(library.iter().map(of).collect(), texts, Reference::builtin())
            .map_err(|told| told[0].to_string())
    };
    assert!(beside(&[("k", "x")]).is_ok(), "k is in the library, and what it needs is not in question");
    assert!(beside(&[("k", "i")]).unwrap_err().contains("i → k → i"));
    assert!(beside(&[]).unwrap_err().contains("没有事项 k"));
    let replaced = with_second(&first("j"), "");
    assert!(replaced.is_ok(), "{replaced:#?}");
}

#[tokio::test]
async fn seeds_are_stored_once_and_a_second_time_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("hanqitong.db").display());
    migrations::apply(&url).await.unwrap();
    let store = Store::connect(&url, 2, Arc::new(Reference::builtin().clone())).await.unwrap();
    let seeds = load_seeds(embedded().iter().copied(), Reference::builtin()).unwrap();
    let actor = Actor::new("seed");

    let first = store_seeds(&store, &seeds, &actor, AT).await.unwrap();
    assert_eq!(first.written, first.bureaus + first.policies + first.items + first.calls);
    let second = store_seeds(&store, &seeds, &actor, AT).await.unwrap();
    assert_eq!(second.written, 0);

    let mut other_catalogue = seeds.clone();
    other_catalogue.policies.iter_mut().flat_map(|policy| &mut policy.items).for_each(|item| {
        item.revision.catalogue_hash = "another".to_owned();
    });
    let third = store_seeds(&store, &other_catalogue, &actor, AT).await.unwrap();
    assert_eq!(third.written, 0, "a new catalogue alone makes no new revision");
    other_catalogue.policies[0].items[0].revision.notes.push("新的要求".to_owned());
    assert_eq!(store_seeds(&store, &other_catalogue, &actor, AT).await.unwrap().written, 1);

    let library = store.load_library(&Scope::Public).await.unwrap();
    assert_eq!((library.policies.len(), library.items.len()), (first.policies, first.items));
}
