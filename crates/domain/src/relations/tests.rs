use chrono::NaiveDate;
use rules::{Profile, Reference};
use serde_json::json;

use super::*;
use crate::matching::Matcher;
use crate::{Item, Mode, sample};

fn relation(kind: RelationKind, items: &[&str]) -> Relation {
    Relation { kind, items: items.iter().map(ToString::to_string).collect(), cap: None, wording: None }
}

fn item(code: &str, amount: Option<&str>, relations: Vec<Relation>) -> Item {
    let mut item = sample::item(code);
    item.revision.name = format!("事项{}", code.to_uppercase());
    item.revision.rolling = true;
    item.revision.condition = Some("独立法人 为 是".to_owned());
    item.revision.amount = amount.map(str::to_owned);
    item.revision.relations = relations;
    item
}

fn library(items: Vec<Item>) -> Matcher {
    let (matcher, unreadable) = Matcher::new(vec![sample::policy("p")], items, Vec::new(), Reference::builtin());
    assert!(unreadable.is_empty(), "{unreadable:?}");
    matcher
}

fn day() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn firm(facts: &serde_json::Value) -> Profile {
    Profile::from_json(&json!({ "facts": facts }), Reference::builtin()).unwrap()
}

fn told(items: Vec<Item>, facts: &serde_json::Value, code: &str) -> Vec<(Option<String>, String)> {
    let (library, firm) = (library(items), firm(facts));
    let matches = library.explain_all(&firm, Reference::builtin(), day());
    let lines = TellRelations::new(&matches, day()).of(code);
    lines.into_iter().map(|line| (line.better, line.words)).collect()
}

fn yes() -> serde_json::Value {
    json!({ "independent_legal_person": true })
}

#[test]
fn the_better_of_two_is_named_first_from_either_side() {
    let items = || {
        vec![
            item("a", Some("5万元"), vec![relation(RelationKind::BestOf, &["b"])]),
            item("b", Some("20万元"), Vec::new()),
        ]
    };
    let better = Some("b".to_owned());
    let from_a = "与《事项B》就高不重复,只能享受一项:《事项B》 20 万元 更高,本项 5 万元";
    let from_b = "与《事项A》就高不重复,只能享受一项:本项 20 万元 更高,《事项A》 5 万元";
    assert_eq!(told(items(), &yes(), "a"), [(better.clone(), from_a.to_owned())]);
    assert_eq!(told(items(), &yes(), "b"), [(better, from_b.to_owned())]);
}

#[test]
fn of_many_the_better_ones_come_first() {
    let items = vec![
        item("a", Some("5万元"), vec![relation(RelationKind::BestOf, &["b", "c", "d"])]),
        item("b", Some("2万元"), Vec::new()),
        item("c", Some("9万元"), Vec::new()),
        item("d", None, Vec::new()),
    ];
    let lines = told(items, &yes(), "a");
    let better: Vec<Option<&str>> = lines.iter().map(|(better, _)| better.as_deref()).collect();
    assert_eq!(better, [Some("c"), Some("a"), None]);
    assert!(lines[2].1.ends_with("金额要核定后才能比较"), "{lines:?}");
}

#[test]
fn what_is_guaranteed_ranks_before_what_is_possible() {
    let research = "上年度研发费用 * 10% 最高 50万元";
    let items = |mode| {
        let mut other = item("b", Some(research), vec![relation(RelationKind::BestOf, &["a"])]);
        other.revision.mode = mode;
        vec![item("a", Some("5万元"), Vec::new()), other]
    };
    let (better, words) = told(items(Mode::Application), &yes(), "a").remove(0);
    assert_eq!(better.as_deref(), Some("a"));
    assert!(words.ends_with("本项 5 万元 保底更高,最终高低要看待补的信息,《事项B》 最高 50 万元"), "{words}");
    let rich = json!({ "independent_legal_person": true, "rd_expense": { "2025": 3_000_000 } });
    assert_eq!(told(items(Mode::Application), &rich, "a")[0].0.as_deref(), Some("b"));
    let (better, words) = told(items(Mode::Competitive), &rich, "a").remove(0);
    assert_eq!(better.as_deref(), Some("a"), "of a competitive item nothing is guaranteed");
    assert!(words.contains("30 万元(择优,不保证拿到)"), "{words}");
}

#[test]
fn an_item_that_is_not_met_takes_nothing_away() {
    let mut other = item("b", Some("20万元"), vec![relation(RelationKind::PerProject, &["a"])]);
    other.revision.condition = Some("独立法人 为 否".to_owned());
    let lines = told(vec![item("a", Some("5万元"), Vec::new()), other], &yes(), "a");
    assert_eq!(lines, [(None, "同一个项目不能和《事项B》重复享受;现在不符合那一项,不影响本项".to_owned())]);
}

#[test]
fn a_prerequisite_says_where_the_enterprise_stands_and_what_opens_up_behind_it() {
    let items = || {
        let mut last = item("b", None, vec![relation(RelationKind::Prerequisite, &["a"])]);
        last.revision.condition = Some("独立法人 为 否".to_owned());
        vec![item("a", None, Vec::new()), last]
    };
    assert_eq!(told(items(), &yes(), "b")[0].1, "要先办成《事项A》:现在符合条件,可以先申报");
    assert_eq!(told(items(), &json!({}), "b")[0].1, "要先办成《事项A》:还缺信息,补齐后才知道能不能办");
    assert_eq!(told(items(), &yes(), "a")[0].1, "办成后可以再申报《事项B》");
}

#[test]
fn obligations_and_common_caps_are_told() {
    let promise =
        Relation { wording: Some("五年内不迁离本区".to_owned()), ..relation(RelationKind::Obligation, &[]) };
    let cap = Relation { cap: Some("30万元".to_owned()), ..relation(RelationKind::Cap, &["b"]) };
    let lines = told(vec![item("a", None, vec![cap, promise]), item("b", None, Vec::new())], &yes(), "a");
    let words: Vec<&str> = lines.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(words, ["享受后要做到:五年内不迁离本区", "与《事项B》累计不超过 30万元"]);
}

#[test]
fn a_page_for_anybody_says_nothing_of_the_readers_enterprise() {
    let items = vec![item("a", None, Vec::new()), item("b", None, vec![relation(RelationKind::Prerequisite, &["a"])])];
    let (library, firm) = (library(items), Profile::default());
    let matches = library.explain_all(&firm, Reference::builtin(), day());
    assert_eq!(TellRelations::new(&matches, day()).impersonal().of("b")[0].words, "要先办成《事项A》");
}

#[test]
fn every_mistake_of_a_relation_is_told_with_its_remedy() {
    let problems = |relation: &Relation| {
        let problems = relation.problems("a", Reference::builtin());
        assert!(problems.iter().all(|problem| problem.remedy.is_some() && problem.place.is_some()), "{problems:?}");
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (wrong, part) in [
        (relation(RelationKind::BestOf, &[]), "就高不重复没有写是和哪些事项"),
        (relation(RelationKind::BestOf, &["b", "a"]), "写了事项 a 自己"),
        (relation(RelationKind::PerLoan, &["b", "b"]), "事项 b 写了两次"),
        (relation(RelationKind::Obligation, &["b"]), "义务只对本事项"),
        (relation(RelationKind::Obligation, &[]), "义务没有写内容"),
        (relation(RelationKind::Cap, &["b"]), "累计上限没有写金额"),
        (Relation { cap: Some("30人".into()), ..relation(RelationKind::Cap, &["b"]) }, "不是金额"),
        (Relation { cap: Some("30万元".into()), ..relation(RelationKind::BestOf, &["b"]) }, "只有累计上限才写金额"),
    ] {
        assert!(problems(&wrong).contains(part), "{wrong:?}: {}", problems(&wrong));
    }
    assert_eq!(problems(&relation(RelationKind::BestOf, &["b", "c"])), "");
}

#[test]
fn each_circle_of_prerequisites_is_found_once() {
    let first = |pairs: &[(&str, &[&str])]| {
        let of = |codes: &[&str]| codes.iter().map(ToString::to_string).collect();
        pairs.iter().map(|(code, before)| ((*code).to_owned(), of(before))).collect()
    };
    let none: Vec<Vec<String>> = Vec::new();
    assert_eq!(circles(&first(&[("a", &["b", "c"]), ("b", &["c"])])), none, "two ways to one place are no circle");
    assert_eq!(circles(&first(&[("a", &["a"])])), [["a"]]);
    let found = circles(&first(&[("a", &["b"]), ("b", &["c", "x"]), ("c", &["a"]), ("x", &["y"]), ("y", &["x"])]));
    let words: Vec<String> = found.iter().map(|circle| circle_words(circle)).collect();
    assert_eq!(words, ["a → b → c → a", "x → y → x"]);
}
