//! One import from beginning to end: chunks, resuming, counting, rejecting. What a row means is the target's.

mod chunks;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use domain::{Instant, Scope};
use intake::{Gate, Isolation, Reject, RejectFile, Row, Source};
use storage::{Actor, Effect, ImportRun, ImportState, Store, Tx};

use crate::error::Error;
use chunks::Chunk;

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
    /// Where the rejects go; beside the file if nothing is said.
    pub rejects: Option<PathBuf>,
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
    /// Rows an earlier run had written, which this one only judged again.
    pub passed: u64,
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
pub(crate) trait Target: Send + Sync + 'static {
    type Draft: Send;
    const KIND: &'static str;
    /// Lines whose rows are written in one transaction: enough to be fast, few enough to keep other writers waiting
    /// only briefly.
    const CHUNK: usize = 500;

    /// Reads the header; gives warnings.
    fn begin(&mut self, header: Option<&[String]>) -> Result<Vec<String>, Error>;

    /// Judges one row, on any thread.
    fn draft(&self, row: &Row, warnings: &mut Vec<String>) -> Result<Self::Draft, Vec<Reject>>;

    /// The label and value of the natural key, which may occur once in a file.
    fn key(draft: &Self::Draft) -> (&'static str, &str);

    /// Writes the drafts of one chunk; says what was done to each.
    fn save(
        &self,
        tx: &mut Tx,
        drafts: Vec<Self::Draft>,
        actor: &Actor,
        at: Instant,
    ) -> impl Future<Output = Result<Vec<Effect>, Error>> + Send;
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
    let mut rejects = RejectFile::new(import.rejects.clone().unwrap_or_else(|| RejectFile::beside(path)))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let target = Arc::new(target);
    let (mut chunks, reading) = chunks::chunks(source, Arc::clone(&target), after);
    let mut progress = Progress { accepted: 0, rejected: 0, passed: 0, bytes_read: 0, bytes_total: survey.bytes };
    while let Some(chunk) = chunks.recv().await {
        let mut chunk = chunk?;
        for reject in chunk.rejects.drain(..) {
            rejects.write(&reject)?;
        }
        report.count(&mut chunk);
        progress.passed += chunk.passed;
        progress.bytes_read = chunk.bytes_read;
        // Lines of an earlier run need no transaction to be passed over.
        if chunk.at_end || !chunk.drafts.is_empty() {
            write(import, &*target, chunk, &mut report, (&name, &survey.sha256)).await?;
        }
        (import.progress)(Progress { accepted: report.accepted, rejected: report.rejected, ..progress });
    }
    reading.await?;
    report.reject_file = rejects.finish()?;
    Ok(report)
}

impl Report {
    fn count<D>(&mut self, chunk: &mut Chunk<D>) {
        self.accepted += chunk.passed + chunk.drafts.len() as u64;
        self.rejected += chunk.rejected;
        for (warning, count) in std::mem::take(&mut chunk.warnings) {
            *self.warnings.entry(warning).or_default() += count;
        }
    }
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
) -> Result<(), Error> {
    let mut tx = import.store.begin().await?;
    for effect in target.save(&mut tx, chunk.drafts, &import.actor, import.at).await? {
        match effect {
            Effect::Created => report.created += 1,
            Effect::Changed => report.changed += 1,
            Effect::Unchanged => report.unchanged += 1,
        }
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
    tracing::debug!(kind = T::KIND, position = chunk.position, accepted = report.accepted, "import chunk committed");
    Ok(())
}

/// Counts are signed in the database and never negative.
fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
