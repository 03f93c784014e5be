//! Hostile and mistaken input: every one gets a sentence in Chinese or a defined meaning, never a panic or an overflow.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test's helpers")]

use std::collections::BTreeMap;

use rules::tree::{Arithmetic, Comparison, Operator, Quantity, Unit};
use rules::{
    Condition, Context, Expression, Problem, Profile, Reference, Verdict, check, decide, explain, lower, text,
};
use serde_json::{Value as Json, json};

fn told(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What a person reads of a text that does not parse, or parses and does not pass.
fn complaint(text: &str) -> String {
    let reference = Reference::builtin();
    match text::parse(text, reference) {
        Err(problems) => told(&problems),
        Ok(condition) => told(&check(&condition, reference)),
    }
}

fn profile(facts: &Json) -> Profile {
    Profile::from_json(&json!({ "facts": facts }), Reference::builtin())
        .unwrap_or_else(|problems| panic!("{}", told(&problems)))
}

/// The verdict both evaluators agree on.
fn verdict(text: &str, facts: &Json) -> Verdict {
    let reference = Reference::builtin();
    let condition = text::parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{}", told(&problems)));
    let none = BTreeMap::new();
    let context = Context { reference, as_of: "2026-11-23".parse().unwrap(), parameters: &none };
    let profile = profile(facts);
    let explained = explain(&condition, &profile, &context, &none).verdict;
    assert_eq!(decide(&lower(&condition, reference), &profile, &context), explained, "{text}");
    explained
}

#[test]
fn a_megabyte_of_rule_text_is_refused_in_one_sentence_whatever_it_is_made_of() {
    for piece in ["成立 满 1年 且 ", "(", "「", "9", "胡说八道", "上年度营业收入 + ", "\u{0}", "满足任意1项 { "]
    {
        let text = piece.repeat(1_000_000 / piece.len() + 1);
        assert_eq!(complaint(&text).lines().count(), 1, "{piece}");
        assert!(complaint(&text).contains("条件文本超过 100000 字"), "{piece}");
    }
}

#[test]
fn as_much_text_as_is_read_is_answered_in_few_sentences() {
    for piece in ["(", ")", "{", "「", "9", "-", "且 ", "没有 ( ", "上年度营业收入 + ", "满足任意1项 { ", "胡说 或 "]
    {
        let told = complaint(&piece.repeat(99_000 / piece.chars().count()));
        assert!(!told.is_empty() && told.lines().count() <= 51, "{piece}: {}", told.lines().count());
        assert!(told.len() < 20_000, "{piece}: {} bytes for a person to read", told.len());
    }
}

#[test]
fn text_nested_ten_thousand_deep_names_the_limit() {
    for (open, close) in [("( ", " )"), ("没有 ( ", " )"), ("满足任意1项{", "}"), ("待确认「甲」(", ")")] {
        let text = format!("{}成立 满 1年{}", open.repeat(10_000), close.repeat(10_000));
        assert!(complaint(&text).contains("嵌套超过 48 层"), "{open}");
    }
    let text = format!("{}1{} > 0", "( ".repeat(10_000), " )".repeat(10_000));
    assert!(complaint(&text).contains("嵌套超过 48 层"));
}

#[test]
fn units_types_and_sides_that_do_not_fit_are_named_with_the_remedy() {
    let mut wrong = Vec::new();
    for (text, wanted) in [
        ("上年度营业收入 >= 1000人", "不能比较"),
        ("上年度营业收入 >= 3%", "不能比较"),
        ("上年度研发费用 / 上年度营业收入 >= 3万元", "不能比较"),
        ("上年度营业收入 >= 1000斤", "斤"),
        ("上年度营业收入 1000万元以上", "没有写明是否包含本数"),
        ("成立 3年以上", "以上"),
        ("独立法人 >= 3", "独立法人"),
        ("上年度营业收入 为 是", "前面只能是一个事实"),
        ("注册地 >= 3", "注册地"),
        ("上年度营业收入 属于 武汉市", "前面只能是一个事实"),
        ("上年度营业收入 / 0 >= 1", "除数是零"),
        ("成立日期 不早于 0000-00-00", "0000-00-00"),
        ("成立日期 不早于 2023-02-29", "2023-02-29"),
        ("( 成立 满 1年 ]", "括号没有配对"),
        ("满足任意1项 { 成立 满 1年 )", "}"),
        ("( 成立 满 1年 }", ")"),
        ("近0年研发费用 >= 1元", "近0年"),
        ("上年度营业收入 >= 99999999999999999999999999999999999999999万元", "9"),
        ("近999999999999年研发费用 >= 1元", "近"),
        ("成立 满 99999999999999999999年", "9"),
    ] {
        let told = complaint(text);
        if !told.contains(wanted) || !told.chars().any(|one| ('一'..='鿿').contains(&one)) {
            wrong.push(format!("{text}: {told}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The same text as a Chinese keyboard writes it.
fn widened(text: &str, which: impl Fn(char) -> bool) -> String {
    let wide = |one: char| match one {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(one) + 0xFEE0).unwrap(),
        other => other,
    };
    text.chars().map(|one| if which(one) { wide(one) } else { one }).collect()
}

#[test]
fn full_width_digits_signs_and_brackets_mean_their_half_width_forms() {
    let reference = Reference::builtin();
    let half = "上年度营业收入 >= 1000万元 且 ( 成立 满 1年 或 注册地 属于 {武汉市, 江夏区} ) 且 满足任意1项 { 成立 满 2年 ; 研发场地面积 < 200㎡ }";
    let meant = text::parse(half, reference).unwrap();
    let full = widened(half, |_| true);
    assert!(full.contains("１０００万元") && full.contains("＞＝") && full.contains("（"), "{full}");
    assert_eq!(text::parse(&full, reference), Ok(meant.clone()));
    for mixed in [widened(half, |one| one == '('), widened(half, |one| "}123".contains(one))] {
        assert_ne!(mixed, half);
        assert_eq!(text::parse(&mixed, reference), Ok(meant.clone()), "one width may open what the other closes");
    }
}

#[test]
fn rows_of_a_table_that_overlap_or_leave_a_gap_are_named_with_the_number_they_meet_at() {
    let table = |first: &str, second: &str| {
        complaint(&format!("分档 上年度营业收入 {{ {first} : 成立 满 1年 ; {second} : 成立 满 2年 }}"))
    };
    assert_eq!(table("< 5000万元", ">= 5000万元"), "");
    let told = table("<= 5000万元", ">= 5000万元");
    assert!(told.contains("第 1 行和第 2 行重叠") && told.contains("5000 万元"), "{told}");
    let told = table("< 5000万元", "> 5000万元");
    assert!(told.contains("5000 万元") && told.contains("其余"), "{told}");
}

#[test]
fn a_quotient_over_zero_is_open_and_never_a_yes_or_a_no() {
    let ratio = "上年度研发费用 / 上年度营业收入 >= 3%";
    let facts = |revenue: i64| json!({ "rd_expense": { "2025": 30_000 }, "revenue": { "2025": revenue } });
    assert_eq!(verdict(ratio, &facts(0)), Verdict::Unknown);
    assert_eq!(verdict("上年度研发费用 / 上年度营业收入 < 3%", &facts(0)), Verdict::Unknown);
    assert_eq!(verdict(ratio, &facts(1_000_000)), Verdict::Met);
    assert_eq!(verdict(ratio, &facts(1_000_001)), Verdict::NotMet);
}

#[test]
fn growth_from_a_base_that_is_not_positive_is_open() {
    for growth in ["上年度净利润 同比增长率 >= 5%", "近1年净利润 平均增长率 >= 5%", "近1年净利润 复合增长率 >= 5%"]
    {
        let facts = |base: i64| json!({ "net_profit": { "2024": base, "2025": 1_050 } });
        for base in [-1_000, -1, 0] {
            assert_eq!(verdict(growth, &facts(base)), Verdict::Unknown, "{growth} from {base}");
        }
        assert_eq!(verdict(growth, &facts(1_000)), Verdict::Met, "{growth}");
        assert_eq!(verdict(growth, &facts(1_001)), Verdict::NotMet, "{growth}");
    }
}

#[test]
fn a_profile_of_wrong_types_and_impossible_days_is_answered_place_by_place() {
    let facts = json!({
        "established_on": "0000-00-00",
        "revenue": { "2025": "一千万", "0000": 1, "2024": [[[]]], "2023": 1e300 },
        "place_registered": { "value": "420111", "since": "2023-02-29" },
        "独立法人": 3,
        "不存在的事实": 1,
    });
    let problems = Profile::from_json(&json!({ "uscc": 7, "facts": facts }), Reference::builtin()).unwrap_err();
    let told = told(&problems);
    for place in [
        "uscc",
        "facts.established_on",
        "facts.revenue.2025",
        "facts.revenue.2023",
        "facts.place_registered",
        "独立法人",
        "不存在的事实",
    ] {
        assert!(told.contains(place), "{place} is not named:\n{told}");
    }
    for odd in [json!(null), json!([]), json!("企业"), json!({ "facts": [] }), json!({ "facts": { "revenue": [[]] } })]
    {
        let told = told_of(&odd);
        assert!(told.chars().any(|one| ('一'..='鿿').contains(&one)), "{odd}: {told}");
    }
}

fn told_of(json: &Json) -> String {
    told(&Profile::from_json(json, Reference::builtin()).expect_err("no profile"))
}

#[test]
fn json_nested_ten_thousand_deep_is_refused_before_the_stack_is() {
    for (open, close) in [(r#"{"none":["#, "]}"), (r#"{"all":["#, "]}"), ("[", "]"), (r#"{"a":"#, "}")] {
        let text = format!("{}0{}", open.repeat(10_000), close.repeat(10_000));
        assert!(serde_json::from_str::<Condition>(&text).is_err(), "{open}");
        assert!(serde_json::from_str::<Json>(&text).is_err(), "{open}");
    }
    // As deep as the reader of JSON lets through.
    let deep: Json = serde_json::from_str(&format!("{}1{}", "[".repeat(120), "]".repeat(120))).unwrap();
    let told = told_of(&json!({ "facts": { "revenue": { "2025": deep } } }));
    assert!(told.contains("facts.revenue.2025"), "{}", &told[..told.len().min(300)]);
    assert!(told.len() < 2_000, "a message quotes {} bytes of what it complains of", told.len());
}

fn leaf() -> Condition {
    text::parse("上年度营业收入 >= 1000万元", Reference::builtin()).unwrap()
}

#[test]
fn trees_no_text_holds_are_refused_by_the_check_however_deep_or_wide() {
    let reference = Reference::builtin();
    let mut deep = leaf();
    for _ in 0..10_000 {
        deep = Condition::None(vec![deep]);
    }
    let problems = told(&check(&deep, reference));
    assert!(problems.contains("超过"), "{problems}");
    let wide = Condition::All(vec![leaf(); 1_000_000]);
    let problems = check(&wide, reference);
    assert_eq!(problems.len(), 1);
    assert!(told(&problems).contains("条件超过 5000 项"));

    let number = || Expression::Quantity(Quantity::parse("1", Unit::find("").unwrap()).unwrap());
    let mut left = number();
    for _ in 0..10_000 {
        left = Expression::Arithmetic { left: Box::new(left), operator: Arithmetic::Plus, right: Box::new(number()) };
    }
    let sum = Condition::Compare(Comparison { left, operator: Operator::AtLeast, right: number() });
    let problems = told(&check(&sum, reference));
    assert!(problems.contains("个运算"), "{problems}");
}

#[test]
fn a_million_leaves_are_still_decided() {
    let wide = Condition::Any(vec![leaf(); 1_000_000]);
    let core = lower(&wide, Reference::builtin());
    let none = BTreeMap::new();
    let context = Context { reference: Reference::builtin(), as_of: "2026-11-23".parse().unwrap(), parameters: &none };
    assert_eq!(decide(&core, &profile(&json!({ "revenue": { "2025": 10_000_000 } })), &context), Verdict::Met);
    assert_eq!(decide(&core, &profile(&json!({ "revenue": { "2025": 9_999_999 } })), &context), Verdict::NotMet);
    assert_eq!(decide(&core, &profile(&json!({})), &context), Verdict::Unknown);
}
