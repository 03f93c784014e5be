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
        "上年度季度工业总产值 >= 1万元",
        "当年一季度营业收入 >= 1万元",
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
