use chrono::NaiveDate;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn broken(change: impl FnOnce(&mut ReferenceTexts)) -> String {
    let mut texts = ReferenceTexts::builtin();
    change(&mut texts);
    let problems = Reference::parse(&texts).unwrap_err();
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_embedded_texts_parse() {
    let reference = Reference::parse(&ReferenceTexts::builtin()).unwrap();
    assert_eq!(reference.hash().len(), 64);
    assert_eq!(reference.hash(), Reference::builtin().hash());
}

#[test]
fn a_place_above_itself_and_a_place_under_nothing_are_refused() {
    let told = broken(|texts| {
        texts.areas = texts.areas.replacen("420000,湖北省,province,100000", "420000,湖北省,province,420100", 1);
        texts.areas = texts.areas.replacen("421300,随州市,city,420000", "421300,随州市,city,429999", 1);
    });
    assert!(told.contains("湖北省 的上级绕成了圈"), "{told}");
    assert!(told.contains("随州市 指向不存在的代码 429999"), "{told}");
}

#[test]
fn any_change_of_any_text_changes_the_hash() {
    let mut texts = ReferenceTexts::builtin();
    texts.areas.push_str("# 注\n");
    assert_ne!(Reference::parse(&texts).unwrap().hash(), Reference::builtin().hash());
}

#[test]
fn all_problems_are_told_at_once_with_file_and_line() {
    let told = broken(|texts| {
        texts.areas.push_str("42,某区,district,420100,,,,\n");
        texts.industries.push_str("Z99,某业,,\n");
        texts.catalogue = texts.catalogue.replacen("type = \"bool\"", "type = \"boolean\"", 2);
        texts.calendar = texts.calendar.replacen("2025-01-26", "2024-01-26", 1);
    });
    for part in ["areas.csv:代码“42”", "industries.csv", "catalogue.toml:这一项读不懂", "calendar.toml:2025 年调休"]
    {
        assert!(told.contains(part), "{part} in\n{told}");
    }
    assert_eq!(told.matches("catalogue.toml").count(), 2, "one bad entry does not hide the next\n{told}");
}

#[test]
fn a_name_that_means_two_facts_is_refused() {
    let told = broken(|texts| {
        texts.catalogue = texts.catalogue.replacen("aliases = [\"主营收入\"]", "aliases = [\"营收\"]", 1);
    });
    assert!(told.contains("main_revenue:名称“营收”已被别的事实占用"), "{told}");
}

#[test]
fn a_zone_lies_in_its_city_but_not_in_the_districts_it_touches() {
    let areas = &Reference::builtin().areas;
    let zone = areas.find("光谷").unwrap();
    assert_eq!(zone, "420100-ELHT");
    assert!(areas.contains("420100", zone) && areas.contains("420000", zone) && areas.contains(zone, zone));
    assert!(!areas.contains("420111", zone) && !areas.contains(zone, "420111"));
    assert_eq!(areas.path(zone), ["100000", "420000", "420100", "420100-ELHT"]);
}

#[test]
fn a_zone_that_runs_a_district_contains_it() {
    let areas = &Reference::builtin().areas;
    let code = |name: &str| areas.find(name).unwrap();
    assert!(areas.contains(code("武汉经开区"), code("汉南区")));
    assert!(!areas.contains(code("汉南区"), code("武汉经开区")));
    assert!(areas.contains(code("东西湖区"), code("临空港")) && areas.contains(code("临空港"), code("东西湖区")));
}

#[test]
fn the_thirteen_districts_of_wuhan_are_found_by_any_name() {
    let areas = &Reference::builtin().areas;
    let districts = areas.iter().filter(|area| area.level == AreaLevel::District).count();
    assert_eq!(districts, 13);
    assert_eq!(areas.find("武昌"), Some("420106"));
    assert_eq!(areas.find("420117"), Some("420117"));
    assert_eq!(areas.find("全国"), Some("100000"));
    assert_eq!(areas.find("火星"), None);
    assert_eq!(areas.nearest("洪山新区"), Some("洪山区"));
    assert_eq!(areas.locate("武汉市江夏区"), Some("420115"));
    assert_eq!(areas.locate("武汉东湖高新区"), Some("420100-ELHT"));
    assert_eq!(areas.locate("广东省广州市天河区"), Some("440000"));
}

#[test]
fn industries_are_known_by_code_name_and_prefix() {
    let industries = &Reference::builtin().industries;
    let sections = industries.iter().filter(|industry| industry.code.len() == 1).count();
    let divisions = industries.iter().filter(|industry| industry.code.len() == 3).count();
    assert_eq!((sections, divisions), (20, 97));
    assert_eq!(industries.find("软件业").as_deref(), Some("I65"));
    assert_eq!(industries.normalise("6510").as_deref(), Some("I6510"));
    assert_eq!(industries.normalise("c3921").as_deref(), Some("C3921"));
    assert_eq!(industries.normalise("A65"), None, "65 belongs to section I");
    assert_eq!(industries.normalise("Z12"), None);
    assert_eq!(industries.name("C3921"), Some("计算机、通信和其他电子设备制造业"));
    let industry = industries.find("工业").unwrap();
    assert!(industries.contains(&industry, "C39") && !industries.contains(&industry, "I65"));
    assert!(industries.contains("I", "I6510") && !industries.contains("I6510", "I65"));
    assert_eq!(industries.path("K7010"), ["K", "K70", "K701"]);
}

#[test]
fn a_parameter_holds_for_its_years_and_is_never_extrapolated() {
    let reference = Reference::builtin();
    let value = |on: &str| {
        let parameter = reference.parameters.get("城镇调查失业率控制目标").unwrap();
        parameter.in_force(day(on)).next().map(|value| value.value)
    };
    assert_eq!(value("2025-06-30"), Some(55_000));
    assert_eq!(value("2020-12-31"), None);
    assert_eq!(value("2031-01-01"), None);
    let hires = |on: &str| {
        let parameter = reference.parameters.get("创业担保贷款新招用比例").unwrap();
        parameter.in_force(day(on)).next().map(|value| value.value)
    };
    assert_eq!(hires("2020-04-14"), Some(250_000));
    assert_eq!(hires("2020-04-15"), Some(150_000));
}

#[test]
fn overlapping_values_of_a_parameter_are_refused() {
    let told = broken(|texts| texts.parameters = texts.parameters.replacen("to = 2022-01-01", "to = 2022-06-01", 1));
    assert!(told.contains("时间重叠"), "{told}");
}

#[test]
fn working_days_follow_the_notice_and_say_when_there_is_none() {
    let calendar = &Reference::builtin().calendar;
    for (date, working) in [
        ("2026-10-01", false),
        ("2026-10-08", true),
        ("2026-10-10", true),
        ("2026-10-11", false),
        ("2025-01-26", true),
        ("2025-10-08", false),
        ("2026-11-23", true),
    ] {
        assert_eq!(calendar.is_working_day(day(date)), working, "{date}");
    }
    assert!(calendar.is_arranged(2026) && !calendar.is_arranged(2027));
    assert!(!calendar.is_working_day(day("2027-10-01")));
    assert_eq!(calendar.add_working_days(day("2026-09-30"), 1), day("2026-10-08"));
    assert_eq!(calendar.add_working_days(day("2026-09-30"), 3), day("2026-10-10"));
    assert_eq!(calendar.add_working_days(day("2026-10-03"), 0), day("2026-10-03"));
}

#[test]
fn facts_are_found_by_the_words_of_conditions() {
    let catalogue = &Reference::builtin().catalogue;
    for (word, key) in [
        ("营业收入", "revenue"),
        ("研发费用", "rd_expense"),
        ("注册地", "place_registered"),
        ("成立日期", "established_on"),
        ("职工人数", "staff_total"),
        ("评价得分", "eval_score"),
        ("新增股权融资", "equity_paid_in"),
        ("获奖", "awards"),
    ] {
        assert_eq!(catalogue.by_name(word).map(|fact| fact.key.as_str()), Some(key), "{word}");
    }
    let (list, selection) = catalogue.selection("重大违法").unwrap();
    assert_eq!((list.key.as_str(), selection.filter.len()), ("penalties", 1));
    assert_eq!(catalogue.nearest("revenu"), Some("revenue"));
}

#[test]
fn the_self_check_asks_at_most_twelve_questions_first() {
    let mut asked: Vec<_> = Reference::builtin().catalogue.iter().filter_map(|fact| fact.ask).collect();
    asked.sort_unstable();
    assert_eq!(asked, (1..=12).collect::<Vec<u8>>());
}

#[test]
fn money_is_always_asked_in_wan_yuan() {
    for fact in Reference::builtin().catalogue.iter().filter(|fact| matches!(fact.kind, FactKind::Amount)) {
        assert!(fact.question.contains("万元"), "{}", fact.key);
        assert!(fact.find.is_some(), "{}", fact.key);
    }
}

#[test]
fn sources_of_one_rank_do_not_overrule_each_other() {
    let revenue = Reference::builtin().catalogue.find("revenue").unwrap();
    assert_eq!(revenue.rank("tax"), revenue.rank("statistics"));
    assert!(revenue.rank("tax") < revenue.rank("declared"));
    assert!(revenue.rank("declared") < revenue.rank("somebody"));
}

#[test]
fn every_derived_fact_is_an_expression_that_can_be_read() {
    let reference = Reference::builtin();
    let mut read = 0;
    for fact in reference.catalogue.iter() {
        if let Some(Derivation::Expression(expression)) = &fact.derived {
            let condition = crate::text::parse(&format!("{expression} >= 1"), reference);
            assert!(condition.is_ok(), "{}: {condition:?}", fact.key);
            read += 1;
        }
    }
    assert!(read >= 4, "{read}");
}

#[test]
fn a_fact_added_to_the_catalogue_is_read_and_named_without_code() {
    let mut texts = ReferenceTexts::builtin();
    texts.catalogue.push_str(
        "\n[[facts]]\nkey = \"green_power\"\nname = \"绿电用量\"\nquestion = \"去年用了多少度绿电?\"\ntype = \"integer\"\n\
         unit = \"千瓦时\"\nperiod = \"year\"\nsources = \"figures\"\ngrade = \"B\"\n",
    );
    let reference = Reference::parse(&texts).unwrap();
    let json = serde_json::json!({ "facts": { "绿电用量": { "2025": 12_000 } } });
    let profile = crate::Profile::from_json(&json, &reference).unwrap();
    assert!(profile.facts.contains_key(&"green_power".into()));
    assert!(crate::text::parse("上年度绿电用量 >= 10000千瓦时", &reference).is_ok());
    assert!(crate::text::parse("上年度绿电用量 >= 10000千瓦时", Reference::builtin()).is_err());
}

#[test]
fn a_city_added_to_the_areas_is_a_place_without_code() {
    let own = "code,name,level,parent,aliases,covers,overlaps,since\n\
               100000,中华人民共和国,nation,,全国,,,\n330000,浙江省,province,100000,,,,\n\
               330100,杭州市,city,330000,,,,\n330106,西湖区,district,330100,,,,\n";
    let texts = ReferenceTexts::overridden(|file| {
        Ok::<_, std::convert::Infallible>((file == "areas.csv").then(|| own.to_owned()))
    });
    let reference = Reference::parse(&texts.unwrap()).unwrap();
    assert!(reference.areas.contains("330000", reference.areas.find("西湖区").unwrap()));
    assert!(crate::text::parse("注册地 属于 杭州市", &reference).is_ok());
    assert_eq!(reference.areas.find("武汉市"), None);
}
