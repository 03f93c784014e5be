use super::*;
use crate::problem::Severity;
use crate::text::parse;

fn problems(text: &str) -> Vec<String> {
    let reference = Reference::builtin();
    let condition = parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    check(&condition, reference).iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_condition_has_no_problems() {
    let page = include_str!("../../../../docs/rule-language.md");
    let examples: Vec<&str> =
        page.split("```rule\n").skip(1).filter_map(|rest| rest.split("```").next()).map(str::trim).collect();
    for example in examples {
        assert_eq!(problems(example), Vec::<String>::new(), "{example}");
    }
}

#[test]
fn each_problem_names_its_place_and_remedy() {
    let told: Vec<String> = [
        "营业收入 >= 1000万元",
        "上年度营业收入 >= 1000人",
        "上年度营业收入 >= 3%",
        "上年度研发费用 / 上年度营业收入 >= 3万元",
        "上年度营业收入 * 上年度研发费用 >= 3万元",
        "100万元 >= 3万元",
        "上年度研发场地面积 >= 200㎡",
        "当年一季度资产总额 >= 1万元",
        "当年营业收入 同比增长率 >= 5%",
        "企业规模 >= 3",
        "上年度营业收入 >= 0",
        "上年度营业收入 < 0元",
        "上年度涉农收入占比 > 100%",
        "上年度营业收入 >= 100万元 且 上年度营业收入 < 50万元",
        "成立 满 3年 且 成立 不满 2年",
        "登记状态 为 存续 且 登记状态 为 注销",
        "注册地 属于 江夏区 且 注册地 属于 武昌区",
        "注册地 属于 {武汉市, 江夏区}",
        "独立法人 属于 {是, 否}",
        "满足任意3项 { 成立 满 1年 ; 独立法人 为 是 }",
        "成立 满 1年 且 成立 满 1年",
        "成立 满 1年 或 择优",
        "知识产权 >= 0项",
        "获奖 有效",
        "2025-09-30 至 2023-10-01 获奖",
        "获奖 ( 单位排名 <= 3% )",
        "投资项目 ( 研发投入 / 设备投资 <= 3万元 )",
        "投资项目 ( 研发投入 * 设备投资 <= 3万元 )",
        "投资项目 ( 开工日期 > 总投资 或 总投资 / 0 > 1% )",
        "投资项目 ( 1 > 2 且 种类 > 2 )",
        "投资项目 ( 开工日期 至 开工日期 不超过 2年 )",
        "近2年每年 ( 上年度研发费用 >= 1万元 )",
        "近2年营业收入 复合增长率 + 1% >= 5%",
        "上年度裁员率 <= 参数「不存在」",
        "近2年研发场地面积 >= 1㎡",
    ]
    .into_iter()
    .map(|text| format!("{text}\n  → {}", problems(text).join("\n  → ")))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_reading_nobody_has_confirmed_is_refused_until_it_is_taken_out_of_its_brackets() {
    let told = problems("成立 满 1年 且 待确认「营业收入1000万元以上」( 上年度营业收入 >= 1000万元 )");
    assert_eq!(
        told,
        [
            "第 2 项:「营业收入1000万元以上」的读法还没有人确认。对照原句核对括号里的条件:读对了就只留下括号里的条件,读错了就改写"
        ]
    );
    assert_eq!(problems("成立 满 1年 且 上年度营业收入 >= 1000万元"), Vec::<String>::new());
    let told = problems("待确认「营业收入1000人以上」( 上年度营业收入 >= 1000人 )");
    assert_eq!(told.len(), 2, "what is wrong inside is told as well: {told:#?}");
}

#[test]
fn trees_no_text_can_hold_are_reported_and_not_followed() {
    let reference = Reference::builtin();
    let mut deep = Condition::Manual("看".into());
    for _ in 0..60 {
        deep = Condition::None(vec![deep]);
    }
    assert!(check(&deep, reference).iter().any(|problem| problem.message.contains("嵌套超过")));
    assert!(!check(&Condition::All(Vec::new()), reference).is_empty());
    let odd = Condition::AtLeast { k: 0, of: vec![Condition::Manual("「".into())] };
    assert_eq!(check(&odd, reference).iter().filter(|problem| problem.severity == Severity::Error).count(), 2);
}

#[test]
fn demands_on_records_no_text_can_hold_are_reported() {
    use crate::tree::{Figure, Filter, Operator, Quantifier, Records, Span};
    let told = |filter: Filter| {
        let records = Records {
            list: "awards".into(),
            selection: None,
            span: Span::Ever,
            quantifier: Quantifier::Some,
            filters: vec![filter],
        };
        let told = check(&Condition::Records(records), Reference::builtin());
        told.iter().map(ToString::to_string).collect::<Vec<_>>().join(" / ")
    };
    let sound = Filter::among("level", vec!["省级".into()]);
    let deep = (0..60).fold(sound.clone(), |inner, _| Filter::None(vec![inner]));
    let right = Figure::field("unit_rank");
    let mistyped = Filter::Compare { left: Figure::field("unit_rnak"), operator: Operator::Less, right };
    assert_eq!(told(sound.clone()), "");
    assert!(told(deep).contains("嵌套超过"));
    assert!(told(Filter::All(vec![sound])).contains("至少要连接两个"));
    assert!(told(Filter::None(Vec::new())).contains("是空的"));
    assert!(told(mistyped).contains("是不是「unit_rank」"), "the nearest field is named");
}

#[test]
fn every_derived_fact_of_the_catalogue_can_be_worked_out() {
    use crate::evaluate::measure::Measure;
    use crate::reference::Derivation;
    let reference = Reference::builtin();
    let mut derived = 0;
    for fact in reference.catalogue.iter() {
        if let Some(Derivation::Expression(text)) = &fact.derived {
            let expression = crate::text::parse_derivation(text, reference).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(Measure::of(&expression, reference), Measure::Share, "{}", fact.name);
            derived += 1;
        }
    }
    assert!(derived >= 5);
}

/// A problem of a table names the rows, the values and what to do; every problem at once.
#[test]
fn tables_are_checked_for_gaps_overlaps_and_rows_nobody_is_in() {
    let told: Vec<String> = [
        // N23 as the notice is written: 5000万元 falls into two rows.
        "分档 上年度营业收入 { >= 1000万元 且 <= 5000万元 : 上年度营业收入 同比增长率 >= 20% ; >= 5000万元 且 <= 1亿元 : 上年度营业收入 同比增长率 >= 15% ; 其余 : 不符合 }",
        "分档 上年度营业收入 { < 5000万元 : 成立 满 1年 ; > 5000万元 : 成立 满 2年 }",
        "分档 上年度营业收入 { >= 1000万元 且 < 5000万元 : 成立 满 1年 ; >= 4000万元 : 成立 满 2年 }",
        "分档 上年度净利润 { >= 0 : 无要求 }",
        "分档 上年度营业收入 { < 0元 : 成立 满 1年 ; >= 0元 : 成立 满 2年 }",
        "分档 上年度涉农收入占比 { <= 50% : 成立 满 1年 ; > 100% : 无要求 ; 其余 : 不符合 }",
        "分档 上年度营业收入 { >= 5000万元 且 < 1000万元 : 成立 满 1年 ; 其余 : 无要求 }",
        "分档 上年度营业收入 { >= 30人 : 成立 满 1年 ; 其余 : 无要求 }",
        "分档 上年度营业收入, 上年度营业收入 同比增长率 { > 1亿元, > 10% : 无要求 ; > 5亿元, > 5% : 成立 满 1年 ; 其余 : 不符合 }",
        "分档 上年度营业收入, 上年度从业人员 { < 1000万元, 任意 : 无要求 ; >= 1000万元, < 20人 : 成立 满 1年 }",
        "分档 3万元 { >= 1万元 : 无要求 ; 其余 : 不符合 }",
        "分情形 { 当 独立法人 为 是 : 成立 满 1年 ; 当 独立法人 为 是 : 成立 满 2年 }",
        "成立 满 1年 且 无要求",
    ]
    .into_iter()
    .map(|text| format!("{text}\n  → {}", problems(text).join("\n  → ")))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn scores_are_checked_for_names_caps_and_lines_out_of_reach() {
    let score = "设 创新 = 评分 { 按 上年度研发强度 { >= 5% : 20分 ; 其余 : 0分 } ; 当 独立法人 为 是 : 5分 }";
    let told: Vec<String> = [
        format!("{score} 创新 >= 26分"),
        format!("{score} 创新 >= 25分"),
        format!("{score} 创新 >= 0分"),
        format!("{score} 创新 >= 3万元"),
        "设 创新 = 评分 { 当 独立法人 为 是 : 5分 ; 最高 9分 } 创新 >= 5分".to_owned(),
        "设 创新 = 评分 { 择高 { 当 独立法人 为 是 : 5分 } ; 当 营业收入 >= 1元 : 3分 } 创新 >= 5分".to_owned(),
        "设 创新 = 评分 { 按 上年度研发强度 { >= 5% : 20分 ; >= 3% 且 <= 5% : 10分 } } 创新 >= 10分".to_owned(),
    ]
    .iter()
    .map(|text| format!("{text}\n  → {}", problems(text).join("\n  → ")))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn one_name_means_one_score_and_scores_hold_no_scores() {
    use std::sync::Arc;

    use crate::tree::{Comparison, Expression, Operator, Part, Quantity, Rule, Score, Unit};
    let points = |points| Quantity::new(points, 0, Unit::find("分").unwrap());
    let of = |name: &str, condition: Condition, most| {
        let rule = Rule::When { condition: Box::new(condition), points: points(most) };
        Arc::new(Score { name: name.to_owned(), parts: vec![Part { rule, cap: None }], cap: None })
    };
    let reaches = |score: &Arc<Score>, line| {
        Condition::Compare(Comparison {
            left: Expression::Score(Arc::clone(score)),
            operator: Operator::AtLeast,
            right: Expression::Quantity(points(line)),
        })
    };
    let reference = Reference::builtin();
    let legal = || parse("独立法人 为 是", reference).unwrap();
    let inner = of("甲", legal(), 5);
    let told = |condition: &Condition| {
        check(condition, reference).iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join(";")
    };
    let two = Condition::All(vec![reaches(&inner, 5), reaches(&of("甲", legal(), 6), 6)]);
    assert!(told(&two).contains("有两个不同的评分都叫「甲」"), "{}", told(&two));
    let nested = reaches(&of("乙", reaches(&inner, 5), 6), 6);
    assert!(told(&nested).contains("评分里用了评分「甲」"), "{}", told(&nested));
    let taken = reaches(&of("营业收入", legal(), 5), 5);
    assert!(told(&taken).contains("和事实同名"), "{}", told(&taken));
    assert_eq!(told(&reaches(&inner, 5)), "");
}

#[test]
fn a_tree_no_text_can_say_is_refused_at_its_leaf() {
    use crate::tree::{
        Comparison, Contains, Expression, FactReference, Mark, Membership, Operator, Quantity, Unit, When, Year,
    };
    let reference = Reference::builtin();
    let legal = || parse("独立法人 为 是", reference).unwrap();
    let revenue = |ago| {
        let when = When::Year(Year::Ago(ago));
        Condition::Compare(Comparison {
            left: Expression::Fact(FactReference { fact: "revenue".into(), when, source: None }),
            operator: Operator::AtLeast,
            right: Expression::Quantity(Quantity::new(100, 0, Unit::find("万元").unwrap())),
        })
    };
    let told = |leaf: Condition| {
        let problems = check(&Condition::All(vec![legal(), leaf]), reference);
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")
    };
    assert_eq!(told(revenue(2)), "");
    for leaf in [
        revenue(3),
        Condition::Attestation("「甲」".into()),
        Condition::Manual(" 甲".into()),
        Condition::Mark(Mark::Preference(String::new())),
        Condition::Membership(Membership { fact: "reg_status".into(), negated: false, values: Vec::new() }),
        Condition::Contains(Contains { fact: "business_scope".into(), negated: false, words: vec![String::new()] }),
    ] {
        let told = told(leaf.clone());
        assert!(told.contains("第 2 项"), "{leaf:?}: {told}");
    }
    assert!(told(revenue(3)).contains("写不成条件文本"), "{}", told(revenue(3)));
}
