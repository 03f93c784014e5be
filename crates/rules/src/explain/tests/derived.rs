//! 划型, 四上 and 小型微利企业: every bound, and no question that cannot matter. Both readers are asked each time.

use super::*;

const WAN: i64 = 1_000_000;

fn verdict(text: &str, facts: &Json) -> Verdict {
    today(text, facts).verdict
}

fn asked(text: &str, facts: &Json) -> Vec<String> {
    today(text, facts).deciding.into_iter().map(|missing| missing.name).collect()
}

/// 分 as the wire wants it: 元 in decimal text.
fn yuan(fen: i64) -> Json {
    json!(crate::number::decimal_text(fen, 2))
}

/// One row of the standard: industry codes, and per index its key with the lower bounds of 大, 中 and 小.
type Row = (&'static [&'static str], &'static [(&'static str, [i64; 3])]);

/// The table as 工信部联企业〔2011〕300号 prints it, in 人 and 万元.
const SIZES: [Row; 16] = [
    (&["A01", "A05"], &[("revenue", [20_000, 500, 50])]),
    (&["B06", "C39", "D44"], &[("employees_stat", [1000, 300, 20]), ("revenue", [40_000, 2000, 300])]),
    (&["E48"], &[("revenue", [80_000, 6000, 300]), ("assets", [80_000, 5000, 300])]),
    (&["F51"], &[("employees_stat", [200, 20, 5]), ("revenue", [40_000, 5000, 1000])]),
    (&["F52"], &[("employees_stat", [300, 50, 10]), ("revenue", [20_000, 500, 100])]),
    (&["G54", "G591"], &[("employees_stat", [1000, 300, 20]), ("revenue", [30_000, 3000, 200])]),
    (&["G594"], &[("employees_stat", [200, 100, 20]), ("revenue", [30_000, 1000, 100])]),
    (&["G60"], &[("employees_stat", [1000, 300, 20]), ("revenue", [30_000, 2000, 100])]),
    (&["H61"], &[("employees_stat", [300, 100, 10]), ("revenue", [10_000, 2000, 100])]),
    (&["H62"], &[("employees_stat", [300, 100, 10]), ("revenue", [10_000, 2000, 100])]),
    (&["I63", "I64"], &[("employees_stat", [2000, 100, 10]), ("revenue", [100_000, 1000, 100])]),
    (&["I65"], &[("employees_stat", [300, 100, 10]), ("revenue", [10_000, 1000, 50])]),
    (&["K701"], &[("revenue", [200_000, 1000, 100]), ("assets", [10_000, 5000, 2000])]),
    (&["K702"], &[("employees_stat", [1000, 300, 100]), ("revenue", [5000, 1000, 500])]),
    (&["L72"], &[("employees_stat", [300, 100, 10]), ("assets", [120_000, 8000, 100])]),
    (&["M74", "N77", "O80", "Q85", "R87", "K703"], &[("employees_stat", [300, 100, 10])]),
];

fn figure(key: &str, value: i64) -> Json {
    if key == "employees_stat" { json!({ "2025": value }) } else { json!({ "2025": yuan(value) }) }
}

#[test]
fn every_bound_of_the_sixteen_industries_holds_at_one_below_at_and_one_above() {
    let names = ["大型", "中型", "小型", "微型"];
    for (industries, indices) in SIZES {
        for (industry, (index, bounds)) in industries.iter().flat_map(|one| indices.iter().map(move |two| (one, two))) {
            let scale = if *index == "employees_stat" { 1 } else { WAN };
            for (step, bound) in bounds.iter().enumerate() {
                for (offset, class) in [(-1, names[step + 1]), (0, names[step]), (1, names[step])] {
                    // The other index stands at its highest bound, so that this one decides.
                    let mut facts = json!({ "industry": industry });
                    for (other, bounds) in indices {
                        let value = if other == index { bound * scale + offset } else { bounds[0] * WAN };
                        facts[*other] = figure(other, value);
                    }
                    let text = format!("企业规模 为 {class}");
                    assert_eq!(verdict(&text, &facts), Met, "{industry} {index} {bound}{offset:+} {class}");
                }
            }
        }
    }
}

#[test]
fn the_bidder_that_called_itself_industry_was_a_medium_software_firm() {
    let firm = |industry| json!({ "industry": industry, "employees_stat": { "2025": 103 }, "revenue": { "2025": 157_352_800 } });
    assert_eq!(verdict("企业规模 为 中型", &firm("I65")), Met);
    assert_eq!(verdict("企业规模 为 小型", &firm("I65")), NotMet);
    assert_eq!(verdict("企业规模 为 小型", &firm("C39")), Met);
}

#[test]
fn size_asks_only_for_what_can_change_it() {
    let small = "企业规模 属于 {小型, 微型}";
    let asked = |facts: Json| asked(small, &facts);
    assert_eq!(asked(json!({ "industry": "I65", "employees_stat": { "2025": 120 } })), ["营业收入"]);
    assert_eq!(asked(json!({ "industry": "L72", "employees_stat": { "2025": 120 } })), ["资产总额"]);
    assert_eq!(asked(json!({ "industry": "M74" })), ["从业人员"]);
    assert_eq!(verdict(small, &json!({ "industry": "I65", "employees_stat": { "2025": 99 } })), Met);
    // 房地产业: 开发, 物业 and 中介 are three rows and 租赁 is none.
    let coarse = json!({ "industry": "K70", "employees_stat": { "2025": 50 }, "revenue": { "2025": 20_000_000 }, "assets": { "2025": 90_000_000 } });
    assert_eq!(asked(coarse), ["所属行业"]);
    let settled = today(small, &json!({ "industry": "J66" }));
    assert!(settled.deciding.is_empty() && settled.verdict == Unknown);
}

/// Industries, the figure that decides, and its inclusive bound in 万元.
const ABOVE_SCALE: [(&[&str], &str, i64); 7] = [
    (&["B06", "C13", "C39", "D46"], "main_revenue", 2000),
    (&["F51"], "main_revenue", 2000),
    (&["F52"], "main_revenue", 500),
    (&["H61", "H62"], "main_revenue", 200),
    (&["G54", "I65", "N77", "Q84"], "revenue", 2000),
    (&["K702", "K703", "K704", "K709", "L72", "M74", "P83"], "revenue", 1000),
    (&["O80", "Q85", "R87"], "revenue", 500),
];

#[test]
fn every_line_of_the_four_kinds_above_scale_includes_its_own_number() {
    for (industries, key, bound) in ABOVE_SCALE {
        for industry in industries {
            for (offset, expected) in [(-1, NotMet), (0, Met), (1, Met)] {
                let mut facts = json!({ "industry": industry });
                facts[key] = json!({ "2025": yuan(bound * WAN + offset) });
                assert_eq!(verdict("达到四上标准 为 是", &facts), expected, "{industry} {bound}{offset:+}");
                let opposite = if expected == Met { NotMet } else { Met };
                assert_eq!(verdict("达到四上标准 为 否", &facts), opposite, "{industry} {bound}{offset:+}");
                assert_eq!(verdict("达到四上标准 不为 是", &facts), opposite, "{industry} {bound}{offset:+}");
            }
            let unknown = json!({ "industry": industry });
            let name = if key == "revenue" { "营业收入" } else { "主营业务收入" };
            assert_eq!(asked("达到四上标准 为 是", &unknown), [name], "{industry}");
        }
    }
}

#[test]
fn builders_need_a_qualification_and_developers_a_development_and_no_revenue() {
    let builder = |kind: &str| {
        json!({ "industry": "E48", "certificates": {
            "records": [{ "kind": kind, "issued_on": "2020-01-01", "valid_until": "2030-01-01" }],
            "complete": [{ "to": "2026-11-24", "source": "issuer" }],
        } })
    };
    let text = "达到四上标准 为 是";
    assert_eq!(verdict(text, &builder("总承包资质")), Met);
    assert_eq!(verdict(text, &builder("专业承包资质")), Met);
    assert_eq!(verdict(text, &builder("软件企业")), NotMet);
    assert_eq!(asked(text, &json!({ "industry": "E48", "main_revenue": { "2025": 1 } })), ["资质证书"]);
    assert_eq!(verdict(text, &json!({ "industry": "K701", "real_estate_development": true })), Met);
    assert_eq!(asked(text, &json!({ "industry": "K701" })), ["房地产开发经营活动"]);
}

#[test]
fn being_above_the_line_is_not_being_in_the_register() {
    let firm = json!({ "industry": "C39", "main_revenue": { "2025": 30_000_000 }, "si_shang": {
        "records": [], "complete": [{ "to": "2026-11-24", "source": "statistics" }],
    } });
    assert_eq!(verdict("达到四上标准 为 是", &firm), Met);
    assert_eq!(verdict("四上在库 含 规上工业 有效", &firm), NotMet);
}

#[test]
fn a_bank_is_in_no_line_and_what_a_bureau_states_goes_before_what_we_work_out() {
    assert_eq!(verdict("达到四上标准 为 是", &json!({ "industry": "J66" })), NotMet);
    let stated = json!({ "industry": "C39", "main_revenue": { "2025": 1 }, "above_scale": { "2025": true } });
    assert_eq!(verdict("达到四上标准 为 是", &stated), Met);
}

#[test]
fn the_reason_names_the_line_of_the_firms_own_industry() {
    let explanation =
        today("达到四上标准 为 是", &json!({ "industry": "C39", "main_revenue": { "2025": 18_000_000 } }));
    let actual = explanation.root.actual.unwrap();
    assert_eq!(actual.display, "否:主营业务收入 >= 2000万元(实际 1800 万元)");
    assert_eq!(actual.period.as_deref(), Some("2025年"));
    assert_eq!(explanation.root.gap.unwrap().display, "差 200 万元");
}

fn low_profit(income: i64, people: &str, assets: i64) -> Json {
    json!({
        "taxable_income": { "2025": yuan(income) }, "employees_quarterly_mean": { "2025": people },
        "assets_quarterly_mean": { "2025": yuan(assets) }, "restricted_industry": false,
    })
}

#[test]
fn the_three_ceilings_of_small_low_profit_firms_include_their_own_numbers() {
    let text = "小型微利企业 为 是";
    for (offset, expected) in [(-1, Met), (0, Met), (1, NotMet)] {
        assert_eq!(verdict(text, &low_profit(300 * WAN + offset, "300", 5000 * WAN)), expected, "所得额{offset:+}");
        assert_eq!(verdict(text, &low_profit(300 * WAN, "300", 5000 * WAN + offset)), expected, "资产{offset:+}");
    }
    assert_eq!(verdict(text, &low_profit(0, "299.99", 0)), Met);
    assert_eq!(verdict(text, &low_profit(0, "300.01", 0)), NotMet, "means may have a fraction");
    let mut restricted = low_profit(0, "3", 0);
    restricted["restricted_industry"] = json!(true);
    assert_eq!(verdict(text, &restricted), NotMet);
}

#[test]
fn small_low_profit_is_kept_apart_from_size() {
    let mut firm = low_profit(100 * WAN, "20", 1000 * WAN);
    firm["industry"] = json!("C39");
    firm["employees_stat"] = json!({ "2025": 400 });
    firm["revenue"] = json!({ "2025": 500_000_000 });
    assert_eq!(verdict("小型微利企业 为 是", &firm), Met);
    assert_eq!(verdict("企业规模 属于 {小型, 微型}", &firm), NotMet);
    let known_too_rich = json!({ "taxable_income": { "2025": 3_000_000.01 } });
    assert_eq!(verdict("小型微利企业 为 是", &known_too_rich), NotMet, "the other figures cannot matter");
    let asked =
        asked("小型微利企业 为 是", &json!({ "taxable_income": { "2025": 3_000_000 }, "restricted_industry": false }));
    assert_eq!(asked, ["季度平均资产总额", "季度平均从业人数"]);
}
