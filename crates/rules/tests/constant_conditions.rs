//! The check warns of conditions whose answer no fact can change, however their parts are nested.

use rules::{Reference, Severity, check, text};

/// The warnings, each as place, message and remedy.
fn warned(text: &str) -> Vec<String> {
    let reference = Reference::builtin();
    let condition = text::parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    let problems = check(&condition, reference);
    assert!(problems.iter().all(|problem| problem.severity == Severity::Warning), "{problems:#?}");
    let parts = |problem: rules::Problem| {
        let words = [problem.place, Some(problem.message), problem.remedy];
        words.into_iter().flatten().collect::<Vec<_>>().join(":")
    };
    problems.into_iter().map(parts).collect()
}

#[test]
fn contradictions_across_nested_groups_never_hold() {
    let text = "上年度营业收入 >= 5元 且 ( 上年度营业收入 < 3元 或 上年度营业收入 < 4元 )";
    assert_eq!(warned(text), ["整个条件:「上年度营业收入 >= 5元 且 ( 上年…」永远不成立:核对数值,或把「且」改为「或」"]);
    assert!(warned("上年度营业收入 >= 5元 且 ( 上年度营业收入 < 3元 或 上年度营业收入 < 6元 )").is_empty());
    assert!(!warned("没有 ( 上年度营业收入 >= 5元 或 上年度营业收入 < 5元 ) 且 上年度营业收入 >= 6元").is_empty());
}

#[test]
fn a_group_that_always_holds_is_named_where_it_stands() {
    let text = "注册地 属于 武汉市 且 ( 独立法人 为 是 或 没有 ( 独立法人 为 是 ) )";
    let told = warned(text);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("第 2 项:") && told[0].contains("永远成立"), "{told:?}");
    assert!(warned("注册地 属于 武汉市 且 ( 独立法人 为 是 或 没有 ( 一般纳税人 为 是 ) )").is_empty());
}

#[test]
fn thresholds_that_leave_no_gap_ask_only_that_there_is_a_figure() {
    assert!(warned("上年度营业收入 >= 5元 或 上年度营业收入 < 5元")[0].contains("只要有数据就成立"));
    assert!(warned("上年度营业收入 > 5元 或 上年度营业收入 < 5元").is_empty());
}

#[test]
fn tables_that_refuse_or_accept_everybody_are_named() {
    let refused = "独立法人 为 是 且 分档 上年度营业收入 { < 5元 : 不符合 ; 其余 : 不符合 }";
    assert!(warned(refused).iter().any(|told| told.starts_with("第 2 项:") && told.contains("永远不成立")));
    let within = "独立法人 为 是 且 分档 上年度营业收入 { >= 5元 : 上年度营业收入 < 4元 ; 其余 : 不符合 }";
    assert!(warned(within).iter().any(|told| told.contains("永远不成立")), "{:?}", warned(within));
    assert!(
        warned("独立法人 为 是 且 分档 上年度营业收入 { >= 5元 : 上年度营业收入 < 6元 ; 其余 : 不符合 }").is_empty()
    );
    let free = "独立法人 为 是 且 分情形 { 当 成立 满 3年 : 无要求 ; 其余 : 无要求 }";
    assert!(warned(free).iter().any(|told| told.contains("永远成立")), "{:?}", warned(free));
}

#[test]
fn counts_and_ages_that_exclude_each_other_never_hold() {
    for text in [
        "近3年 违法记录 >= 2项 且 ( 近3年 违法记录 < 2项 或 近3年 违法记录 = 1项 )",
        "成立 满 5年 且 ( 成立 不满 3年 或 成立 不满 60个月 )",
        "登记状态 为 存续 且 ( 登记状态 为 停业 或 登记状态 为 注销 )",
    ] {
        assert!(warned(text).iter().any(|told| told.contains("永远不成立")), "{text}");
    }
}
