use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::check_amount;
use crate::context::Context;
use crate::profile::Profile;
use crate::reference::Reference;
use crate::text::{parse_amount, print_amount};
use crate::tree::Unit;
use crate::tree::arbitrary::{bands, cases, expression, plain_leaf};
use crate::verdict::UnknownCause;

mod tables;

fn read(text: &str) -> Amount {
    parse_amount(text, Reference::builtin()).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"))
}

fn of(text: &str, facts: &Json) -> AmountEstimate {
    let reference = Reference::builtin();
    let profile = Profile::from_json(&json!({ "facts": facts }), reference).unwrap();
    let parameters = BTreeMap::new();
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    estimate(&read(text), &profile, &Context { reference, as_of, parameters: &parameters })
}

fn problems(text: &str) -> String {
    check_amount(&read(text), Reference::builtin()).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

const RATE: &str = "上年度设备投资 * 10% 最高 2000万元";

#[test]
fn a_rate_of_a_base_with_a_cap_is_reckoned_in_words() {
    let capex = |yuan: i64| json!({ "equipment_capex": { "2025": yuan } });
    let below = of(RATE, &capex(8_120_000));
    assert_eq!((below.low, below.display.as_str()), (81_200_000, "81.2 万元"));
    assert_eq!(below.reckoning, "上年度设备投资 812 万元 × 10% = 81.2 万元,未到上限 2000 万元");
    assert!(below.is_exact() && below.needs.is_empty() && below.cause.is_none());
    for (yuan, fen, words) in [
        (199_999_990, 1_999_999_900, "未到上限"),
        (200_000_000, 2_000_000_000, "正好到上限"),
        (200_000_010, 2_000_000_000, "按上限"),
    ] {
        let told = of(RATE, &capex(yuan));
        assert!(told.low == fen && told.reckoning.contains(words), "{told:?}");
    }
}

#[test]
fn an_unknown_base_leaves_everything_up_to_the_cap_and_is_asked_for() {
    let told = of(RATE, &json!({}));
    assert_eq!((told.low, told.high), (0, Some(2_000_000_000)));
    assert_eq!(told.display, "最高 2000 万元");
    assert_eq!(told.cause, Some(UnknownCause::Missing));
    assert_eq!(told.needs.iter().map(|need| need.name.as_str()).collect::<Vec<_>>(), ["设备投资"]);
    assert_eq!(told.reckoning, "上年度设备投资(待补) × 10%,上限 2000 万元");
    let open = of("上年度设备投资 * 10%", &json!({}));
    assert_eq!((open.low, open.high, open.display.as_str()), (0, None, "待核"));
    let floor = of("上年度设备投资 * 10% 最低 5万元", &json!({}));
    assert_eq!((floor.low, floor.high, floor.display.as_str()), (5_000_000, None, "至少 5 万元"));
}

#[test]
fn sources_that_differ_give_an_interval_and_a_cap_below_both_hides_it() {
    let two = json!({ "rd_expense": [
        { "period": "2025", "value": 2_000_000, "source": "tax" },
        { "period": "2025", "value": 5_000_000, "source": "statistics" },
    ] });
    let told = of("上年度研发费用 * 10%", &two);
    assert_eq!((told.low, told.high, told.display.as_str()), (20_000_000, Some(50_000_000), "20 万元 至 50 万元"));
    assert_eq!(told.cause, Some(UnknownCause::Conflict));
    let capped = of("上年度研发费用 * 10% 最高 20万元", &two);
    assert!(capped.is_exact() && capped.needs.is_empty(), "whichever is right, it is the cap");
}

#[test]
fn what_exceeds_a_ratio_pays_and_what_falls_short_pays_nothing() {
    // N27: 超过 5% 以上的部分按 20% 补贴,不超过 100 万元
    let text = "( 上年度研发费用 - 上年度销售收入 * 5% ) * 20% 最高 100万元";
    let firm = |research: i64| json!({ "rd_expense": { "2025": research }, "sales_revenue": { "2025": 40_000_000 } });
    for (research, fen) in
        [(1_999_999, 0), (2_000_000, 0), (2_000_001, 20), (7_000_000, 100_000_000), (9_000_000, 100_000_000)]
    {
        assert_eq!(of(text, &firm(research)).low, fen, "{research}");
    }
}

#[test]
fn money_goes_over_the_wire_in_yuan_as_text() {
    let told = serde_json::to_value(of(RATE, &json!({ "equipment_capex": { "2025": 812 } }))).unwrap();
    assert_eq!((&told["low"], &told["high"]), (&json!("81.2"), &json!("81.2")));
    assert_eq!(serde_json::to_value(of("上年度设备投资 * 10%", &json!({}))).unwrap()["high"], json!(null));
}

#[test]
fn a_range_of_fen_reads_like_an_estimate() {
    assert_eq!(range_text(20_000_000, Some(20_000_000)), "20 万元");
    assert_eq!(range_text(20_000_000, Some(50_000_000)), "20 万元 至 50 万元");
    assert_eq!((range_text(0, None).as_str(), range_text(1, None).as_str()), ("待核", "至少 0.01 元"));
}

#[test]
fn per_head_counts_heads() {
    let told = of("近12个月新招用重点群体人数 * 1000元 最高 3万元", &json!({ "new_hires_12m": 12 }));
    assert_eq!((told.low, told.display.as_str()), (1_200_000, "1.2 万元"));
}

#[test]
fn a_cap_may_depend_on_another_field_and_both_are_asked_for() {
    // N26: 累计不超过 30 万元与当年区级财政贡献之和
    let text = "上年度研发费用 * 10% 最高 30万元 + 上年度纳税额";
    let told = of(text, &json!({ "rd_expense": { "2025": 9_000_000 }, "tax_paid": { "2025": 200_000 } }));
    assert_eq!(told.low, 50_000_000);
    assert!(told.reckoning.ends_with(",按上限 50 万元"), "{}", told.reckoning);
    assert_eq!(of(text, &json!({})).needs.len(), 2);
    let open = of(text, &json!({ "rd_expense": { "2025": 0 } }));
    assert!(open.is_exact() && open.needs.is_empty(), "nothing is below any cap");
}

#[test]
fn a_cap_that_does_not_apply_is_no_cap_of_zero() {
    let text = "上年度研发费用 * 10% 最高 30万元 + 上年度纳税额";
    let none = json!([{ "period": "2025", "state": "not_applicable" }]);
    let told = of(text, &json!({ "rd_expense": { "2025": 1_000_000 }, "tax_paid": none }));
    assert_eq!((told.low, told.high), (0, Some(10_000_000)));
    assert!(matches!(told.cause, Some(UnknownCause::Undefined { .. })) && told.needs.is_empty(), "{told:?}");
    assert!(told.reckoning.ends_with(",上限 30 万元 + 上年度纳税额(不适用)"), "{}", told.reckoning);
}

#[test]
fn levels_share_what_is_paid() {
    let told =
        of("上年度设备投资 * 8% 分担 { 市级 50% ; 区级 50% }", &json!({ "equipment_capex": { "2025": 10_000_000 } }));
    let shares: Vec<_> = told.shares.iter().map(|share| (share.level.as_str(), share.display.as_str())).collect();
    assert_eq!(shares, [("市级", "40 万元"), ("区级", "40 万元")]);
}

#[test]
fn rounding_is_for_display_only_and_says_so() {
    let told = of("上年度研发费用 / 3", &json!({ "rd_expense": { "2025": 1_000_000 } }));
    assert_eq!((told.low, told.high), (33_333_333, Some(33_333_334)));
    assert_eq!(told.display, "约 33.33 万元");
}

#[test]
fn parts_with_caps_of_their_own_are_added() {
    let text = "合计 { 上年度研发费用 * 10% 最高 10万元 ; 5万元 } 最高 12万元";
    let told = of(text, &json!({ "rd_expense": { "2025": 3_000_000 } }));
    assert_eq!(told.display, "12 万元");
    assert_eq!(
        told.reckoning,
        "上年度研发费用 300 万元 × 10% = 30 万元,按上限 10 万元;定额 5 万元;合计 15 万元,按上限 12 万元"
    );
}

#[test]
fn what_cannot_be_an_amount_is_told_with_its_remedy() {
    for (text, part) in [
        ("上年度研发费用 / 上年度营业收入", "算出来的是比例,不是金额"),
        ("上年度研发费用 * 上年度营业收入", "单位凑不到一起"),
        ("上年度研发费用 * 10% 最低 50万元 最高 20万元", "「最低」高于「最高」"),
        ("30万元 最高 20万元", "定额高于「最高」"),
        ("上年度研发费用 * 10% 最高 3人", "不是金额"),
        ("20万元 分担 { 市级 50% ; 区级 40% }", "加起来不是 100%"),
        ("20万元 分担 { 市级 50% ; 市级 50% }", "「市级」的分担写了两次"),
        ("合计 { 20万元 }", "「合计」只有一项"),
        ("研发费用 * 10%", "没有写明哪一年"),
    ] {
        assert!(problems(text).contains(part), "{text}: {}", problems(text));
    }
    assert_eq!(problems(RATE), "");
    for (text, part) in [
        ("", "金额是空的"),
        ("20万元 最高 30万元 最高 40万元", "写了两次"),
        ("20万元 30万元", "这里应是"),
        ("20万元 分担 { 县级 100% }", "分担的级别"),
        ("合计 { 20万元", "这里应是"),
    ] {
        let told = parse_amount(text, Reference::builtin()).unwrap_err();
        assert!(told[0].message.contains(part) && told[0].position.is_some(), "{text}: {told:?}");
    }
}

#[test]
fn every_amount_of_the_grammar_page_reads_and_checks() {
    let page = include_str!("../../../../docs/rule-language.md");
    let section = page.split("## 金额").nth(1).unwrap();
    let blocks = section.split("```amount\n").skip(1).filter_map(|rest| rest.split("```").next());
    let texts: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(texts.len() >= 8 && blocks.clone().count() >= 3);
    for text in texts.into_iter().chain(blocks) {
        assert_eq!(problems(text), "", "{text}");
    }
}

#[test]
fn a_wall_of_brackets_is_refused_before_the_stack_is() {
    assert!(parse_amount(&"合计 { ".repeat(10_000), Reference::builtin()).is_err());
    assert!(parse_amount(&"( ".repeat(10_000), Reference::builtin()).is_err());
}

fn part() -> impl Strategy<Value = Part> {
    let bounds = || (prop::option::of(expression()), prop::option::of(expression()));
    let bounded = move |(part, (floor, cap)): (Part, (Option<Expression>, Option<Expression>))| {
        // 至多 takes its bounds inside.
        let is_plain = floor.is_none() && cap.is_none() || matches!(part, Part::UpTo(_));
        if is_plain { part } else { Part::Bounded { part: Box::new(part), floor, cap } }
    };
    (expression().prop_map(Part::Of), bounds()).prop_map(bounded).prop_recursive(2, 6, 3, move |inner| {
        let parts = prop::collection::vec(inner.clone(), 1..3);
        let part = prop_oneof![
            parts.clone().prop_map(Part::Sum),
            parts.prop_map(Part::Best),
            inner.clone().prop_map(|part| Part::UpTo(Box::new(part))),
            bands(inner.clone()).prop_map(Part::Tier),
            cases(plain_leaf(), inner).prop_map(Part::Cases),
        ];
        (part, bounds()).prop_map(bounded)
    })
}

fn shares() -> impl Strategy<Value = Vec<Share>> {
    prop::sample::subsequence(LEVELS.to_vec(), 0..3).prop_map(|levels| {
        let share = |level: &str| Share {
            level: level.to_owned(),
            part: Quantity::parse("50", Unit::find("%").unwrap()).unwrap(),
        };
        levels.into_iter().map(share).collect()
    })
}

/// What is known of one figure: nothing, one value, or two sources that differ; with every value it may have.
fn figure(pick: usize) -> (Option<Json>, Vec<i64>) {
    const VALUES: [i64; 4] = [0, 7, 100, 250];
    let entry = |value: i64, source: &str| json!({ "period": "2025", "value": value, "source": source });
    match pick % 6 {
        4 => (None, VALUES.to_vec()),
        5 => (Some(json!([entry(7, "tax"), entry(250, "statistics")])), vec![7, 100, 250]),
        one => (Some(json!([entry(VALUES[one], "tax")])), vec![VALUES[one]]),
    }
}

const SHAPES: [&str; 14] = [
    "上年度研发费用 * 10% 最高 20元",
    "上年度研发费用 * 10% 最低 5元 最高 20元",
    "( 上年度研发费用 - 上年度营业收入 * 5% ) * 20% 最高 15元",
    "上年度研发费用 * 50% 最高 30元 + 上年度纳税额",
    "上年度研发费用 * 50% 最低 上年度纳税额",
    "合计 { 上年度研发费用 * 10% 最高 9元 ; 上年度营业收入 * 3% 最高 上年度纳税额 } 最高 20元",
    "上年度研发费用 - 上年度营业收入",
    "上年度营业收入 * 10% + 5元 最低 10元",
    "择高 { 上年度研发费用 * 10% 最高 9元 ; 上年度营业收入 * 3% ; 2元 }",
    "分档 上年度营业收入 { < 7元 : 3元 ; >= 7元 且 <= 100元 : 上年度研发费用 * 10% 最高 9元 ; 其余 : 上年度纳税额 }",
    "分档 上年度营业收入, 上年度研发费用 { >= 7元, > 7元 : 上年度研发费用 * 10% 最高 9元 ; < 7元, 任意 : 4元 ; 其余 : 1元 }",
    "分档 上年度研发费用 - 上年度营业收入 * 5% { >= 0元 : ( 上年度研发费用 - 上年度营业收入 * 5% ) * 20% 最高 8元 ; 其余 : 0元 }",
    "分情形 { 当 上年度营业收入 > 上年度研发费用 : 9元 ; 当 上年度纳税额 >= 7元 : 上年度研发费用 * 10% ; 其余 : 0元 } 最高 20元",
    "合计 { 分档 上年度营业收入 { <= 100元 : 1元 ; > 100元 : 2元 } ; 分情形 { 当 上年度纳税额 > 0元 : 上年度纳税额 ; 其余 : 3元 } }",
];

proptest! {
    #[test]
    fn an_amount_is_read_back_as_it_was(part in part(), shares in shares()) {
        let (reference, amount) = (Reference::builtin(), Amount { part, shares });
        let text = print_amount(&amount, reference);
        prop_assert_eq!(parse_amount(&text, reference).unwrap_or_else(|told| panic!("{text}\n{told:#?}")), amount.clone());
        let json = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
    }

    #[test]
    fn the_interval_holds_the_exact_amount_on_every_completion(
        shape in 0..SHAPES.len(), picks in prop::array::uniform3(0_usize..6),
    ) {
        let keys = ["rd_expense", "revenue", "tax_paid"];
        let known: Vec<(Option<Json>, Vec<i64>)> = picks.into_iter().map(figure).collect();
        let mut partial = json!({});
        for (key, (value, _)) in keys.iter().zip(&known) {
            if let Some(value) = value {
                partial[*key] = value.clone();
            }
        }
        let told = of(SHAPES[shape], &partial);
        let mut values = std::collections::BTreeSet::new();
        for one in &known[0].1 {
            for two in &known[1].1 {
                for three in &known[2].1 {
                    let year = |value: &i64| json!({ "2025": value });
                    let facts = json!({ "rd_expense": year(one), "revenue": year(two), "tax_paid": year(three) });
                    let exact = of(SHAPES[shape], &facts);
                    prop_assert!(exact.is_exact() && exact.needs.is_empty());
                    prop_assert!(told.low <= exact.low && told.high.is_none_or(|high| exact.low <= high), "{facts}");
                    values.insert(exact.low);
                }
            }
        }
        if told.is_exact() {
            prop_assert_eq!(values.len(), 1);
        } else {
            prop_assert!(!told.needs.is_empty(), "what is open names what would close it");
        }
    }
}
