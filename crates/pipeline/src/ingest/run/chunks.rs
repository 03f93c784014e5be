//! A file as judged chunks: read and judged on threads of their own, ahead of the one that writes them.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::num::NonZero;
use std::sync::Arc;

use intake::{Line, Reject, Row, Source};
use tokio::sync::mpsc;

use super::Target;
use crate::error::Error;

/// Chunks waiting for the writer, beside the one being written and the one being read: what an import holds in memory.
const AHEAD: usize = 1;
/// Fewer lines than this are judged faster than threads are started.
const WORTH_THREADS: usize = 64;

/// Lines read and judged, to be written together.
pub(super) struct Chunk<D> {
    pub(super) drafts: Vec<D>,
    pub(super) rejects: Vec<Reject>,
    /// Rows with at least one reject.
    pub(super) rejected: u64,
    /// Good rows that an earlier run of this file has written.
    pub(super) passed: u64,
    pub(super) warnings: BTreeMap<String, u64>,
    /// The last line of the chunk.
    pub(super) position: u64,
    /// Of the file, when the chunk had been read.
    pub(super) bytes_read: u64,
    pub(super) at_end: bool,
}

/// Chunks as they come, or why the file could not be read on.
pub(super) type Chunks<T> = mpsc::Receiver<Result<Chunk<<T as Target>::Draft>, Error>>;

/// The chunks of a file. Lines up to `after` were written by an earlier run; they are judged again, because later lines
/// may repeat them and the reject file is to be whole, but not written again.
pub(super) fn chunks<T: Target>(
    source: Source,
    target: Arc<T>,
    after: u64,
) -> (Chunks<T>, tokio::task::JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let mut reading = Reading { source, target, after, position: after, seen: Seen::default() };
    let task = tokio::task::spawn_blocking(move || {
        loop {
            let chunk = reading.next();
            let last = chunk.as_ref().map_or(true, |chunk| chunk.at_end);
            // A closed channel means that the import was given up.
            if sender.blocking_send(chunk).is_err() || last {
                return;
            }
        }
    });
    (receiver, task)
}

struct Reading<T> {
    source: Source,
    target: Arc<T>,
    after: u64,
    /// The last line read.
    position: u64,
    seen: Seen,
}

/// One line and what became of it.
struct Judged<D> {
    line: u64,
    warnings: Vec<String>,
    draft: Result<D, Vec<Reject>>,
}

impl<T: Target> Reading<T> {
    fn next(&mut self) -> Result<Chunk<T::Draft>, Error> {
        let lines = self.source.by_ref().take(T::CHUNK).collect::<Result<Vec<Line>, _>>()?;
        let mut chunk = Chunk {
            drafts: Vec::with_capacity(lines.len()),
            rejects: Vec::new(),
            rejected: 0,
            passed: 0,
            warnings: BTreeMap::new(),
            position: self.position,
            at_end: lines.len() < T::CHUNK,
            bytes_read: self.source.bytes_read(),
        };
        for judged in all_judged(&*self.target, lines) {
            self.take(judged, &mut chunk);
        }
        self.position = chunk.position;
        Ok(chunk)
    }

    fn take(&mut self, judged: Judged<T::Draft>, chunk: &mut Chunk<T::Draft>) {
        let Judged { line, warnings, draft } = judged;
        chunk.position = chunk.position.max(line);
        for warning in warnings {
            *chunk.warnings.entry(warning).or_default() += 1;
        }
        match draft.and_then(|draft| self.once(line, draft)) {
            Ok(_) if line <= self.after => chunk.passed += 1,
            Ok(draft) => chunk.drafts.push(draft),
            Err(rejects) => {
                chunk.rejected += 1;
                chunk.rejects.extend(rejects);
            }
        }
    }

    /// The draft, unless an earlier line had its key.
    fn once(&mut self, line: u64, draft: T::Draft) -> Result<T::Draft, Vec<Reject>> {
        let (label, key) = T::key(&draft);
        let first = self.seen.first(key, line);
        if first == line {
            return Ok(draft);
        }
        let reason = format!("与第 {first} 行重复,只导入了第 {first} 行");
        Err(vec![Reject::line(line, reason, "请合并成一行").of(label, key)])
    }
}

/// Natural keys with the line they were first seen in: by 128 bits of two independent hashes, so that a million keys
/// take some 30 MB however long they are, and two keys meet by chance once in 10²⁶ such files.
#[derive(Default)]
struct Seen {
    hashers: [RandomState; 2],
    lines: HashMap<[u64; 2], u64>,
}

impl Seen {
    fn first(&mut self, key: &str, line: u64) -> u64 {
        let [one, other] = &self.hashers;
        *self.lines.entry([one.hash_one(key), other.hash_one(key)]).or_insert(line)
    }
}

/// Judges lines on every core; the answers come in the order of the lines.
fn all_judged<T: Target>(target: &T, lines: Vec<Line>) -> Vec<Judged<T::Draft>> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    if lines.len() < WORTH_THREADS || cores == 1 {
        return lines.into_iter().map(|line| judged(target, line)).collect();
    }
    let share = lines.len().div_ceil(cores);
    let mut lines = lines.into_iter();
    std::thread::scope(|scope| {
        let mut shares = Vec::with_capacity(cores);
        for _ in 0..cores {
            let own: Vec<Line> = lines.by_ref().take(share).collect();
            shares.push(scope.spawn(move || own.into_iter().map(|line| judged(target, line)).collect::<Vec<_>>()));
        }
        let joined =
            shares.into_iter().flat_map(|share| share.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect()
    })
}

fn judged<T: Target>(target: &T, line: Line) -> Judged<T::Draft> {
    let row: Row = match line {
        Line::Row(row) => row,
        Line::Reject(reject) => return Judged { line: reject.line, warnings: Vec::new(), draft: Err(vec![reject]) },
    };
    let mut warnings = Vec::new();
    let draft = target.draft(&row, &mut warnings);
    Judged { line: row.line, warnings, draft }
}
