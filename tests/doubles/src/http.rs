//! An HTTP/1.1 server that follows a script.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::authority::Authority;
use crate::spool::Spool;

/// What the next request gets. Without a script every request gets 204.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Status {
        code: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// The request is kept and nothing is answered, for ever.
    Hang,
    /// The request is kept and the connection closed without an answer.
    Close,
    /// 200 and then a body without end.
    Endless,
    /// 200 with a length and only the first bytes of it, then silence.
    Stall,
}

impl Answer {
    pub fn status(code: u16) -> Self {
        Self::Status { code, headers: Vec::new(), body: String::new() }
    }

    pub fn with_header(code: u16, name: &str, value: &str) -> Self {
        Self::Status { code, headers: vec![(name.to_owned(), value.to_owned())], body: String::new() }
    }
}

/// One complete request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// Stops when dropped.
#[derive(Debug)]
pub struct HttpSink {
    address: SocketAddr,
    shared: Arc<Shared>,
    encrypted: bool,
    listener: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    spool: Spool,
    script: Mutex<VecDeque<Answer>>,
}

impl HttpSink {
    /// Listens on a free loopback port, over TLS if an authority is given, and writes requests to `folder`.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start(folder: &Path, authority: Option<Authority>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { spool: Spool::open(folder), script: Mutex::default() });
        let encrypted = authority.is_some();
        let listener = tokio::spawn(accept(listener, authority, Arc::clone(&shared)));
        Ok(Self { address, shared, encrypted, listener })
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// An address of this sink; `path` starts with `/`.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.encrypted { "https" } else { "http" };
        format!("{scheme}://localhost:{}{path}", self.port())
    }

    /// Adds answers; each serves one request.
    pub fn script(&self, answers: impl IntoIterator<Item = Answer>) {
        self.shared.script.lock().unwrap().extend(answers);
    }

    /// Everything received so far, in order.
    pub fn requests(&self) -> Vec<Received> {
        self.shared.spool.read()
    }
}

impl Drop for HttpSink {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn accept(listener: TcpListener, authority: Option<Authority>, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (authority, shared) = (authority.clone(), Arc::clone(&shared));
        tokio::spawn(async move {
            match authority {
                None => drop(serve(stream, &shared).await),
                Some(authority) => {
                    if let Ok(stream) = authority.acceptor().accept(stream).await {
                        drop(serve(stream, &shared).await);
                    }
                }
            }
        });
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, shared: &Shared) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream).await? {
        shared.spool.keep(&request);
        let answer = shared.script.lock().unwrap().pop_front().unwrap_or_else(|| Answer::status(204));
        match answer {
            Answer::Status { code, headers, body } => write_status(&mut stream, code, &headers, &body).await?,
            Answer::Close => return Ok(()),
            Answer::Hang => std::future::pending().await,
            Answer::Stall => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nok").await?;
                stream.flush().await?;
                std::future::pending::<()>().await;
            }
            Answer::Endless => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
                let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
                loop {
                    stream.write_all(chunk.as_bytes()).await?;
                }
            }
        }
    }
    Ok(())
}

async fn write_status<S>(stream: &mut S, code: u16, headers: &[(String, String)], body: &str) -> io::Result<()>
where
    S: AsyncWrite + Unpin,
{
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (headers, length) = (headers.concat(), body.len());
    let answer = format!("HTTP/1.1 {code} scripted\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
    stream.write_all(answer.as_bytes()).await?;
    stream.flush().await
}

/// `None` when the client has closed the connection between requests.
async fn read_request<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> io::Result<Option<Received>> {
    let mut first = String::new();
    if stream.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let mut words = first.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(Received { method, path, headers, body: String::from_utf8_lossy(&body).into_owned() }))
}
