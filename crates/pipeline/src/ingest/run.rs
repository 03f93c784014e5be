//! One import from beginning to end: chunks, resuming, counting, rejecting. What a row means is the target's.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use domain::{Instant, Scope};
use intake::{Gate, Isolation, Line, Reject, RejectFile, Row, Source};
use storage::{Actor, Effect, ImportRun, ImportState, Store, Tx};

use crate::error::Error;

/// Rows written in one transaction: enough to be fast, few enough to keep other writers waiting only briefly.
const CHUNK: usize = 500;

/// What an import needs besides its file.
pub struct Import<'a> {
    pub store: &'a Store,
    pub actor: Actor,
    pub at: Instant,
    /// The city's day of `at`.
    pub today: NaiveDate,
    pub gate: Gate,
    pub isolation: Isolation,
    /// Read the file even if it was imported before.
    pub again: bool,
    pub progress: &'a (dyn Fn(Progress) + Send + Sync),
}

impl std::fmt::Debug for Import<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Import").field("actor", &self.actor).field("at", &self.at).finish_non_exhaustive()
    }
}

/// How far an import is, after each chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub accepted: u64,
    pub rejected: u64,
    pub bytes_read: u64,
    pub bytes_total: u64,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The same file was imported before and nothing was done.
    pub already_imported: bool,
    /// An earlier run of the same file had come this far, and this one went on behind it.
    pub resumed_after: Option<u64>,
    /// Rows taken, those of the interrupted run included.
    pub accepted: u64,
    pub rejected: u64,
    /// What this run's rows did to the database.
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Where the rejects are, if there are any.
    pub reject_file: Option<PathBuf>,
    /// Things worth knowing that stopped no row, with how often they occurred.
    pub warnings: BTreeMap<String, u64>,
}

/// What rows become.
pub(crate) trait Target: Send + Sync {
    type Draft: Send;
    const KIND: &'static str;

    /// Reads the header; gives warnings.
    fn begin(&mut self, header: Option<&[String]>) -> Result<Vec<String>, Error>;

    fn draft(&self, row: &Row, warnings: &mut Vec<String>) -> Result<Self::Draft, Vec<Reject>>;

    /// The label and value of the natural key, which may occur once in a file.
    fn key(draft: &Self::Draft) -> (&'static str, &str);

    fn save(
        &self,
        tx: &mut Tx,
        draft: Self::Draft,
        actor: &Actor,
        at: Instant,
    ) -> impl Future<Output = Result<Effect, Error>> + Send;
}

/// Imports one file into a target.
pub(crate) async fn run<T: Target>(import: &Import<'_>, path: &Path, mut target: T) -> Result<Report, Error> {
    let source = open(import, path).await?;
    let survey = source.survey().clone();
    let known = import.store.find_import_run(&Scope::System, T::KIND, &survey.sha256).await?;
    let finished = known.as_ref().is_some_and(|run| run.state == ImportState::Finished);
    if let Some(run) = known.as_ref().filter(|_| finished && !import.again) {
        let (accepted, rejected) = (count(run.accepted), count(run.rejected));
        return Ok(Report { already_imported: true, accepted, rejected, ..Report::default() });
    }
    let after = known.as_ref().filter(|_| !finished).map_or(0, |run| count(run.position));
    let mut report = Report { resumed_after: (after > 0).then_some(after), ..Report::default() };
    for warning in target.begin(source.header())? {
        *report.warnings.entry(warning).or_default() += 1;
    }
    let mut rejects = RejectFile::new(RejectFile::beside(path))?;
    let mut chunks = Chunks { source: Some(source), target: &target, after, seen: HashMap::new() };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    loop {
        let mut chunk = chunks.next(&mut report).await?;
        for reject in chunk.rejects.drain(..) {
            rejects.write(&reject)?;
        }
        let at_end = chunk.at_end;
        report.accepted += chunk.passed;
        report.rejected += chunk.rejected;
        let position = write(import, &target, chunk, &mut report, (&name, &survey.sha256)).await?;
        tracing::debug!(kind = T::KIND, position, accepted = report.accepted, "import chunk committed");
        (import.progress)(chunks.progress(&report, survey.bytes));
        if at_end {
            break;
        }
    }
    report.reject_file = rejects.finish()?;
    Ok(report)
}

/// Reading blocks, so it happens away from the tasks that serve.
async fn open(import: &Import<'_>, path: &Path) -> Result<Source, Error> {
    let (path, gate, isolation) = (path.to_owned(), import.gate.clone(), import.isolation.clone());
    Ok(tokio::task::spawn_blocking(move || Source::open(&path, &gate, &isolation)).await??)
}

/// One transaction: the rows of a chunk and how far the import has come.
async fn write<T: Target>(
    import: &Import<'_>,
    target: &T,
    chunk: Chunk<T::Draft>,
    report: &mut Report,
    (name, hash): (&str, &str),
) -> Result<u64, Error> {
    let mut tx = import.store.begin().await?;
    for draft in chunk.drafts {
        let counter = match target.save(&mut tx, draft, &import.actor, import.at).await? {
            Effect::Created => &mut report.created,
            Effect::Changed => &mut report.changed,
            Effect::Unchanged => &mut report.unchanged,
        };
        *counter += 1;
        report.accepted += 1;
    }
    let run = ImportRun {
        kind: T::KIND.to_owned(),
        source_name: name.to_owned(),
        source_hash: hash.to_owned(),
        state: if chunk.at_end { ImportState::Finished } else { ImportState::Running },
        position: signed(chunk.position),
        accepted: signed(report.accepted),
        rejected: signed(report.rejected),
    };
    tx.save_import_run(&Scope::System, &run, import.at).await?;
    if chunk.at_end {
        let detail = serde_json::json!({ "file": name, "accepted": report.accepted, "rejected": report.rejected });
        tx.audit(&import.actor, "import", &format!("{}:{hash}", T::KIND), detail, import.at);
    }
    tx.commit().await?;
    Ok(chunk.position)
}

/// Rows read and judged, to be written together.
struct Chunk<D> {
    drafts: Vec<D>,
    rejects: Vec<Reject>,
    /// Rows with at least one reject.
    rejected: u64,
    /// Good rows that an earlier run of this file has written.
    passed: u64,
    /// The last line of the chunk.
    position: u64,
    at_end: bool,
}

/// The file in chunks. Lines an earlier run has written are judged again, because later lines may repeat them and
/// the reject file is to be whole, but not written again.
struct Chunks<'t, T> {
    /// Away while it is being read.
    source: Option<Source>,
    target: &'t T,
    after: u64,
    /// Natural key → the line it was first seen in.
    seen: HashMap<String, u64>,
}

impl<T: Target> Chunks<'_, T> {
    async fn next(&mut self, report: &mut Report) -> Result<Chunk<T::Draft>, Error> {
        let mut chunk = Chunk {
            drafts: Vec::new(),
            rejects: Vec::new(),
            rejected: 0,
            passed: 0,
            position: self.after,
            at_end: false,
        };
        while chunk.drafts.len() < CHUNK && !chunk.at_end {
            let lines = self.read(CHUNK - chunk.drafts.len()).await?;
            chunk.at_end = lines.is_empty();
            for line in lines {
                self.judge(line, &mut chunk, report);
            }
        }
        Ok(chunk)
    }

    /// At most `most` lines; none at the end of the file.
    async fn read(&mut self, most: usize) -> Result<Vec<Line>, Error> {
        let Some(mut source) = self.source.take() else { return Ok(Vec::new()) };
        let (source, lines) = tokio::task::spawn_blocking(move || {
            let lines: Result<Vec<Line>, _> = source.by_ref().take(most).collect();
            (source, lines)
        })
        .await?;
        self.source = Some(source);
        Ok(lines?)
    }

    fn judge(&mut self, line: Line, chunk: &mut Chunk<T::Draft>, report: &mut Report) {
        let number = match &line {
            Line::Row(row) => row.line,
            Line::Reject(reject) => reject.line,
        };
        chunk.position = chunk.position.max(number);
        match self.accept(line, report) {
            Ok(_) if number <= self.after => chunk.passed += 1,
            Ok(draft) => chunk.drafts.push(draft),
            Err(rejects) => {
                chunk.rejected += 1;
                chunk.rejects.extend(rejects);
            }
        }
    }

    fn accept(&mut self, line: Line, report: &mut Report) -> Result<T::Draft, Vec<Reject>> {
        let row = match line {
            Line::Row(row) => row,
            Line::Reject(reject) => return Err(vec![reject]),
        };
        let mut warnings = Vec::new();
        let draft = self.target.draft(&row, &mut warnings);
        for warning in warnings {
            *report.warnings.entry(warning).or_default() += 1;
        }
        let draft = draft?;
        match self.repeated(&row, &draft) {
            Some(reject) => Err(vec![reject]),
            None => Ok(draft),
        }
    }

    fn repeated(&mut self, row: &Row, draft: &T::Draft) -> Option<Reject> {
        let (label, key) = T::key(draft);
        let first = *self.seen.entry(key.to_owned()).or_insert(row.line);
        let reject = || {
            let reason = format!("与第 {first} 行重复,只导入了第 {first} 行");
            Reject::line(row.line, reason, "请合并成一行").of(label, key)
        };
        (first != row.line).then(reject)
    }

    fn progress(&self, report: &Report, bytes_total: u64) -> Progress {
        let bytes_read = self.source.as_ref().map_or(0, Source::bytes_read);
        Progress { accepted: report.accepted, rejected: report.rejected, bytes_read, bytes_total }
    }
}

/// Counts are signed in the database and never negative.
fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
