//! Keeps one line from filling the memory: what is too long is dropped while it passes, and its number remembered.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What the reader of lines and its consumer share: the consumer sits behind a parser that owns the reader.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    cut: Arc<Mutex<Vec<u64>>>,
    /// Bytes handed over since the consumer last finished a record.
    pending: Arc<AtomicU64>,
}

impl Watch {
    /// Whether a line in `from..=to` (counted from 1) was cut; forgets everything up to `to`.
    pub(crate) fn was_cut(&self, from: u64, to: u64) -> bool {
        let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        let hit = cut.iter().any(|line| (from..=to).contains(line));
        cut.retain(|line| *line > to);
        hit
    }

    /// The consumer has a whole record: the count of bytes held by the parser starts again.
    pub(crate) fn record_finished(&self) {
        self.pending.store(0, Ordering::Relaxed);
    }
}

/// Passes bytes on, but of a line only the first `max`; the line end always passes, and the last line gets one.
/// Carriage returns are dropped: a parser that ends a record at `\r` counts the line one record too late.
/// Fails when a parser takes more than `max` and a buffer without finishing a record: an open quote.
pub(crate) struct LineGuard<R> {
    inner: R,
    max: usize,
    line: u64,
    in_line: usize,
    watch: Watch,
}

/// Marks the error that stands for an unfinished record.
#[derive(Debug, thiserror::Error)]
#[error("a record does not end")]
pub(crate) struct RecordDoesNotEnd;

/// What a parser may have read ahead beyond its current record.
const READ_AHEAD: u64 = 64 * 1024;

impl<R: Read> LineGuard<R> {
    pub(crate) fn new(inner: R, max: usize, watch: Watch) -> Self {
        Self { inner, max, line: 1, in_line: 0, watch }
    }

    /// Moves what may pass to the front of `bytes` and gives its length.
    fn sift(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            if byte == b'\r' {
                continue;
            }
            if byte == b'\n' {
                self.line += 1;
                self.in_line = 0;
            } else {
                self.in_line += 1;
                if self.in_line > self.max {
                    if self.in_line == self.max + 1 {
                        self.watch.cut.lock().unwrap_or_else(PoisonError::into_inner).push(self.line);
                    }
                    continue;
                }
            }
            bytes[kept] = byte;
            kept += 1;
        }
        kept
    }
}

impl<R: Read> Read for LineGuard<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.watch.pending.load(Ordering::Relaxed) > self.max as u64 + READ_AHEAD {
            return Err(io::Error::other(RecordDoesNotEnd));
        }
        loop {
            let read = self.inner.read(out)?;
            if read == 0 && self.in_line > 0 && !out.is_empty() {
                self.in_line = 0;
                out[0] = b'\n';
                return Ok(1);
            }
            let kept = self.sift(&mut out[..read]);
            if kept > 0 || read == 0 {
                self.watch.pending.fetch_add(kept as u64, Ordering::Relaxed);
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_and_remembered_and_its_neighbours_pass_whole() {
        let watch = Watch::default();
        let mut text = String::new();
        LineGuard::new(&b"abc\nabcdefgh\nxyz"[..], 4, watch.clone()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc\nabcd\nxyz\n");
        assert!(!watch.was_cut(1, 1));
        assert!(watch.was_cut(2, 2));
        assert!(!watch.was_cut(2, 3), "an answered line is forgotten");
    }
}
