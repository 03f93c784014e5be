//! The language of notices, phrase by phrase: our own sentences, what each is read as, and what is left to a person.

use rules::Reference;

/// The lines of the rule language a sentence is read as; 兑现 where it only says what is paid.
fn read(notice: &str) -> String {
    let reference = Reference::builtin();
    let proposal = extract::propose(notice, reference);
    let pays =
        proposal.sentences.iter().flat_map(|one| &one.leaves).any(|leaf| leaf.role == extract::leaf::Role::Award);
    match extract::condition(&proposal, reference) {
        Some(condition) => rules::text::print(&condition, reference),
        None if pays => "兑现".into(),
        None => "-".into(),
    }
}

/// What is claimed of each number in a sentence: role, comparison, value in base units, window.
fn claims(notice: &str) -> String {
    use extract::leaf::{Reading, Role};
    let proposal = extract::propose(notice, Reference::builtin());
    let leaves = proposal.sentences.iter().flat_map(|one| &one.leaves).filter(|leaf| leaf.role != Role::Manual);
    let said = leaves.map(|leaf| {
        let role = if leaf.role == Role::Award { "兑现 " } else { "" };
        let sense = if leaf.negated { "非 " } else { "" };
        let window = leaf.window.map(|window| format!(" @{}", window.words())).unwrap_or_default();
        let claim = match &leaf.reading {
            Reading::Number { operator, value, upper, .. } => {
                let upper = upper.as_ref().map(|(upper, includes)| {
                    format!(" {} {}", if *includes { "<=" } else { "<" }, rules::number::trimmed(upper, 4))
                });
                format!("{} {}{}", operator.sign(), rules::number::trimmed(value, 4), upper.unwrap_or_default())
            }
            Reading::Day { operator, day } => format!("{} {}-{}-{}", operator.sign(), day.year, day.month, day.day),
            Reading::Flag(name) => (*name).to_owned(),
            Reading::Among(values) => values.join("|"),
            Reading::Within(place) => format!("{} {place}", leaf.subject),
            Reading::Words => String::new(),
        };
        format!("{role}{sense}{claim}{window}")
    });
    said.collect::<Vec<_>>().join("; ")
}

fn all(cases: &[(&str, &str)]) {
    for (notice, expected) in cases {
        assert_eq!(claims(notice), *expected, "{notice}");
    }
}

#[test]
fn a_boundary_belongs_as_the_civil_code_says_unless_the_notice_says_so_itself() {
    all(&[
        ("营业收入不低于700万元", ">= 7000000"),
        ("营业收入超过700万元", "> 7000000"),
        ("营业收入700万元以上", ">= 7000000"),
        ("营业收入700万元以上(不含)", "> 7000000"),
        ("营业收入低于700万元", "< 7000000"),
        ("营业收入低于700万元(含)", "<= 7000000"),
        ("资产负债率不得高于65%", "<= 0.65"),
        ("注册时间不满18个月", "< 18"),
        ("注册时间届满两年", ">= 24"),
        ("职工总数在16人以内", "<= 16"),
        ("年产值过百亿元的企业", "> 10000000000"),
        ("专利数量至少7件", ">= 7"),
        ("组织8家企业以上参展", ">= 8"),
    ]);
}

#[test]
fn a_notice_may_define_its_own_words() {
    all(&[
        ("营业收入600万元以上,职工80人以下。本办法所称以上含本数,以下不含本数。", ">= 6000000; < 80"),
        ("营业收入600万元(含)以上,职工80人以下(含)。本办法所称以上、以下均不含本数。", ">= 6000000; <= 80"),
        ("营业收入600万元以上900万元以下。本办法所称以上、以下均不含本数。", "> 6000000 < 9000000"),
    ]);
}

#[test]
fn two_ends_of_a_range_are_one_claim() {
    all(&[
        ("营业收入900万元以上4000万元以下", ">= 9000000 <= 40000000"),
        ("营业收入在900万元至4000万元之间", ">= 9000000 <= 40000000"),
        ("营业收入在900-4000万元(不含)", ">= 9000000 < 40000000"),
        ("实到外资800万-1500万(不含)美元", ">= 8000000 < 15000000"),
        ("营业收入900万元及以上至4000万元的企业", ">= 9000000 <= 40000000"),
        ("年龄在18周岁以上55周岁以下", ">= 18 <= 55"),
    ]);
}

#[test]
fn a_boundary_two_tiers_share_belongs_to_one_of_them() {
    all(&[
        (
            "产值在3000万元至7000万元的,奖励4万元;产值在7000万元至1亿元的,奖励6万元;产值1亿元以上的,奖励9万元。",
            ">= 30000000 < 70000000; 兑现 = 40000; >= 70000000 < 100000000; 兑现 = 60000; >= 100000000; 兑现 = 90000",
        ),
        ("参保人数60人及以上的按25%返还,60人以下的按45%返还。", ">= 60; 兑现 = 0.25; < 60; 兑现 = 0.45"),
        ("参保人数60人以上的不予受理,60人(含)以下的可以提出。", ">= 60; <= 60"),
    ]);
}

#[test]
fn what_is_paid_is_told_from_what_is_asked() {
    all(&[
        ("按不超过实际投入的15%给予补助,单家企业最高不超过80万元。", "兑现 = 0.15; 兑现 <= 800000"),
        ("按每人不超过900元的标准发放。", "兑现 <= 900"),
        ("创业担保贷款最高70万元。", "兑现 <= 700000"),
        ("外债额度最高不超过等值90万美元", "兑现 <= 900000"),
        ("贷款额度最高40万元,贷款期限不超过2年。", "兑现 <= 400000; 兑现 <= 24"),
        ("贷款额度:最高不超过200万元", "兑现 <= 2000000"),
        ("资助标准:话剧项目不超过30万元", "兑现 <= 300000"),
        ("给予在本单位工作满9个月的人员补贴2000元。", ">= 9; 兑现 = 2000"),
        ("按固定资产投资的4%-12%给予奖励", "兑现 >= 0.04 <= 0.12"),
        (
            "资助标准:话剧不超过30万元;歌剧不超过50万元。歌剧投资不超过500万元。",
            "兑现 <= 300000; 兑现 <= 500000; <= 5000000",
        ),
        ("补贴标准:对投资额不低于400万元的项目,给予补贴8万元。", ">= 4000000; 兑现 = 80000"),
        ("注册资金不低于600万元", ">= 6000000"),
        ("公示期不少于7个工作日", ""),
        ("重点资助40周岁以下的创业者", "<= 40"),
    ]);
}

#[test]
fn a_time_belongs_to_what_it_was_said_of() {
    all(&[
        ("上年度研发费用不低于90万元", ">= 900000 @last_year"),
        ("上年研发费用不低于90万元", ">= 900000 @last_year"),
        ("近两个会计年度研发费用合计超过190万元", "> 1900000 @last_2y"),
        ("近三年,研发费用合计超过190万元", "> 1900000 @last_3y"),
        ("三年来无安全事故", "非 安全事故 @last_3y"),
        ("近三年经营正常,未发生重大安全事故", "非 重大安全事故 @last_3y"),
        ("裁员率不高于上年度控制目标5%", "<= 0.05"),
        ("上年度缴纳失业保险费满9个月", ">= 9"),
        ("截至上年末资产负债率不超过80%", "<= 0.8"),
        ("2021年至2023年营业收入均超过800万元", "> 8000000"),
        ("近4年内注册成立的企业", "<= 48"),
        ("注册时间在2019年5月1日之后", "> 2019-5-1"),
        ("2018年7月1日前在武汉市登记注册", "< 2018-7-1; 注册地 武汉市"),
        ("请于2018年7月1日前提交材料", ""),
        ("企业成立不足三年的,按实际经营年限计算", ""),
        ("在合同届满3个月前提出", ""),
    ]);
}

#[test]
fn places_lists_and_certificates_are_names_not_stretches_of_text() {
    all(&[
        ("申报单位原则上应在黄石市依法注册", "注册地 黄石市"),
        ("须在襄阳市市场监管部门登记注册", "注册地 襄阳市"),
        ("工商、税务、统计关系均在江岸区", "注册地 江岸区; 税务征管地 江岸区; 统计关系所在地 江岸区"),
        ("应为省内登记注册的企业", "注册地 本省"),
        ("未被列入经营异常名录、严重违法失信企业名单", "非 经营异常名录|严重违法失信企业名单"),
        ("近两年未发生重大安全、环保、质量事故", "非 重大安全事故|重大环保事故|重大质量事故 @last_2y"),
        ("近两年未发生安全事故,未发生环境污染事件", "非 安全事故|环境污染事件 @last_2y"),
        ("未被列入节能整改名单且未完成整改、失信被执行人名单", "非 节能整改名单|失信被执行人名单"),
        ("无法按期完成的违规事项", ""),
        ("在北京注册(含独立在天津注册经营的分支机构)", "注册地 北京市"),
        ("没有重大违法违规记录且未被列入严重违法失信名单", "非 重大违法违规记录; 非 严重违法失信名单"),
        ("在我市(境)内依法登记注册", "注册地 我市"),
        ("在本区注册的法人企业", "注册地 本区; 独立法人"),
        ("以茶叶种植、加工为主业", "茶叶种植|加工"),
        ("应符合新能源、生物医药等新兴产业领域", "新能源|生物医药"),
        ("已被认定为省级知识产权试点单位", "省级知识产权试点单位"),
        ("具有相应资质", ""),
        ("认定为高新技术企业须满足下列要求", ""),
        ("获得高新技术企业证书", "高新技术企业证书"),
    ]);
}

#[test]
fn blanks_of_a_typesetter_change_nothing() {
    assert_eq!(claims("年满 45 周岁以 上"), claims("年满45周岁以上"));
    assert_eq!(claims("营业收 入不低于 300 万元"), claims("营业收入不低于300万元"));
    assert_eq!(claims("营业收入300万元以上至 900万元"), claims("营业收入300万元以上至900万元"));
}

#[test]
fn tiers_in_a_row_are_alternatives() {
    insta::assert_snapshot!(read("上年度营业收入达400万元、600万元以上的企业,分别给予奖励3万元、5万元。"), @r"
    上年度营业收入 >= 400万元
    或 待确认「、600万元以上」( 上年度营业收入 >= 600万元 )
    ");
    insta::assert_snapshot!(read("上年度产值在300万元至700万元的,奖励4万元;上年度产值在700万元以上的,奖励6万元。"), @r"
    ( 上年度工业总产值 >= 300万元 且 上年度工业总产值 < 700万元 )
    或 上年度工业总产值 >= 700万元
    ");
}

#[test]
fn a_kind_of_firm_in_front_is_the_case_of_its_piece() {
    insta::assert_snapshot!(read("物流型企业资产总额800万元以上,上年度营业收入1600万元以上。"), @r"
    没有 ( 人工「物流型」 )
    或 ( 待确认「物流型企业资产总额800万元以上」( 上年度资产总额 >= 800万元 ) 且 上年度营业收入 >= 1600万元 )
    ");
}

#[test]
fn an_age_asked_of_women_and_men_is_two_cases() {
    all(&[("女性不超过50周岁、男性不超过55周岁", "女; <= 50; 男; <= 55")]);
}

#[test]
fn growth_is_a_threshold_only_over_a_stretch_of_years() {
    all(&[("近三年研发投入持续增长", "> 0 @last_3y"), ("销售额保持稳定增长", ""), ("利润总额为正数", "> 0")]);
}

#[test]
fn a_list_without_marks_under_a_refusal_must_not_be_so() {
    insta::assert_snapshot!(read("有下列情形之一的,不予支持:被列入经营异常名录的;上年度资产负债率高于90%的。"), @"没有 ( 列入 经营异常名录 或 上年度资产负债率 > 90% )");
}

#[test]
fn a_heading_of_its_own_line_refuses_what_stands_below_it() {
    let notice = "一、申报条件\n1.上年度营业收入不低于300万元。\n二、不予支持的情形\n1.上年度资产负债率高于90%的。\n\
                  2.被列入经营异常名录的,不予支持。\n三、其他\n1.上年度研发费用不低于20万元。";
    insta::assert_snapshot!(read(notice), @r"
    上年度营业收入 >= 300万元
    且 没有 ( 上年度资产负债率 > 90% )
    且 没有 ( 列入 经营异常名录 )
    且 上年度研发费用 >= 20万元
    ");
}

#[test]
fn a_figure_of_other_firms_waits_for_a_person() {
    insta::assert_snapshot!(read("条件要求\n在孵企业上年度营业收入不低于30万元。"), @"待确认「在孵企业上年度营业收入不低于30万元」( 上年度营业收入 >= 30万元 )");
}

#[test]
fn an_age_with_two_ends_is_two_lines() {
    insta::assert_snapshot!(read("登记注册满1年以上4年以下的企业。"), @r"
    成立日期 满 1年
    且 成立日期 不超过 4年
    ");
}
