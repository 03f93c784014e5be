use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::reference::{Fact, FactKind, PeriodKind, Reference, ValueShape};

fn read(json: &Json) -> Profile {
    Profile::from_json(json, Reference::builtin()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn told(facts: &Json) -> Vec<String> {
    let problems = Profile::from_json(&json!({ "facts": facts }), Reference::builtin()).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn short_forms_and_full_forms_mean_the_same() {
    let short = read(&json!({ "facts": {
        "established_on": "2020-03-01",
        "revenue": { "2025": 12_000_000, "2024": "9800000.50" },
        "注册地": { "value": "洪山区", "since": "2021-05-01", "source": "registry" },
        "certificates": [ { "kind": "高企", "issued_on": "2024-11-01", "valid_until": "2027-10-31" } ],
    }}));
    let full = read(&json!({ "facts": {
        "established_on": [ { "value": "2020-03-01", "source": "declared", "grade": "D" } ],
        "revenue": [
            { "value": "9800000.5", "period": "2024", "source": "declared", "grade": "D" },
            { "value": "12000000", "period": "2025", "source": "declared", "grade": "D" },
        ],
        "place_registered": [ { "value": "420111", "from": "2021-05-01", "source": "registry", "grade": "A" } ],
        "certificates": { "records": [
            { "资质名称": "高新技术企业", "issued_on": "2024-11-01", "valid_until": "2027-10-31" } ] },
    }}));
    assert_eq!(short, full);
    assert_eq!(short.facts[&"revenue".into()][0].state, FactState::Known(Value::Number(980_000_050)));
}

#[test]
fn every_problem_is_told_at_once_with_place_and_remedy() {
    let problems = told(&json!({
        "revenu": { "2025": 1 },
        "revenue": { "2025": "100万元", "20x5": 1, "2099": 1 },
        "established_on": "0000-00-00",
        "place_registered": "洪山新区",
        "rd_expense": { "2025": 1.234 },
        "employees_stat": { "2025": -3, "2024": 12.5 },
        "industry": "I99",
        "debt_ratio": { "2025": "65%" },
        "reg_status": "存活",
        "assets": 5,
    }));
    for expected in [
        "facts.revenu:没有“revenu”这个事实。是不是“revenue”?",
        "facts.revenue.2025:数字里带了单位“万元”。填数字,单位是元,“100万元”应填 1000000",
        "facts.revenue.20x5:“20x5”不是年度、季度或月份。年度写 2025,季度写 2025Q3,1 至 11 月写 2025M01-11",
        "facts.revenue.2099:2099 年不合情理。检查年份",
        "facts.established_on:“0000-00-00”不是日历上的日期。写成 2024-01-31",
        "facts.place_registered:不认识的地区“洪山新区”。是不是“洪山区”?",
        "facts.rd_expense.2025:最多 2 位小数,这里有 3 位。填数字,单位是元",
        "facts.employees_stat.2025:不能是负数。没有就填 0,不知道就不填",
        "facts.employees_stat.2024:最多 0 位小数,这里有 1 位。填数字,单位是人",
        "facts.debt_ratio.2025:数字里带了单位“%”。填小数,3% 填 0.03,“65%”应填 0.65",
        "facts.reg_status:没有“存活”这个选项。是不是“存续”?",
        "facts.assets:没写是哪一年的数。写成 {\"2025\": …}",
    ] {
        assert!(problems.iter().any(|problem| problem == expected), "{expected}\nnot in {problems:#?}");
    }
    assert!(problems.iter().any(|problem| problem.starts_with("facts.industry:不认识的行业“I99”")));
    assert_eq!(problems.len(), 13, "{problems:#?}");
}

#[test]
fn a_date_that_stands_for_no_end_is_refused() {
    let problems = told(&json!({ "certificates": [ { "kind": "高企", "valid_until": "2099-12-31" } ] }));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("records[0].valid_until:日期 2099-12-31 不合情理"), "{problems:?}");
}

#[test]
fn two_values_by_one_source_for_one_period_are_refused_and_by_two_sources_kept() {
    let twice = told(&json!({ "revenue": [
        { "value": 1, "period": "2025", "source": "tax" }, { "value": 2, "period": "2025", "source": "tax" } ] }));
    assert!(twice[0].contains("同一来源在同一期间填了两次"), "{twice:?}");
    let profile = read(&json!({ "facts": { "revenue": [
        { "value": 49_800_000, "period": "2025", "source": "tax" },
        { "value": 50_200_000, "period": "2025", "source": "企业自报" }, ] } }));
    assert_eq!(profile.facts[&"revenue".into()].len(), 2);
}

#[test]
fn a_fact_under_two_names_is_one_fact_told_twice() {
    let twice = told(&json!({ "revenue": { "2025": 1 }, "营业收入": { "2025": 2 } }));
    assert!(twice[0].contains("填了两次"), "{twice:?}");
}

#[test]
fn moving_in_ends_the_stay_before() {
    let profile = read(&json!({ "facts": { "place_registered": [
        { "value": "江夏区", "since": "2019-01-01", "source": "registry" },
        { "value": "光谷", "since": "2023-06-01", "source": "registry" }, ] } }));
    let entries = &profile.facts[&"place_registered".into()];
    assert_eq!(entries[0].period, Period { from: Some(day("2019-01-01")), to: Some(day("2023-06-01")) });
    assert_eq!(entries[1].period, Period::since(day("2023-06-01")));
    assert_eq!(entries[1].state, FactState::Known(Value::Area("420100-ELHT".into())));
}

#[test]
fn unknown_is_left_out_and_not_applicable_is_kept() {
    let profile = read(&json!({ "facts": {
        "revenue": { "2025": null, "2024": { "state": "not_applicable" } },
        "assets": null,
        "liabilities": { "2025": { "state": "unknown" } },
    } }));
    assert_eq!(profile.facts.len(), 1);
    assert_eq!(profile.facts[&"revenue".into()][0].state, FactState::NotApplicable);
}

#[test]
fn an_empty_list_is_kept_apart_from_a_complete_one() {
    let profile = read(&json!({ "facts": {
        "incidents": { "records": [] },
        "penalties": { "records": [], "complete": [
            { "scope": { "serious": true }, "from": "2020-01-01", "until": "2026-10-31", "source": "专项信用报告" } ] },
    } }));
    assert!(profile.lists[&"incidents".into()].complete.is_empty());
    let statement = &profile.lists[&"penalties".into()].complete[0];
    assert_eq!(statement.period.to, Some(day("2026-11-01")), "until is the last day in");
    assert_eq!((statement.source.as_str(), statement.grade), ("credit_report", Grade::A));
}

#[test]
fn unknown_words_anywhere_are_named() {
    let problems = told(&json!({
        "awards": [ { "knd": "其他" } ],
        "penalties": { "record": [] },
        "revenue": [ { "value": 1, "period": "2025", "sorce": "tax" }, { "value": 1, "period": "2024", "source": "taxx" } ],
    }));
    for part in [
        "records[0].knd:没有“knd”这个字段。是不是“kind”",
        "penalties.record:不认识的键“record”。是不是“records”",
        "revenue[0].sorce:不认识的键“sorce”。是不是“source”",
        "revenue[1].source:不认识的来源“taxx”。是不是“tax”",
    ] {
        assert!(problems.iter().any(|problem| problem.contains(part)), "{part} not in {problems:#?}");
    }
}

#[test]
fn a_bad_code_of_the_firm_is_told_with_the_facts() {
    let problems = Profile::from_json(&json!({ "uscc": "91350100M000100Y44", "facts": 3 }), Reference::builtin());
    let problems: Vec<_> = problems.unwrap_err().iter().map(ToString::to_string).collect();
    assert!(problems[0].starts_with("uscc:统一社会信用代码校验不符"), "{problems:?}");
    assert!(problems[1].starts_with("facts:"), "{problems:?}");
}

#[test]
fn events_dated_ahead_are_found_once_the_day_is_known() {
    let profile = read(&json!({ "facts": {
        "established_on": "2027-01-01",
        "certificates": [ { "kind": "高企", "issued_on": "2027-02-01", "valid_until": "2030-01-31" } ],
    } }));
    let problems = profile.future_dates(day("2026-11-23"), Reference::builtin());
    let places: Vec<_> = problems.iter().filter_map(|problem| problem.place.as_deref()).collect();
    assert_eq!(places, ["facts.established_on", "facts.certificates.records[0].issued_on"]);
    assert!(profile.future_dates(day("2027-02-01"), Reference::builtin()).is_empty());
}

#[test]
fn periods_know_their_names() {
    assert_eq!(Period::year(2025).and_then(Period::as_year), Some(2025));
    let quarter = Period::quarter(2025, 4).unwrap();
    assert_eq!(quarter.to, Some(day("2026-01-01")));
    assert_eq!(quarter.label().as_deref(), Some("2025Q4"));
    assert_eq!(Period::quarter(2025, 5), None);
    assert!(quarter.contains(day("2025-12-31")) && !quarter.contains(day("2026-01-01")));
}

fn value(shape: &ValueShape<'static>) -> BoxedStrategy<Value> {
    let date = (0_i64..60_000).prop_map(|days| day("1930-01-01") + chrono::Days::new(days.unsigned_abs()));
    match shape.kind {
        FactKind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        FactKind::Integer | FactKind::Amount | FactKind::Ratio => {
            let least = if shape.signed { i64::MIN } else { 0 };
            (least..=shape.max.unwrap_or(i64::MAX)).prop_map(Value::Number).boxed()
        }
        FactKind::Date => date.prop_map(Value::Date).boxed(),
        FactKind::Text | FactKind::List(_) => "[a-z甲乙丙]{1,8}".prop_map(Value::Text).boxed(),
        FactKind::Code { options, .. } => {
            proptest::sample::select(options.as_slice()).prop_map(|option| Value::Code(option.code)).boxed()
        }
        FactKind::Codes { options } => proptest::sample::subsequence(options.as_slice(), 0..=options.len())
            .prop_map(|options| Value::Codes(options.into_iter().map(|option| option.code).collect()))
            .boxed(),
        FactKind::Area => proptest::sample::select(vec!["420111", "420100-ELHT", "420000"])
            .prop_map(|code| Value::Area(code.to_owned()))
            .boxed(),
        FactKind::Industry => proptest::sample::select(vec!["I65", "C3921", "K701", "A"])
            .prop_map(|code| Value::Industry(code.to_owned()))
            .boxed(),
    }
}

fn entry(fact: &'static Fact) -> impl Strategy<Value = Entry> {
    let period = match fact.period {
        PeriodKind::Year if fact.flow => (2000_i32..2030, 1_u32..=12, 1_u32..=12)
            .prop_map(|(year, one, two)| Period::months(year, one.min(two), one.max(two)).unwrap())
            .boxed(),
        PeriodKind::Year => (2000_i32..2030).prop_map(|year| Period::year(year).unwrap()).boxed(),
        PeriodKind::None => Just(Period { from: None, to: None }).boxed(),
        PeriodKind::History => {
            (0_u64..9_000).prop_map(|days| Period::since(day("2000-01-01") + chrono::Days::new(days))).boxed()
        }
    };
    let state = prop_oneof![
        9 => value(&fact.shape()).prop_map(FactState::Known),
        1 => Just(FactState::NotApplicable),
    ];
    let source = proptest::sample::select(vec!["tax", "registry", "declared"]);
    let grade = proptest::sample::select(vec![Grade::A, Grade::B, Grade::C, Grade::D]);
    (state, period, source, grade).prop_map(|(state, period, source, grade)| Entry {
        state,
        period,
        source: source.to_owned(),
        grade,
    })
}

fn record(fact: &'static Fact) -> BoxedStrategy<Record> {
    let fields = &fact.list().unwrap().fields;
    let values: Vec<_> = fields.iter().map(|field| proptest::option::of(value(&field.shape()))).collect();
    values
        .prop_map(move |values| {
            let named = fields.iter().zip(values);
            named.filter_map(|(field, value)| value.map(|value| (field.key.clone(), value))).collect()
        })
        .boxed()
}

fn profile() -> impl Strategy<Value = Profile> {
    let facts: Vec<&'static Fact> = Reference::builtin().catalogue.iter().collect();
    proptest::sample::subsequence(facts, 0..12).prop_flat_map(|facts| {
        let parts: Vec<_> = facts
            .into_iter()
            .map(|fact| {
                if fact.list().is_some() {
                    proptest::collection::vec(record(fact), 0..3)
                        .prop_map(move |records| (fact, Vec::new(), records))
                        .boxed()
                } else {
                    // One entry per source and at most one state without an end keep the profile free of doubles.
                    entry(fact).prop_map(move |entry| (fact, vec![entry], Vec::new())).boxed()
                }
            })
            .collect();
        parts.prop_map(|parts| {
            let mut profile = Profile { name: "演示".to_owned(), ..Profile::default() };
            for (fact, entries, mut records) in parts {
                if fact.list().is_some() {
                    records.sort();
                    profile.lists.insert(fact.key.clone(), RecordList { records, complete: Vec::new() });
                } else {
                    profile.facts.insert(fact.key.clone(), entries);
                }
            }
            profile
        })
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_the_same(profile in profile()) {
        let json = profile.to_json(Reference::builtin());
        let again = Profile::from_json(&json, Reference::builtin());
        prop_assert_eq!(again.as_ref(), Ok(&profile));
        prop_assert_eq!(again.unwrap().to_json(Reference::builtin()).to_string(), json.to_string());
    }
}
