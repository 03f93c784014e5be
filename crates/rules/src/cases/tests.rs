use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::reference::Reference;
use crate::text::parse;
use crate::tree::arbitrary;

fn with_context<T>(run: impl FnOnce(&Context<'_>) -> T) -> T {
    let parameters = BTreeMap::from([("城镇调查失业率控制目标".to_owned(), "5.5%".to_owned())]);
    let as_of = "2026-11-23".parse().unwrap();
    run(&Context { reference: Reference::builtin(), as_of, parameters: &parameters })
}

fn proposed(text: &str) -> Vec<LeafCases> {
    let condition = parse(text, Reference::builtin()).unwrap_or_else(|wrong| panic!("{text} {wrong:?}"));
    with_context(|context| propose(&condition, context))
}

fn verdicts(text: &str) -> Vec<(Step, Verdict)> {
    proposed(text)[0].cases.iter().map(|case| (case.step, case.leaf)).collect()
}

use Step::{Above, Below, Inside, On, Outside};
use Verdict::{Met, NotMet, Unknown};

#[test]
fn each_operator_is_shown_on_both_sides_of_its_number_and_on_it() {
    let of = |sign: &str| {
        let all = verdicts(&format!("上年度研发费用 {sign} 100万元"));
        assert_eq!(all[3], (Step::Unknown, Unknown));
        [all[0], all[1], all[2]]
    };
    assert_eq!(of(">="), [(Below, NotMet), (On, Met), (Above, Met)]);
    assert_eq!(of(">"), [(Below, NotMet), (On, NotMet), (Above, Met)]);
    assert_eq!(of("<="), [(Below, Met), (On, Met), (Above, NotMet)]);
    assert_eq!(of("<"), [(Below, Met), (On, NotMet), (Above, NotMet)]);
}

#[test]
fn one_step_is_the_smallest_there_is() {
    let names = |text: &str| proposed(text)[0].cases.iter().map(|case| case.name.clone()).collect::<Vec<_>>();
    let money = names("上年度研发费用 >= 100万元");
    assert!(money[0].ends_with("999999.99 元") || money[0].ends_with("99.999999 万元"), "{money:?}");
    let age = names("成立 满 1年");
    assert!(age[0].contains("2025-11-24") && age[1].contains("2025-11-23"), "{age:?}");
    let people = names("上年度从业人员 <= 300人");
    assert!(people[2].contains("301 人"), "{people:?}");
}

#[test]
fn ratios_growth_windows_and_compound_rates_flip_at_their_boundary() {
    for text in [
        "上年度研发费用 / 上年度营业收入 >= 3%",
        "上年度资产负债率 <= 75%",
        "上年度营业收入 同比增长率 >= 15%",
        "近2年营业收入 复合增长率 >= 5%",
        "近3年研发费用 >= 1200万元",
        "近2年每年 ( 研发费用 / 营业收入 >= 3% )",
        "上年度裁员率 <= 参数「城镇调查失业率控制目标」",
        "成立日期 晚于 2011-01-01",
    ] {
        let all = verdicts(text);
        let sides: Vec<Verdict> = all.iter().filter(|(step, _)| step.is_boundary()).map(|(_, one)| *one).collect();
        assert!(sides.contains(&Met) && sides.contains(&NotMet), "{text} {all:?}");
    }
}

#[test]
fn codes_places_and_lists_are_shown_with_their_neighbours() {
    assert_eq!(verdicts("注册地 属于 江夏区"), [(Inside, Met), (Outside, NotMet), (Step::Unknown, Unknown)]);
    assert_eq!(verdicts("企业规模 不为 大型"), [(Inside, NotMet), (Outside, Met), (Step::Unknown, Unknown)]);
    assert_eq!(verdicts("无 近3年 重大违法"), [(On, Met), (Above, NotMet), (Step::Unknown, Unknown)]);
    assert_eq!(
        verdicts("知识产权 含 发明专利 >= 2件"),
        [(Below, NotMet), (On, Met), (Above, Met), (Step::Unknown, Unknown)]
    );
}

#[test]
fn everything_else_is_arranged_so_that_the_leaf_decides() {
    let text =
        "注册地 属于 武汉市 且 ( 上年度研发费用 >= 100万元 或 上年度营业收入 >= 1000万元 ) 且 没有 ( 近3年 重大违法 )";
    for leaf in proposed(text) {
        let reversed = leaf.text.contains("重大违法");
        for case in leaf.cases {
            let expected = match (case.leaf, reversed) {
                (Met, true) => NotMet,
                (NotMet, true) => Met,
                (same, _) => same,
            };
            assert_eq!(case.verdict, expected, "{} {}", leaf.text, case.name);
        }
    }
}

/// What is printed can be put into a seed file as it is: it reads back and still has the verdict it names.
#[test]
fn printed_cases_read_back_with_the_same_verdict() {
    let text = "注册地 属于 武汉市 且 上年度研发费用 / 上年度营业收入 >= 3% 且 资质证书 含 高新技术企业 有效 且 承诺「没有违法」";
    let reference = Reference::builtin();
    let condition = parse(text, reference).unwrap();
    with_context(|context| {
        let core = lower(&condition, reference);
        let printed = to_toml(&propose(&condition, context), context);
        let tables =
            format!("[[items]]\n{printed}").parse::<toml::Table>().unwrap_or_else(|wrong| panic!("{wrong}\n{printed}"));
        let cases = tables["items"][0]["cases"].as_array().unwrap();
        assert!(cases.len() >= 11, "{}", cases.len());
        for case in cases {
            let facts = serde_json::to_value(&case["facts"]).unwrap();
            let profile = Profile::from_json(&serde_json::json!({ "facts": facts }), reference).unwrap();
            let verdict = serde_json::to_value(decide(&core, &profile, context)).unwrap();
            assert_eq!(verdict.as_str(), case["expect"].as_str(), "{case}");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// What is claimed is what is; and where a boundary is shown, the leaf really changes there.
    #[test]
    fn every_case_has_the_verdicts_it_claims(condition in arbitrary::condition()) {
        with_context(|context| {
            let root = lower(&condition, context.reference);
            let leaves = condition.leaves();
            for proposed in propose(&condition, context) {
                let leaf = leaves.iter().find(|(path, _)| *path == proposed.path).unwrap().1;
                let core = lower(leaf, context.reference);
                for case in &proposed.cases {
                    prop_assert_eq!(decide(&core, &case.profile, context), case.leaf, "{}", case.name);
                    prop_assert_eq!(decide(&root, &case.profile, context), case.verdict, "{}", case.name);
                }
                if matches!(leaf, Condition::Compare(_) | Condition::Each(_)) && proposed.cases.len() > 1 {
                    let of = |verdict| proposed.cases.iter().any(|case| case.step.is_boundary() && case.leaf == verdict);
                    prop_assert!(of(Met) && of(NotMet), "{}", proposed.text);
                }
            }
            Ok(())
        })?;
    }
}
