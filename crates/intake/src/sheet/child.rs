//! Starting the reading process, listening to it, and ending it.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use super::{CHILD_COMMAND, Said};
use crate::error::IntakeError;
use crate::gate::{ChildLimits, Gate};
use crate::source::{Content, Line, Row};

/// Sets the limits on this very process; they cannot be raised again.
#[cfg(unix)]
pub(super) fn limit_self(limits: &ChildLimits) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let set = |resource, value| setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) });
    set(Resource::As, limits.address_space)?;
    set(Resource::Cpu, limits.cpu_seconds)?;
    set(Resource::Core, 0)?;
    // It reads one file and writes one pipe: it has no business creating or growing any file.
    set(Resource::Fsize, 0)?;
    Ok(())
}

/// Elsewhere only the walk over the archive and the parent's deadline hold.
#[cfg(not(unix))]
pub(super) fn limit_self(_limits: &ChildLimits) -> io::Result<()> {
    Ok(())
}

/// The rows as the child says them. Dropping it ends the child.
pub(super) struct ChildRows {
    said: BufReader<ChildStdout>,
    child: Arc<Mutex<Child>>,
    late: Arc<AtomicBool>,
    /// Closed when this is dropped, which ends the watch.
    _watching: mpsc::Sender<()>,
    deadline: Duration,
    /// Bytes one statement may have: a record whose every byte is escaped.
    longest: u64,
    ended: bool,
}

impl ChildRows {
    pub(super) fn start(exe: &Path, path: &Path, gate: &Gate) -> Result<Self, IntakeError> {
        let gate_json = serde_json::to_string(gate).map_err(|error| IntakeError::ChildStart(error.into()))?;
        let mut child = Command::new(exe)
            .arg(CHILD_COMMAND)
            .arg(gate_json)
            .arg(path)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(IntakeError::ChildStart)?;
        let stdout = child.stdout.take().ok_or_else(|| IntakeError::ChildStart(io::ErrorKind::BrokenPipe.into()))?;
        let child = Arc::new(Mutex::new(child));
        let late = Arc::new(AtomicBool::new(false));
        let watching = watch(Arc::clone(&child), Arc::clone(&late), gate.child.deadline);
        Ok(Self {
            said: BufReader::new(stdout),
            child,
            late,
            _watching: watching,
            deadline: gate.child.deadline,
            longest: 6 * gate.max_record_bytes as u64 + 64 * 1024,
            ended: false,
        })
    }

    fn hear(&mut self) -> Result<Option<Line>, IntakeError> {
        let mut statement = Vec::new();
        let longest = self.longest;
        let heard = self.said.by_ref().take(longest).read_until(b'\n', &mut statement);
        let said = match heard {
            Ok(read) if read > 0 => serde_json::from_slice(&statement).ok(),
            _ => None,
        };
        match said {
            Some(Said::Row { line, cells }) => Ok(Some(Line::Row(Row { line, content: Content::Cells(cells) }))),
            Some(Said::Reject(reject)) => Ok(Some(Line::Reject(reject))),
            Some(Said::Refused { message }) => Err(IntakeError::Refused { message }),
            Some(Said::Done) => Ok(None),
            None => Err(self.death()),
        }
    }

    /// The child fell silent: too late, or killed by its limits or its own fault.
    fn death(&self) -> IntakeError {
        if self.late.load(Ordering::Acquire) {
            return IntakeError::ChildDeadline { seconds: self.deadline.as_secs() };
        }
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // What it says can no longer be understood; it must not go on.
        let _ = child.kill();
        let status = child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        IntakeError::ChildDied { status }
    }
}

impl Iterator for ChildRows {
    type Item = Result<Line, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let heard = self.hear().transpose();
        self.ended = !matches!(heard, Some(Ok(_)));
        heard
    }
}

impl Drop for ChildRows {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // Already gone is as good; waiting leaves no zombie.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Kills the child at the deadline unless the returned sender is dropped before.
fn watch(child: Arc<Mutex<Child>>, late: Arc<AtomicBool>, deadline: Duration) -> mpsc::Sender<()> {
    let (watching, ended) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        if ended.recv_timeout(deadline) == Err(mpsc::RecvTimeoutError::Timeout) {
            late.store(true, Ordering::Release);
            let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    });
    watching
}
