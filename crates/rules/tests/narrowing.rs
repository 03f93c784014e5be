//! What several leaves ask in common is asked once: a gap leaves nothing open that every way to fill it decides alike,
//! and every reader says the same.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rules::Verdict::{Met, NotMet, Unknown};
use rules::program::{Evaluator, Scratch};
use rules::{Context, Explanation, Profile, Program, Reference, Verdict, decide, explain, lower, text};
use serde_json::{Value as Json, json};

/// The explanation; the lowered form and the shared program must say the same.
fn judged(text: &str, facts: &Json) -> Explanation {
    let reference = Reference::builtin();
    let condition = text::parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
    let profile = Profile::from_json(&json, reference).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let none = BTreeMap::new();
    let context =
        Context { reference, as_of: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default(), parameters: &none };
    let explanation = explain(&condition, &profile, &context, &none);
    let core = lower(&condition, reference);
    assert_eq!(decide(&core, &profile, &context), explanation.verdict, "{text}");
    let mut verdicts = Vec::new();
    let evaluator = Evaluator::new(Program::of([&core]), reference);
    evaluator.decide(&profile, &context, &mut Scratch::default(), &mut verdicts);
    assert_eq!(verdicts, [explanation.verdict], "{text}");
    explanation
}

fn verdicts(cases: &[(&str, Json, Verdict)]) {
    for (text, facts, expected) in cases {
        assert_eq!(judged(text, facts).verdict, *expected, "{text}\n{facts}");
    }
}

fn revenue(one: i64, other: i64) -> Json {
    json!({ "revenue": [
        { "value": one, "period": "2025", "source": "tax", "grade": "A" },
        { "value": other, "period": "2025", "source": "statistics", "grade": "A" },
    ] })
}

fn no_revenue() -> Json {
    json!({ "revenue": [{ "period": "2025", "state": "not_applicable" }] })
}

#[test]
fn thresholds_that_leave_no_gap_hold_for_every_figure_but_not_where_the_fact_does_not_apply() {
    let whole = "上年度营业收入 >= 5元 或 上年度营业收入 < 5元";
    let gap = "上年度营业收入 > 5元 或 上年度营业收入 < 5元";
    verdicts(&[
        (whole, revenue(4, 6), Met),
        (whole, no_revenue(), NotMet),
        (whole, json!({}), Unknown),
        (gap, revenue(4, 6), Unknown),
        (gap, revenue(6, 7), Met),
    ]);
}

#[test]
fn a_requirement_or_its_opposite_holds_whatever_is_missing() {
    let text = "上年度营业收入 >= 5元 或 没有 ( 上年度营业收入 >= 5元 )";
    verdicts(&[(text, json!({}), Met), (text, no_revenue(), Met), (text, revenue(4, 6), Met)]);
    verdicts(&[("上年度营业收入 >= 5元 且 没有 ( 上年度营业收入 >= 5元 )", json!({}), NotMet)]);
}

#[test]
fn what_both_branches_ask_remains_and_what_tells_them_apart_does_not() {
    let text = "( 独立法人 为 是 且 上年度营业收入 >= 5元 ) 或 ( 独立法人 为 是 且 没有 ( 上年度营业收入 >= 5元 ) )";
    verdicts(&[
        (text, json!({ "independent_legal_person": true }), Met),
        (text, json!({ "independent_legal_person": false }), NotMet),
        (text, json!({}), Unknown),
    ]);
    let asked = judged(text, &json!({})).deciding;
    assert_eq!(asked.iter().map(|fact| fact.fact.as_str()).collect::<Vec<_>>(), ["independent_legal_person"]);
}

#[test]
fn a_threshold_beside_a_tier_on_the_same_figure_leaves_only_the_rows_it_allows() {
    let text = "上年度营业收入 >= 10元 且 分档 上年度营业收入 { < 10元 : 无要求 ; >= 10元 且 < 20元 : 不符合 ; 其余 : 不符合 }";
    verdicts(&[(text, json!({}), NotMet), (text, revenue(5, 15), NotMet)]);
    let text = "没有 ( 上年度营业收入 < 10元 ) 且 分档 上年度营业收入 { < 10元 : 不符合 ; 其余 : 独立法人 为 是 }";
    verdicts(&[
        (text, json!({ "independent_legal_person": true }), Unknown),
        (text, json!({ "independent_legal_person": false }), NotMet),
    ]);
}

#[test]
fn a_branch_that_asks_for_its_own_row_is_met_in_it() {
    let text =
        "分档 上年度营业收入 { >= 10元 : 上年度营业收入 > 9元 ; < 10元 : 上年度营业收入 <= 10元 ; 其余 : 不符合 }";
    verdicts(&[(text, revenue(5, 15), Met), (text, no_revenue(), NotMet), (text, json!({}), Unknown)]);
}

#[test]
fn counts_of_one_list_contradict_each_other_and_complete_each_other() {
    verdicts(&[
        ("近3年 违法记录 >= 3项 且 近3年 违法记录 < 3项", json!({}), NotMet),
        ("近3年 违法记录 > 2项 或 近3年 违法记录 <= 2项", json!({}), Met),
        ("近3年 违法记录 > 3项 或 近3年 违法记录 <= 2项", json!({}), Unknown),
    ]);
}

#[test]
fn ages_are_compared_with_each_other_in_months() {
    let two = json!({ "established_on": [
        { "value": "2020-01-01", "source": "tax" }, { "value": "2025-06-01", "source": "statistics" },
    ] });
    verdicts(&[
        ("成立 满 5年 且 成立 不满 3年", json!({}), NotMet),
        ("成立 满 3年 且 成立 不满 36个月", json!({}), NotMet),
        ("成立 满 3年 且 成立 不满 37个月", json!({}), Unknown),
        ("成立 满 3年 或 成立 不满 36个月", two.clone(), Met),
        ("成立 满 37个月 或 成立 不满 3年", two, Unknown),
    ]);
}

#[test]
fn a_fact_has_one_code() {
    let two = json!({ "reg_status": [
        { "value": "存续", "source": "tax" }, { "value": "停业", "source": "statistics" },
    ] });
    verdicts(&[
        ("登记状态 为 存续 且 登记状态 为 停业", json!({}), NotMet),
        ("登记状态 为 存续 或 登记状态 为 停业", two, Met),
        ("登记状态 不为 存续 或 登记状态 不为 停业", json!({}), Met),
        ("独立法人 为 是 或 独立法人 为 否", json!({}), Unknown),
    ]);
}

#[test]
fn counted_members_are_counted_together() {
    let text = "满足任意1项 { 上年度营业收入 >= 5元 ; 没有 ( 上年度营业收入 >= 5元 ) ; 独立法人 为 是 }";
    let two = "满足任意2项 { 上年度营业收入 >= 5元 ; 没有 ( 上年度营业收入 >= 5元 ) ; 独立法人 为 是 }";
    let is = |flag: bool| json!({ "independent_legal_person": flag });
    verdicts(&[(text, json!({}), Met), (two, json!({}), Unknown), (two, is(true), Met), (two, is(false), NotMet)]);
}

#[test]
fn what_is_settled_regardless_says_so_and_asks_for_nothing() {
    let told = judged("( 上年度营业收入 >= 5元 或 没有 ( 上年度营业收入 >= 5元 ) ) 且 独立法人 为 是", &json!({}));
    assert_eq!(told.verdict, Unknown);
    let group = &told.root.children[0];
    assert_eq!((group.verdict, group.regardless.as_deref()), (Met, Some("不论2025年营业收入如何,这里都满足")));
    assert_eq!(told.deciding.iter().map(|fact| fact.fact.as_str()).collect::<Vec<_>>(), ["independent_legal_person"]);

    let never = judged("成立 满 5年 且 成立 不满 3年", &json!({}));
    assert_eq!(never.root.regardless.as_deref(), Some("不论成立日期如何,这里都不满足"));
    assert!(never.deciding.is_empty());
}

#[test]
fn a_condition_that_shares_too_much_stays_open_rather_than_growing() {
    let pairs: Vec<String> = (0..12)
        .map(|index| format!("( 上年度营业收入 >= {}元 或 上年度研发费用 < {}元 )", index * 7 + 1, index * 11 + 1))
        .chain(
            (0..12).map(|index| format!("( 上年度营业收入 < {}元 或 上年度研发费用 >= {}元 )", index * 5, index * 3)),
        )
        .collect();
    let text = format!("满足任意9项 {{ {} }}", pairs.join(" ; "));
    judged(&text, &json!({}));
    let condition = text::parse(&text, Reference::builtin()).unwrap();
    let written = format!("{:?}", lower(&condition, Reference::builtin())).len();
    let plain = format!("{condition:?}").len();
    assert!(written < 12 * plain, "{written} of {plain}");
}
