use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::context::Context;
use crate::core::decide;
use crate::evaluate::arbitrary::profile;
use crate::lower::lower;
use crate::reference::Reference;
use crate::text::parse;
use crate::tree::arbitrary;

fn core(text: &str) -> Core {
    let reference = Reference::builtin();
    lower(&parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}")), reference)
}

fn program(texts: &[&str]) -> Program {
    Program::of(&texts.iter().map(|text| core(text)).collect::<Vec<_>>())
}

#[test]
fn what_two_conditions_share_is_kept_once() {
    let program = program(&[
        "上年度研发费用 / 上年度营业收入 >= 3% 且 注册地 属于 武汉市",
        "注册地 不属于 武汉市 或 上年度研发费用 / 上年度营业收入 >= 5%",
    ]);
    let statistics = program.statistics();
    assert_eq!(statistics.atoms, Count { occurrences: 4, distinct: 3 }, "one ratio at two thresholds, one place");
    assert_eq!(statistics.terms.distinct, 5, "two facts, their ratio, two thresholds");
    assert_eq!(statistics.to_string(), "2 conditions; terms 8 → 5, record sets 0 → 0, atoms 4 → 3, groups 2 → 2");
}

#[test]
fn order_repetition_side_and_unit_make_no_difference() {
    let program = program(&[
        "上年度营业收入 >= 1亿元 且 成立 满 1年",
        "成立 满 1年 且 10000万元 <= 上年度营业收入",
        "成立 满 1年 且 上年度营业收入 >= 1亿元 且 成立 满 1年",
    ]);
    assert_eq!(program.roots()[0], program.roots()[1]);
    assert_eq!(program.roots()[0], program.roots()[2]);
}

#[test]
fn every_way_to_ask_for_a_number_of_records_asks_one_question() {
    let program =
        program(&["知识产权 >= 2项", "知识产权 > 1项", "知识产权 < 2项", "知识产权 <= 1项", "没有 ( 知识产权 > 1项 )"]);
    assert_eq!((program.records().len(), program.atoms().len()), (1, 1));
    assert_eq!(program.roots()[0], program.roots()[1]);
    let [Node::Atom { negated: false, .. }, _, Node::Atom { negated: true, .. }, ..] = program.roots() else {
        panic!("{:?}", program.roots());
    };
    assert!(program.roots()[2..].iter().all(|root| *root == program.roots()[2]));
}

#[test]
fn a_draft_changes_no_earlier_row() {
    let texts = ["上年度营业收入 >= 1亿元 且 成立 满 1年", "近2年研发费用 >= 5万元"];
    let before = program(&texts);
    let mut after = before.clone();
    let draft = after.add(&core("近2年研发费用 >= 5万元 或 企业规模 为 小型"));
    assert_eq!(draft.index(), 2);
    assert!(before.terms().eq(after.terms().take(before.terms().len())));
    assert!(before.atoms().eq(after.atoms().take(before.atoms().len())));
    assert_eq!(after.atoms().len(), before.atoms().len() + 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Twelve conditions and three profiles a case, in three contexts that share one scratch.
    #[test]
    fn the_program_decides_what_each_condition_decides_alone(
        conditions in prop::collection::vec(arbitrary::condition(), 12), seed in any::<u64>(),
    ) {
        let reference = Reference::builtin();
        let cores: Vec<Core> = conditions.iter().map(|condition| lower(condition, reference)).collect();
        let evaluator = Evaluator::new(Program::of(&cores), reference);
        let mut scratch = Scratch::default();
        let parameters = [BTreeMap::new(), BTreeMap::from([("城镇调查失业率控制目标".into(), "5.2%".into())])];
        let days = ["2026-11-23", "2027-01-04", "2024-02-29"];
        for which in 0..3 {
            let profile = profile(seed.wrapping_add(which));
            let mut reader = evaluator.read(&profile, &mut scratch);
            for (at, day) in days.iter().enumerate() {
                let context =
                    Context { reference, as_of: day.parse().unwrap(), parameters: &parameters[at % 2] };
                let mut judge = reader.on(&context);
                for (index, core) in cores.iter().enumerate() {
                    let verdict = judge.verdict(ConditionId::at(index));
                    prop_assert_eq!(
                        verdict, decide(core, &profile, &context), "{} {}", day, crate::text::print(&conditions[index], reference)
                    );
                }
            }
        }
    }
}
