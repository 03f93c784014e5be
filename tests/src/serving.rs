//! A serving process: its address, and its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::Duration;

/// How long a start may take before the test gives up.
const PATIENCE: Duration = Duration::from_mins(3);

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

    /// Asks for a page or a document.
    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, None, "")
    }

    /// Sends a JSON document with an API key.
    pub fn send(&self, method: &str, path: &str, key: &str, body: &serde_json::Value) -> Reply {
        self.ask(method, path, Some(key), &body.to_string())
    }

    /// One request on a connection of its own. HTTP/1.0, so the end of the answer is the end of the connection.
    fn ask(&self, method: &str, path: &str, key: Option<&str>, body: &str) -> Reply {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let key = key.map(|key| format!("authorization: Bearer {key}\r\n")).unwrap_or_default();
        let length = body.len();
        let head = format!("{method} {} HTTP/1.0\r\nhost: {address}\r\nconnection: close\r\n{key}", escaped(path));
        write!(stream, "{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
            .expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        Reply::read(&String::from_utf8(answer).expect("UTF-8"))
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

/// An answer over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub body: String,
}

impl Reply {
    fn read(answer: &str) -> Self {
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Self { status, body: body.to_owned() }
    }

    /// The document of an answer that must be good.
    pub fn json(&self) -> serde_json::Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in\n{}", self.body))
    }
}

/// The path with everything outside ASCII percent-encoded.
fn escaped(path: &str) -> String {
    path.bytes()
        .map(|byte| if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
