use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use serde_json::{Value as Json, json};

use super::*;
use crate::core::decide;
use crate::evaluate::arbitrary::profile;
use crate::lower::lower;
use crate::reference::Reference;
use crate::text::parse;
use crate::tree::arbitrary;
use crate::verdict::Verdict::{Met, NotMet, Unknown};

mod derived;
mod figures;
mod records;

const TODAY: &str = "2026-11-23";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn firm(facts: &Json) -> Profile {
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
    Profile::from_json(&json, Reference::builtin()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn on(as_of: &str, text: &str, facts: &Json) -> Explanation {
    let reference = Reference::builtin();
    let condition = parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    let parameters = BTreeMap::new();
    let context = Context { reference, as_of: day(as_of), parameters: &parameters };
    let profile = firm(facts);
    let explanation = explain(&condition, &profile, &context, &BTreeMap::new());
    assert_eq!(decide(&lower(&condition, reference), &profile, &context), explanation.verdict, "{text}");
    explanation
}

fn today(text: &str, facts: &Json) -> Explanation {
    on(TODAY, text, facts)
}

fn verdicts(cases: &[(&str, Json, Verdict)]) {
    for (text, facts, expected) in cases {
        assert_eq!(today(text, facts).verdict, *expected, "{text}\n{facts}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_lowered_form_never_disagrees(
        condition in arbitrary::condition(), seed in proptest::num::u64::ANY, which in 0_usize..4,
    ) {
        let reference = Reference::builtin();
        let as_of = day(["2026-11-23", "2027-01-04", "2024-02-29", "2025-06-30"][which]);
        let parameters = BTreeMap::new();
        let context = Context { reference, as_of, parameters: &parameters };
        let profile = profile(seed);
        let explained = explain(&condition, &profile, &context, &parameters).verdict;
        let decided = decide(&lower(&condition, reference), &profile, &context);
        prop_assert_eq!(decided, explained, "{}", wording(&condition, reference));
    }
}

#[test]
fn thresholds_decide_exactly_at_the_boundary() {
    let fen = |fen: i64| json!({ "revenue": { "2025": format!("{}.{:02}", fen / 100, fen % 100) } });
    let million = 1_000_000_000;
    verdicts(&[
        ("上年度营业收入 >= 1000万元", fen(million - 1), NotMet),
        ("上年度营业收入 >= 1000万元", fen(million), Met),
        ("上年度营业收入 > 1000万元", fen(million), NotMet),
        ("上年度营业收入 > 1000万元", fen(million + 1), Met),
        ("上年度营业收入 <= 1000万元", fen(million), Met),
        ("上年度营业收入 <= 1000万元", fen(million + 1), NotMet),
        ("上年度营业收入 < 1000万元", fen(million), NotMet),
        ("上年度营业收入 < 1000万元", fen(million - 1), Met),
        ("上年度营业收入 = 1000万元", fen(million), Met),
        ("上年度营业收入 ≠ 1000万元", fen(million), NotMet),
    ]);
}

#[test]
fn ratios_are_compared_exactly_without_rounding() {
    let ratio = |rd: &str, revenue: &str| json!({ "rd_expense": { "2025": rd }, "revenue": { "2025": revenue } });
    verdicts(&[
        ("上年度研发费用 / 上年度营业收入 >= 3%", ratio("299999.99", "10000000"), NotMet),
        ("上年度研发费用 / 上年度营业收入 >= 3%", ratio("300000", "10000000"), Met),
        ("上年度研发费用 / 上年度营业收入 > 3%", ratio("300000", "10000000"), NotMet),
        ("上年度研发费用 / 上年度营业收入 > 3%", ratio("300000.01", "10000000"), Met),
        ("上年度研发费用 / 上年度营业收入 >= 3%", ratio("300000", "0"), Unknown),
        // The derived fact is the same question.
        ("上年度研发强度 >= 3%", ratio("299999.99", "10000000"), NotMet),
        ("上年度研发强度 >= 3%", ratio("300000", "10000000"), Met),
    ]);
}

#[test]
fn codes_that_rise_are_compared_by_rank() {
    let level = |level: &str| json!({ "digital_level": level });
    verdicts(&[
        ("数字化水平 不低于 二级", level("一级"), NotMet),
        ("数字化水平 不低于 二级", level("二级"), Met),
        ("数字化水平 不低于 二级", level("三级"), Met),
        ("数字化水平 高于 二级", level("二级"), NotMet),
        ("数字化水平 高于 二级", level("三级"), Met),
        ("数字化水平 低于 二级", level("二级"), NotMet),
        ("数字化水平 低于 二级", level("一级"), Met),
        ("数字化水平 不低于 二级", json!({}), Unknown),
    ]);
}

#[test]
fn unknown_is_neither_zero_nor_no() {
    verdicts(&[
        ("上年度营业收入 >= 1000万元", json!({}), Unknown),
        ("上年度营业收入 < 1000万元", json!({}), Unknown),
        ("注册地 属于 武汉市", json!({}), Unknown),
        ("没有 ( 近3年 重大违法 )", json!({}), Unknown),
        ("没有 ( 近3年 重大违法 )", json!({ "penalties": { "records": [] } }), Unknown),
        ("从未 资质证书 含 高新技术企业", json!({}), Unknown),
    ]);
}

#[test]
fn what_does_not_apply_fails_a_comparison_and_passes_its_opposite() {
    let none = || json!({ "revenue": [{ "period": "2025", "state": "not_applicable" }], "reg_status": { "state": "not_applicable" } });
    verdicts(&[
        ("上年度营业收入 >= 1000万元", none(), NotMet),
        ("上年度营业收入 < 1000万元", none(), NotMet),
        ("没有 ( 上年度营业收入 < 1000万元 )", none(), Met),
        ("上年度营业收入 ≠ 1000万元", none(), Met),
        ("登记状态 为 存续", none(), NotMet),
        ("登记状态 不为 存续", none(), Met),
    ]);
}

#[test]
fn sources_of_one_rank_that_differ_make_an_interval() {
    let two = |a: i64, b: i64| {
        json!({ "revenue": [
            { "value": a, "period": "2025", "source": "tax", "grade": "A" },
            { "value": b, "period": "2025", "source": "statistics", "grade": "A" },
        ] })
    };
    let text = "上年度营业收入 >= 5000万元";
    verdicts(&[
        (text, two(49_800_000, 50_200_000), Unknown),
        (text, two(50_000_000, 50_200_000), Met),
        (text, two(49_800_000, 49_900_000), NotMet),
        ("上年度营业收入@税务申报 >= 5000万元", two(49_800_000, 50_200_000), NotMet),
    ]);
    let explained = today(text, &two(49_800_000, 50_200_000));
    assert_eq!(explained.root.cause, Some(UnknownCause::Conflict));
    assert_eq!(explained.root.actual.unwrap().display, "4980 万元 至 5020 万元");
    assert_eq!(explained.deciding[0].fact.as_str(), "revenue");
}

#[test]
fn a_better_source_overrules_a_worse_one() {
    let facts = json!({ "revenue": [
        { "value": 49_800_000, "period": "2025", "source": "tax", "grade": "A" },
        { "value": 50_200_000, "period": "2025", "source": "declared", "grade": "D" },
    ] });
    assert_eq!(today("上年度营业收入 >= 5000万元", &facts).verdict, NotMet);
}

#[test]
fn ages_turn_on_the_anniversary() {
    let founded = |date: &str| json!({ "established_on": date });
    verdicts(&[
        ("成立 满 1年", founded("2025-11-24"), NotMet),
        ("成立 满 1年", founded("2025-11-23"), Met),
        ("成立 超过 1年", founded("2025-11-23"), NotMet),
        ("成立 超过 1年", founded("2025-11-22"), Met),
        ("成立 不超过 10年", founded("2016-11-23"), Met),
        ("成立 不超过 10年", founded("2016-11-22"), NotMet),
        ("成立 不满 3年", founded("2023-11-23"), NotMet),
        ("成立 不满 3年", founded("2023-11-24"), Met),
        ("成立日期 晚于 2011-01-01", founded("2011-01-01"), NotMet),
        ("成立日期 晚于 2011-01-01", founded("2011-01-02"), Met),
        ("成立日期 不晚于 2011-01-01", founded("2011-01-01"), Met),
    ]);
    let gap = today("成立 满 2年", &founded("2025-05-10")).root.gap.unwrap();
    assert_eq!(gap.from_date, Some(day("2027-05-10")));
}

#[test]
fn places_follow_the_area_tree_and_its_overlays() {
    let at = |code: &str| json!({ "place_registered": { "value": code, "since": "2021-05-01" } });
    verdicts(&[
        ("注册地 属于 武汉市", at("420111"), Met),
        ("注册地 属于 东湖高新区", at("420100-ELHT"), Met),
        ("注册地 属于 武汉市", at("420100-ELHT"), Met),
        ("注册地 属于 洪山区", at("420100-ELHT"), NotMet),
        ("注册地 属于 江夏区", at("420111"), NotMet),
        ("注册地 不属于 江夏区", at("420111"), Met),
        // Known only as Wuhan: which district is open.
        ("注册地 属于 江夏区", at("420100"), Unknown),
        ("注册地 属于 {江夏区, 湖北省}", at("420100"), Met),
    ]);
}

#[test]
fn moving_inside_the_area_does_not_break_residence() {
    let moved = |inside_since: &str| {
        json!({ "place_registered": [
            { "value": "110000", "to": inside_since, "source": "registry" },
            { "value": "420102", "from": inside_since, "to": "2026-03-01", "source": "registry" },
            { "value": "420111", "from": "2026-03-01", "source": "registry" },
        ] })
    };
    verdicts(&[
        ("在武汉市注册 满 2年", moved("2024-11-24"), NotMet),
        ("在武汉市注册 满 2年", moved("2024-11-23"), Met),
        ("在洪山区注册 满 2年", moved("2020-01-01"), NotMet),
        ("在江岸区注册 满 1个月", moved("2020-01-01"), NotMet),
        ("在武汉市注册 满 2年", json!({ "place_registered": "420111" }), Unknown),
    ]);
    let gap = today("在武汉市注册 满 2年", &moved("2024-11-24")).root.gap.unwrap();
    assert_eq!(gap.from_date, Some(day("2026-11-24")));
}

#[test]
fn industries_contain_their_subdivisions_and_a_coarse_code_stays_open() {
    let is = |code: &str| json!({ "industry": code });
    verdicts(&[
        ("所属行业 属于 制造业", is("C3921"), Met),
        ("所属行业 属于 工业", is("C3921"), Met),
        ("所属行业 属于 C39", is("C"), Unknown),
        ("所属行业 属于 C39", is("I65"), NotMet),
        ("所属行业 不属于 C39", is("I65"), Met),
    ]);
}

#[test]
fn windows_cover_completed_years_only() {
    let years =
        |y2025: i64, y2024: i64, y2026: i64| json!({ "rd_expense": { "2026": y2026, "2025": y2025, "2024": y2024 } });
    verdicts(&[
        ("近2年研发费用 >= 300万元", years(1_000_000, 1_999_999, 9_000_000), NotMet),
        ("近2年研发费用 >= 300万元", years(1_000_000, 2_000_000, 0), Met),
        ("近2年平均研发费用 >= 150万元", years(1_000_000, 1_999_999, 0), NotMet),
        ("近2年平均研发费用 >= 150万元", years(1_000_000, 2_000_000, 0), Met),
        ("近2年最低研发费用 >= 100万元", years(1_000_000, 2_000_000, 0), Met),
        ("近2年最高研发费用 > 200万元", years(1_000_000, 2_000_000, 9_000_000), NotMet),
        ("近2年每年 ( 研发费用 >= 100万元 )", years(999_999, 2_000_000, 9_000_000), NotMet),
        ("近2年每年 ( 研发费用 >= 100万元 )", years(1_000_000, 1_000_000, 0), Met),
        ("近3年研发费用 >= 1万元", years(1_000_000, 1_000_000, 0), Unknown),
    ]);
}

#[test]
fn a_ratio_over_a_window_is_sum_by_sum_and_not_the_mean_of_ratios() {
    let facts = json!({
        "rd_expense": { "2025": 100, "2024": 10 }, "revenue": { "2025": 1000, "2024": 1000 },
    });
    // Sums: 110/2000 = 5.5%; the mean of the yearly ratios is the same here, so weigh the years differently.
    verdicts(&[
        ("近2年研发费用 / 近2年营业收入 >= 5.5%", facts.clone(), Met),
        ("近2年研发费用 / 近2年营业收入 > 5.5%", facts, NotMet),
        (
            "近2年研发费用 / 近2年营业收入 >= 10%",
            json!({ "rd_expense": { "2025": 100, "2024": 100 }, "revenue": { "2025": 500, "2024": 2000 } }),
            NotMet,
        ),
    ]);
}

#[test]
fn windows_shrink_to_the_life_of_the_enterprise_only_where_the_text_says_so() {
    let young = || json!({ "established_on": "2024-08-01", "rd_expense": { "2025": 60, "2024": 40 }, "revenue": { "2025": 1000, "2024": 1000 } });
    let text = "近3年(不足按实际)研发费用 / 近3年(不足按实际)营业收入 >= 5%";
    verdicts(&[
        (text, young(), Met),
        ("近3年研发费用 / 近3年营业收入 >= 5%", young(), Unknown),
        ("近3年(不足按实际)平均研发费用 >= 50元", young(), Met),
        ("近3年(不足按实际)每年 ( 研发费用 >= 40元 )", young(), Met),
        ("近3年每年 ( 研发费用 >= 40元 )", young(), NotMet),
        // Without the founding day the third year may simply be missing.
        (text, json!({ "rd_expense": { "2025": 60, "2024": 40 }, "revenue": { "2025": 1000, "2024": 1000 } }), Unknown),
        ("上年度营业收入 >= 1元", json!({ "established_on": "2026-02-01" }), NotMet),
    ]);
}

#[test]
fn growth_is_exact_and_has_no_value_from_a_base_that_is_not_positive() {
    let revenue = |y2025: i64, y2024: i64, y2023: i64| json!({ "revenue": { "2025": y2025, "2024": y2024, "2023": y2023 }, "profit_total": { "2025": y2025, "2024": -y2024 } });
    verdicts(&[
        ("上年度营业收入 同比增长率 >= 15%", revenue(1149, 1000, 1), NotMet),
        ("上年度营业收入 同比增长率 >= 15%", revenue(1150, 1000, 1), Met),
        ("上年度营业收入 同比增长率 > 15%", revenue(1150, 1000, 1), NotMet),
        ("上年度营业收入 同比增长率 >= 15%", revenue(1150, 0, 1), Unknown),
        ("上年度利润总额 同比增长率 >= 15%", revenue(1150, 1000, 1), Unknown),
        // +20 % and −10 %: the mean is 5 %.
        ("近2年营业收入 平均增长率 >= 5%", revenue(1080, 900, 1000), Met),
        ("近2年营业收入 平均增长率 > 5%", revenue(1080, 900, 1000), NotMet),
        // 1.1² = 1.21, compared without a root.
        ("近2年营业收入 复合增长率 >= 10%", revenue(1210, 7, 1000), Met),
        ("近2年营业收入 复合增长率 >= 10%", revenue(1209, 7, 1000), NotMet),
        ("近2年营业收入 复合增长率 > 10%", revenue(1210, 7, 1000), NotMet),
    ]);
    let cause = today("上年度利润总额 同比增长率 >= 15%", &revenue(1150, 1000, 1)).root.cause;
    assert!(matches!(cause, Some(UnknownCause::Undefined { .. })), "{cause:?}");
}

#[test]
fn quarters_grow_against_the_same_quarter_of_the_year_before() {
    let output = |now: i64| json!({ "gross_output": { "2026Q1": now, "2025Q1": 1000 } });
    verdicts(&[
        ("当年一季度工业总产值 同比增长率 > 0", output(1000), NotMet),
        ("当年一季度工业总产值 同比增长率 > 0", output(1001), Met),
        ("当年一季度工业总产值 - 2025年一季度工业总产值 >= 1元", output(1001), Met),
    ]);
}

#[test]
fn before_the_end_of_june_a_missing_last_year_is_not_closed_and_the_year_before_is_shown() {
    let facts = || json!({ "revenue": { "2025": 12_000_000, "2024": 1 } });
    let text = "上年度营业收入 >= 1000万元";
    for as_of in ["2027-01-01", "2027-06-29"] {
        let explained = on(as_of, text, &facts());
        assert_eq!(
            explained.root.cause,
            Some(UnknownCause::PeriodNotClosed { with_last_closed: Some(Met) }),
            "{as_of}"
        );
    }
    assert_eq!(on("2027-06-30", text, &facts()).root.cause, Some(UnknownCause::Missing));
    assert_eq!(on("2026-12-31", text, &facts()).verdict, Met);
    let window = on("2027-01-04", "近2年营业收入 >= 1300万元", &facts());
    assert_eq!(window.root.cause, Some(UnknownCause::PeriodNotClosed { with_last_closed: Some(NotMet) }));
}

#[test]
fn parameters_come_from_the_call_or_the_table_and_are_never_extrapolated() {
    let facts = || json!({ "layoff_rate": { "2024": "0.055", "2025": "0.055" } });
    let text = "上年度裁员率 <= 参数「城镇调查失业率控制目标」";
    assert_eq!(on("2025-08-01", text, &facts()).verdict, Met);
    assert_eq!(today(text, &facts()).verdict, Unknown);
    let reference = Reference::builtin();
    let condition = parse(text, reference).unwrap();
    for (value, expected) in [("5.5%", Met), ("5.4%", NotMet), ("不知道", Unknown)] {
        let parameters = BTreeMap::from([("城镇调查失业率控制目标".to_owned(), value.to_owned())]);
        let context = Context { reference, as_of: day(TODAY), parameters: &parameters };
        assert_eq!(explain(&condition, &firm(&facts()), &context, &parameters).verdict, expected, "{value}");
    }
}

#[test]
fn size_is_worked_out_and_asks_only_for_what_can_matter() {
    let software = |people: i64, revenue: i64| json!({ "industry": "I65", "employees_stat": { "2025": people }, "revenue": { "2025": revenue } });
    verdicts(&[
        ("企业规模 为 中型", software(103, 157_352_800), Met),
        ("企业规模 属于 {小型, 微型}", software(103, 157_352_800), NotMet),
        ("企业规模 为 微型", software(9, 1_000_000_000), Met),
        ("企业规模 为 微型", json!({ "industry": "I65", "employees_stat": { "2025": 9 } }), Met),
        ("企业规模 为 微型", json!({ "industry": "I65", "employees_stat": { "2025": 10 } }), Unknown),
        ("企业规模 不为 大型", json!({ "industry": "I65", "employees_stat": { "2025": 299 } }), Met),
    ]);
    let open = today("企业规模 为 微型", &json!({ "industry": "I65", "employees_stat": { "2025": 10 } }));
    let asked: Vec<&str> = open.deciding.iter().map(|missing| missing.fact.as_str()).collect();
    assert_eq!(asked, ["revenue"]);
}

#[test]
fn marks_never_decide_and_words_stay_open() {
    let facts = || json!({ "established_on": "2020-01-01" });
    let marked = today("成立 满 1年 且 择优 且 名额 10 且 优先「在库」", &facts());
    assert_eq!((marked.verdict, marked.marks.len()), (Met, 3));
    let reference = Reference::builtin();
    let odd = Condition::Any(vec![Condition::Mark(crate::tree::Mark::Competitive), Condition::Manual("看".into())]);
    let parameters = BTreeMap::new();
    let context = Context { reference, as_of: day(TODAY), parameters: &parameters };
    assert_eq!(explain(&odd, &firm(&json!({})), &context, &parameters).verdict, Unknown);
    let open = today("成立 满 1年 且 承诺「未拖欠工资」", &facts());
    assert_eq!(open.verdict, Unknown);
    assert!(open.deciding.is_empty());
}

#[test]
fn a_promise_in_force_answers_its_own_sentence_and_no_promise_refuses_nothing() {
    let promise = |made: &str, until: &str| json!({ "commitments": { "records": [{ "text": "未拖欠工资", "made_on": made, "valid_until": until }] } });
    verdicts(&[
        ("承诺「未拖欠工资」", promise("2026-11-23", "2026-11-23"), Met),
        ("承诺「未拖欠工资」", promise("2026-11-24", "2027-11-23"), Unknown),
        ("承诺「未拖欠工资」", promise("2025-11-22", "2026-11-22"), Unknown),
        ("承诺「财务制度健全」", promise("2026-11-01", "2027-11-01"), Unknown),
        ("没有 ( 承诺「未拖欠工资」 )", promise("2026-11-01", "2027-11-01"), NotMet),
        ("没有 ( 承诺「未拖欠工资」 )", json!({}), Unknown),
    ]);
    let empty = json!({ "commitments": { "records": [], "complete": [
        { "from": "2000-01-01", "to": "2026-11-24", "source": "issuer" }
    ] } });
    let open = today("承诺「未拖欠工资」", &empty);
    assert_eq!((open.verdict, open.root.cause), (Unknown, Some(UnknownCause::Attestation)));
}

#[test]
fn the_deciding_facts_are_few_and_all_of_them_matter() {
    let asked = |text: &str, facts: Json| -> Vec<String> {
        let explained = today(text, &facts);
        explained.deciding.into_iter().map(|missing| missing.name).collect()
    };
    let text = "成立 满 1年 且 ( 上年度营业收入 >= 1000万元 或 近2年新增股权融资 >= 2000万元 )";
    assert_eq!(asked(text, json!({})), ["成立日期", "营业收入"]);
    assert_eq!(
        asked(text, json!({ "established_on": "2020-01-01", "revenue": { "2025": 1 } })),
        ["新增股权融资", "新增股权融资"]
    );
    assert!(asked(text, json!({ "established_on": "2026-01-01" })).is_empty());
    let shared = "满足任意2项 { 上年度研发费用 >= 1元 ; 上年度研发费用 / 上年度营业收入 >= 3% ; 独立法人 为 是 ; 独立核算 为 是 }";
    assert_eq!(asked(shared, json!({ "independent_legal_person": false, "revenue": { "2025": 5 } })), ["研发费用"]);
}

#[test]
fn an_explanation_reads_like_a_person_wrote_it() {
    let text = "注册地 属于 武汉市 且 在武汉市注册 满 2年 且 上年度研发费用 >= 100万元
        且 上年度研发费用 / 上年度营业收入 >= 3%
        且 ( 上年度营业收入 >= 1000万元 或 近2年新增股权融资 >= 2000万元 )
        且 满足任意1项 { 近3年 获奖 含 省级科技奖励 ; 评价得分 >= 60 }
        且 没有 ( 近3年 重大违法 ) 且 承诺「未拖欠职工工资」 且 择优";
    let facts = json!({
        "place_registered": { "value": "420111", "since": "2025-03-01", "source": "registry" },
        "rd_expense": [{ "value": 860_000, "period": "2025", "source": "tax" }],
        "revenue": [{ "value": 33_000_000, "period": "2025", "source": "tax" }],
        "awards": [{ "kind": "市级科技奖励", "on": "2024-05-01" }],
    });
    let reference = Reference::builtin();
    let condition = parse(text, reference).unwrap();
    let sentences =
        BTreeMap::from([("上年度研发费用 >= 100万元".to_owned(), "上年度研发费用总额不低于100万元".to_owned())]);
    let parameters = BTreeMap::new();
    let context = Context { reference, as_of: day(TODAY), parameters: &parameters };
    insta::assert_json_snapshot!(explain(&condition, &firm(&facts), &context, &sentences));
}
