//! A register of enterprises as it floods in: killed and resumed, repeated, cut off, in every spelling, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fail")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use domain::{Instant, Scope};
use intake::{Gate, Isolation};
use pipeline::ingest::{self, Import, Kind, Progress, Report};
use rules::Reference;
use storage::{Actor, Store};
use tempfile::TempDir;

const AT: Instant = Instant(1_795_392_000_000);

struct Town {
    dir: TempDir,
    store: Store,
    _database: Option<cluster::Database>,
}

impl Town {
    async fn sqlite() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("hanqitong.db").display());
        Some(Self::open(dir, &url, None).await)
    }

    async fn postgres() -> Option<Self> {
        let database = cluster::database()?;
        let url = database.url().to_owned();
        Some(Self::open(tempfile::tempdir().unwrap(), &url, Some(database)).await)
    }

    async fn open(dir: TempDir, url: &str, database: Option<cluster::Database>) -> Self {
        migrations::apply(url).await.unwrap();
        let store = Store::connect(url, 2, Arc::new(Reference::builtin().clone())).await.unwrap();
        Self { dir, store, _database: database }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn import(&self, path: &Path, again: bool, progress: &(dyn Fn(Progress) + Send + Sync)) -> Report {
        let import = Import {
            store: &self.store,
            actor: Actor::new("import:test"),
            at: AT,
            today: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            gate: Gate::operator(),
            isolation: Isolation::Thread,
            again,
            rejects: Some(self.dir.path().join("rejects.csv")),
            progress,
        };
        ingest::import(&import, Kind::Enterprises, path).await.unwrap()
    }

    async fn count(&self) -> (u64, i64) {
        let firms = self.store.count_enterprises(&Scope::System).await.unwrap();
        (firms, self.store.latest_change(&Scope::System).await.unwrap())
    }

    fn rejects(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("rejects.csv")).unwrap_or_default()
    }
}

/// Two tests for each body: on SQLite and on PostgreSQL.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::Town::sqlite().await.unwrap()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(town) = crate::Town::postgres().await {
                    super::$name(town).await;
                }
            })+
        }
    };
}

on_both_engines! {
    killed_in_the_middle_it_goes_on_behind_its_last_chunk_and_a_second_run_changes_nothing,
    a_firm_that_comes_again_in_a_later_chunk_is_told_with_its_first_line,
    lines_of_documents_are_taken_whole_and_a_broken_one_comes_back,
}

/// A valid code of a made-up registrar.
fn code(number: usize) -> String {
    rules::uscc::complete(&format!("91420199MA{number:07}")).unwrap()
}

const HEADER: &str = "统一社会信用代码,企业名称,注册地,营业收入(2025)@税务申报";

fn row(number: usize) -> String {
    format!("{},演示{number}公司,洪山区,{}", code(number), number * 100)
}

fn table(rows: impl IntoIterator<Item = String>) -> String {
    let rows: Vec<String> = rows.into_iter().collect();
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// More than two chunks.
const MANY: usize = 2_300;

async fn killed_in_the_middle_it_goes_on_behind_its_last_chunk_and_a_second_run_changes_nothing(town: Town) {
    let path = town.file("a.csv", table((0..MANY).map(row)));
    // The first chunk is committed; then the process dies: the future is dropped where it stands.
    let (dead, mut died) = tokio::sync::mpsc::unbounded_channel();
    {
        let progress = move |_: Progress| dead.send(()).unwrap_or_default();
        let import = town.import(&path, false, &progress);
        tokio::select! {
            biased;
            _ = died.recv() => {}
            report = import => panic!("it came to its end: {report:?}"),
        }
    }
    let (before, changes) = town.count().await;
    assert!(before >= 1_000 && before < MANY as u64, "{before}");
    assert_eq!(changes.unsigned_abs(), before);

    let report = town.import(&path, false, &|_| {}).await;
    assert_eq!(report.resumed_after, Some(before + 1), "the header is line 1");
    assert_eq!((report.accepted, report.created), (MANY as u64, MANY as u64 - before));
    assert_eq!(town.count().await, (MANY as u64, i64::try_from(MANY).unwrap()));

    assert!(town.import(&path, false, &|_| {}).await.already_imported);
    let again = town.import(&path, true, &|_| {}).await;
    assert_eq!((again.created, again.changed, again.unchanged), (0, 0, MANY as u64));
    assert_eq!(town.count().await, (MANY as u64, i64::try_from(MANY).unwrap()), "nothing was written twice");
    let audit = town.store.list_audit(&Scope::System, 0, 10).await.unwrap();
    assert_eq!(audit.iter().filter(|entry| entry.action == "import").count(), 2, "one entry for each run that ended");
}

async fn a_firm_that_comes_again_in_a_later_chunk_is_told_with_its_first_line(town: Town) {
    let rows = (0..1_500).map(|number| if number == 1_400 { row(3) } else { row(number) });
    let report = town.import(&town.file("a.csv", table(rows)), false, &|_| {}).await;
    assert_eq!((report.created, report.rejected), (1_499, 1));
    let told = town.rejects();
    assert!(told.contains(&format!("1402,统一社会信用代码,{},", code(3))), "{told}");
    assert!(told.contains("与第 5 行重复,只导入了第 5 行"), "{told}");
}

async fn lines_of_documents_are_taken_whole_and_a_broken_one_comes_back(town: Town) {
    let reference = Reference::builtin();
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let firms: Vec<_> = domain::synthetic::enterprises(7, 40, day).collect();
    let mut lines: Vec<String> = firms.iter().map(|firm| ingest::enterprise_line(firm, true, reference)).collect();
    // The last line is cut off, as when a copy is interrupted.
    let last = lines.last_mut().unwrap();
    last.truncate(last.char_indices().nth(last.chars().count() / 2).unwrap().0);
    let report = town.import(&town.file("a.jsonl", lines.join("\r\n")), false, &|_| {}).await;
    assert_eq!((report.created, report.rejected), (39, 1), "{}", town.rejects());
    assert!(town.rejects().contains("40,,"), "{}", town.rejects());
    for firm in &firms[..39] {
        let found = town.store.find_enterprise(&Scope::System, &firm.uscc).await.unwrap().unwrap();
        assert!(found.synthetic);
        assert_eq!(&found.profile, firm);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mark_at_the_beginning_windows_line_ends_and_a_cut_end_are_borne() {
    let town = Town::sqlite().await.unwrap();
    let mut text = format!("\u{FEFF}{}", table((0..120).map(row)).replace('\n', "\r\n"));
    text.push_str(&code(120)[..9]);
    let report = town.import(&town.file("a.csv", text), false, &|_| {}).await;
    assert_eq!((report.created, report.rejected), (120, 1), "{}", town.rejects());
    assert!(town.rejects().contains("122,统一社会信用代码,"), "{}", town.rejects());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_in_gbk_is_read_as_chinese() {
    let town = Town::sqlite().await.unwrap();
    let header = b"\xCD\xB3\xD2\xBB\xC9\xE7\xBB\xE1\xD0\xC5\xD3\xC3\xB4\xFA\xC2\xEB,\xC6\xF3\xD2\xB5\xC3\xFB\xB3\xC6,\xD7\xA2\xB2\xE1\xB5\xD8\r\n";
    let mut bytes = header.to_vec();
    for number in 0..70 {
        bytes.extend_from_slice(code(number).as_bytes());
        bytes.extend_from_slice(b",\xCE\xE4\xBA\xBA\xBC\xD7\xB9\xAB\xCB\xBE,\xBA\xE9\xC9\xBD\xC7\xF8\r\n");
    }
    let report = town.import(&town.file("a.csv", bytes), false, &|_| {}).await;
    assert_eq!((report.created, report.rejected), (70, 0), "{}", town.rejects());
    let found = town.store.find_enterprise(&Scope::System, &code(69)).await.unwrap().unwrap();
    assert_eq!(found.profile.name, "武汉甲公司");
}
