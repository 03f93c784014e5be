//! A serving process: its address, and its end.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::Duration;

/// How long a start may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(180);

/// Stopped when dropped.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    pub url: String,
}

impl Serving {
    /// Starts the command and waits for the line on stdout that names its address.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let stdout = child.stdout.take().expect("a piped stdout");
        let mut stderr = child.stderr.take().expect("a piped stderr");
        let (found, address) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(at) = line.find("http://") {
                    let url = line[at..].split_whitespace().next().unwrap_or_default();
                    // The reader goes on so that the program never blocks on a full pipe.
                    drop(found.send(url.trim_end_matches('/').to_owned()));
                }
            }
        });
        let (errors, log) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            drop(stderr.read_to_string(&mut text));
            drop(errors.send(text));
        });
        match address.recv_timeout(PATIENCE) {
            Ok(url) => Self { child, url },
            Err(_) => {
                drop(child.kill());
                drop(child.wait());
                panic!("it never said its address; stderr:\n{}", log.recv().unwrap_or_default());
            }
        }
    }

    /// Kills it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
