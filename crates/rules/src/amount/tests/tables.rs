//! Tables in amounts, at and beside every edge.

use super::*;

/// N27: the share of research above a part of sales that itself depends on the sales.
const EXCESS: &str = "分档 上年度销售收入 {
  <= 5000万元 : ( 上年度研发费用 - 上年度销售收入 * 5% ) * 20% 最高 100万元 ;
  > 5000万元 且 <= 2亿元 : ( 上年度研发费用 - 上年度销售收入 * 4% ) * 10% 最高 200万元 ;
  其余 : 0元
}";

/// N21: of the growth of revenue, by scale and rate of growth.
const GROWTH: &str = "分档 上年度营业收入, 上年度营业收入 同比增长率 {
  >= 1亿元 且 < 5亿元, > 10% : ( 上年度营业收入 - 上上年度营业收入 ) * 0.4% ;
  >= 1亿元 且 < 5亿元, > 5% 且 <= 10% : ( 上年度营业收入 - 上上年度营业收入 ) * 0.2% ;
  >= 5亿元, > 10% : ( 上年度营业收入 - 上上年度营业收入 ) * 0.5% ;
  >= 5亿元, > 5% 且 <= 10% : ( 上年度营业收入 - 上上年度营业收入 ) * 0.3% ;
  其余 : 0元
}";

/// N16: rate and cap by a level that has an order.
const LEVEL: &str = "分情形 {
  当 数字化水平等级 为 二级 : 上年度设备投资 * 30% 最高 30万元 ;
  当 数字化水平等级 不低于 三级 : 上年度设备投资 * 40% 最高 40万元 ;
  其余 : 0元
}";

fn yuan(fen: i64) -> i64 {
    fen / 100
}

#[test]
fn the_rate_and_the_cap_change_with_the_row_at_its_very_edge() {
    let firm = |sales: i64, research: i64| {
        of(EXCESS, &json!({ "sales_revenue": { "2025": sales }, "rd_expense": { "2025": research } }))
    };
    for (sales, paid) in [
        (49_999_999, 100_000), // 3 百万 less 5 %, of which 20 %
        (50_000_000, 100_000),
        (50_000_001, 99_999), // 3 百万 less 4 %, of which 10 %
    ] {
        assert_eq!(yuan(firm(sales, 3_000_000).low), paid, "{sales}");
    }
    assert_eq!((firm(200_000_000, 90_000_000).low, firm(200_000_001, 90_000_000).low), (200_000_000, 0));
    for (research, paid) in [(7_499_999, 999_999), (7_500_000, 1_000_000), (7_500_001, 1_000_000)] {
        assert_eq!(yuan(firm(50_000_000, research).low), paid, "{research}");
    }
}

#[test]
fn two_keys_choose_the_rate_of_an_increment() {
    let firm = |before: i64, now: i64| yuan(of(GROWTH, &json!({ "revenue": { "2024": before, "2025": now } })).low);
    assert_eq!(firm(100_000_000, 110_000_000), 20_000, "ten percent exactly is the lower rate");
    assert_eq!(firm(100_000_000, 110_000_100), 40_000, "above ten percent");
    assert_eq!(firm(100_000_000, 105_000_000), 0, "five percent exactly is nothing");
    assert_eq!(firm(100_000_000, 105_000_100), 10_000);
    assert_eq!(firm(90_000_000, 99_999_999), 0, "below the first row");
    assert_eq!(firm(80_000_000, 100_000_000), 80_000, "the first row begins here");
    assert_eq!(firm(400_000_000, 499_999_900), 399_999);
    assert_eq!(firm(400_000_000, 500_000_000), 500_000, "and here the next");
}

#[test]
fn an_ordered_level_chooses_rate_and_cap() {
    let firm = |level: &str, invested: i64| {
        of(LEVEL, &json!({ "digital_level": level, "equipment_capex": { "2025": invested } }))
    };
    assert_eq!(firm("一级", 1_000_000).display, "0 元");
    assert_eq!(firm("二级", 999_999).low, 29_999_970);
    assert_eq!(firm("二级", 1_000_000).display, "30 万元");
    assert_eq!(firm("二级", 1_000_001).display, "30 万元");
    assert_eq!(firm("三级", 1_000_000).display, "40 万元");
    assert_eq!(firm("四级", 500_000).display, "20 万元");
}

#[test]
fn while_the_row_is_open_the_interval_spans_every_row_it_can_be() {
    let told = of(LEVEL, &json!({ "equipment_capex": { "2025": 2_000_000 } }));
    assert_eq!((told.display.as_str(), told.cause.clone()), ("最高 40 万元", Some(UnknownCause::Missing)));
    assert_eq!(told.needs.iter().map(|need| need.name.as_str()).collect::<Vec<_>>(), ["数字化水平等级"]);
    let sure = of(EXCESS, &json!({ "sales_revenue": { "2025": 60_000_000 } }));
    assert_eq!(sure.high, Some(200_000_000), "the first row is out of reach");
    let two = json!({ "sales_revenue": [
        { "period": "2025", "value": 49_000_000, "source": "tax" },
        { "period": "2025", "value": 51_000_000, "source": "statistics" },
    ], "rd_expense": { "2025": 90_000_000 } });
    let disputed = of(EXCESS, &two);
    assert_eq!((disputed.display.as_str(), disputed.cause), ("100 万元 至 200 万元", Some(UnknownCause::Conflict)));
}

#[test]
fn whatever_the_row_a_cap_below_all_of_them_settles_it() {
    let text = format!("{LEVEL} 最高 0.5万元 最低 0.5万元");
    let told = of(&text, &json!({ "equipment_capex": { "2025": 2_000_000 } }));
    assert!(told.is_exact() && told.needs.is_empty(), "{told:?}");
}

#[test]
fn of_several_standards_the_one_that_pays_most_counts() {
    let text = "择高 { 上年度研发费用 * 10% 最高 20万元 ; 5万元 }";
    let firm = |research: i64| of(text, &json!({ "rd_expense": { "2025": research } }));
    for (research, paid) in [(499_999, 50_000), (500_000, 50_000), (500_010, 50_001)] {
        assert_eq!(yuan(firm(research).low), paid, "{research}");
    }
    assert_eq!(of(text, &json!({})).display, "5 万元 至 20 万元");
    assert!(firm(3_000_000).reckoning.ends_with(";定额 5 万元;取高 20 万元"), "{}", firm(3_000_000).reckoning);
}

#[test]
fn what_the_notice_only_bounds_is_anything_up_to_it_whatever_is_known() {
    let text = "至多 上年度研发费用 * 10% 最高 20万元";
    let known = of(text, &json!({ "rd_expense": { "2025": 1_000_000 } }));
    assert_eq!((known.display.as_str(), known.cause.clone()), ("最高 10 万元", Some(UnknownCause::Manual)));
    assert!(known.needs.is_empty() && known.reckoning.ends_with(";具体由主管部门核定,不超过这个数"), "{known:?}");
    let open = of(text, &json!({}));
    assert_eq!((open.high, open.cause), (Some(20_000_000), Some(UnknownCause::Missing)));
    assert!(of(text, &json!({ "rd_expense": { "2025": 0 } })).is_exact(), "nothing is at most nothing");
}

#[test]
fn a_figure_that_does_not_apply_falls_to_the_rest_and_without_one_pays_nothing() {
    let none = json!({ "sales_revenue": [{ "period": "2025", "state": "not_applicable" }] });
    assert_eq!(of("分档 上年度销售收入 { >= 0元 : 5万元 ; 其余 : 2万元 }", &none).display, "2 万元");
    let told = of("分档 上年度销售收入 { >= 0元 : 5万元 }", &none);
    assert_eq!(
        (told.display.as_str(), told.reckoning.as_str()),
        ("0 元", "上年度销售收入(不适用),哪一档都不是,没有金额")
    );
}

#[test]
fn the_reckoning_names_the_row_and_while_it_is_open_every_row() {
    let firm = json!({ "sales_revenue": { "2025": 40_000_000 }, "rd_expense": { "2025": 3_000_000 } });
    insta::assert_snapshot!(
        [
            of(EXCESS, &firm).reckoning,
            of(EXCESS, &json!({ "rd_expense": { "2025": 3_000_000 } })).reckoning,
            of(GROWTH, &json!({ "revenue": { "2024": 200_000_000, "2025": 216_000_000 } })).reckoning,
            of(LEVEL, &json!({ "digital_level": "三级", "equipment_capex": { "2025": 500_000 } })).reckoning,
            of(LEVEL, &json!({ "equipment_capex": { "2025": 500_000 } })).reckoning,
            of(LEVEL, &json!({ "digital_level": "一级" })).reckoning,
        ]
        .join("\n")
    );
}

#[test]
fn tables_of_amounts_are_checked_like_those_of_conditions() {
    for text in [EXCESS, GROWTH, LEVEL] {
        assert_eq!(problems(text), "", "{text}");
    }
    for (text, part) in [
        ("分档 上年度销售收入 { <= 5000万元 : 10万元 ; >= 5000万元 : 20万元 }", "归第 2 行对企业有利"),
        ("分档 上年度销售收入 { < 5000万元 : 10万元 ; > 5000万元 : 20万元 }", "如 其余 : 0元"),
        ("分档 上年度销售收入 { >= 30人 : 10万元 ; 其余 : 0元 }", "分档的数是"),
        ("分档 上年度销售收入 { >= 5000万元 : 3人 ; 其余 : 0元 }", "第 1 项:算出来的是以「人」计的数"),
        ("分情形 { 当 独立法人 为 是 : 10万元 }", "如 其余 : 0元"),
        ("分情形 { 当 上年度研发费用 >= 30人 : 10万元 ; 其余 : 0元 }", "第 1 项"),
        ("择高 { 20万元 }", "「择高」只有一项"),
    ] {
        assert!(problems(text).contains(part), "{text}: {}", problems(text));
    }
}
