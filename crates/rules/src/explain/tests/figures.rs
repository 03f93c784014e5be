//! Months of a year, sums over records, parameters that differ from trade to trade.

use super::*;
use crate::reference::ReferenceTexts;

#[test]
fn months_are_figures_of_their_own_and_grow_against_the_same_months() {
    let facts = |now: i64, before: i64| json!({ "revenue": { "2025M01-11": now, "2024M01-11": before, "2025": 1, "2025Q1": 2 } });
    let more = "2025年1-11月营业收入 > 1亿元";
    let growth = "上年度1-11月营业收入 同比增长率 >= 5%";
    verdicts(&[
        (more, facts(100_000_000, 1), NotMet),
        (more, facts(100_000_001, 1), Met),
        (more, json!({ "revenue": { "2025": 200_000_000 } }), Unknown),
        (growth, facts(105, 100), Met),
        (growth, facts(104, 100), NotMet),
        (growth, facts(105, 0), Unknown),
        ("上年度1-3月营业收入 = 2元", facts(1, 1), Met),
        ("上年度1-12月营业收入 = 1元", facts(9, 9), Met),
    ]);
    let actual = today(more, &facts(100_000_001, 1)).root.actual.unwrap();
    assert_eq!(actual.period.as_deref(), Some("2025年1-11月"));
}

#[test]
fn months_that_have_just_ended_are_due_a_month_later() {
    let facts = json!({ "electricity": { "2025Q3": 9 } });
    let text = "当年三季度用电量 同比增长率 > 0";
    let cause = |as_of| on(as_of, text, &facts).root.cause;
    assert!(matches!(cause("2026-10-31"), Some(UnknownCause::PeriodNotClosed { .. })));
    assert_eq!(cause("2026-11-01"), Some(UnknownCause::Missing));
}

fn projects(records: &[(&str, Option<i64>)], complete: bool) -> Json {
    let records: Vec<Json> = records
        .iter()
        .map(|(kind, amount)| {
            let mut record = json!({ "kind": kind, "start": "2025-05-01" });
            if let Some(amount) = amount {
                record["equipment_capex"] = json!(amount);
            }
            record
        })
        .collect();
    let complete = if complete { json!([{ "source": "statistics" }]) } else { json!([]) };
    json!({ "projects": { "records": records, "complete": complete }, "rd_expense": { "2025": 100 } })
}

#[test]
fn the_sum_over_records_is_open_upwards_until_the_list_is_complete() {
    let text = "近3年 投资项目 含 {技术改造, 设备更新} 的 设备投资 合计 >= 500元";
    let two = [("技术改造", Some(300)), ("设备更新", Some(200)), ("新建", Some(9000))];
    let short = [("技术改造", Some(300)), ("设备更新", Some(199)), ("新建", Some(9000))];
    verdicts(&[
        (text, projects(&two, false), Met),
        (text, projects(&short, false), Unknown),
        (text, projects(&short, true), NotMet),
        (text, projects(&[], true), NotMet),
        (text, projects(&[("技术改造", None)], true), Unknown),
        ("近3年 投资项目 的 设备投资 合计 <= 500元", projects(&two[..2], true), Met),
        ("近3年 投资项目 的 设备投资 合计 <= 500元", projects(&two[..2], false), Unknown),
        ("近3年 投资项目 的 设备投资合计 - 上年度研发费用 = 400元", projects(&two[..2], true), Met),
    ]);
    let told = today(text, &projects(&short, true)).root;
    assert_eq!(told.actual.unwrap().display, "499 元");
    assert_eq!(told.gap.unwrap().display, "差 1 元");
}

#[test]
fn the_highest_and_lowest_of_records_do_not_apply_where_there_is_none() {
    let three = [("技术改造", Some(300)), ("设备更新", Some(200)), ("新建", Some(100))];
    let highest = "近3年 投资项目 的 设备投资 最高 >= 300元";
    let lowest = "近3年 投资项目 的 设备投资 最低 >= 100元";
    verdicts(&[
        (highest, projects(&three, false), Met),
        (highest, projects(&three[1..], true), NotMet),
        (highest, projects(&three[1..], false), Unknown),
        (lowest, projects(&three, true), Met),
        (lowest, projects(&three, false), Unknown),
        ("近3年 投资项目 的 设备投资 最低 >= 101元", projects(&three, false), NotMet),
        (highest, projects(&[], true), NotMet),
        ("没有 ( 近3年 投资项目 的 设备投资 最高 >= 300元 )", projects(&[], true), Met),
        (highest, projects(&[], false), Unknown),
    ]);
}

#[test]
fn the_share_of_newly_hired_people_counts_heads_not_rows() {
    let hired = |count: i64| {
        json!({
            "new_hires": {
                "records": [{ "group": "退役军人", "count": count, "hired_on": "2026-05-01", "contract_months": 12 }],
                "complete": [{ "source": "social_security" }],
            },
            "staff_on_job": 100,
        })
    };
    let text = "近12个月 招用记录 含 {退役军人, 就业困难人员} ( 合同月数 >= 12个月 ) 人数 / 在职职工 >= 10%";
    verdicts(&[(text, hired(9), NotMet), (text, hired(10), Met), (text, hired(11), Met)]);
    let told = today(text, &hired(9)).root;
    assert_eq!(told.actual.unwrap().display, "9%");
}

#[test]
fn a_parameter_of_the_trade_asks_for_the_class_only_where_it_differs() {
    let mut texts = ReferenceTexts::builtin();
    texts.parameters.push_str(
        r#"
[[parameters]]
name = "示例利润率"
kind = "ratio"
values = [
  { from = 2026-01-01, place = "100000", value = "4%", source = "示例" },
  { from = 2026-01-01, place = "100000", industry = "C", value = "5%", source = "示例" },
  { from = 2026-01-01, place = "100000", industry = "C39", value = "6%", source = "示例" },
  { from = 2026-01-01, place = "420100", industry = "C39", value = "7%", source = "示例" },
]"#,
    );
    let reference = Reference::parse(&texts).unwrap();
    let condition = parse("上年度利润总额 / 上年度营业收入 > 参数「示例利润率」", &reference).unwrap();
    let parameters = BTreeMap::new();
    let context = Context { reference: &reference, as_of: day(TODAY), parameters: &parameters };
    let judged = |facts: Json, profit: i64| {
        let mut facts = facts;
        facts["profit_total"] = json!({ "2025": profit });
        facts["revenue"] = json!({ "2025": 10_000 });
        let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
        let profile = Profile::from_json(&json, &reference).unwrap();
        let explanation = explain(&condition, &profile, &context, &parameters);
        assert_eq!(decide(&lower(&condition, &reference), &profile, &context), explanation.verdict);
        let asked = explanation.deciding.first().map(|fact| fact.fact.to_string()).unwrap_or_default();
        (explanation.verdict, asked)
    };
    let firm = |industry: &str| json!({ "place_registered": "420111", "industry": industry });
    assert_eq!(judged(firm("I65"), 400).0, NotMet);
    assert_eq!(judged(firm("I65"), 401).0, Met);
    assert_eq!(judged(firm("C27"), 501).0, Met);
    assert_eq!(judged(firm("C3921"), 700).0, NotMet);
    assert_eq!(judged(firm("C3921"), 701).0, Met);
    assert_eq!(judged(json!({ "place_registered": "110000", "industry": "C3921" }), 601).0, Met);
    assert_eq!(judged(firm("C"), 701), (Unknown, "industry".to_owned()));
    assert_eq!(judged(json!({ "industry": "C39" }), 701), (Unknown, "place_registered".to_owned()));
}

#[test]
fn what_rounds_to_the_threshold_says_on_which_side_it_lies() {
    let share = |part: i64| json!({ "rd_expense": { "2025": part }, "revenue": { "2025": 100_000_000 } });
    let display = |part| {
        let leaf = today("上年度研发费用 / 上年度营业收入 >= 3%", &share(part)).root;
        leaf.actual.map(|actual| actual.display).unwrap_or_default()
    };
    assert_eq!(display(2_999_999), "略低于 3%");
    assert_eq!(display(3_000_000), "3%");
    assert_eq!(display(3_000_001), "略高于 3%");
    assert_eq!(display(2_990_000), "2.99%");
}

#[test]
fn an_age_up_to_the_end_of_last_year_does_not_grow_with_the_days_of_this_one() {
    let since = |day: &str| json!({ "niche_since": day });
    let text = "截至上年末 从事细分市场起始日 满 3年";
    for as_of in ["2026-01-01", "2026-12-31"] {
        assert_eq!(on(as_of, text, &since("2022-12-31")).verdict, Met, "{as_of}");
        assert_eq!(on(as_of, text, &since("2023-01-01")).verdict, NotMet, "{as_of}");
    }
    assert_eq!(on("2027-01-01", text, &since("2023-01-01")).verdict, Met);
    assert_eq!(on("2026-06-01", "截至2025年末 成立 不满 3年", &json!({ "established_on": "2023-01-01" })).verdict, Met);
    let gap = on("2026-06-01", text, &since("2023-01-01")).root.gap.unwrap();
    assert_eq!((gap.display.as_str(), gap.from_date), ("截至 2025-12-31 未满足(差 1 天,2026-01-01 起满足)", None));
}

#[test]
fn a_parameter_of_last_year_is_the_one_published_for_last_year() {
    let facts = json!({ "layoff_rate": { "2025": "0.055" } });
    assert_eq!(today("上年度裁员率 <= 上年度参数「城镇调查失业率控制目标」", &facts).verdict, Met);
    assert_eq!(today("上年度裁员率 <= 2025年参数「城镇调查失业率控制目标」", &facts).verdict, Met);
    assert_eq!(today("上年度裁员率 <= 参数「城镇调查失业率控制目标」", &facts).verdict, Unknown);
}
