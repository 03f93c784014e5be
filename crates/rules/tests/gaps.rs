//! What a near miss lacks, in amount and date, on both sides of the boundary and on it.

mod common;

use chrono::NaiveDate;
use rules::Gap;
use serde_json::{Value as Json, json};

fn gap(text: &str, facts: &Json) -> Option<Gap> {
    common::told(text, facts).root.gap
}

fn words(text: &str, facts: &Json) -> Option<String> {
    gap(text, facts).map(|gap| gap.display)
}

fn ratio(rd: &str, revenue: &str) -> Json {
    json!({ "rd_expense": { "2025": rd }, "revenue": { "2025": revenue } })
}

#[test]
fn a_ratio_lacks_points_and_about_so_much_money_at_the_present_denominator() {
    let text = "上年度研发费用 / 上年度营业收入 >= 3%";
    let told = |rd| words(text, &ratio(rd, "102500000"));
    assert_eq!(told("2665000").as_deref(), Some("差 0.4 个百分点,上年度研发费用约差 41 万元"));
    assert_eq!(told("3074999.99").as_deref(), Some("差 不足 0.01 个百分点,上年度研发费用约差 0.01 元"));
    assert_eq!(told("3075000"), None);
    assert_eq!(told("3075000.01"), None);
    let beyond = words("上年度研发费用 / 上年度营业收入 > 3%", &ratio("3075000", "102500000"));
    assert_eq!(beyond.as_deref(), Some("正好在界上,「>」不含本数"));
}

#[test]
fn a_ratio_that_must_stay_below_has_so_much_too_much() {
    let debts = |debt: &str| json!({ "liabilities": { "2025": debt }, "assets": { "2025": "10000000" } });
    let text = "上年度负债总额 / 上年度资产总额 <= 70%";
    assert_eq!(words(text, &debts("7000000")), None);
    assert_eq!(words(text, &debts("7200000")).as_deref(), Some("超出 2 个百分点,上年度负债总额约超出 20 万元"));
}

#[test]
fn a_derived_ratio_says_the_same_unless_somebody_states_it() {
    let told = words("上年度研发强度 >= 3%", &ratio("2665000", "102500000"));
    assert_eq!(told.as_deref(), Some("差 0.4 个百分点,研发费用约差 41 万元"));
    let stated = json!({ "rd_intensity": { "2025": "0.026" }, "revenue": { "2025": "102500000" } });
    assert_eq!(words("上年度研发强度 >= 3%", &stated).as_deref(), Some("差 0.4 个百分点"));
}

#[test]
fn growth_lacks_about_so_much_of_this_years_figure() {
    let told = |now: &str| {
        words("上年度营业收入 同比增长率 >= 15%", &json!({ "revenue": { "2025": now, "2024": "10000000" } }))
    };
    assert_eq!(told("11000000").as_deref(), Some("差 5 个百分点,上年度营业收入约差 50 万元"));
    assert_eq!(told("11499999.99").as_deref(), Some("差 不足 0.01 个百分点,上年度营业收入约差 0.01 元"));
    assert_eq!(told("11500000"), None);
}

#[test]
fn no_amount_is_named_where_the_denominator_is_in_doubt_or_nothing() {
    let two = json!({
        "rd_expense": { "2025": "1" },
        "revenue": [
            { "value": 1000, "period": "2025", "source": "tax", "grade": "A" },
            { "value": 2000, "period": "2025", "source": "statistics", "grade": "A" },
        ],
    });
    assert_eq!(words("上年度研发费用 / 上年度营业收入 >= 3%", &two).as_deref(), Some("差 2.9 个百分点"));
    assert_eq!(words("上年度研发费用 / 上年度营业收入 >= 3%", &ratio("1", "0")), None);
}

#[test]
fn an_age_names_the_day_on_which_it_is_completed() {
    let founded = |day: &str| json!({ "established_on": day });
    for (day, from) in [("2024-03-01", Some("2027-03-01")), ("2023-11-24", Some("2026-11-24")), ("2023-11-23", None)] {
        let told = gap("成立 满 3年", &founded(day));
        assert_eq!(told.as_ref().and_then(|gap| gap.from_date).map(|day| day.to_string()).as_deref(), from, "{day}");
        assert!(told.is_none_or(|gap| gap.display.contains(from.unwrap_or_default())), "{day}");
    }
    let exceeded = gap("成立 超过 3年", &founded("2023-11-23")).and_then(|gap| gap.from_date);
    assert_eq!(exceeded, NaiveDate::from_ymd_opt(2026, 11, 24), "超过 begins the day after");
    assert_eq!(gap("成立 不满 3年", &founded("2023-11-23")), None, "time closes no gap of 不满");
}
