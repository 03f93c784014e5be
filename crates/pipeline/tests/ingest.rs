//! Files and seeds as they arrive, into a real database.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fail")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use domain::{Instant, Scope};
use intake::{Gate, Isolation};
use pipeline::ingest::{self, Import, Kind, Progress, Report};
use rules::Reference;
use storage::{Actor, Store};
use tempfile::TempDir;

const AT: Instant = Instant(1_795_392_000_000);

struct City {
    dir: TempDir,
    store: Store,
    again: bool,
}

impl City {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("hanqitong.db").display());
        migrations::apply(&url).await.unwrap();
        let store = Store::connect(&url, 2, Arc::new(Reference::builtin().clone())).await.unwrap();
        Self { dir, store, again: false }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn import(&self, kind: Kind, path: &Path) -> Result<Report, pipeline::Error> {
        self.import_watched(kind, path, &|_| {}).await
    }

    async fn import_watched(
        &self,
        kind: Kind,
        path: &Path,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Report, pipeline::Error> {
        let import = Import {
            store: &self.store,
            actor: Actor::new("import:test"),
            at: AT,
            today: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            gate: Gate::operator(),
            isolation: Isolation::Thread,
            again: self.again,
            rejects: None,
            progress,
        };
        ingest::import(&import, kind, path).await
    }
}

fn rejects(report: &Report) -> String {
    report.reject_file.as_deref().map(|path| std::fs::read_to_string(path).unwrap()).unwrap_or_default()
}

fn shared_policies() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where real material lies is a matter of the machine")]
    let dir = std::env::var("HANQITONG_SHARED_DATA").map(PathBuf::from).ok();
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = dir.unwrap_or_else(beside).join("policies.jsonl");
    path.exists().then_some(path)
}

#[tokio::test]
async fn every_real_policy_is_imported_with_its_text() {
    let Some(path) = shared_policies() else {
        println!("skipped: no policies.jsonl in HANQITONG_SHARED_DATA");
        return;
    };
    let city = City::new().await;
    let path = city.file("policies.jsonl", std::fs::read(path).unwrap());
    let watched = AtomicU64::new(0);
    let report = city
        .import_watched(Kind::Policies, &path, &|progress| {
            watched.fetch_add(1, Ordering::Relaxed);
            assert!(progress.bytes_read <= progress.bytes_total);
        })
        .await
        .unwrap();
    println!("{report:#?}");
    assert_eq!((report.created, report.rejected, report.reject_file.clone()), (608, 0, None), "{}", rejects(&report));
    assert!(watched.load(Ordering::Relaxed) >= 2, "progress after each chunk");
}

const HEADER: &str = "编号,标题,发文字号,发文机关,层级,适用地区,发布日期,原文网址,是否官方文本,文本来源,正文\n";

fn table(rows: &[&str]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

const GOOD: &str = "a,某通知,武科规[2022]2号,某局、另局,市,武汉市江夏区,2022-06,https://kjj.wuhan.gov.cn/1,是,verbatim_file,\"第一段\n第二段\"";

#[tokio::test]
async fn a_policy_row_becomes_a_policy_with_what_it_says_and_no_more() {
    let city = City::new().await;
    let path = city.file("a.csv", table(&[GOOD, "b,无名通知,,某局,区,全国,,https://mirror.example.com/,否,retold,"]));
    let report = city.import(Kind::Policies, &path).await.unwrap();
    assert_eq!((report.created, report.rejected), (2, 0), "{}", rejects(&report));

    let policy = city.store.find_policy(&Scope::Public, "a").await.unwrap().unwrap().revision;
    assert_eq!(policy.document_numbers, ["武科规〔2022〕2号"]);
    assert_eq!(policy.issuers, ["某局", "另局"]);
    assert_eq!(policy.area, "420115");
    assert_eq!(
        (policy.published_on, policy.published_precision.as_deref()),
        ("2022-06-01".parse().ok(), Some("month"))
    );
    assert_eq!(policy.source_url.as_deref(), Some("https://kjj.wuhan.gov.cn/1"));
    assert_eq!(policy.body.as_deref(), Some("第一段\n\n第二段"));
    assert!(policy.verbatim);

    let policy = city.store.find_policy(&Scope::Public, "b").await.unwrap().unwrap().revision;
    assert_eq!((policy.source_url, policy.published_on, policy.verbatim), (None, None, false));
    assert!(city.store.list_items(&Scope::System, None).await.unwrap().is_empty(), "no item was made up");
}

#[tokio::test]
async fn good_rows_are_taken_and_bad_ones_come_back_with_line_reason_and_remedy() {
    let city = City::new().await;
    let rows = [
        GOOD,
        "b,,,某局,市,武汉市,,,,,",
        "c,某通知,,某局,县,月球,昨天,,也许,,",
        "a,又来一次,,某局,市,武汉市,,,,,",
        "d,某通知,,某局,市,武汉市,,,,,",
    ];
    let report = city.import(Kind::Policies, &city.file("a.csv", table(&rows))).await.unwrap();
    assert_eq!((report.created, report.rejected), (2, 3));
    let told = rejects(&report);
    assert!(told.starts_with('\u{FEFF}'), "Excel opens it in Chinese");
    for line in [
        "4,标题,,必填项是空的,请填写标题",
        "5,层级,县,没有这个层级",
        "5,适用地区,月球,没有这个地区",
        "5,发布日期,昨天,看不懂这个日期",
        "5,是否官方文本,也许,应为是或否",
        "6,编号,a,\"与第 2 行重复,只导入了第 2 行\",请合并成一行",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
}

#[tokio::test]
async fn the_same_file_again_says_so_and_a_forced_run_changes_nothing() {
    let mut city = City::new().await;
    let path = city.file("a.csv", table(&[GOOD]));
    assert_eq!(city.import(Kind::Policies, &path).await.unwrap().created, 1);
    let renamed = city.file("b.csv", std::fs::read(&path).unwrap());
    let report = city.import(Kind::Policies, &renamed).await.unwrap();
    assert!(report.already_imported && report.accepted == 1, "{report:?}");
    city.again = true;
    let report = city.import(Kind::Policies, &path).await.unwrap();
    assert_eq!((report.created, report.unchanged), (0, 1));
}

#[tokio::test]
async fn an_interrupted_import_goes_on_behind_its_last_chunk() {
    let city = City::new().await;
    let row = |number: usize| {
        format!(
            r#"{{"id":"p{number}","title":"某通知","issuer":"某局","level":"市","region":"武汉市","published":null}}"#
        )
    };
    let good: Vec<String> = (0..700).map(row).collect();
    let path = city.file("a.jsonl", good.join("\n"));
    // The first chunk is committed; then the process dies: the future is dropped where it stands.
    let (dead, died) = tokio::sync::mpsc::unbounded_channel();
    {
        let progress = move |_: Progress| dead.send(()).unwrap_or_default();
        let import = city.import_watched(Kind::Policies, &path, &progress);
        let mut died = died;
        tokio::select! {
            _ = died.recv() => {}
            report = import => panic!("it came to its end: {report:?}"),
        }
    }
    let report = city.import(Kind::Policies, &path).await.unwrap();
    assert_eq!(report.resumed_after, Some(500));
    assert_eq!((report.created, report.accepted), (200, 700));
}

#[tokio::test]
async fn a_table_without_its_required_columns_is_refused_and_nothing_written() {
    let city = City::new().await;
    let path = city.file("a.csv", "编号,标题名称\na,某通知\n");
    let error = city.import(Kind::Policies, &path).await.unwrap_err();
    let told = error.for_user().unwrap();
    assert!(told.contains("标题") && told.contains("发文机关") && told.contains("--template"), "{told}");
    assert!(city.store.find_policy(&Scope::System, "a").await.unwrap().is_none());
}

#[tokio::test]
async fn a_column_nobody_reads_is_said_once() {
    let city = City::new().await;
    let text = table(&[GOOD]).replacen("编号,", "序号,编号,", 1).replacen("\na,", "\n1,a,", 1);
    let report = city.import(Kind::Policies, &city.file("a.csv", text)).await.unwrap();
    assert_eq!(report.created, 1);
    assert!(report.warnings.keys().any(|warning| warning.contains("“序号”")), "{report:?}");
}

#[tokio::test]
async fn a_gbk_table_is_read_as_chinese() {
    let city = City::new().await;
    // 编号,标题,发文机关,层级,适用地区 / a,某通知,某局,市,武汉市
    let bytes = b"\xB1\xE0\xBA\xC5,\xB1\xEA\xCC\xE2,\xB7\xA2\xCE\xC4\xBB\xFA\xB9\xD8,\xB2\xE3\xBC\xB6,\xCA\xCA\xD3\xC3\xB5\xD8\xC7\xF8\na,\xC4\xB3\xCD\xA8\xD6\xAA,\xC4\xB3\xBE\xD6,\xCA\xD0,\xCE\xE4\xBA\xBA\xCA\xD0\n";
    let report = city.import(Kind::Policies, &city.file("a.csv", bytes)).await.unwrap();
    assert_eq!(report.created, 1);
    assert_eq!(city.store.find_policy(&Scope::Public, "a").await.unwrap().unwrap().revision.title, "某通知");
}

#[tokio::test]
async fn calls_belong_to_known_items_and_have_possible_dates() {
    let city = City::new().await;
    let seeds = ingest::load_seeds(ingest::embedded().iter().copied(), Reference::builtin()).unwrap();
    ingest::store_seeds(&city.store, &seeds, &Actor::new("seed"), AT).await.unwrap();
    let rows = "事项编码,批次,开始日期,截止日期,名额,通知网址\n\
                wh-yfzx-ba,2027-1,2027-03-01,2027年3月31日,20,https://kjj.wuhan.gov.cn/1\n\
                wh-yfzx-bb,2027-1,,,,\n\
                wh-yfzx-ba,2027-2,2027-03-31,2027-03-01,,\n\
                wh-yfzx-ba,2027-3,2099-01-01,,,\n\
                wh-yfzx-ba,2027-4,,,二十,\n";
    let report = city.import(Kind::Calls, &city.file("a.csv", rows)).await.unwrap();
    let told = rejects(&report);
    assert_eq!((report.created, report.rejected), (1, 4), "{told}");
    for line in [
        "3,事项编码,wh-yfzx-bb,没有这个事项,是否想写 wh-yfzx-ba?",
        "4,截止日期,2027-03-01,截止早于开始",
        "5,开始日期,2099-01-01,",
        "6,名额,二十,",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
}

#[tokio::test]
async fn an_empty_form_imports_nothing_and_a_filled_one_imports() {
    let city = City::new().await;
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let form = ingest::template(Kind::Policies, Reference::builtin(), today).xlsx().unwrap();
    let report = city.import(Kind::Policies, &city.file("a.xlsx", form)).await.unwrap();
    assert_eq!((report.accepted, report.rejected), (0, 0));
}

/// A valid code: the first 17 places and the check digit that fits.
fn uscc(number: u32) -> String {
    let body = format!("91420100{number:09}");
    let digits = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    digits.map(|digit| format!("{body}{digit}")).find(|code| rules::uscc::check(code).is_ok()).unwrap()
}

const FIRMS: &str = "统一社会信用代码,企业名称,注册地,注册地起始日,营业收入(2025),从业人员(2025),成立日期\n";

async fn facts(city: &City, code: &str) -> serde_json::Value {
    let found = city.store.find_enterprise(&Scope::System, code).await.unwrap().unwrap();
    found.profile.to_json(Reference::builtin())["facts"].clone()
}

#[tokio::test]
async fn bad_enterprise_rows_come_back_and_good_ones_are_kept() {
    let city = City::new().await;
    let (good, other) = (uscc(1), uscc(2));
    let wrong = format!("{}{}", &good[..17], if good.ends_with('0') { '1' } else { '0' });
    let rows = format!(
        "{FIRMS}{good},甲公司,武汉市洪山区,2021-05-01,\"12,000,000.50\",12,2020-03-01\n\
         {wrong},乙公司,洪山区,,1,1,\n\
         {},丙公司,洪山县,,1,1,\n\
         {},丁公司,洪山区,,1200万元,1,\n\
         {},戊公司,洪山区,,1,1,2099-01-01\n\
         {good},甲公司又一次,江夏区,,1,1,\n\
         ,无码公司,,,,,\n\
         {other},己公司,东湖高新区,,,,\n",
        uscc(3),
        uscc(4),
        uscc(5)
    );
    let report = city.import(Kind::Enterprises, &city.file("a.csv", rows)).await.unwrap();
    let told = rejects(&report);
    assert_eq!((report.created, report.rejected), (2, 6), "{told}");
    for line in [
        "3,统一社会信用代码,",
        "4,注册地,洪山县,",
        "5,营业收入(2025),1200万元,",
        "6,成立日期,2099-01-01,",
        "7,统一社会信用代码,",
        "8,统一社会信用代码,,必填项是空的",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    assert!(told.contains("校验"), "{told}");
    assert!(told.contains("是不是“洪山"), "{told}");
    assert!(told.contains("应填 12000000"), "{told}");
    assert!(told.contains("与第 2 行重复"), "{told}");

    let facts = facts(&city, &good).await;
    assert_eq!(facts["revenue"][0]["value"], "12000000.5");
    assert_eq!(facts["place_registered"][0]["value"], "420111");
}

#[tokio::test]
async fn a_year_that_has_not_begun_is_rejected() {
    let city = City::new().await;
    let rows = format!("统一社会信用代码,企业名称,营业收入(2099)\n{},甲公司,1\n", uscc(1));
    let report = city.import(Kind::Enterprises, &city.file("a.csv", rows)).await.unwrap();
    assert_eq!((report.created, report.rejected), (0, 1));
    assert!(rejects(&report).contains("2099"), "{}", rejects(&report));
}

#[tokio::test]
async fn a_second_table_adds_what_it_says_and_leaves_the_rest() {
    let city = City::new().await;
    let code = uscc(1);
    let first = format!("{FIRMS}{code},甲公司,洪山区,2021-05-01,100,12,2020-03-01\n");
    city.import(Kind::Enterprises, &city.file("a.csv", first)).await.unwrap();
    let second =
        format!("统一社会信用代码,企业名称,注册地,注册地起始日,营业收入(2024)\n{code},甲公司,江夏区,2025-02-01,90\n");
    let report = city.import(Kind::Enterprises, &city.file("b.csv", second)).await.unwrap();
    assert_eq!(report.changed, 1);

    let facts = facts(&city, &code).await;
    assert_eq!(facts["revenue"].as_array().unwrap().len(), 2, "{facts:#}");
    assert_eq!(facts["employees_stat"].as_array().unwrap().len(), 1);
    let stays = facts["place_registered"].as_array().unwrap();
    assert_eq!(stays.len(), 2, "the move is kept: {stays:?}");
}

#[tokio::test]
async fn profiles_come_as_json_lines_with_every_problem_told() {
    let city = City::new().await;
    let good = format!(
        r#"{{"uscc":"{}","name":"甲公司","synthetic":true,"facts":{{"revenue":{{"2025":12000000}},"certificates":{{"records":[{{"kind":"高新技术企业","issued_on":"2024-11-01","valid_until":"2027-10-31"}}]}}}}}}"#,
        uscc(1)
    );
    let bad = format!(r#"{{"uscc":"{}","name":"乙公司","facts":{{"revenu":1,"place_registered":"月球"}}}}"#, uscc(2));
    let ahead = format!(r#"{{"uscc":"{}","name":"丙公司","facts":{{"established_on":"2027-01-01"}}}}"#, uscc(3));
    let path = city.file("a.jsonl", [good.as_str(), &bad, &ahead, "{\"uscc\":"].join("\n"));
    let report = city.import(Kind::Enterprises, &path).await.unwrap();
    let told = rejects(&report);
    assert_eq!((report.created, report.rejected), (1, 3), "{told}");
    for line in ["2,facts.revenu,", "2,facts.place_registered,", "3,facts.established_on,", "4,,"] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    let found = city.store.find_enterprise(&Scope::System, &uscc(1)).await.unwrap().unwrap();
    assert!(found.synthetic);
    assert_eq!(found.profile.lists.len(), 1);
}

#[tokio::test]
async fn the_enterprise_form_offers_every_fact_and_its_labels_are_all_read() {
    let city = City::new().await;
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let template = ingest::template(Kind::Enterprises, Reference::builtin(), today);
    let labels: Vec<&str> = template.columns.iter().map(|column| column.label.as_str()).collect();
    for label in ["统一社会信用代码", "注册地起始日", "营业收入(2025)", "营业收入(2024)"] {
        assert!(labels.contains(&label), "{label} is not in {labels:?}");
    }
    assert!(template.columns.iter().all(|column| !column.help.is_empty()));
    let report = city.import(Kind::Enterprises, &city.file("a.xlsx", template.xlsx().unwrap())).await.unwrap();
    assert_eq!((report.accepted, report.rejected, report.warnings.len()), (0, 0, 0), "{report:#?}");
}
