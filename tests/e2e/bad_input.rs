//! Bad input: answered in Chinese with place and remedy, the good part taken, nothing half-written.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use e2e::letter::is_readable_chinese;
use e2e::{Outcome, Program};
use serde_json::Value;

use crate::EXE;

struct City(Program);

impl City {
    fn found() -> Self {
        let program = Program::on_sqlite(EXE);
        program.ok(&["migrate"]);
        program.ok(&["seed"]);
        Self(program)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.dir().join(name)
    }

    /// Rows of every kind and the position of the change feed: what a write would move.
    fn counts(&self) -> Value {
        let document = self.0.run(&["doctor", "--json"]).stdout;
        serde_json::from_str::<Value>(&document).unwrap()["counts"].clone()
    }

    /// Insists that the command is refused as bad input and changes nothing; gives what it said.
    fn refused(&self, arguments: &[&str]) -> String {
        let before = self.counts();
        let said = refusal(&self.0.run(arguments), arguments, 2);
        assert_eq!(self.counts(), before, "{arguments:?} left something behind");
        said
    }

    fn import(&self, file: &str) -> Value {
        self.0.json(&["import", "enterprises", file])
    }

    fn rejects(report: &Value) -> String {
        std::fs::read_to_string(report["reject_file"].as_str().unwrap_or_else(|| panic!("{report:#}"))).unwrap()
    }
}

fn refusal(outcome: &Outcome, arguments: &[&str], code: i32) -> String {
    assert_eq!(outcome.code, Some(code), "{arguments:?} said\n{}{}", outcome.stdout, outcome.stderr);
    assert!(is_readable_chinese(&outcome.stderr), "{arguments:?} said\n{}", outcome.stderr);
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    outcome.stderr.clone()
}

fn assert_says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "no {word} in\n{said}");
    }
}

/// A valid code: the first 17 places and the check digit that fits.
fn uscc(number: u32) -> String {
    let body = format!("91420100{number:09}");
    let digits = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    digits.map(|digit| format!("{body}{digit}")).find(|code| rules::uscc::check(code).is_ok()).unwrap()
}

const HEADER: &str = "统一社会信用代码,企业名称,注册地,营业收入(2025),成立日期\n";

#[test]
fn a_wrong_flag_a_missing_argument_and_an_unknown_command_name_the_place_and_the_remedy() {
    let program = Program::on_sqlite(EXE);
    let cases: [(&[&str], &[&str]); 6] = [
        (&["dmeo"], &["dmeo", "是不是 demo"]),
        (&["demo", "--prot", "1"], &["--prot", "--port"]),
        (&["import", "enterprises"], &["缺少参数", "--help"]),
        (&["serve", "--role", "everything"], &["everything", "all、web、worker"]),
        (&["demo", "--as-of", "2026-13-01"], &["2026-13-01"]),
        (&["user", "add", "张三"], &["--bureau", "--enterprise"]),
    ];
    for (arguments, words) in cases {
        let outcome = program.run(arguments);
        // Only the last one gets as far as the missing database.
        let said = if outcome.code == Some(1) { outcome.stderr } else { refusal(&outcome, arguments, 2) };
        if !said.contains("migrate") {
            assert_says(&said, words);
        }
    }
    assert!(!program.data().exists(), "wrong usage leaves nothing behind");
}

#[test]
fn a_configuration_with_an_error_names_the_key_and_what_it_should_be() {
    let misspelled = Program::on_sqlite(EXE).with("PUSH__CORN", "10 9 * * 1");
    assert_says(&refusal(&misspelled.run(&["migrate"]), &["migrate"], 2), &["corn", "cron"]);
    let duration = Program::on_sqlite(EXE).with("PUSH__LEASE", "2 minutes");
    assert_says(&refusal(&duration.run(&["migrate"]), &["migrate"], 2), &["push.lease", "15m"]);
    let relay = Program::on_sqlite(EXE).with("MAIL__TRANSPORT", "smtp");
    assert_says(&refusal(&relay.run(&["migrate"]), &["migrate"], 2), &["mail.host"]);
    let cron = Program::on_sqlite(EXE).with("PUSH__CRON", "every monday");
    cron.ok(&["migrate"]);
    assert_says(&refusal(&cron.run(&["push", "plan"]), &["push", "plan"], 2), &["push.cron", "every monday"]);
    let absent = Program::on_sqlite(EXE);
    let arguments = ["--config", "没有.toml", "migrate"];
    assert_says(&refusal(&absent.run(&arguments), &arguments, 2), &["没有.toml", "--config"]);
}

#[test]
fn an_unreachable_database_is_a_failure_that_names_the_setting_and_keeps_the_password() {
    let program = Program::on_sqlite(EXE).with("DATABASE__URL", "postgres://hqt:geheim@127.0.0.1:1/hqt");
    for arguments in [&["migrate"][..], &["match", "--all"]] {
        let said = refusal(&program.run(arguments), arguments, 1);
        assert_says(&said, &["database.url"]);
        assert!(!said.contains("geheim"), "{said}");
    }
}

#[test]
fn good_rows_are_taken_and_each_bad_one_comes_back_with_line_field_value_reason_and_remedy() {
    let city = City::found();
    let good = uscc(1);
    let wrong = format!("{}{}", &good[..17], if good.ends_with('0') { '1' } else { '0' });
    let file = city.file(
        "企业.csv",
        format!(
            "{HEADER}{good},甲公司,武汉市洪山区,12000000,2020-03-01\n{wrong},乙公司,洪山区,1,\n{},丙公司,洪山县,1,\n\
             {},丁公司,洪山区,1200万元,\n{},戊公司,洪山区,1,2099-01-01\n{good},甲公司,江夏区,1,\n",
            uscc(3),
            uscc(4),
            uscc(5)
        ),
    );
    let report = city.import(&file);
    assert_eq!((report["created"].as_u64(), report["rejected"].as_u64()), (Some(1), Some(5)), "{report:#}");
    let told = City::rejects(&report);
    let lines = [
        "3,统一社会信用代码,",
        "4,注册地,洪山县,",
        "5,营业收入(2025),1200万元,",
        "6,成立日期,2099-01-01,",
        "7,统一社会信用代码,",
    ];
    assert_says(&told, &lines);
    assert_says(&told, &["校验", "是不是“洪山”", "12000000", "重复"]);
    assert!(city.import(&file)["already_imported"].as_bool().unwrap(), "the same file once");
}

#[test]
fn chinese_encodings_and_byte_order_marks_are_understood() {
    let city = City::found();
    let row = |number| format!("{HEADER}{},汉阳造纸有限公司,汉阳区,1,\n", uscc(number));
    let (gbk, _, _) = encoding_rs::GB18030.encode(Box::leak(row(11).into_boxed_str()));
    let marked = [&b"\xef\xbb\xbf"[..], row(12).as_bytes()].concat();
    for (name, bytes, number) in [("国标.csv", gbk.into_owned(), 11), ("标记.csv", marked, 12)] {
        let report = city.import(&city.file(name, bytes));
        assert_eq!((report["created"].as_u64(), report["rejected"].as_u64()), (Some(1), Some(0)), "{name}: {report:#}");
        let said = city.0.ok(&["match", "--enterprise", &uscc(number)]).stdout;
        assert!(said.contains("汉阳造纸有限公司"), "{said}");
    }
}

#[test]
fn a_line_without_end_is_refused_without_filling_the_memory() {
    let city = City::found();
    let path = city.path("长行.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    file.write_all(HEADER.as_bytes()).unwrap();
    for _ in 0..64 {
        file.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    write!(file, "\n{},甲公司,洪山区,1,\n", uscc(21)).unwrap();
    drop(file);
    let before = city.counts();
    let outcome = city.0.run(&["import", "enterprises", path.to_str().unwrap(), "--json"]);
    match outcome.code {
        // The line is rejected and the rest is taken.
        Some(0) => {
            let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
            assert_eq!((report["created"].as_u64(), report["rejected"].as_u64()), (Some(1), Some(1)), "{report:#}");
            assert!(City::rejects(&report).len() < 10_000, "the reject file repeats the line");
        }
        _ => {
            refusal(&outcome, &["import"], 2);
            assert_eq!(city.counts(), before);
        }
    }
}

#[test]
fn a_truncated_workbook_and_a_zip_bomb_are_refused() {
    let city = City::found();
    let template = city.path("模板.xlsx");
    city.0.ok(&["import", "--template", "enterprises", template.to_str().unwrap()]);
    let whole = std::fs::read(&template).unwrap();
    let truncated = city.file("截断.xlsx", &whole[..whole.len() / 2]);
    assert_says(&city.refused(&["import", "enterprises", &truncated]), &["截断.xlsx"]);
    let bomb = city.file("炸弹.xlsx", bomb());
    assert_says(&city.refused(&["import", "enterprises", &bomb]), &["炸弹.xlsx"]);
    let text = city.file("文字.xlsx", "不是表格");
    assert_says(&city.refused(&["import", "enterprises", &text]), &["文字.xlsx"]);
}

/// A workbook of a few hundred kilobytes that unfolds to 400 MB.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..400 {
        archive.write_all(&block).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_missing_file_and_an_unreadable_table_are_named() {
    let city = City::found();
    assert_says(&city.refused(&["import", "enterprises", "没有这个文件.csv"]), &["没有这个文件.csv"]);
    let headless = city.file("无表头.csv", "甲,乙,丙\n1,2,3\n");
    assert_says(&city.refused(&["import", "enterprises", &headless]), &["统一社会信用代码"]);
}

#[test]
fn a_policy_file_with_an_error_names_file_line_and_suggestion_and_writes_nothing() {
    let city = City::found();
    let mut text =
        String::from("[policy]\ncode = \"cuo\"\ntitle = \"错\"\nissuers = [\"某局\"]\nbureau = \"wh-jxj\"\n");
    text.push_str("level = \"city\"\narea = \"武汉市\"\nvalidity = \"in_force\"\nsummary = \"错\"\n\n[[items]]\n");
    text.push_str(
        "code = \"cuo-1\"\nname = \"错\"\nsummary = \"错\"\ncategory = \"innovation\"\nsupport = \"grant\"\n",
    );
    writeln!(text, "mode = \"application\"\ncoverage = \"partial\"\ncondition = \"上年度营业收人 >= 1000万元\"")
        .unwrap();
    let file = city.file("错.toml", &text);
    let said = city.refused(&["policy", "put", &file]);
    assert_says(&said, &["错.toml", "营业收人", "营业收入", "19"]);
    assert!(!said.contains("seeds/"), "the file is not one of ours: {said}");
    let broken = city.file("断.toml", "[policy\ncode = ");
    assert_says(&city.refused(&["policy", "put", &broken]), &["断.toml", "1"]);
}

#[test]
fn a_rule_with_errors_is_answered_with_all_of_them_at_once() {
    let city = City::found();
    let file = city.file("条件.txt", "上年度营业收人 >= 1000万元\n且 注册地 属于 武汉是\n且 成立 满 三个半年\n");
    let said = city.refused(&["rule", "check", &file]);
    assert_says(&said, &["条件.txt", "营业收人", "营业收入", "武汉是", "是不是「武汉"]);
}

#[test]
fn every_mistake_a_rule_can_hold_is_answered_at_the_command_line_with_its_place() {
    let program = Program::on_sqlite(EXE);
    let file = program.dir().join("条件.txt");
    let path = file.to_str().unwrap();
    let nested = format!("{}成立 满 1年{}", "( ".repeat(10_000), " )".repeat(10_000));
    for (text, words) in [
        ("成立 满 1年 且 ".repeat(60_000).as_str(), ["第 1 行第 1 字", "超过 100000 字"]),
        (&nested, ["第 1 行第 97 字", "嵌套超过 48 层"]),
        ("上年度营业收入 >= 1000人", ["不能比较", "人"]),
        ("上年度营业收入 1000万元以上", ["第 1 行第 9 字", "没有写明是否包含本数"]),
        ("独立法人 >= 3", ["独立法人", "不是数值或日期"]),
        ("上年度营业收入 / 0 >= 1", ["除数是零", "整个条件"]),
        ("成立日期 不早于 0000-00-00", ["第 1 行第 10 字", "没有「0000-00-00」这一天"]),
        ("分档 上年度营业收入 { <= 1元 : 无要求 ; >= 1元 : 不符合 }", ["第 1 行和第 2 行重叠", "1 元"]),
        ("( 成立 满 1年 }", ["第 1 行第 1 字", "括号没有配对"]),
    ] {
        std::fs::write(&file, text).unwrap();
        let arguments = ["rule", "check", path];
        let said = refusal(&program.run(&arguments), &arguments, 2);
        assert_says(&said, &words);
        assert!(said.len() < 20_000, "{} bytes to say {words:?}", said.len());
    }
    std::fs::write(&file, "上年度营业收入　＞＝　１０００万元").unwrap();
    assert_eq!(program.ok(&["rule", "format", path]).stdout, "上年度营业收入 >= 1000万元\n");
    assert!(!program.data().exists(), "checking a rule needs no installation");
}

#[test]
fn a_rule_is_written_as_sql_and_what_an_engine_cannot_hold_is_refused() {
    let program = Program::on_sqlite(EXE);
    let file = program.dir().join("条件.txt");
    let path = file.to_str().unwrap();
    std::fs::write(&file, "近2年营业收入 平均增长率 >= 5% 且 登记状态 为 存续").unwrap();
    let said = program.ok(&["rule", "explain", path, "--sql", "postgres"]).stdout;
    assert_says(&said, &["参数 1 = 存续", "肯定符合", "可能符合", "FROM enterprise", "$1"]);
    let arguments = ["rule", "explain", path, "--sql", "sqlite"];
    assert_says(&refusal(&program.run(&arguments), &arguments, 2), &["营业收入", "改用 PostgreSQL"]);
}

#[test]
fn an_editor_is_told_what_may_follow_and_a_place_the_text_lacks_is_refused() {
    let program = Program::on_sqlite(EXE);
    let file = program.dir().join("条件.txt");
    let path = file.to_str().unwrap();
    std::fs::write(&file, "注册地 属于 武汉市\n且 上年度营业收入 >= 1000万\n").unwrap();
    assert_eq!(program.ok(&["rule", "complete", path]).stdout, "万元  1万元 = 10000元\n");
    let within = program.json(&["rule", "complete", path, "--line", "1", "--column", "5"]);
    assert!(within.as_array().unwrap().iter().any(|one| one["insert"] == "属于"), "{within:#}");
    let arguments = ["rule", "complete", path, "--line", "9", "--column", "1"];
    assert_says(&refusal(&program.run(&arguments), &arguments, 2), &["第 9 行第 1 字"]);
    for (kind, title) in [("condition", "申报条件"), ("amount", "金额"), ("profile", "企业画像")] {
        let schema: Value = serde_json::from_str(&program.ok(&["rule", "schema", kind]).stdout).unwrap();
        assert!(schema["title"].as_str().unwrap().contains(title), "{kind}");
    }
}

#[test]
fn broken_json_is_answered_with_its_line() {
    let city = City::found();
    let profile = city.file("画像.json", "{\n  \"uscc\": \"91\",\n  \"facts\": {\n");
    assert_says(&city.refused(&["match", "--profile", &profile]), &["画像.json", "第 "]);
    let unknown = city.file("画像2.json", r#"{"name":"甲","facts":{"revenu":{"2025":1}}}"#);
    assert_says(&city.refused(&["match", "--profile", &unknown]), &["revenu", "revenue"]);
    let lines =
        city.file("企业.jsonl", format!("{{\"uscc\":\"{}\",\"name\":\"甲\",\"facts\":{{}}}}\n{{\"uscc\":\n", uscc(31)));
    let report = city.import(&lines);
    assert_eq!((report["created"].as_u64(), report["rejected"].as_u64()), (Some(1), Some(1)), "{report:#}");
    assert_says(&City::rejects(&report), &["2,"]);
}

#[test]
fn broken_requests_are_answered_as_problems_in_chinese() {
    let program = City::found().0.with("SERVER__BIND", "127.0.0.1:0");
    let serving = program.serve(&["serve", "--role", "web"]);
    let reply = serving.send("POST", "/api/v1/match", "", &serde_json::json!({ "facts": { "revenue": "很多" } }));
    assert!((400..500).contains(&reply.status), "{} {}", reply.status, reply.body);
    assert!(is_readable_chinese(&reply.body), "{}", reply.body);
    let reply = serving.get("/api/v1/items/meiyou");
    assert_eq!(reply.status, 404);
    assert!(is_readable_chinese(&reply.body), "{}", reply.body);
    let reply = serving.get("/api/v1/policies?level=galaxy");
    assert_eq!(reply.status, 400, "{}", reply.body);
}

#[test]
fn an_unknown_code_item_area_or_slot_is_answered_with_what_there_is() {
    let city = City::found();
    assert_says(&city.refused(&["match", "--enterprise", "914201000000000000"]), &["--enterprise", "校验"]);
    assert_says(&city.refused(&["match", "--enterprise", &uscc(41)]), &["--enterprise", "import"]);
    assert_says(&city.refused(&["match", "--all", "--item", "meiyou"]), &["--item", "meiyou"]);
    assert_says(&city.refused(&["search", "补贴", "--area", "月球"]), &["--area", "月球"]);
    assert_says(&city.refused(&["push", "status", "--slot", "下周"]), &["--slot", "2026-W48"]);
    assert_says(&city.refused(&["user", "add", "张三", "--bureau", "nasa"]), &["--bureau", "wh-jxj"]);
}
