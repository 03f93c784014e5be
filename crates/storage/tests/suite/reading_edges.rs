//! The SQL reading on, before and behind every kind of boundary, and what it refuses.

use std::collections::BTreeMap;

use domain::Scope;
use rules::{Context, Profile, Reference, ReferenceTexts, Verdict, decide, lower, text};
use serde_json::{Value as Json, json};
use storage::{Engine, Error, Reading, Store};

use crate::engines::{Place, on_both_engines};
use crate::material::SYSTEM;
use crate::oracle::{City, Question, today};

on_both_engines! {
    a_number_is_met_on_its_bound_and_not_beside_it,
    the_largest_numbers_are_compared_exactly_or_the_firm_is_named,
    the_least_number_is_compared_and_never_turned_round_inexactly,
    sources_of_one_rank_that_differ_are_an_interval_and_the_best_rank_overrules,
    what_is_missing_what_does_not_apply_and_what_came_before_the_founding_differ,
    an_empty_list_says_nothing_until_a_statement_covers_it,
    records_are_counted_summed_and_ranged,
    sums_of_records_beyond_64_bits_are_exact_or_the_firm_is_named,
    quotes_and_wildcards_in_texts_are_only_characters,
    a_place_held_for_a_year_a_quarter_or_months_is_read_by_its_label,
    moving_within_an_area_is_no_break_and_leaving_it_is,
    the_time_between_two_days_of_a_record_ends_on_the_last_of_a_short_month,
    the_size_class_changes_on_its_bounds,
    a_parameter_follows_place_and_trade,
    a_scope_reads_no_further_than_it_may,
    a_condition_too_wide_for_a_row_is_refused_before_it_is_asked,
    a_product_of_two_columns_is_refused_on_sqlite_only_and_says_why,
}

fn firm(facts: &Json) -> Profile {
    let json = json!({ "name": "示例公司", "facts": facts });
    Profile::from_json(&json, Reference::builtin()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Asks the conditions of the firms; every pair is compared with the evaluator, and the verdicts of one condition are those
/// written: M met, N not met, U unknown.
async fn ask(place: &Place, firms: &[Json], conditions: &[(&str, &str)]) {
    let city = City::build(&place.store, firms.iter().map(firm)).await;
    for (words, expected) in conditions {
        let question = Question::of(words);
        city.ask(&question).await.unwrap_or_else(|difference| panic!("{difference}"));
        let context = question.context();
        let letter = |firm: &Json| match decide(&question.core, &self::firm(firm), &context) {
            Verdict::Met => 'M',
            Verdict::Unknown => 'U',
            Verdict::NotMet => 'N',
        };
        assert_eq!(firms.iter().map(letter).collect::<String>(), *expected, "{words}");
    }
}

fn revenue(yuan: &str) -> Json {
    json!({ "revenue": { "2025": yuan } })
}

async fn a_number_is_met_on_its_bound_and_not_beside_it(place: &Place) {
    let firms = [revenue("9999999.99"), revenue("10000000"), revenue("10000000.01"), revenue("0"), revenue("0.01")];
    let conditions = [
        ("上年度营业收入 >= 1000万元", "NMMNN"),
        ("上年度营业收入 > 1000万元", "NNMNN"),
        ("上年度营业收入 <= 1000万元", "MMNMM"),
        ("上年度营业收入 < 1000万元", "MNNMM"),
        ("上年度营业收入 = 1000万元", "NMNNN"),
        ("上年度营业收入 ≠ 1000万元", "MNMMM"),
        ("没有 ( 上年度营业收入 >= 1000万元 )", "MNNMM"),
        ("上年度营业收入 > 0.005元", "MMMNM"),
        ("上年度营业收入 >= 0.005元", "MMMNM"),
        ("上年度营业收入 < 0.005元", "NNNMN"),
        ("上年度营业收入 <= 0.005元", "NNNMN"),
        ("上年度营业收入 >= 0元 - 0.005元", "MMMMM"),
        ("上年度营业收入 = 0.005元", "NNNNN"),
        ("上年度营业收入 - 1000万元 >= 0元", "NMMNN"),
        ("0元 - 上年度营业收入 >= 0元 - 1000万元", "MMNMM"),
        ("上年度营业收入 / 上年度营业收入 >= 100%", "MMMUM"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn the_largest_numbers_are_compared_exactly_or_the_firm_is_named(place: &Place) {
    let most = "92233720368547758.07";
    let firms = [revenue(most), revenue("92233720368547758.06"), revenue("1")];
    let conditions = [
        ("上年度营业收入 >= 92233720368547758.07元", "MNN"),
        ("上年度营业收入 > 92233720368547758.06元", "MNN"),
        ("上年度营业收入 < 922337203685477580亿元", "MMM"),
        ("上年度营业收入 = 922337203685477580亿元", "NNN"),
        ("上年度营业收入 + 上年度营业收入 >= 2元", "MMM"),
        ("上年度营业收入 / 上年度营业收入 >= 100%", "MMM"),
    ];
    ask(place, &firms, &conditions).await;
    let twice = Question::of("上年度营业收入 + 上年度营业收入 >= 2元");
    let reading = Reading::of(&twice.core, &twice.context(), place.store.engine()).unwrap();
    let counts = place.store.read_matches(&SYSTEM, &reading).await.unwrap().counts();
    let beyond = if place.store.engine() == Engine::Sqlite { 2 } else { 0 };
    assert_eq!((counts.met, counts.unknown, counts.beyond), (3 - beyond, 0, beyond));
}

async fn the_least_number_is_compared_and_never_turned_round_inexactly(place: &Place) {
    let profit = |yuan: &str| json!({ "net_profit": { "2025": yuan } });
    let firms = [profit("-92233720368547758.08"), profit("-92233720368547758.07"), profit("0")];
    let conditions = [
        ("上年度净利润 > 0元 - 92233720368547758.07元", "NNM"),
        ("上年度净利润 >= 0元 - 92233720368547758.07元", "NMM"),
        ("0元 - 上年度净利润 > 92233720368547758.07元", "MNN"),
        ("上年度净利润 / 上年度净利润 >= 100%", "MMU"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn sources_of_one_rank_that_differ_are_an_interval_and_the_best_rank_overrules(place: &Place) {
    let entry = |source: &str, value: Json| json!({ "period": "2025", "source": source, "value": value });
    let firms = [
        json!({ "revenue": [entry("tax", json!(5)), entry("statistics", json!(7)), entry("declared", json!(99))] }),
        json!({ "revenue": [entry("tax", json!(5)), { "period": "2025", "source": "statistics", "state": "not_applicable" }] }),
        json!({ "revenue": [entry("declared", json!(6))] }),
    ];
    let conditions = [
        ("上年度营业收入 >= 5元", "MUM"),
        ("上年度营业收入 >= 6元", "UUM"),
        ("上年度营业收入 >= 8元", "NUN"),
        ("上年度营业收入 = 6元", "UUM"),
        ("上年度营业收入 ≠ 8元", "MUM"),
        ("上年度营业收入@企业自报 >= 99元", "MUN"),
        ("上年度营业收入@税务申报 >= 6元", "NNU"),
        ("上年度营业收入 - 上年度营业收入 > 0元", "UUN"),
        ("上年度营业收入 * 上年度营业收入 >= 25元", "MUM"),
        ("10元 / 上年度营业收入 >= 2", "UUN"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn what_is_missing_what_does_not_apply_and_what_came_before_the_founding_differ(place: &Place) {
    let firms = [
        json!({}),
        json!({ "revenue": [{ "period": "2025", "state": "not_applicable" }] }),
        json!({ "established_on": "2026-01-01" }),
        json!({ "established_on": "2025-12-31" }),
        json!({ "established_on": "2025-01-01", "revenue": { "2025": 10 } }),
        json!({ "established_on": { "state": "not_applicable" }, "revenue": { "2025": 10 } }),
        json!({ "established_on": "2026-01-01", "revenue": { "2025": 10 } }),
    ];
    let conditions = [
        ("上年度营业收入 >= 10元", "UNNUMMM"),
        ("没有 ( 上年度营业收入 >= 10元 )", "UMMUNNN"),
        ("上年度营业收入 ≠ 10元", "UMMUNNN"),
        ("近2年营业收入 >= 10元", "UNUUUUU"),
        ("近2年(不足按实际)营业收入 >= 10元", "UNNUMUN"),
        ("近2年(不足按实际)平均营业收入 >= 10元", "UNNUMUN"),
        ("近2年(不足按实际)最低营业收入 >= 10元", "UNNUMUN"),
        ("近2年(不足按实际)最高营业收入 >= 10元", "UNNUMUN"),
        ("近2年(不足按实际)每年 ( 营业收入 >= 10元 )", "UNNUMUM"),
        ("上年度营业收入 同比增长率 >= 10%", "UNUUUUU"),
        ("上年度研发强度 >= 3%", "UNNUUUN"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn an_empty_list_says_nothing_until_a_statement_covers_it(place: &Place) {
    let penalties = |complete: Json| json!({ "penalties": { "records": [], "complete": complete } });
    let said = |more: Json| {
        let mut statement = json!({ "source": "credit_report" });
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        statement
    };
    let mut young = penalties(json!([said(json!({ "from": "2025-06-01" }))]));
    young["established_on"] = json!("2025-06-01");
    let firms = [
        json!({}),
        penalties(json!([])),
        penalties(json!([said(json!({}))])),
        penalties(json!([said(json!({ "from": "2023-01-01" }))])),
        penalties(json!([said(json!({ "from": "2023-01-02" }))])),
        penalties(json!([said(json!({ "until": "2026-11-23" }))])),
        penalties(json!([said(json!({ "until": "2026-11-22" }))])),
        young,
        penalties(json!([said(json!({ "scope": { "kind": "税务" } }))])),
        penalties(json!([said(json!({ "scope": { "kind": "税务" } })), said(json!({ "scope": { "kind": "环境" } }))])),
        penalties(json!([said(json!({ "scope": { "serious": true } }))])),
    ];
    let conditions = [
        ("没有 ( 近3年 违法记录 )", "UUMMUMUMUUU"),
        ("近3年 违法记录", "UUNNUNUNUUU"),
        ("从未 违法记录", "UUMUUMUMUUU"),
        ("没有 ( 近3年 重大违法 )", "UUMMUMUMUUM"),
        ("没有 ( 近3年 违法记录 含 税务 )", "UUMMUMUMMMU"),
        ("没有 ( 近3年 违法记录 含 {税务, 环境} )", "UUMMUMUMUMU"),
        ("近3年 违法记录 每项都 ( 是否重大 为 否 )", "UUMMUMUMUUU"),
        ("近3年 违法记录 项数 >= 0", "MMMMMMMMMMM"),
        ("近3年 违法记录 项数 <= 0", "UUMMUMUMUUU"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn records_are_counted_summed_and_ranged(place: &Place) {
    let project = |start: &str, capex: Json| json!({ "kind": "新建", "start": start, "total_investment": capex });
    let list = |records: Json, complete: bool| {
        let statements = if complete { json!([{ "source": "statistics" }]) } else { json!([]) };
        json!({ "projects": { "records": records, "complete": statements } })
    };
    let (two, vague) = (
        json!([project("2025-01-01", json!("10.5")), project("2026-11-23", json!(20))]),
        json!({ "kind": "新建", "total_investment": 7 }),
    );
    let firms = [
        list(two.clone(), true),
        list(two.clone(), false),
        list(json!([project("2025-01-01", Json::Null)]), true),
        list(json!([project("2026-11-24", json!(20)), project("2022-12-31", json!(20))]), true),
        list(json!([two[0], vague]), true),
        list(json!([]), true),
    ];
    let conditions = [
        ("近3年 投资项目 含 新建 >= 2项", "MMNNUN"),
        ("近3年 投资项目 含 新建 = 2项", "MUNNUN"),
        ("近3年 投资项目 的 总投资 合计 >= 30.5元", "MMUNNN"),
        ("近3年 投资项目 的 总投资 合计 > 30.5元", "NUUNNN"),
        ("近3年 投资项目 的 总投资 合计 >= 17.5元", "MMUNUN"),
        ("近3年 投资项目 的 总投资 最高 >= 20元", "MMUNNN"),
        ("近3年 投资项目 的 总投资 最低 >= 10.5元", "MUUNUN"),
        ("近3年 投资项目 的 总投资 最低 > 7元", "MUUNUN"),
        ("没有 ( 近3年 投资项目 的 总投资 最低 > 7元 )", "NUUMUM"),
        ("近3年 投资项目 ( 总投资 / 设备投资 >= 20% )", "UUUNUN"),
        ("近3年 投资项目 项数 * 10元 < 近3年 投资项目 的 总投资 合计", "MUUNUN"),
        ("近3年 投资项目 的 总投资 合计 / 近3年 投资项目 项数 >= 10元", "MUUUUU"),
        ("近3年 投资项目 项数 - 近3年 投资项目 ( 总投资 >= 20元 ) 项数 >= 1", "MUUNMN"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn sums_of_records_beyond_64_bits_are_exact_or_the_firm_is_named(place: &Place) {
    let projects = |capex: &str| {
        let one = json!({ "kind": "新建", "start": "2025-01-01", "total_investment": capex });
        json!({ "projects": { "records": [one, one], "complete": [{ "source": "statistics" }] } })
    };
    let firms =
        [projects("92233720368547758.07"), projects("1000000000000.01"), projects("500000000000"), projects("1")];
    let words = "近3年 投资项目 的 总投资 合计 >= 1000000000000元";
    ask(place, &firms, &[(words, "MMMN")]).await;
    let question = Question::of(words);
    let reading = Reading::of(&question.core, &question.context(), place.store.engine()).unwrap();
    let counts = place.store.read_matches(&SYSTEM, &reading).await.unwrap().counts();
    let expected = if place.store.engine() == Engine::Sqlite { (1, 2) } else { (3, 0) };
    assert_eq!((counts.met, counts.beyond), expected);
}

async fn quotes_and_wildcards_in_texts_are_only_characters(place: &Place) {
    let scope = |text: &str| json!({ "business_scope": text });
    let promise = json!({ "commitments": { "records": [{ "text": "不'漏\"税%", "made_on": "2026-01-01", "valid_until": "2027-01-01" }] } });
    let firms = [scope("100% 进口'"), scope("100 进口"), scope("a_b\\c"), scope("aXb\\c"), promise];
    let conditions = [
        ("经营范围 含 「100%」", "MNNNU"),
        ("经营范围 含 「进口'」", "MNNNU"),
        ("经营范围 含 「a_b」", "NNMNU"),
        ("经营范围 含 {「\\c」, 「100」}", "MMMMU"),
        ("经营范围 不含 「' OR 1=1 --」", "MMMMU"),
        ("承诺「不'漏\"税%」", "UUUUM"),
        ("承诺「不'漏\"税_」", "UUUUU"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn a_place_held_for_a_year_a_quarter_or_months_is_read_by_its_label(place: &Place) {
    let stay = |code: &str, from: &str, to: Option<&str>| json!({ "value": code, "from": from, "to": to });
    let since = |from: &str, to: &str| json!({ "place_registered": [stay("420111", from, Some(to)), stay("420106", to, None)] });
    let firms = [
        since("2025-01-01", "2026-01-01"),
        since("2026-01-01", "2026-04-01"),
        since("2026-07-01", "2026-10-01"),
        since("2026-10-01", "2026-12-01"),
        since("2025-11-01", "2025-12-01"),
        since("2024-01-02", "2025-01-01"),
    ];
    let conditions = [
        ("注册地 属于 洪山区", "NNNMNN"),
        ("注册地 属于 武昌区", "MMMNMM"),
        ("在武汉市注册 满 22个月", "MNNNNM"),
        ("在武汉市注册 满 10个月", "MMNNMM"),
        ("在武汉市注册 满 4个月", "MMMNMM"),
        ("在武昌区注册 满 10个月", "MNNNMM"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn moving_within_an_area_is_no_break_and_leaving_it_is(place: &Place) {
    let stay = |code: &str, from: Option<&str>, to: Option<&str>| json!({ "value": code, "from": from, "to": to });
    let moved = |first: Json, second: Json| json!({ "place_registered": [first, second] });
    let now = || stay("420106", Some("2025-11-24"), None);
    let mut disputed = moved(stay("420111", Some("2020-01-01"), Some("2025-11-24")), now());
    disputed["place_registered"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "value": "110000", "source": "upload", "from": "2019-01-01" }));
    let firms = [
        moved(stay("420111", Some("2020-01-01"), Some("2025-11-24")), now()),
        moved(stay("420111", Some("2020-01-01"), Some("2025-11-23")), now()),
        moved(stay("110000", Some("2020-01-01"), Some("2025-11-24")), now()),
        moved(stay("420000", Some("2020-01-01"), Some("2025-11-24")), now()),
        moved(stay("420111", None, Some("2025-11-24")), now()),
        json!({ "place_registered": { "value": "110000", "from": "2020-01-01" } }),
        json!({ "place_registered": "420106" }),
        json!({ "place_registered": { "value": "420106", "from": "2024-11-23" } }),
        json!({ "place_registered": { "value": "420106", "from": "2024-11-24" } }),
        disputed,
        json!({}),
    ];
    let conditions = [
        ("在武汉市注册 满 2年", "MNNUUNUMNNU"),
        ("在武汉市注册 超过 2年", "MNNUUNUNNNU"),
        ("在武汉市注册 不满 1年", "NMMUUNUNNNU"),
        ("没有 ( 在武汉市注册 满 2年 )", "NMMUUMUNMMU"),
        ("注册地 属于 武汉市", "MMMMMNMMMNU"),
        ("注册地 不属于 洪山区", "MMMMMMMMMMU"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn the_time_between_two_days_of_a_record_ends_on_the_last_of_a_short_month(place: &Place) {
    let project = |start: &str, finish: &str| json!({ "projects": { "records": [{ "start": start, "finish": finish }], "complete": [{ "source": "statistics" }] } });
    let firms = [
        project("2024-01-31", "2024-02-28"),
        project("2024-01-31", "2024-02-29"),
        project("2024-01-31", "2024-03-01"),
        project("2024-02-29", "2025-02-28"),
        project("2024-02-29", "2025-02-27"),
        project("2024-01-01", "2024-01-31"),
    ];
    let conditions = [
        ("投资项目 ( 开工日期 至 竣工日期 满 1个月 )", "NMMMMN"),
        ("投资项目 ( 开工日期 至 竣工日期 超过 1个月 )", "NNMMMN"),
        ("投资项目 ( 开工日期 至 竣工日期 满 1年 )", "NNNMNN"),
        ("投资项目 ( 开工日期 至 竣工日期 不超过 12个月 )", "MMMMMM"),
        ("投资项目 ( 开工日期 至 竣工日期 满 30天 )", "NNMMMM"),
        ("投资项目 ( 开工日期 至 竣工日期 不满 60000年 )", "MMMMMM"),
        ("投资项目 ( 开工日期 满 1年 )", "MMMMMM"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn the_size_class_changes_on_its_bounds(place: &Place) {
    let industrial = |people: Json, revenue: Json| json!({ "industry": "C39", "employees_stat": { "2025": people }, "revenue": { "2025": revenue } });
    let firms = [
        industrial(json!(300), json!(20_000_000)),
        industrial(json!(299), json!(20_000_000)),
        industrial(json!(300), json!("19999999.99")),
        industrial(json!(20), json!(3_000_000)),
        industrial(json!(19), json!(3_000_000)),
        industrial(json!(300), Json::Null),
        industrial(json!(19), Json::Null),
        json!({ "industry": "J66", "employees_stat": { "2025": 3 } }),
        json!({ "employees_stat": { "2025": 3 } }),
        json!({ "industry": "K70", "employees_stat": { "2025": 3 }, "revenue": { "2025": 3 }, "assets": { "2025": 3 } }),
        json!({ "industry": "C39", "size_class": [{ "period": "2025", "value": "中型" }] }),
    ];
    let conditions = [
        ("企业规模 为 中型", "MNNNNUNUUUM"),
        ("企业规模 属于 {中型, 小型, 微型}", "MMMMMMMUUUM"),
        ("企业规模 为 微型", "NNNNMUMUUUN"),
        ("企业规模 不为 大型", "MMMMMMMUUUM"),
        ("企业规模 属于 {大型, 中型, 小型, 微型}", "MMMMMMMUMUM"),
    ];
    ask(place, &firms, &conditions).await;
}

async fn a_parameter_follows_place_and_trade(place: &Place) {
    let texts = ReferenceTexts { parameters: PARAMETERS.to_owned(), ..ReferenceTexts::builtin() };
    let reference = Reference::parse(&texts).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let places = [json!("420111"), json!("420106"), json!("420100-ELHT"), json!("110000"), Json::Null];
    let trades = [json!("C3921"), json!("C39"), json!("C"), json!("I65"), Json::Null];
    let facts =
        |place: &Json, trade: &Json| json!({ "place_registered": place, "industry": trade, "revenue": { "2025": 10 } });
    let firms: Vec<Profile> =
        places.iter().flat_map(|place| trades.iter().map(move |trade| firm(&facts(place, trade)))).collect();
    City::build(&place.store, firms.clone()).await;
    let none = BTreeMap::new();
    let context = Context { reference: &reference, as_of: today(), parameters: &none };
    for words in ["上年度营业收入 >= 参数「甲」", "上年度营业收入 >= 参数「乙」", "上年度营业收入 >= 上年度参数「甲」"]
    {
        for factor in ["", " * 2"] {
            let condition = text::parse(&format!("{words}{factor}"), &reference).unwrap();
            let core = lower(&condition, &reference);
            let reading = Reading::of(&core, &context, place.store.engine()).unwrap();
            let found = place.store.read_matches(&SYSTEM, &reading).await.unwrap().matches;
            let decided = firms
                .iter()
                .zip(1..)
                .map(|(firm, ordinal)| (domain::EnterpriseOrdinal(ordinal), decide(&core, firm, &context)));
            let expected: Vec<_> = decided.filter(|(_, verdict)| *verdict != Verdict::NotMet).collect();
            assert_eq!(found, expected, "{words}{factor}");
            assert!(!expected.is_empty() || !factor.is_empty());
        }
    }
}

const PARAMETERS: &str = r#"
[[parameters]]
name = "甲"
kind = "amount"
values = [
  { from = 2026-01-01, place = "100000", value = "1", source = "一" },
  { from = 2026-01-01, place = "420100", value = "5", source = "二" },
  { from = 2026-01-01, place = "420111", industry = "C39", value = "11", source = "三" },
  { from = 2026-01-01, place = "420111", industry = "C", value = "7", source = "四" },
  { from = 2025-01-01, to = 2026-01-01, place = "100000", value = "10", source = "五" },
]

[[parameters]]
name = "乙"
kind = "amount"
values = [
  { from = 2026-01-01, place = "100000", industry = "C3921", value = "10", source = "一" },
  { from = 2026-01-01, place = "100000", value = "4.5", source = "二" },
]
"#;

async fn a_scope_reads_no_further_than_it_may(place: &Place) {
    let city = ["420111", "420106", "110000"]
        .map(|code| firm(&json!({ "place_registered": { "value": code, "from": "2020-01-01" } })));
    City::build(&place.store, city).await;
    let question = Question::of("注册地 属于 {武汉市, 北京市}");
    let reading = Reading::of(&question.core, &question.context(), place.store.engine()).unwrap();
    for (scope, seen) in [
        (Scope::System, 3),
        (Scope::Area("420100".to_owned()), 2),
        (Scope::Area("' OR '1' = '1".to_owned()), 0),
        (Scope::Enterprise(domain::EnterpriseOrdinal(3)), 1),
        (Scope::Public, 0),
    ] {
        let counts = place.store.read_matches(&scope, &reading).await.unwrap().counts();
        assert_eq!(counts.met, seen, "{scope:?}");
    }
}

async fn a_product_of_two_columns_is_refused_on_sqlite_only_and_says_why(place: &Place) {
    let question = Question::of("近2年营业收入 平均增长率 >= 5%");
    let read = |engine| Reading::of(&question.core, &question.context(), engine);
    assert!(read(Engine::Postgres).is_ok());
    let refused = read(Engine::Sqlite).unwrap_err();
    assert_eq!(refused.construct, "营业收入");
    assert!(refused.to_string().contains("2 的 63 次方") && refused.to_string().contains("PostgreSQL"), "{refused}");
    other_engine(&place.store).await;
}

async fn a_condition_too_wide_for_a_row_is_refused_before_it_is_asked(place: &Place) {
    let of = |count: u32| {
        let members: Vec<String> =
            (1..=count).map(|yuan| format!("( 上年度营业收入 > {yuan}元 且 上年度研发费用 > {yuan}元 )")).collect();
        Question::of(&members.join(" 或 "))
    };
    let read = |question: &Question| Reading::of(&question.core, &question.context(), place.store.engine());
    let wide = of(250);
    let reading = read(&wide).unwrap();
    assert_eq!(place.store.read_matches(&SYSTEM, &reading).await.unwrap().counts().met, 0);
    let refused = read(&of(400)).unwrap_err();
    assert!(refused.to_string().contains("拆成几个条件"), "{refused}");
}

async fn other_engine(store: &Store) {
    let other = if store.engine() == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite };
    let question = Question::of("上年度营业收入 >= 5元");
    let reading = Reading::of(&question.core, &question.context(), other).unwrap();
    let refused = store.read_matches(&SYSTEM, &reading).await;
    assert!(matches!(refused, Err(Error::OtherEngine)), "{refused:?}");
}
