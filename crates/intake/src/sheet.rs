//! XLSX, read by a process that may fail.
//!
//! A workbook is a program for its reader: a stated count of strings makes a library reserve that many, a relation
//! sends it round in circles. So the walk over the archive and the reading happen in a child (`<exe> intake-child
//! GATE FILE`) that first limits its own address space and CPU time. The parent reads rows from a pipe, kills the
//! child at the deadline, and turns any death into a refusal. [`run_child`] is the child's whole life.

mod child;
mod workbook;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use serde::{Deserialize, Serialize};

use crate::error::IntakeError;
use crate::gate::Gate;
use crate::reject::Reject;
use crate::source::{Content, Line, Row};

/// First argument of the hidden subcommand; `[gate as JSON, path]` follow.
pub const CHILD_COMMAND: &str = "intake-child";

/// Where a workbook is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// In a child of this executable, which must answer to [`CHILD_COMMAND`]. For everything that comes from outside.
    Child(PathBuf),
    /// On a thread of this process, without limits on memory and time. Only for files this program wrote itself.
    Thread,
}

/// What the reading side says, one JSON document a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
enum Said {
    Row {
        line: u64,
        cells: Vec<String>,
    },
    Reject(Reject),
    Refused {
        message: String,
    },
    /// Said last; silence before it means the reader died.
    Done,
}

impl From<Line> for Said {
    fn from(line: Line) -> Self {
        match line {
            Line::Row(Row { line, content: Content::Cells(cells) }) => Self::Row { line, cells },
            Line::Row(Row { line, content: Content::Json(text) }) => Self::Row { line, cells: vec![text] },
            Line::Reject(reject) => Self::Reject(reject),
        }
    }
}

type Lines = Box<dyn Iterator<Item = Result<Line, IntakeError>> + Send>;

/// The rows of the first visible sheet.
pub(crate) fn lines(path: &Path, gate: &Gate, isolation: &Isolation) -> Result<Lines, IntakeError> {
    match isolation {
        Isolation::Child(exe) => Ok(Box::new(child::ChildRows::start(exe, path, gate)?)),
        Isolation::Thread => Ok(Box::new(on_thread(path, gate))),
    }
}

/// The child's life: limit itself, read, say every row, say the end. `gate_json` is [`Gate`] as JSON.
///
/// # Errors
/// When the limits cannot be set, the gate is not understood, or nobody listens any more.
pub fn run_child(gate_json: &str, path: &Path, out: &mut dyn Write) -> io::Result<()> {
    let gate: Gate = serde_json::from_str(gate_json)?;
    child::limit_self(&gate.child)?;
    let mut out = io::BufWriter::new(out);
    let mut say = |said: &Said| -> io::Result<()> {
        serde_json::to_writer(&mut out, said)?;
        out.write_all(b"\n")
    };
    let mut broken = None;
    let read = workbook::read(path, &gate, &mut |line| {
        broken = say(&line.into()).err();
        broken.is_none()
    });
    if let Some(error) = broken {
        return Err(error);
    }
    say(&match read {
        Ok(()) => Said::Done,
        Err(error) => Said::Refused { message: error.for_user() },
    })?;
    out.flush()
}

fn on_thread(path: &Path, gate: &Gate) -> impl Iterator<Item = Result<Line, IntakeError>> + Send + use<> {
    let (send, receive) = mpsc::sync_channel(64);
    let (path, gate) = (path.to_owned(), gate.clone());
    std::thread::spawn(move || {
        let read = workbook::read(&path, &gate, &mut |line| send.send(Ok(line)).is_ok());
        if let Err(error) = read {
            // The other side may have stopped listening, which is its right.
            let _ = send.send(Err(error));
        }
    });
    receive.into_iter()
}
