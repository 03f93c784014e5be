//! Every verdict says why: value, period, source, threshold and sentence; and what to find out where it is open.

use e2e::Program;
use e2e::letter::is_readable_chinese;
use serde_json::{Value, json};

use crate::EXE;

const ITEM: &str = "cs-yfbt-e2e";
const CODE: &str = "91420111MA4KM0EX1A";
const SENTENCE: &str = "第三条 上年度研发费用占营业收入比例不低于百分之三。";

/// A made-up policy in the format officials write, whose one item asks for a place, an amount and a ratio.
const POLICY: &str = r#"
[policy]
code = "cs-yfbt-e2e-zc"
title = "武汉市研发试验补贴办法"
issuers = ["武汉市经济和信息化局"]
bureau = "wh-jxj"
level = "city"
area = "武汉市"
kind = "办法"
published = "2026-03-01"
validity = "in_force"
summary = "按研发投入强度补贴。"

[[items]]
code = "cs-yfbt-e2e"
name = "研发试验补贴"
summary = "研发投入强度达标的企业可以申请。"
category = "innovation"
support = "grant"
mode = "application"
coverage = "full"
rolling = true
condition = """
注册地 属于 武汉市
且 上年度营业收入 >= 1000万元
且 上年度研发费用 / 上年度营业收入 >= 3%
"""

[items.sentences]
"上年度研发费用 / 上年度营业收入 >= 3%" = "第三条 上年度研发费用占营业收入比例不低于百分之三。"

[items.guide]
who = "在武汉市注册的企业"
benefit = "补贴"
steps = ["线上申请"]
handler = "武汉市经济和信息化局"

[[items.cases]]
name = "正好百分之三"
expect = "met"
as_of = 2026-11-23
boundary = true
facts = { place_registered = "420111", revenue = { 2025 = 10000000 }, rd_expense = { 2025 = 300000 } }

[[items.cases]]
name = "差一点"
expect = "not_met"
as_of = 2026-11-23
boundary = true
facts = { place_registered = "420111", revenue = { 2025 = 10000000 }, rd_expense = { 2025 = 299999 } }

[[items.cases]]
name = "研发费用未知"
expect = "unknown"
as_of = 2026-11-23
facts = { place_registered = "420111", revenue = { 2025 = 10000000 } }
"#;

struct City {
    program: Program,
    imports: usize,
}

impl City {
    fn found() -> Self {
        let program = Program::on_sqlite(EXE);
        program.ok(&["migrate"]);
        program.ok(&["seed"]);
        let file = program.dir().join("研发试验补贴.toml");
        std::fs::write(&file, POLICY).unwrap();
        program.ok(&["policy", "put", file.to_str().unwrap()]);
        program.ok(&["policy", "publish", "cs-yfbt-e2e-zc"]);
        Self { program, imports: 0 }
    }

    /// Imports what is known of the firm now.
    fn learn(&mut self, facts: &Value) {
        self.imports += 1;
        let file = self.program.dir().join(format!("企业{}.jsonl", self.imports));
        let firm = json!({ "uscc": code(), "name": "武汉试验科技有限公司", "facts": facts });
        std::fs::write(&file, format!("{firm}\n")).unwrap();
        let report = self.program.json(&["import", "enterprises", file.to_str().unwrap()]);
        assert_eq!(report["rejected"], 0, "{report:#}");
    }

    /// The one match on a day of 2026, so that 上年度 is 2025.
    fn explained(&self) -> Value {
        let code = code();
        let arguments = ["match", "--enterprise", &code, "--item", ITEM, "--as-of", "2026-11-23"];
        self.program.json(&arguments)["matches"][0].clone()
    }
}

/// The code with the check digit that fits.
fn code() -> String {
    let digits = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    let fitting = digits.map(|digit| format!("{}{digit}", &CODE[..17])).find(|code| rules::uscc::check(code).is_ok());
    fitting.expect("one of 31 digits fits")
}

fn leaves(node: &Value) -> Vec<&Value> {
    let children = node["children"].as_array().map(Vec::as_slice).unwrap_or_default();
    if children.is_empty() { vec![node] } else { children.iter().flat_map(leaves).collect() }
}

fn facts(rd_expense: Option<i64>) -> Value {
    let entry = |value: &str| json!([{ "value": value, "period": "2025", "source": "tax", "grade": "A" }]);
    let mut facts = json!({
        "place_registered": [{ "value": "420111", "source": "registry", "grade": "A" }],
        "revenue": entry("20000000"),
    });
    if let Some(expense) = rd_expense {
        facts["rd_expense"] = entry(&expense.to_string());
    }
    facts
}

#[test]
fn every_condition_is_explained_with_value_period_source_threshold_and_sentence() {
    let mut city = City::found();
    city.learn(&facts(Some(800_000)));
    let found = city.explained();
    assert_eq!((found["verdict"].as_str(), found["standing"].as_str()), (Some("met"), Some("met")), "{found:#}");
    let leaves = leaves(&found["explanation"]["root"]);
    assert_eq!(leaves.len(), 3, "{found:#}");
    for leaf in &leaves {
        assert_eq!(leaf["verdict"], "met", "{leaf:#}");
        let actual = &leaf["actual"];
        for part in [&leaf["text"], &actual["display"], &actual["source"], &leaf["threshold"]] {
            assert!(part.as_str().is_some_and(|text| !text.is_empty()), "{leaf:#}");
        }
    }
    let revenue = leaves[1];
    assert_eq!(revenue["actual"]["display"], "2000 万元", "{revenue:#}");
    assert!(revenue["actual"]["period"].as_str().unwrap().contains("2025"), "{revenue:#}");
    assert!(revenue["threshold"].as_str().unwrap().contains("1000万元"), "{revenue:#}");
    let ratio = leaves[2];
    assert_eq!(ratio["actual"]["display"], "4%", "{ratio:#}");
    assert!(ratio["actual"]["source"].as_str().unwrap().contains("税务"), "{ratio:#}");
    assert_eq!(ratio["sentence"], SENTENCE, "{ratio:#}");
}

#[test]
fn what_is_missing_is_named_as_the_smallest_set_and_a_changed_fact_changes_the_verdict() {
    let mut city = City::found();
    city.learn(&facts(None));
    let open = city.explained();
    assert_eq!((open["verdict"].as_str(), open["standing"].as_str()), (Some("unknown"), Some("missing_information")));
    let deciding = open["explanation"]["deciding"].as_array().unwrap();
    assert_eq!(deciding.len(), 1, "{deciding:#?}");
    assert_eq!(deciding[0]["fact"], "rd_expense");
    assert!(is_readable_chinese(deciding[0]["question"].as_str().unwrap()), "{deciding:#?}");

    city.learn(&facts(Some(500_000)));
    let near = city.explained();
    assert_eq!((near["verdict"].as_str(), near["standing"].as_str()), (Some("not_met"), Some("near")), "{near:#}");
    let gap = &leaves(&near["explanation"]["root"])[2]["gap"]["display"];
    assert!(gap.as_str().is_some_and(is_readable_chinese), "{near:#}");

    city.learn(&facts(Some(600_000)));
    assert_eq!(city.explained()["verdict"], "met", "exactly three percent is enough");
}

#[test]
fn the_same_explanation_reads_well_in_a_terminal() {
    let mut city = City::found();
    city.learn(&facts(None));
    let code = code();
    let said = city.program.ok(&["match", "--enterprise", &code, "--item", ITEM, "--as-of", "2026-11-23"]).stdout;
    for words in
        ["武汉试验科技有限公司", "研发试验补贴", "✓ 注册地 属于 武汉市", "? 上年度研发费用", SENTENCE, "研发费用"]
    {
        assert!(said.contains(words), "no {words} in\n{said}");
    }
}

#[test]
fn ten_thousand_firms_meet_every_item_without_a_database_read_per_pair() {
    let program = Program::on_sqlite(EXE);
    program.ok(&["migrate"]);
    program.ok(&["seed"]);
    let file = program.dir().join("企业.jsonl");
    let file = file.to_str().unwrap();
    program.ok(&["generate", "enterprises", "--count", "10000", "--seed", "7", "--out", file]);
    let imported = program.json(&["import", "enterprises", file]);
    assert_eq!((imported["created"].as_u64(), imported["rejected"].as_u64()), (Some(10_000), Some(0)), "{imported:#}");
    let report = program.json(&["match", "--all"]);
    let count = |key: &str| report[key].as_u64().unwrap_or_else(|| panic!("no {key} in {report:#}"));
    assert_eq!(count("enterprises"), 10_000);
    assert!(count("items") >= 30, "{report:#}");
    let decided: u64 = report["standings"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(decided, count("enterprises") * count("items"));
    // How many there are depends on what is open on the day.
    let compiled = |key: &str| report["compiled"][key].as_u64().unwrap();
    assert!(compiled("questions") > 0 && compiled("compared_row_by_row") < compiled("questions"), "{report:#}");
}
