//! The population on disk, so that a restart reads one file instead of every document.
//!
//! ```text
//! magic │ length, checksum, head: feed, history, rows │ the population's own sections
//! ```
//!
//! The head names the sequence of the feed, the mark of the history of profiles it was taken from, and the ordinal and
//! revision of each row; the reference hash is in the population's head. The file appears under its name only when it is whole and on the
//! disk. What does not read, or was made by other reference data, is as if it were not there: the database is the truth.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use domain::EnterpriseOrdinal;
use population::{Held, Population, Unusable};
use rules::Reference;
use storage::HistoryMark;

use crate::rows::Rows;

const MAGIC: [u8; 8] = *b"HQTROWS1";
/// Length and checksum before the head.
const FRAME: usize = 12;

/// What a file holds.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) seq: i64,
    pub(crate) mark: HistoryMark,
    pub(crate) rows: Rows,
    pub(crate) population: Population,
}

/// Why there is nothing to start from.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("企业快照不能读写:会从数据库重新读取企业")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Unusable(#[from] Unusable),
}

/// The bytes after our head are the population's.
struct Behind {
    bytes: Vec<u8>,
    head: usize,
}

impl AsRef<[u8]> for Behind {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(self.head..).unwrap_or_default()
    }
}

/// Writes the file, all of it or nothing.
pub(crate) fn write(
    path: &Path,
    (seq, mark): (i64, &HistoryMark),
    rows: &Rows,
    population: &Population,
) -> Result<(), Trouble> {
    // Two processes may write at once; each has a name of its own until it is whole.
    let partial = path.with_extension(format!("{}.partial", std::process::id()));
    let written = whole(&partial, &head(seq, mark, rows), population).and_then(|()| std::fs::rename(&partial, path));
    if let Err(error) = written {
        // On a full disk the torso would only take room; that it cannot be removed is no further trouble.
        let _ = std::fs::remove_file(&partial);
        return Err(error.into());
    }
    if let Some(directory) = path.parent() {
        // The name is as safe as the bytes.
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

fn whole(path: &Path, head: &[u8], population: &Population) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(&MAGIC)?;
    out.write_all(&(head.len() as u64).to_le_bytes())?;
    out.write_all(&crc32fast::hash(head).to_le_bytes())?;
    out.write_all(head)?;
    for section in population.sections() {
        out.write_all(&section)?;
    }
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
}

/// Reads the file; `None` where there is none.
pub(crate) fn read(path: &Path, reference: &Arc<Reference>) -> Result<Option<Kept>, Trouble> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Parsed { seq, mark, numbers, end } = parse(&bytes)?;
    let held: Held = Arc::new(Behind { bytes, head: end });
    let population = Population::open(&held, Arc::clone(reference))?;
    if numbers.len() != population.rows() {
        return Err(Unusable::Damaged.into());
    }
    let mut rows = Rows::default();
    for (row, (ordinal, revision)) in numbers.into_iter().enumerate() {
        rows.push(ordinal, revision);
        if !population.contains(row) {
            rows.remove(ordinal);
        }
    }
    Ok(Some(Kept { seq, mark, rows, population }))
}

fn head(seq: i64, mark: &HistoryMark, rows: &Rows) -> Vec<u8> {
    let mut head = Vec::new();
    head.extend(seq.to_le_bytes());
    head.extend(mark.upto.to_le_bytes());
    head.extend((mark.digest.len() as u64).to_le_bytes());
    head.extend(mark.digest.as_bytes());
    for (EnterpriseOrdinal(ordinal), revision) in rows.all() {
        head.extend(ordinal.to_le_bytes());
        head.extend(revision.to_le_bytes());
    }
    head
}

struct Parsed {
    seq: i64,
    mark: HistoryMark,
    /// Ordinal and revision of each row.
    numbers: Vec<(EnterpriseOrdinal, i64)>,
    /// Behind the head: where the population begins.
    end: usize,
}

fn parse(bytes: &[u8]) -> Result<Parsed, Unusable> {
    let rest = bytes.strip_prefix(&MAGIC).ok_or(Unusable::OtherFormat)?;
    let (length, rest) = rest.split_first_chunk::<8>().ok_or(Unusable::Damaged)?;
    let (sum, rest) = rest.split_first_chunk::<4>().ok_or(Unusable::Damaged)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| Unusable::Damaged)?;
    let head = rest.get(..length).filter(|head| crc32fast::hash(head) == u32::from_le_bytes(*sum));
    let parsed = head.and_then(parse_head).ok_or(Unusable::Damaged)?;
    Ok(Parsed { end: MAGIC.len() + FRAME + length, ..parsed })
}

fn parse_head(head: &[u8]) -> Option<Parsed> {
    let (seq, rest) = head.split_first_chunk::<8>()?;
    let (upto, rest) = rest.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let (digest, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let digest = String::from_utf8(digest.to_vec()).ok()?;
    let mark = HistoryMark { upto: i64::from_le_bytes(*upto), digest };
    let (pairs, odd) = rest.as_chunks::<16>();
    let number = |bytes: &[u8]| bytes.try_into().map(i64::from_le_bytes).ok();
    let pair = |pair: &[u8; 16]| Some((EnterpriseOrdinal(number(&pair[..8])?), number(&pair[8..])?));
    let numbers: Vec<_> = pairs.iter().map(pair).collect::<Option<_>>()?;
    odd.is_empty().then_some(Parsed { seq: i64::from_le_bytes(*seq), mark, numbers, end: head.len() })
}
