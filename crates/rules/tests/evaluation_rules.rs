//! The seven rules evaluation is held to, each on both sides of its boundary and on it.
#![expect(clippy::unwrap_used, reason = "a test's helpers")]

use std::collections::BTreeMap;

use rules::Verdict::{Met, NotMet, Unknown};
use rules::{Context, Explanation, Grade, Profile, Reference, Severity, Verdict, check, decide, explain, lower, text};
use serde_json::{Map, Value as Json, json};

fn on(day: &str, text: &str, facts: &Json, sentences: &BTreeMap<String, String>) -> Explanation {
    let reference = Reference::builtin();
    let condition = text::parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
    let profile = Profile::from_json(&json, reference).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let none = BTreeMap::new();
    let context = Context { reference, as_of: day.parse().unwrap(), parameters: &none };
    let explanation = explain(&condition, &profile, &context, sentences);
    assert_eq!(decide(&lower(&condition, reference), &profile, &context), explanation.verdict, "{text}");
    explanation
}

fn today(text: &str, facts: &Json) -> Verdict {
    on("2026-11-23", text, facts, &BTreeMap::new()).verdict
}

fn verdicts(text: &str, cases: &[(Json, Verdict)]) {
    for (facts, expected) in cases {
        assert_eq!(today(text, facts), *expected, "{text}\n{facts}");
    }
}

/// 是否独立法人, 登记状态, 注册地 and 经营地 as met (`1`), not met (`0`) or not known (`?`), in that order.
fn four(known: &str) -> Json {
    let facts: [(&str, Json, Json); 4] = [
        ("independent_legal_person", json!(true), json!(false)),
        ("reg_status", json!("存续"), json!("注销")),
        ("place_registered", json!("420111"), json!("110000")),
        ("place_operating", json!("420111"), json!("110000")),
    ];
    let mut json = Map::new();
    for ((fact, yes, no), known) in facts.into_iter().zip(known.chars()) {
        match known {
            '1' => json.insert(fact.to_owned(), yes),
            '0' => json.insert(fact.to_owned(), no),
            _ => None,
        };
    }
    Json::Object(json)
}

const FOUR: [&str; 4] = ["独立法人 为 是", "登记状态 为 存续", "注册地 属于 武汉市", "实际经营地 属于 武汉市"];

#[test]
fn rule_1_at_least_k_holds_from_k_met_members_and_fails_once_the_unknown_ones_cannot_make_k() {
    let text = format!("满足任意2项 {{ {} }}", FOUR.join(" ; "));
    let cases = [
        ("1000", NotMet),
        ("1100", Met),
        ("1110", Met),
        ("0?00", NotMet),
        ("1?00", Unknown),
        ("0??0", Unknown),
        ("11??", Met),
        ("????", Unknown),
    ];
    verdicts(&text, &cases.map(|(known, verdict)| (four(known), verdict)));
}

#[test]
fn rule_1_all_any_and_none_follow_kleene() {
    let [one, two, ..] = FOUR;
    let table = [
        ("11", Met, Met, NotMet),
        ("10", NotMet, Met, NotMet),
        ("1?", Unknown, Met, NotMet),
        ("0?", NotMet, Unknown, Unknown),
        ("00", NotMet, NotMet, Met),
        ("??", Unknown, Unknown, Unknown),
    ];
    for (known, all, any, none) in table {
        verdicts(&format!("{one} 且 {two}"), &[(four(known), all)]);
        verdicts(&format!("{one} 或 {two}"), &[(four(known), any)]);
        verdicts(&format!("没有 ( {one} 或 {two} )"), &[(four(known), none)]);
    }
}

#[test]
fn rule_2_a_score_is_met_from_its_least_points_and_not_met_from_its_most() {
    let [one, two, three, four_] = FOUR;
    let text = format!(
        "设 得分 = 评分 {{ 当 {one} : 59分 ; 当 {two} : 1分 ; 当 {three} : 1分 ; 当 {four_} : 0分 }}\n得分 >= 60分"
    );
    let cases = [
        // Least points 59, 60, 61.
        ("100?", NotMet),
        ("1?0?", Unknown),
        ("11??", Met),
        ("111?", Met),
        // Most points 59, 60, 61.
        ("?00?", NotMet),
        ("?10?", Unknown),
        ("?11?", Unknown),
        ("0???", NotMet),
    ];
    verdicts(&text, &cases.map(|(known, verdict)| (four(known), verdict)));
}

#[test]
fn rule_2_bands_need_not_rise_and_an_unknown_figure_spans_all_of_them() {
    let text = |least: u8| {
        format!(
            "设 得分 = 评分 {{ 按 上年度资产负债率 {{ < 40% : 5分 ; >= 40% 且 <= 60% : 10分 ; > 60% : 0分 }} }}\n得分 >= {least}分"
        )
    };
    let rate = |one: &str, other: &str| {
        json!({ "debt_ratio": [
            { "value": one, "period": "2025", "source": "tax", "grade": "A" },
            { "value": other, "period": "2025", "source": "statistics", "grade": "A" },
        ] })
    };
    verdicts(&text(5), &[(rate("0.399999", "0.6"), Met), (rate("0.4", "0.600001"), Unknown), (json!({}), Unknown)]);
    verdicts(
        &text(10),
        &[(rate("0.4", "0.6"), Met), (rate("0.399999", "0.6"), Unknown), (rate("0.6", "0.600001"), Unknown)],
    );
    verdicts(&text(11), &[(json!({}), NotMet)]);
}

#[test]
fn rule_3_a_tier_with_an_unknown_key_is_decided_where_every_row_in_reach_agrees() {
    let [one, two, ..] = FOUR;
    let text = format!("分档 上年度营业收入 {{ < 1000万元 : {one} ; >= 1000万元 : {two} ; 其余 : 不符合 }}");
    let with = |known: &str, revenue: Json| {
        let mut facts = four(known);
        facts.as_object_mut().unwrap().insert("revenue".to_owned(), revenue);
        facts
    };
    let figure = |fen: &str| json!({ "2025": fen });
    let between = json!([
        { "value": "9999999.99", "period": "2025", "source": "tax", "grade": "A" },
        { "value": "10000000", "period": "2025", "source": "statistics", "grade": "A" },
    ]);
    verdicts(
        &text,
        &[
            (with("10", figure("9999999.99")), Met),
            (with("10", figure("10000000")), NotMet),
            (with("01", figure("10000000.01")), Met),
            (with("11", between.clone()), Met),
            (with("10", between.clone()), Unknown),
            (with("00", between), NotMet),
            // The figure may not apply, and then 其余 refuses.
            (four("11"), Unknown),
            (four("00"), NotMet),
        ],
    );
}

#[test]
fn rule_4_the_last_three_years_are_the_three_completed_ones_and_the_span_is_chosen_leaf_by_leaf() {
    let award = |day: &str| json!({ "awards": { "records": [{ "kind": "省级科技奖励", "on": day }], "complete": [{ "source": "issuer" }] } });
    let spans = [
        ("近3年 获奖", "2022-12-31", "2023-01-01"),
        ("近36个月 获奖", "2023-11-22", "2023-11-23"),
        ("近12个月 获奖", "2025-11-22", "2025-11-23"),
        ("上年度及当年 获奖", "2024-12-31", "2025-01-01"),
        ("2024-03-01 至 2025-02-28 获奖", "2024-02-29", "2024-03-01"),
    ];
    for (text, before, first) in spans {
        verdicts(text, &[(award(before), NotMet), (award(first), Met)]);
    }
    let ends = [
        ("近3年 获奖", "2026-11-23", "2026-11-24"),
        ("上年度 获奖", "2025-12-31", "2026-01-01"),
        ("2024-03-01 至 2025-02-28 获奖", "2025-02-28", "2025-03-01"),
    ];
    for (text, last, after) in ends {
        verdicts(text, &[(award(last), Met), (award(after), NotMet)]);
    }
}

#[test]
fn rule_4_figures_of_the_running_year_are_in_no_window() {
    let revenue = |y2026: i64, y2025: i64, y2023: i64, y2022: i64| json!({ "revenue": { "2026": y2026, "2025": y2025, "2024": 0, "2023": y2023, "2022": y2022 } });
    verdicts(
        "近3年营业收入 >= 10元",
        &[(revenue(99, 4, 5, 99), NotMet), (revenue(0, 5, 5, 0), Met), (revenue(0, 6, 5, 0), Met)],
    );
    verdicts("上年度营业收入 >= 10元", &[(revenue(99, 9, 99, 99), NotMet), (revenue(0, 10, 0, 0), Met)]);
    verdicts("当年营业收入 >= 10元", &[(revenue(9, 99, 99, 99), NotMet), (revenue(10, 0, 0, 0), Met)]);
}

#[test]
fn rule_5_words_that_include_the_boundary_do_and_words_that_exclude_it_do_not() {
    let revenue = |fen: &str| json!({ "revenue": { "2025": fen } });
    let (below, at, above) = (revenue("99999.99"), revenue("100000"), revenue("100000.01"));
    for (sign, verdicts_) in [
        (">=", [NotMet, Met, Met]),
        (">", [NotMet, NotMet, Met]),
        ("<=", [Met, Met, NotMet]),
        ("<", [Met, NotMet, NotMet]),
        ("=", [NotMet, Met, NotMet]),
        ("≠", [Met, NotMet, Met]),
    ] {
        let facts = [below.clone(), at.clone(), above.clone()];
        let cases: Vec<(Json, Verdict)> = facts.into_iter().zip(verdicts_).collect();
        verdicts(&format!("上年度营业收入 {sign} 10万元"), &cases);
    }
    let founded = |day: &str| json!({ "established_on": day });
    for (word, expected) in [
        ("满", [NotMet, Met, Met]),
        ("超过", [NotMet, NotMet, Met]),
        ("不超过", [Met, Met, NotMet]),
        ("不满", [Met, NotMet, NotMet]),
    ] {
        let days = ["2023-11-24", "2023-11-23", "2023-11-22"].map(founded);
        let cases: Vec<(Json, Verdict)> = days.into_iter().zip(expected).collect();
        verdicts(&format!("成立 {word} 3年"), &cases);
    }
}

#[test]
fn rule_5_the_size_standard_says_below_without_the_number_itself() {
    let firm = |people: i64| json!({ "industry": "C39", "employees_stat": { "2025": people }, "revenue": { "2025": 300_000_000 } });
    verdicts("企业规模 为 微型", &[(firm(19), Met), (firm(20), NotMet), (firm(21), NotMet)]);
    verdicts("企业规模 为 小型", &[(firm(19), NotMet), (firm(20), Met), (firm(299), Met), (firm(300), NotMet)]);
}

#[test]
fn rule_6_money_ratios_and_growth_are_exact_at_the_boundary() {
    // 0.1 + 0.2 is 0.3, and a third of what three thirds are is a third.
    let three = |a: &str, b: &str, c: &str| json!({ "revenue": { "2025": a }, "profit_total": { "2025": b }, "net_profit": { "2025": c } });
    verdicts(
        "上年度利润总额 + 上年度净利润 >= 上年度营业收入",
        &[(three("0.31", "0.1", "0.2"), NotMet), (three("0.3", "0.1", "0.2"), Met), (three("0.29", "0.1", "0.2"), Met)],
    );
    let two = |now: &str, before: &str| json!({ "revenue": { "2025": now, "2024": before } });
    verdicts(
        "上年度营业收入 同比增长率 >= 20%",
        &[
            (two("35999999.99", "30000000"), NotMet),
            (two("36000000", "30000000"), Met),
            (two("36000000.01", "30000000"), Met),
            (two("36000000", "0"), Unknown),
        ],
    );
    let profit = |now: &str, before: &str| json!({ "profit_total": { "2025": now, "2024": before } });
    verdicts(
        "上年度利润总额 同比增长率 >= 20%",
        &[(profit("12", "-0.01"), Unknown), (profit("12", "0"), Unknown), (profit("0.12", "0.1"), Met)],
    );
    let ratio = |part: &str, whole: &str| json!({ "rd_expense": { "2025": part }, "revenue": { "2025": whole } });
    verdicts(
        "上年度研发费用 / 上年度营业收入 >= 3%",
        &[
            (ratio("89999999999.99", "2999999999999.99"), NotMet),
            (ratio("0.03", "1"), Met),
            (ratio("0.03", "1.01"), NotMet),
            (ratio("0.03", "0.99"), Met),
        ],
    );
}

#[test]
fn rule_6_a_figure_in_two_bands_must_be_given_to_one_by_a_person_and_the_better_one_is_named() {
    let text = "分档 上年度营业收入 { >= 1000万元 且 <= 5000万元 : 上年度营业收入 同比增长率 >= 20% ; \
                >= 5000万元 且 <= 1亿元 : 上年度营业收入 同比增长率 >= 15% ; 其余 : 不符合 }";
    let reference = Reference::builtin();
    let problems = check(&text::parse(text, reference).unwrap(), reference);
    let overlap = problems.iter().find(|problem| problem.severity == Severity::Error).unwrap();
    assert!(overlap.message.contains("正好 5000 万元"), "{overlap:?}");
    assert!(overlap.remedy.as_deref().unwrap().contains("归第 2 行对企业有利"), "{overlap:?}");
    let apart = text.replace("<= 5000万元", "< 5000万元");
    let problems = check(&text::parse(&apart, reference).unwrap(), reference);
    assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{problems:#?}");
}

#[test]
fn rule_7_a_reason_carries_verdict_value_period_source_grade_threshold_gap_and_sentence() {
    let text = "上年度研发费用 / 上年度营业收入 >= 3%";
    let facts = json!({
        "rd_expense": [{ "value": 260_000, "period": "2025", "source": "tax", "grade": "A" }],
        "revenue": [{ "value": 10_000_000, "period": "2025", "source": "declared", "grade": "D" }],
    });
    let sentence = "上年度研发费用占营业收入比重不低于3%";
    let sentences = BTreeMap::from([(text.to_owned(), sentence.to_owned())]);
    let leaf = on("2026-11-23", text, &facts, &sentences).root;
    let actual = leaf.actual.unwrap();
    assert_eq!(leaf.verdict, NotMet);
    assert_eq!(leaf.text, text);
    assert_eq!(actual.display, "2.6%");
    assert_eq!(actual.period.as_deref(), Some("2025年"));
    assert_eq!(actual.source.as_deref(), Some("税务申报、企业自报"));
    assert_eq!(actual.grade, Some(Grade::D));
    assert_eq!(leaf.threshold.as_deref(), Some(">= 3%"));
    assert!(leaf.gap.unwrap().display.starts_with("差 0.4 个百分点"));
    assert_eq!(leaf.sentence.as_deref(), Some(sentence));
}
