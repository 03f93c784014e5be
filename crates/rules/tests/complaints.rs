//! What an official is told of a text that does not read: where it is, what was expected there, which name was meant.
#![expect(clippy::unwrap_used, reason = "a test's helpers")]

use rules::{Position, Problem, Reference, text};

fn complaint(text: &str) -> Problem {
    text::parse(text, Reference::builtin()).unwrap_err().swap_remove(0)
}

#[test]
fn the_place_is_line_and_column_of_the_very_word() {
    let mut wrong = Vec::new();
    for (text, line, column) in [
        ("", 1, 1),
        ("注册地 属于 武汉是", 1, 8),
        ("注册地 属于 {武汉市, 武汉是}", 1, 14),
        ("注册地 属于 武汉市\n且 上年度营业收人 > 1元", 2, 3),
        ("注册地 属于 武汉市\n\n  且 上年度营业收入 > 1斤", 3, 15),
        ("上年度营业收入 > 1元 1元", 1, 14),
        ("上年度营业收入 >= 1000 股东", 1, 17),
        ("近3年 获奖 ( 单位排明 <= 3 )", 1, 10),
        ("近3年 获奖 ( 级别 属于 {省级, 市集} )", 1, 21),
        ("( 成立 满 1年", 1, 1),
        ("成立 满 1年 )", 1, 9),
        ("满足任意2项 { 成立 满 1年 , 成立 满 2年 }", 1, 18),
        ("分档 上年度营业收入 { >= 1元 无要求 }", 1, 20),
        ("设 成长 = 评分 { 每 成立 满 1年 : 5分 }\n成长 > 1", 1, 13),
        ("成立日期 晚于 2023-02-29", 1, 9),
        ("注册地 属于 武汉市。", 1, 11),
    ] {
        let problem = complaint(text);
        if problem.position != Some(Position { line, column }) {
            wrong.push(format!("{text}: {problem}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_expectation_is_told_with_what_to_write_instead() {
    let mut wrong = Vec::new();
    for (text, expected, remedy) in [
        ("", "条件是空的", "至少写一个条件"),
        ("成立 满 1年 成立 满 2年", "应是「且」「或」或条件结尾", "用「且」或「或」连接"),
        ("独立法人", "缺少比较", "独立法人 为 是"),
        ("成立 满 三年", "应是时长", "满 18个月"),
        ("上年度营业收入 >=", "应是事实名称或数值", "100万元"),
        ("上年度", "应是事实名称", "上年度营业收入"),
        ("上年度营业收入 >= 1000园", "没有「园」这个单位", "万元"),
        ("上年度营业收入 1000万元以上", "没有写明是否包含本数", "「>=」(含本数)"),
        ("没有 重大违法", "要有一对括号", "没有 ( 近3年 重大违法 )"),
        ("注册地 属于 {武汉市 洪山区}", "应是逗号或「}」", "{甲, 乙}"),
        ("近3年 获奖 ( 单位排名 )", "应是比较", "单位排名 <= 3"),
        ("知识产权 >= 许多", "一个整数", "4件"),
        ("承诺 诚信经营", "缺少文字", "承诺「…」"),
        ("名额 若干", "要写一个整数", "名额 10"),
        ("分档 上年度营业收入 { 1元 : 无要求 }", "开头的区间", "每行写成"),
        ("分情形 { 成立 满 1年 : 无要求 }", "应是「当」", "当 条件"),
        ("设 成长 = { 5分 } 成长 > 1", "应是「评分」", "设 创新能力 = 评分"),
        ("注册地 属于 武汉市。", "看不懂的符号", "末尾不写句号"),
    ] {
        let problem = complaint(text);
        let told = problem.remedy.clone().unwrap_or_default();
        if !(problem.message.contains(expected) && told.contains(remedy)) {
            wrong.push(format!("{text}: {problem}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_nearest_name_is_asked_for_whatever_was_mistyped() {
    let mut wrong = Vec::new();
    for (text, meant) in [
        ("上年度营业收人 > 1元", "营业收入"),
        ("近2年平均研发费甬 > 1元", "研发费用"),
        ("近3年 科技将励", "科技奖励"),
        ("未列入 经营异常名单", "经营异常名录"),
        ("近3年 重大违法法", "重大违法"),
        ("注册地 属于 江厦区", "江夏区"),
        ("在江厦区注册 满 2年", "江夏区"),
        ("所属行业 属于 制照业", "制造业"),
        ("登记状态 为 存绪", "存续"),
        ("数字化水平等级 不低于 二及", "二级"),
        ("资质证书 含 高新技术企 有效", "高新技术企业"),
        ("投资项目 ( 设备投姿 > 1万元 )", "设备投资"),
        ("近3年 获奖 ( 级别 属于 省及 )", "省级"),
    ] {
        let told = complaint(text).remedy.unwrap_or_default();
        if !told.contains(&format!("是不是「{meant}")) {
            wrong.push(format!("{text}: {told}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let sources = complaint("上年度营业收入@税务 > 1元").remedy.unwrap();
    assert!(sources.contains("税务申报"), "there are few enough to name them all: {sources}");
}
