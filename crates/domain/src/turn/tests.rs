use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::call::Call;
use crate::item::{Coverage, Item};
use crate::matching::Matcher;
use crate::sample;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn profile(facts: &Json) -> Profile {
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
    Profile::from_json(&json, Reference::builtin()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn library(condition: &str, calls: Vec<Call>) -> Matcher {
    let mut item: Item = sample::item("i");
    item.revision.condition = Some(condition.to_owned());
    item.revision.coverage = Coverage::Full;
    item.revision.rolling = calls.is_empty();
    let (matcher, unreadable) = Matcher::new(vec![sample::policy("p")], vec![item], calls, Reference::builtin());
    assert!(unreadable.is_empty(), "{unreadable:?}");
    matcher
}

/// The standing on a day, and whether the turn of the year alone is behind it.
fn told(condition: &str, calls: Vec<Call>, facts: &Json, today: &str) -> (Standing, bool) {
    let (library, profile, reference) = (library(condition, calls), profile(facts), Reference::builtin());
    let entry = &library.entries()[0];
    let standing = entry.explain(&profile, reference, day(today)).standing;
    (standing, is_brought_by(entry, &profile, reference, day(today)))
}

fn penalty(on: &str) -> Json {
    json!({ "penalties": {
        "records": [{ "kind": "税务", "serious": true, "on": on }], "complete": [{ "source": "credit_report" }],
    } })
}

#[test]
fn a_penalty_that_leaves_the_window_on_new_year_is_the_turn_until_figures_are_due() {
    let text = "没有 ( 近3年 重大违法 )";
    assert_eq!(told(text, Vec::new(), &penalty("2023-06-01"), "2026-12-31"), (Standing::NotMet, false));
    assert_eq!(told(text, Vec::new(), &penalty("2023-06-01"), "2027-01-01"), (Standing::Met, true));
    assert_eq!(told(text, Vec::new(), &penalty("2023-06-01"), "2027-06-29"), (Standing::Met, true));
    assert_eq!(told(text, Vec::new(), &penalty("2023-06-01"), "2027-06-30"), (Standing::Met, false));
    // Out of both windows.
    assert_eq!(told(text, Vec::new(), &penalty("2022-06-01"), "2027-01-01"), (Standing::Met, false));
}

#[test]
fn the_running_years_figures_becoming_last_years_is_the_turn() {
    let facts = json!({ "revenue": { "2026": 20_000_000, "2025": 1 } });
    assert_eq!(told("上年度营业收入 >= 1000万元", Vec::new(), &facts, "2027-01-01"), (Standing::Met, true));
    let facts = json!({ "revenue": { "2026": 1, "2025": 20_000_000 } });
    assert_eq!(told("上年度营业收入 >= 1000万元", Vec::new(), &facts, "2027-01-01"), (Standing::Near, true));
    assert_eq!(told("2026年营业收入 >= 1元", Vec::new(), &facts, "2027-01-01"), (Standing::Met, false));
}

#[test]
fn a_birthday_a_certificate_and_rolling_months_on_new_year_are_news() {
    for (text, facts) in [
        ("成立 满 3年", json!({ "established_on": "2024-01-01" })),
        ("在武汉市注册 满 2年", json!({ "place_registered": { "value": "420111", "since": "2025-01-01" } })),
        (
            "资质证书 含 高新技术企业 有效",
            json!({ "certificates": { "records": [
                { "kind": "高新技术企业", "issued_on": "2027-01-01", "valid_until": "2029-12-31" },
            ], "complete": [{ "source": "issuer" }] } }),
        ),
        ("没有 ( 近12个月 重大违法 )", penalty("2025-12-31")),
    ] {
        assert!(!told(text, Vec::new(), &facts, "2026-12-31").0.is_match(), "{text}");
        assert_eq!(told(text, Vec::new(), &facts, "2027-01-01"), (Standing::Met, false), "{text}");
    }
}

#[test]
fn a_call_that_opens_on_new_year_is_news_even_where_the_windows_turned_with_it() {
    let call = |opens: &str| sample::call("i", "2027-1", Some(opens), Some("2027-03-31"));
    let text = "没有 ( 近3年 重大违法 )";
    let on_new_year = |call: Call| told(text, vec![call], &penalty("2023-06-01"), "2027-01-01");
    assert_eq!(on_new_year(call("2027-01-01")), (Standing::Met, false));
    assert_eq!(on_new_year(call("2026-12-31")), (Standing::Met, true), "open before, so the turn is all there is");
    assert_eq!(on_new_year(call("2027-01-02")), (Standing::Met, true), "announced, and told when it opens");
    assert_eq!(told(text, vec![call("2027-01-02")], &penalty("2023-06-01"), "2027-01-02"), (Standing::Met, false));
}

#[test]
fn a_call_with_a_day_of_its_own_to_be_judged_for_knows_no_turn() {
    let mut call = sample::call("i", "2027-1", Some("2026-12-01"), Some("2027-03-31"));
    call.as_of = Some(day("2027-01-01"));
    let text = "没有 ( 近3年 重大违法 )";
    for today in ["2026-12-31", "2027-01-02"] {
        assert_eq!(told(text, vec![call.clone()], &penalty("2023-06-01"), today), (Standing::Met, false), "{today}");
    }
}

/// Leaves that mean other years after the turn and nothing else.
fn relative() -> impl Strategy<Value = String> {
    let sign = || prop::sample::select(vec![">=", ">", "<=", "<"]);
    prop_oneof![
        (prop::sample::select(vec!["上年度", "上上年度", "当年", "近2年", "近3年最低", "近2年平均"]), sign(), 0..12)
            .prop_map(|(when, sign, bound)| format!("{when}营业收入 {sign} {bound}元")),
        (sign(), 0..3).prop_map(|(sign, rate)| format!("上年度营业收入 同比增长率 {sign} {}%", rate * 50)),
        (1..4).prop_map(|years| format!("近{years}年 重大违法")),
        Just("上年度及当年 重大违法".to_owned()),
        (1..4, 0..12).prop_map(|(years, bound)| format!("近{years}年每年 ( 营业收入 >= {bound}元 )")),
    ]
}

fn facts() -> impl Strategy<Value = Json> {
    let figure = || prop::option::of(0..12_i64);
    let date = (0..1_500_u64).prop_map(|days| day("2022-12-01") + chrono::Days::new(days));
    (prop::array::uniform4(figure()), prop::collection::vec(date, 0..3)).prop_map(|(figures, dates)| {
        let years = (2023..=2026).zip(figures);
        let filed: Vec<Json> =
            years.filter_map(|(year, figure)| Some(json!({ "period": year.to_string(), "value": figure? }))).collect();
        let records: Vec<Json> =
            dates.into_iter().map(|on| json!({ "kind": "税务", "serious": true, "on": on })).collect();
        json!({
            "established_on": "2010-05-01", "revenue": filed,
            "penalties": { "records": records, "complete": [{ "source": "credit_report" }] },
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_relative_years_change_on_new_year_is_held(
        leaves in prop::collection::vec((relative(), any::<bool>()), 1..4), any_of in any::<bool>(), facts in facts(),
    ) {
        let leaves = leaves.into_iter().map(|(leaf, negated)| if negated { format!("没有 ( {leaf} )") } else { leaf });
        let text = leaves.collect::<Vec<_>>().join(if any_of { " 或 " } else { " 且 " });
        let before = told(&text, Vec::new(), &facts, "2026-12-31").0;
        let (after, turned) = told(&text, Vec::new(), &facts, "2027-01-01");
        prop_assert_eq!(before.is_match() != after.is_match(), turned, "{} was {:?}, is {:?}", &text, before, after);
    }
}

#[test]
fn for_made_up_firms_only_relative_windows_turn_and_they_do() {
    let reference = Reference::builtin();
    let conditions = [
        ("上年度营业收入 >= 1000万元 且 没有 ( 近3年 重大违法 )", true),
        ("近2年研发费用 / 近2年营业收入 >= 3%", true),
        ("企业规模 属于 {微型, 小型}", true),
        ("成立 满 3年 且 成立 不超过 8年", false),
        ("资质证书 含 高新技术企业 有效", false),
    ];
    for (text, is_relative) in conditions {
        let library = library(text, Vec::new());
        let entry = &library.entries()[0];
        let firms = crate::synthetic::enterprises(7, 60, day("2026-11-23"));
        let turned = firms.filter(|firm| is_brought_by(entry, firm, reference, day("2027-01-01")));
        let mut count = 0;
        for firm in turned {
            let on = |date| entry.explain(&firm, reference, day(date)).standing.is_match();
            assert_ne!(on("2026-12-31"), on("2027-01-01"), "{text}");
            count += 1;
        }
        assert_eq!(count > 0, is_relative, "{text}: {count}");
    }
}
