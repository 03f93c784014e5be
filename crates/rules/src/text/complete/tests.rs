use super::*;
use crate::text::names::KEYWORDS;
use crate::text::token::Placed;

/// Completes at `|`.
fn at(marked: &str) -> Vec<Completion> {
    let (before, after) = marked.split_once('|').unwrap();
    complete(&format!("{before}{after}"), before.chars().count(), Reference::builtin())
}

fn inserts(marked: &str) -> Vec<String> {
    at(marked).into_iter().map(|one| one.insert).collect()
}

#[test]
fn at_each_place_stands_what_may_stand_there_and_nothing_else() {
    for (marked, some, none) in [
        (
            "|",
            &["注册地", "上年度营业收入", "获奖", "没有 (", "满足任意1项 {", "近3年"][..],
            &["且", ")", ">=", "武汉市"][..],
        ),
        ("上年度营业收入 |", &[">=", "<", "同比增长率", "/", "@"], &["且", "武汉市", "获奖"]),
        ("注册地 |", &["属于", "不属于"], &["且", "武汉市"]),
        ("注册地 属于 |", &["武汉市", "{"], &["制造业", "且", "高新技术企业"]),
        ("注册地 属于 {武汉市|", &["武汉市"], &["且"]),
        ("注册地 属于 {武汉市 |", &[",", "}"], &["且", "洪山区"]),
        ("所属行业 属于 |", &["制造业", "「农、林、牧、渔业」"], &["武汉市"]),
        ("登记状态 为 |", &["存续", "注销"], &["是", "小型"]),
        ("独立法人 为 |", &["是", "否"], &["存续"]),
        ("成立 |", &["满", "不超过", "晚于"], &["且"]),
        ("成立 满 1年 |", &["且", "或"], &[")", "}", ";", "满"]),
        ("( 成立 满 1年 且 注册地 属于 武汉市 |", &["且", ")"], &["或", "}"]),
        ("满足任意1项 { 成立 满 1年 |", &[";", "}", "或"], &[")"]),
        ("近3年 |", &["获奖", "重大违法", "研发费用", "每年 ("], &["注册地", "上年度研发费用"]),
        ("近3年 获奖 |", &["含", "(", "项数", "的", ">="], &["属于"]),
        ("近3年 获奖 含 |", &["省级科技奖励"], &["高新技术企业"]),
        ("近3年 获奖 ( |", &["单位排名", "级别", "没有 ("], &["营业收入", "决定日期"]),
        ("近3年 获奖 ( 级别 属于 |", &["省级", "国家级"], &["三级", "小型"]),
        ("近3年 投资项目 ( 开工日期 |", &["至", "满"], &["且"]),
        ("近3年 投资项目 ( 开工日期 至 |", &["竣工日期"], &["总投资", "种类"]),
        ("近3年 投资项目 ( 总投资 |", &[">="], &["至"]),
        ("资质证书 含 高新技术企业 |", &["有效", "且"], &["为"]),
        ("上年度营业收入@|", &["税务申报"], &["获奖"]),
        ("分档 上年度营业收入 { |", &[">=", "其余 :", "任意"], &["且", "注册地"]),
        ("分档 上年度营业收入 { >= 1元 : |", &["无要求", "不符合", "注册地"], &[">="]),
        ("分情形 { |", &["当", "其余 :"], &["且", "注册地"]),
        ("设 成长 = 评分 { |", &["按", "当", "择高 {"], &["且", "注册地"]),
        ("设 成长 = 评分 { 当 成立 满 1年 : 5分 } |", &["成长", "注册地"], &["且"]),
        ("近2年每年 ( |", &["研发费用"], &["上年度研发费用"]),
    ] {
        let found = inserts(marked);
        for wanted in some {
            assert!(found.iter().any(|one| one == wanted), "{marked} lacks {wanted}: {found:?}");
        }
        for unwanted in none {
            assert!(!found.iter().any(|one| one == unwanted), "{marked} has {unwanted}");
        }
    }
}

#[test]
fn units_are_those_that_fit_the_fact() {
    let units = |marked: &str| -> Vec<String> {
        at(marked).into_iter().filter(|one| one.kind == CompletionKind::Unit).map(|one| one.insert).collect()
    };
    assert_eq!(units("上年度营业收入 >= 1000|"), ["元", "万元", "亿元"]);
    assert_eq!(units("上年度营业收入 >= 1000万|"), ["万元"]);
    assert_eq!(units("上年度营业收入 >= 1000 |"), ["元", "万元", "亿元"]);
    assert_eq!(units("上年度研发费用 / 上年度营业收入 >= 3|"), ["%", "‰", "倍"]);
    assert_eq!(units("研发场地面积 >= 200|"), ["㎡", "平方米", "万平方米"]);
    assert_eq!(units("注册地 属于 武汉市 且 ( 成立 满 3|"), ["个月", "月", "年", "天", "日"]);
}

#[test]
fn a_number_is_compared_with_facts_of_its_dimension() {
    let found = inserts("上年度营业收入 >= |");
    assert!(found.contains(&"上年度研发费用".to_owned()) && !found.contains(&"上年度从业人员".to_owned()), "{found:?}");
}

#[test]
fn what_has_been_typed_is_replaced_behind_its_period_or_number() {
    let first = |marked: &str| at(marked).into_iter().next().unwrap();
    let whole = first("营业收|");
    assert_eq!((whole.insert.as_str(), whole.replace), ("上年度营业收入", 0..3));
    let behind = at("注册地 属于 武汉市\n且 上年度营业收|").into_iter().find(|one| one.insert == "营业收入").unwrap();
    assert_eq!(behind.replace, 16..19);
    let unit = first("上年度营业收入 >= 1000万|");
    assert_eq!((unit.insert.as_str(), unit.replace), ("万元", 15..16));
    let alias = first("注册地 属于 光谷|");
    assert_eq!((alias.insert.as_str(), alias.kind), ("武汉东湖新技术开发区", CompletionKind::Area));
    assert!(alias.label.contains("光谷"), "{}", alias.label);
}

#[test]
fn names_that_begin_with_what_has_been_typed_come_before_those_that_hold_it() {
    let found = inserts("所属行业 属于 软件|");
    let place = |name: &str| found.iter().position(|one| one == name).unwrap();
    assert!(place("软件和信息技术服务业") < place("「信息传输、软件和信息技术服务业」"));
}

#[test]
fn every_proposal_says_what_it_is() {
    for (marked, insert, help) in [
        ("上年度营业收入 >= 1|", "万元", "1万元 = 10000元"),
        ("成立 |", "满", "到期当日即满"),
        ("注册地 属于 江夏|", "江夏区", "420115"),
    ] {
        let found = at(marked).into_iter().find(|one| one.insert == insert).unwrap();
        assert_eq!(found.help.as_deref(), Some(help));
    }
    let fact = at("注册|").into_iter().find(|one| one.insert == "注册地").unwrap();
    assert!(fact.help.is_some_and(|question| question.ends_with('?')));
}

#[test]
fn where_any_wording_may_stand_or_a_mistake_hides_the_place_nothing_is_proposed() {
    for marked in ["承诺「|", "经营范围 含 |", "营业外收入 >= |", "承诺「没完 且 |"] {
        assert_eq!(at(marked), [], "{marked}");
    }
    let long = format!("{}|", "注册地 属于 武汉市 且 ".repeat(2_000));
    assert_eq!(at(&long), []);
    assert_eq!(complete("", usize::MAX, Reference::builtin()), complete("", 0, Reference::builtin()));
}

#[test]
fn an_earlier_mistake_in_another_requirement_hides_nothing() {
    let found = inserts("营业外收入 >= 1元 且 注册地 属于 江夏|");
    assert_eq!(found, ["江夏区"]);
}

#[test]
fn every_keyword_of_the_parser_is_proposed_somewhere() {
    let groups = candidates::groups(Reference::builtin(), "", "");
    let proposed: Vec<Candidate> = groups.into_iter().flat_map(|group| group.candidates).collect();
    for keyword in KEYWORDS {
        assert!(proposed.iter().any(|one| one.insert.starts_with(keyword)), "{keyword}");
    }
}

#[test]
fn a_position_is_a_number_of_characters_and_may_lie_behind_the_last_of_its_line() {
    let cursor = |line, column| cursor_at("注册地\n且 成立", Position { line, column });
    assert_eq!((cursor(1, 1), cursor(1, 4), cursor(1, 5)), (Some(0), Some(3), None));
    assert_eq!((cursor(2, 1), cursor(2, 5), cursor(2, 6)), (Some(4), Some(8), None));
    assert_eq!((cursor(3, 1), cursor(0, 1), cursor(1, 0)), (None, None, None));
}

/// Every word of the grammar page's examples that completion knows is proposed where it stands, once its first character
/// has been typed.
#[test]
fn what_the_grammar_page_writes_is_proposed_where_it_stands() {
    let page = include_str!("../../../../../docs/rule-language.md");
    let known: BTreeSet<String> = candidates::groups(Reference::builtin(), "", "在")
        .into_iter()
        .flat_map(|group| group.candidates)
        .map(|candidate| candidate.insert)
        .collect();
    let mut seen = 0;
    for example in page.split("```rule\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        for Placed { token, at } in tokens(example).unwrap() {
            let Token::Word(word) = token else { continue };
            let begins =
                |insert: &str| insert == word || insert.strip_prefix(&word).is_some_and(|rest| rest.starts_with(' '));
            if !known.iter().any(|insert| begins(insert)) {
                continue;
            }
            let cursor = cursor_at(example, Position { column: at.column + 1, ..at }).unwrap();
            let found = complete(example, cursor, Reference::builtin());
            assert!(found.iter().any(|one| begins(&one.insert)), "{word} at {at:?} of\n{example}");
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen} words");
}
