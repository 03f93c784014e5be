//! An SMTP server that follows a script.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::authority::Authority;
use crate::spool::Spool;

/// Where in a session something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the final dot of the message.
    Dot,
}

/// What is done there instead of the right thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// This line, e.g. `451 4.3.0 try later`. After a 421 the connection is closed.
    Reply(String),
    /// Nothing, for ever.
    Hang,
    /// The connection is closed without a word.
    Close,
    /// The right reply to STARTTLS with more plain text behind it, as an attacker in the middle would inject.
    Inject(String),
}

/// Used up by the first session that reaches its phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub at: Phase,
    pub act: Act,
    /// At [`Phase::Dot`]: whether the message is accepted before the act, as when only the reply is lost.
    pub stored: bool,
}

impl Fault {
    pub fn new(at: Phase, act: Act) -> Self {
        Self { at, act, stored: false }
    }

    pub fn reply(at: Phase, line: &str) -> Self {
        Self::new(at, Act::Reply(line.to_owned()))
    }

    /// The message is accepted, and then the act hides it.
    pub fn after_storing(act: Act) -> Self {
        Self { at: Phase::Dot, act, stored: true }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    #[default]
    None,
    StartTls,
    /// TLS from the first byte.
    Tls,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    pub username: String,
    pub password: String,
}

#[derive(Clone, Debug, Default)]
pub struct SmtpSinkOptions {
    pub security: Security,
    /// Required before MAIL if given.
    pub login: Option<Login>,
    pub authority: Authority,
}

/// One accepted message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Headers and body without the dots of SMTP; bytes that are not UTF-8 are replaced.
    pub data: String,
    pub encrypted: bool,
    /// Counts the connections from 1.
    pub connection: usize,
}

/// Stops when dropped.
#[derive(Debug)]
pub struct SmtpSink {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    options: SmtpSinkOptions,
    spool: Spool,
    script: Mutex<VecDeque<Fault>>,
    connections: AtomicUsize,
}

impl SmtpSink {
    /// Listens on a free loopback port and writes accepted messages to `folder`.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start(folder: &Path, options: SmtpSinkOptions) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            options,
            spool: Spool::open(folder),
            script: Mutex::default(),
            connections: AtomicUsize::new(0),
        });
        let listener = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, listener })
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Adds to the script. The first fault waits until a session reaches its phase, then the next one is first.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.script.lock().unwrap().extend(faults);
    }

    /// Faults that no session has reached yet.
    pub fn unused_faults(&self) -> usize {
        self.shared.script.lock().unwrap().len()
    }

    /// Everything accepted so far, in order.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.spool.read()
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let number = shared.connections.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::spawn(serve(stream, Arc::clone(&shared), number));
    }
}

/// A broken connection is the client's affair: the sink goes on with the next one.
async fn serve(stream: TcpStream, shared: Arc<Shared>, connection: usize) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let mut session = Session { shared: &shared, connection, encrypted: false, logged_in: false };
    let acceptor = shared.options.authority.acceptor().clone();
    if shared.options.security == Security::Tls {
        session.encrypted = true;
        if let Ok(stream) = acceptor.accept(stream).await {
            drop(session.greet_and_talk(&mut BufReader::new(stream)).await);
        }
        return;
    }
    let mut stream = BufReader::new(stream);
    if let Ok(End::Upgrade) = session.greet_and_talk(&mut stream).await
        && let Ok(stream) = acceptor.accept(stream.into_inner()).await
    {
        session.encrypted = true;
        drop(session.talk(&mut BufReader::new(stream)).await);
    }
}

/// How a conversation ended.
enum End {
    Closed,
    Upgrade,
}

/// What the script makes of a step.
enum Step {
    Proceed,
    Answered,
    Over,
}

struct Session<'a> {
    shared: &'a Shared,
    connection: usize,
    encrypted: bool,
    logged_in: bool,
}

impl Session<'_> {
    async fn greet_and_talk<S>(&mut self, stream: &mut BufReader<S>) -> io::Result<End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        match self.step(Phase::Greeting, stream).await? {
            Step::Proceed => say(stream, "220 sink ESMTP").await?,
            Step::Answered => {}
            Step::Over => return Ok(End::Closed),
        }
        self.talk(stream).await
    }

    async fn talk<S>(&mut self, stream: &mut BufReader<S>) -> io::Result<End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut mail = self.empty_mail();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(End::Closed);
            }
            let line = line.trim_end();
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            if verb == "QUIT" {
                say(stream, "221 bye").await?;
                return Ok(End::Closed);
            }
            let Some(phase) = phase_of(&verb) else {
                let known = matches!(verb.as_str(), "RSET" | "NOOP");
                mail = self.empty_mail();
                say(stream, if known { "250 ok" } else { "500 what" }).await?;
                continue;
            };
            match self.step(phase, stream).await? {
                Step::Over => return Ok(End::Closed),
                Step::Answered => continue,
                Step::Proceed => {}
            }
            match phase {
                Phase::StartTls => {
                    say(stream, "220 go ahead").await?;
                    return Ok(End::Upgrade);
                }
                Phase::Ehlo => self.introduce(stream).await?,
                Phase::Auth => self.log_in(line, stream).await?,
                Phase::Mail if self.must_log_in() => say(stream, "530 5.7.0 log in first").await?,
                Phase::Mail => {
                    mail = Mail { from: path(line), ..self.empty_mail() };
                    say(stream, "250 2.1.0 ok").await?;
                }
                Phase::Rcpt => {
                    mail.to.push(path(line));
                    say(stream, "250 2.1.5 ok").await?;
                }
                _ => {
                    say(stream, "354 go").await?;
                    mail.data = read_data(stream).await?;
                    if let Step::Over = self.take(&mail, stream).await? {
                        return Ok(End::Closed);
                    }
                    mail = self.empty_mail();
                }
            }
        }
    }

    /// Accepts or refuses a whole message as the script says.
    async fn take<S: AsyncWrite + Unpin>(&self, mail: &Mail, stream: &mut S) -> io::Result<Step> {
        let fault = self.next_fault(Phase::Dot);
        if fault.as_ref().is_none_or(|fault| fault.stored) {
            self.shared.spool.keep(mail);
        }
        if let Some(fault) = fault {
            return act(&fault.act, stream).await;
        }
        say(stream, "250 2.0.0 kept").await?;
        Ok(Step::Answered)
    }

    async fn step<S: AsyncWrite + Unpin>(&self, phase: Phase, stream: &mut S) -> io::Result<Step> {
        match self.next_fault(phase) {
            Some(fault) => act(&fault.act, stream).await,
            None => Ok(Step::Proceed),
        }
    }

    fn next_fault(&self, phase: Phase) -> Option<Fault> {
        let mut script = self.shared.script.lock().unwrap();
        script.pop_front_if(|fault| fault.at == phase)
    }

    async fn introduce<S: AsyncWrite + Unpin>(&self, stream: &mut S) -> io::Result<()> {
        let mut lines = vec!["sink".to_owned(), "8BITMIME".to_owned()];
        if self.shared.options.security == Security::StartTls && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        if self.shared.options.login.is_some() {
            lines.push("AUTH PLAIN".to_owned());
        }
        let last = lines.len() - 1;
        for (position, line) in lines.iter().enumerate() {
            say(stream, &format!("250{}{line}", if position == last { ' ' } else { '-' })).await?;
        }
        Ok(())
    }

    async fn log_in<S: AsyncWrite + Unpin>(&mut self, line: &str, stream: &mut S) -> io::Result<()> {
        let given = line.strip_prefix("AUTH PLAIN ").unwrap_or_default();
        let expected = self.shared.options.login.as_ref();
        let is_right = expected
            .is_some_and(|login| given == base64(format!("\0{}\0{}", login.username, login.password).as_bytes()));
        self.logged_in |= is_right;
        say(stream, if is_right { "235 2.7.0 welcome" } else { "535 5.7.8 no" }).await
    }

    fn must_log_in(&self) -> bool {
        self.shared.options.login.is_some() && !self.logged_in
    }

    fn empty_mail(&self) -> Mail {
        let (from, to, data) = (String::new(), Vec::new(), String::new());
        Mail { from, to, data, encrypted: self.encrypted, connection: self.connection }
    }
}

fn phase_of(verb: &str) -> Option<Phase> {
    Some(match verb {
        "EHLO" | "HELO" => Phase::Ehlo,
        "STARTTLS" => Phase::StartTls,
        "AUTH" => Phase::Auth,
        "MAIL" => Phase::Mail,
        "RCPT" => Phase::Rcpt,
        "DATA" => Phase::Data,
        _ => return None,
    })
}

async fn act<S: AsyncWrite + Unpin>(act: &Act, stream: &mut S) -> io::Result<Step> {
    match act {
        Act::Reply(line) => {
            say(stream, line).await?;
            Ok(if line.starts_with("421") { Step::Over } else { Step::Answered })
        }
        Act::Inject(more) => {
            stream.write_all(format!("220 go ahead\r\n{more}\r\n").as_bytes()).await?;
            stream.flush().await?;
            Ok(Step::Answered)
        }
        Act::Hang => std::future::pending().await,
        Act::Close => Ok(Step::Over),
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

/// Up to the lone dot, dots unstuffed.
async fn read_data<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> io::Result<String> {
    let mut data = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(String::from_utf8_lossy(&data).into_owned());
        }
        data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

/// The address between the angle brackets.
fn path(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

/// Standard alphabet with padding; four lines here spare the double a dependency.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |group: u32, shift: u32| char::from(ALPHABET[(group >> shift & 63) as usize]);
    let four = |chunk: &[u8]| {
        let group = chunk.iter().chain(&[0, 0]).take(3).fold(0, |group, byte| group << 8 | u32::from(*byte));
        let digits = [digit(group, 18), digit(group, 12), digit(group, 6), digit(group, 0)];
        digits.into_iter().take(chunk.len() + 1).chain(std::iter::repeat('=')).take(4).collect::<String>()
    };
    bytes.chunks(3).map(four).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_pads_as_rfc_4648_does() {
        let vectors = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, expected) in vectors {
            assert_eq!(super::base64(text.as_bytes()), expected);
        }
    }
}
