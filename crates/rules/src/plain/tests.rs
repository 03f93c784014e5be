use proptest::prelude::*;

use super::*;
use crate::reference::Reference;
use crate::text::parse;
use crate::tree::arbitrary;

fn said(text: &str) -> String {
    let reference = Reference::builtin();
    plain_outline(&parse(text, reference).unwrap_or_else(|wrong| panic!("{text} {wrong:?}")), reference)
}

proptest! {
    #[test]
    fn no_condition_is_said_with_signs_of_the_text_form(condition in arbitrary::condition()) {
        let said = plain_outline(&condition, Reference::builtin());
        prop_assert!(!said.contains(['<', '>', '=', '≠', '{', '}', '「', '」', '@']), "{said}");
        prop_assert!(said.lines().all(|line| line.trim().chars().count() > 2), "{said}");
    }
}

/// Every example of the grammar page, so that each construct is seen in both texts side by side.
#[test]
fn each_construct_reads_as_a_sentence() {
    let page = include_str!("../../../../docs/rule-language.md");
    let examples = page.split("```rule\n").skip(1).filter_map(|rest| rest.split("```").next()).map(str::trim);
    let both: Vec<String> = examples.map(|text| format!("{text}\n{}\n", said(text))).collect();
    insta::assert_snapshot!(both.join("\n"));
}

/// Every amount of the grammar page, in the table and in the examples below it.
#[test]
fn each_amount_reads_as_a_sentence() {
    let reference = Reference::builtin();
    let page = include_str!("../../../../docs/rule-language.md");
    let section = page.split("## 金额").nth(1).unwrap();
    let blocks = section.split("```amount\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let both: Vec<String> = lines
        .chain(blocks)
        .map(|text| {
            let amount = crate::text::parse_amount(text, reference).unwrap();
            format!("{}\n{}\n", text.trim(), plain_amount(&amount, reference))
        })
        .collect();
    insta::assert_snapshot!(both.join("\n"));
}

/// Boundaries are the money of it: each operator has its own word, and none of them is 以上.
#[test]
fn whether_the_number_itself_belongs_is_always_said() {
    let of = |sign: &str| said(&format!("上年度研发费用 {sign} 100万元"));
    assert_eq!(of(">="), "· 去年研发费用不低于 100 万元");
    assert_eq!(of(">"), "· 去年研发费用超过 100 万元");
    assert_eq!(of("<="), "· 去年研发费用不超过 100 万元");
    assert_eq!(of("<"), "· 去年研发费用低于 100 万元");
    assert_eq!(said("上年度从业人员 >= 20人"), "· 去年从业人员不少于 20 人");
    assert_eq!(said("上年度从业人员 < 20人"), "· 去年从业人员少于 20 人");
}

#[test]
fn money_is_said_in_ten_thousands_and_absence_says_what_shows_it() {
    assert_eq!(said("上年度营业收入 >= 20000000元"), "· 去年营业收入不低于 2000 万元");
    assert_eq!(said("无 近3年 重大违法"), "· 近三年没有重大违法(要有信用报告或承诺)");
    assert_eq!(said("上年度研发费用 / 上年度营业收入 >= 3%"), "· 去年研发费用占营业收入的比例不低于 3%");
}
