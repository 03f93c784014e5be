//! What is asked for: as few facts as can settle an open condition, and of a score only enough of its parts.

mod common;

use serde_json::{Value as Json, json};

/// The keys of the facts asked for.
fn asked(text: &str, facts: &Json) -> Vec<String> {
    common::told(text, facts).deciding.into_iter().map(|fact| fact.fact.to_string()).collect()
}

fn score(line: u8, comparison: &str) -> String {
    format!(
        "设 得分 = 评分 {{ 当 独立法人 为 是 : 50分 ; 当 登记状态 为 存续 : 5分 ; 当 注册地 属于 武汉市 : 10分 ; \
         按 上年度研发费用 {{ >= 100万元 : 20分 ; 其余 : 0分 }} }}\n得分 {comparison} {line}分"
    )
}

#[test]
fn a_score_asks_for_as_many_parts_as_bring_it_over_the_line() {
    let known = json!({ "independent_legal_person": true });
    assert_eq!(asked(&score(55, ">="), &known).len(), 1);
    assert_eq!(asked(&score(60, ">="), &known), ["place_registered"]);
    assert_eq!(asked(&score(61, ">="), &known), ["rd_expense"]);
    assert_eq!(asked(&score(70, ">="), &known), ["rd_expense"]);
    assert_eq!(asked(&score(71, ">="), &known).len(), 2);
    assert_eq!(asked(&score(81, ">="), &known).len(), 3);
}

#[test]
fn a_score_that_must_stay_below_a_line_asks_for_what_may_lift_it_over() {
    let known = json!({ "independent_legal_person": true });
    // At most 85: to stay at 75 one of the two larger parts must be lost, to stay at 65 the largest.
    assert_eq!(asked(&score(75, "<="), &known).len(), 1);
    assert_eq!(asked(&score(65, "<="), &known), ["rd_expense"]);
}

#[test]
fn the_best_of_alternatives_needs_one_of_them() {
    let text = "设 得分 = 评分 { 择高 { 按 上年度研发费用 { >= 100万元 : 20分 ; 其余 : 0分 } ; \
                按 上年度营业收入 { >= 1000万元 : 20分 ; 其余 : 0分 } } }\n得分 >= 20分";
    assert_eq!(asked(text, &json!({})).len(), 1);
}

#[test]
fn cases_ask_only_for_what_leads_past_the_row_that_refuses() {
    let text =
        "分情形 { 当 登记状态 为 注销 : 不符合 ; 当 上年度营业收入 >= 1000万元 : 无要求 ; 其余 : 独立法人 为 是 }";
    assert_eq!(asked(text, &json!({ "independent_legal_person": true })), ["reg_status"]);
    assert_eq!(asked(text, &json!({ "independent_legal_person": false })).len(), 2);
}

#[test]
fn a_list_is_one_question_whatever_windows_are_asked_about_it() {
    let text = "( 没有 ( 近3年 重大违法 ) 且 没有 ( 近12个月 违法记录 ) ) 或 ( 独立法人 为 是 且 登记状态 为 存续 )";
    let facts = asked(text, &json!({}));
    assert!(facts.iter().all(|fact| fact == "penalties"), "{facts:?}");
}
