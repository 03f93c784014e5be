use proptest::prelude::*;

use super::*;
use crate::problem::{Position, Problem};
use crate::reference::Reference;
use crate::tree::{Condition, arbitrary};

fn read(text: &str) -> Condition {
    parse(text, Reference::builtin()).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"))
}

fn complaints(text: &str) -> Vec<Problem> {
    parse(text, Reference::builtin()).expect_err(text)
}

fn complaint(text: &str) -> String {
    complaints(text).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn printed(text: &str) -> String {
    print(&read(text), Reference::builtin())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_printed_reads_back_as_the_same_tree(condition in arbitrary::condition()) {
        let text = print(&condition, Reference::builtin());
        let again = parse(&text, Reference::builtin());
        prop_assert_eq!(again, Ok(condition), "{}", text);
    }

    #[test]
    fn a_tree_survives_json(condition in arbitrary::condition()) {
        let json = serde_json::to_string(&condition).unwrap();
        prop_assert_eq!(serde_json::from_str::<Condition>(&json).unwrap(), condition);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[且或没有(){}「」>=<,;、@+*/0-9年月上度近每从未列入注册地属于武汉市营业收入满 \n-]{0,60}") {
        let _ = parse(&text, Reference::builtin());
    }
}

/// The examples of the grammar page, each in a block of its own.
fn examples() -> Vec<&'static str> {
    let page = include_str!("../../../../docs/rule-language.md");
    page.split("```rule\n").skip(1).filter_map(|rest| rest.split("```").next()).map(str::trim).collect()
}

#[test]
fn every_example_of_the_grammar_page_reads_and_prints_back() {
    let examples = examples();
    assert!(examples.len() >= 25, "only {} examples found", examples.len());
    for example in examples {
        let condition = read(example);
        let text = print(&condition, Reference::builtin());
        assert_eq!(read(&text), condition, "{text}");
    }
}

#[test]
fn every_name_of_the_catalogue_reads_with_every_period() {
    let reference = Reference::builtin();
    for fact in reference.catalogue.iter().filter(|fact| fact.kind.is_number()) {
        for name in std::iter::once(&fact.name).chain(&fact.aliases) {
            for period in ["上年度", "2025年", "当年一季度", "近3年", "近2年平均"] {
                let name = if lex::is_word(name) { name.clone() } else { format!(" 「{name}」") };
                let text = format!("{period}{name} > 0");
                let Condition::Compare(comparison) = read(&text) else { panic!("{text}") };
                assert!(format!("{:?}", comparison.left).contains(&format!("FactKey(\"{}\")", fact.key)), "{text}");
            }
        }
    }
}

#[test]
fn the_canonical_text_reads_like_the_notice() {
    insta::assert_snapshot!(printed(
        "注册地 属于 武汉 或 成立 满 1年"
    ), @r"
    注册地 属于 武汉市
    或 成立日期 满 1年
    ");
    insta::assert_snapshot!(printed(examples()[0]), @r"
    注册地 属于 武汉市
    且 在武汉市注册 满 2年
    且 上年度研发费用 >= 100万元
    且 上年度研发费用 / 上年度营业收入 >= 3%
    且 ( 上年度营业收入 >= 1000万元 或 近2年新增股权融资 >= 2000万元 )
    且 满足任意1项 { 近3年 获奖 含 省级科技奖励 ; 评价得分 >= 60 }
    且 没有 ( 近3年 重大违法 )
    ");
}

#[test]
fn aliases_and_full_width_forms_print_as_the_catalogue_names_them() {
    assert_eq!(printed("上年度营收　≥　１０００万元"), "上年度营业收入 >= 1000万元");
    assert_eq!(printed("资质 含 高企 有效"), "资质证书 含 高新技术企业 有效");
    assert_eq!(printed("登记状态 属于 {在业}"), "登记状态 为 存续");
    assert_eq!(printed("事故 ( 等级 >= 重大 )"), "事故 ( 等级 不低于 重大 )");
    assert_eq!(printed("数字化水平 >= 二级"), "数字化水平等级 不低于 二级");
    assert_eq!(printed("数字化水平 高于 三级"), "数字化水平等级 为 四级");
    assert_eq!(printed("企业规模 不高于 小型"), "企业规模 属于 {微型, 小型}");
    assert_eq!(printed("上年度资产负债率 不高于 70%"), "上年度资产负债率 <= 70%");
}

#[test]
fn a_mistyped_fact_is_named_with_its_place_and_the_nearest_name() {
    let problems = complaints("注册地 属于 武汉市\n且 上年度营业收人 >= 1000万元");
    assert_eq!(problems[0].position, Some(Position { line: 2, column: 3 }));
    assert_eq!(problems[0].to_string(), "第 2 行第 3 字:没有叫「营业收人」的事实。是不是「营业收入」?");
}

#[test]
fn several_mistakes_are_told_at_once() {
    let problems = complaints("注册地 属于 武汗市 且 上年度营业收人 >= 5 且 成立 满 3斤");
    assert_eq!(problems.len(), 3, "{problems:#?}");
}

#[test]
fn and_beside_or_without_brackets_is_refused_with_the_remedy() {
    let told = complaint("成立 满 1年 且 独立法人 为 是 或 主体类型 为 个体工商户");
    assert!(told.contains("混在同一层") && told.contains("甲 且 ( 乙 或 丙 )"), "{told}");
}

#[test]
fn a_boundary_without_its_side_is_refused() {
    for text in [
        "上年度营业收入 1000万元以上",
        "上年度营业收入 >= 1000万元以上",
        "上年度营业收入 >= 1000万元 以上",
        "上年度营业收入 以上",
    ] {
        let told = complaint(text);
        assert!(told.contains("没有写明是否包含本数") && told.contains(">="), "{text}: {told}");
    }
}

#[test]
fn words_run_together_are_told_apart_by_a_space() {
    let told = complaint("注册地属于武汉市");
    assert!(told.contains("「属于」前后要留空格"), "{told}");
}

#[test]
fn each_error_says_what_was_expected() {
    let told: Vec<String> = [
        "",
        "注册地 属于 武汉市。",
        "( 成立 满 1年",
        "成立 满 1年 )",
        "没有 重大违法 且",
        "满足任意0项 { 成立 满 1年 }",
        "上年度营业收入 超过 1000万元",
        "上年度营业收入 >= 1000万园",
        "独立法人",
        "近3年 获奖 含 诺贝尔奖",
        "获奖 ( 年龄 > 3 )",
        "上年度营业收入@路边社 > 0",
        "近2年每年 研发费用 > 0",
        "名额 若干",
        "成立日期 晚于 2011-02-30",
        "营业收入 同比增长率 > 0",
        "承诺 遵纪守法",
    ]
    .into_iter()
    .map(|text| format!("{text}\n  → {}", complaint(text).replace('\n', "\n  → ")))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn demands_on_records_print_in_the_words_of_their_fields() {
    assert_eq!(
        printed("投资项目 ((研发投入/设备投资<=20%) 且 没有(种类 不属于 {新建} 且 竣工日期 不早于 2024-01-01))"),
        "投资项目 ( 研发投入 / 设备投资 <= 20% 且 没有 ( 种类 不为 新建 且 竣工日期 不早于 2024-01-01 ) )"
    );
    assert_eq!(
        printed("获奖 含 省级科技奖励 (( 单位排名 <= 3 或 级别 为 国家级 ))"),
        "获奖 含 省级科技奖励 ( 单位排名 <= 3 或 级别 为 国家级 )"
    );
    for (text, wrong) in [
        ("投资项目 ( 种类 为 新建 且 级别 为 省级 )", "「投资项目」没有「级别」这一栏"),
        ("投资项目 ( 设备投姿 > 1万元 )", "是不是「设备投资」?"),
        ("投资项目 ( 种类 为 新建 且 总投资 > 1 或 总投资 > 2 )", "混在同一层"),
        ("投资项目 ( 总投资 不超过 5000万元 )", "数值用「<=」比较"),
        ("投资项目 ( 开工日期 至 总投资 不超过 2年 )", "「至」的两边都要是日期栏目"),
        ("投资项目 ( 开工日期 至 竣工日期 <= 2年 )", "如 开工日期 至 竣工日期 不超过 2年"),
        ("投资项目 ( 研发投入 / 设备投资 属于 新建 )", "不能是算式"),
        ("投资项目 ( 没有 种类 为 新建 )", "没有「没有」这一栏"),
    ] {
        let told = complaint(text);
        assert!(told.contains(wrong), "{text}: {told}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    for text in [
        "(".repeat(10_000) + "成立 满 1年" + &")".repeat(10_000),
        "没有 (".repeat(10_000) + "成立 满 1年" + &")".repeat(10_000),
        "满足任意1项 { ".repeat(5_000) + "成立 满 1年" + &" }".repeat(5_000),
        format!("{}1{} > 0", "(".repeat(10_000), ")".repeat(10_000)),
        "获奖 ".to_owned() + &"(".repeat(10_000) + "单位排名 > 1" + &")".repeat(10_000),
        "获奖 ( 单位排名 > ".to_owned() + &"(".repeat(10_000) + "1" + &")".repeat(10_001),
    ] {
        let told = complaint(&text);
        assert!(told.contains("嵌套超过"), "{}", &told[..told.len().min(300)]);
    }
    let sum = format!("{} > 0", vec!["上年度营业收入"; 5_000].join(" + "));
    assert!(complaint(&sum).contains("个运算"));
}

#[test]
fn a_megabyte_is_refused_in_one_sentence() {
    let text = "成立 满 1年 且 ".repeat(100_000);
    assert_eq!(complaints(&text).len(), 1);
    assert!(complaint(&text).contains("超过 100000 字"));
    let nonsense = "胡说 ".repeat(20_000);
    assert!(complaints(&nonsense).len() <= 51);
}

#[test]
fn quantities_of_parameters_are_read() {
    assert_eq!(parse_quantity("5.5%").unwrap().to_string(), "5.5%");
    assert_eq!(parse_quantity("-3 万元").map(|quantity| quantity.to_string()), None);
    assert_eq!(parse_quantity("−1"), None);
    assert_eq!(parse_quantity("-0.5%").unwrap().to_string(), "-0.5%");
}
