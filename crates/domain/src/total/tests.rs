use rules::Reference;
use serde_json::json;

use super::*;
use crate::matching::Matcher;
use crate::relations::{Relation, RelationKind};
use crate::{Item, Mode, sample};

fn item(code: &str, amount: &str) -> Item {
    let mut item = sample::item(code);
    item.revision.name = format!("事项{}", code.to_uppercase());
    item.revision.rolling = true;
    item.revision.condition = Some("独立法人 为 是".to_owned());
    item.revision.amount = (!amount.is_empty()).then(|| amount.to_owned());
    item
}

fn related(mut item: Item, kind: RelationKind, others: &[&str], cap: Option<&str>) -> Item {
    let items = others.iter().map(ToString::to_string).collect();
    item.revision.relations.push(Relation { kind, items, cap: cap.map(str::to_owned), wording: None });
    item
}

fn of(items: Vec<Item>, facts: &serde_json::Value) -> Option<Total> {
    let reference = Reference::builtin();
    let day = "2026-11-23".parse().unwrap();
    let (matcher, unreadable) = Matcher::new(vec![sample::policy("p")], items, Vec::new(), reference);
    assert!(unreadable.is_empty(), "{unreadable:?}");
    let firm = Profile::from_json(&json!({ "facts": facts }), reference).unwrap();
    total(&matcher.explain_all(&firm, reference, day), &firm, reference, day)
}

fn yes() -> serde_json::Value {
    json!({ "independent_legal_person": true })
}

#[test]
fn a_best_of_group_counts_once_and_says_what_it_left_out() {
    let items = vec![
        related(item("a", "5万元"), RelationKind::BestOf, &["b", "c"], None),
        item("b", "20万元"),
        item("c", "9万元"),
        item("d", "1万元"),
    ];
    let told = of(items, &yes()).unwrap();
    assert_eq!((told.display.as_str(), told.low), ("21 万元", 21_000_000));
    assert_eq!(told.counted, ["b", "d"]);
    let left: Vec<_> = told.left_out.iter().map(|one| (one.item.as_str(), one.reason)).collect();
    assert_eq!(left, [("a", Reason::BetterOne), ("c", Reason::BetterOne)]);
    assert_eq!(
        told.words,
        "现在符合、算得出金额的 2 项,预计合计 21 万元。没有计入《事项A》《事项C》:与已计入的事项不能重复享受。"
    );
}

#[test]
fn competitive_quota_and_preference_items_stay_out() {
    let mut competitive = item("a", "100万元");
    competitive.revision.mode = Mode::Competitive;
    let mut limited = item("b", "100万元");
    limited.revision.quota = Some(10);
    let mut marked = item("c", "100万元");
    marked.revision.condition = Some("独立法人 为 是 且 优先「示范企业」".to_owned());
    let told = of(vec![competitive, limited, marked, item("d", "1万元")], &yes()).unwrap();
    assert_eq!((told.display.as_str(), told.possible), ("1 万元", Some(1_000_000)));
    assert!(told.left_out.iter().all(|one| one.reason == Reason::Selective) && told.left_out.len() == 3);
}

#[test]
fn only_what_is_recorded_in_full_and_met_is_counted_and_the_rest_is_only_possible() {
    let mut partial = item("a", "100万元");
    partial.revision.coverage = crate::Coverage::Partial;
    let mut open = item("b", "10万元");
    open.revision.condition = Some("上年度研发费用 >= 100万元".to_owned());
    let told = of(vec![partial, open, item("c", "1万元")], &yes()).unwrap();
    assert_eq!((told.low, told.high, told.possible), (1_000_000, Some(1_000_000), Some(11_000_000)));
    assert!(told.words.ends_with("把待补的信息补齐,合计最高可到 11 万元。"), "{}", told.words);
    let none = of(vec![item("a", "1万元")], &json!({ "independent_legal_person": false }));
    assert_eq!(none, None, "nothing is met, nothing is promised");
}

#[test]
fn a_common_cap_may_follow_from_a_fact() {
    let items = || {
        vec![
            related(item("a", "20万元"), RelationKind::Cap, &["b"], Some("10万元 + 上年度纳税额")),
            related(item("b", "20万元"), RelationKind::Cap, &["a"], Some("10万元 + 上年度纳税额")),
        ]
    };
    let taxed =
        |yuan: i64| of(items(), &json!({ "independent_legal_person": true, "tax_paid": { "2025": yuan } })).unwrap();
    for (tax, fen) in [(299_999, 39_999_900), (300_000, 40_000_000), (300_001, 40_000_000)] {
        assert_eq!((taxed(tax).low, taxed(tax).high), (fen, Some(fen)), "{tax}");
    }
    let open = of(items(), &yes()).unwrap();
    assert_eq!((open.low, open.high), (0, Some(40_000_000)), "nothing is known of the cap");
}

#[test]
fn an_item_without_a_reckonable_amount_is_said_to_be_missing_from_the_sum() {
    let told = of(vec![item("a", "1万元"), item("b", "")], &yes()).unwrap();
    assert!(told.words.contains("另有 1 项符合,金额要以官方核定为准,没有计入。"), "{}", told.words);
}

#[test]
fn items_exclude_each_other_also_by_the_word_of_a_third_that_is_not_met() {
    let mut third = related(item("c", "1万元"), RelationKind::BestOf, &["a", "b"], None);
    third.revision.condition = Some("独立法人 为 否".to_owned());
    let told = of(vec![item("a", "5万元"), item("b", "3万元"), third], &yes()).unwrap();
    assert_eq!((told.display.as_str(), told.counted), ("5 万元", vec!["a".to_owned()]));
}
