//! From clear text to TLS, on a fresh connection.
//!
//! Written here because the reply to STARTTLS must be the *last* clear byte: whatever an attacker in the middle sends
//! behind it would otherwise be read as the replies to our first encrypted commands.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use super::classify::{Answer, Phase};
use super::session::Stop;

/// Bytes of one reply; relays send a few hundred.
const LONGEST_REPLY: u64 = 16 * 1024;

/// Negotiates up to the moment the handshake may start, and returns the stream with the greeting line that was read.
///
/// # Errors
/// A [`Stop`] where the relay refuses, does not offer TLS, or sends more than it may.
pub(super) async fn negotiate<S>(stream: S, hello: &str) -> Result<(S, String), Stop>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    let greeting = expect(&mut stream, 220, Phase::Connect).await?;
    let offers = command(&mut stream, &format!("EHLO {hello}"), 250, Phase::Connect).await?;
    if !offers.lines().any(|line| line.get(4..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS"))) {
        return Err(Stop::new(Phase::Tls, Answer::Lost("the relay does not offer STARTTLS".into())));
    }
    command(&mut stream, "STARTTLS", 220, Phase::Tls).await?;
    if !stream.buffer().is_empty() {
        return Err(Stop::new(Phase::Tls, Answer::Lost("clear text follows the reply to STARTTLS".into())));
    }
    let first = greeting.lines().last().unwrap_or_default().to_owned();
    Ok((stream.into_inner(), first))
}

async fn command<S>(stream: &mut BufReader<S>, line: &str, code: u16, phase: Phase) -> Result<String, Stop>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let lost = |error: io::Error| Stop::new(phase, Answer::Lost(error.to_string()));
    stream.write_all(format!("{line}\r\n").as_bytes()).await.map_err(lost)?;
    stream.flush().await.map_err(lost)?;
    expect(stream, code, phase).await
}

/// Reads one reply, all its lines; only this code will do.
async fn expect<S: AsyncBufRead + Unpin>(stream: &mut S, code: u16, phase: Phase) -> Result<String, Stop> {
    let reply = read_reply(stream).await.map_err(|error| Stop::new(phase, Answer::Lost(error.to_string())))?;
    let last = reply.lines().last().unwrap_or_default();
    match last.get(..3).and_then(|code| code.parse::<u16>().ok()) {
        Some(got) if got == code => Ok(reply),
        Some(got) => Err(Stop::new(phase, Answer::Reply(got, last.get(4..).unwrap_or_default().to_owned()))),
        None => Err(Stop::new(phase, Answer::Lost("the reply has no code".into()))),
    }
}

async fn read_reply<S: AsyncBufRead + Unpin>(stream: &mut S) -> io::Result<String> {
    let mut bounded = stream.take(LONGEST_REPLY);
    let mut reply = String::new();
    loop {
        let start = reply.len();
        bounded.read_line(&mut reply).await?;
        let line = &reply[start..];
        if !line.ends_with('\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(reply);
        }
    }
}
