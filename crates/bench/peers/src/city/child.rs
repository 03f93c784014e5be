//! A child process that answers lines with lines.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct Lines {
    child: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    failed: RefCell<Option<String>>,
}

impl Lines {
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| format!("{command:?}: {error}"))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => {
                Ok(Self { child, pipes: RefCell::new((input, BufReader::new(output))), failed: RefCell::default() })
            }
            _ => Err(format!("{command:?} has no pipes")),
        }
    }

    /// The same within a round, whose answer nobody reads; what goes wrong is kept for [`Lines::failed`].
    pub(crate) fn run(&self, lines: &str, end: &str) {
        if let Err(problem) = self.ask(lines, end) {
            self.failed.replace(Some(problem));
        }
    }

    /// What went wrong in a round: then its times mean nothing.
    pub(crate) fn failed(&self) -> Option<String> {
        self.failed.borrow().clone()
    }

    /// Says some lines and reads until `end` comes back.
    pub(crate) fn ask(&self, lines: &str, end: &str) -> Result<Vec<String>, String> {
        let (input, output) = &mut *self.pipes.borrow_mut();
        input.write_all(lines.as_bytes()).and_then(|()| input.flush()).map_err(|error| error.to_string())?;
        let mut said = Vec::new();
        loop {
            let mut line = String::new();
            match output.read_line(&mut line) {
                Ok(0) => return Err(format!("the child ended; it said {said:?}")),
                Ok(_) if line.trim_end() == end => return Ok(said),
                Ok(_) => said.push(line.trim_end().to_owned()),
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
