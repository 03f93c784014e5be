//! The byte stream below a session: TCP without Nagle's delay, clear or encrypted.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::classify::{Answer, Phase};
use super::session::Stop;
use super::settings::{Security, SmtpSettings};
use super::starttls;
use crate::error::DeliveryError;

/// Bytes a relay may say in one session. A hundred mails take some tens of kilobytes; only an attack takes more, and
/// the protocol layer would buffer a line of any length.
const MOST_HEARD: u64 = 4 << 20;

/// Everything needed to open a stream, checked when the configuration is read.
pub(super) struct Wiring {
    host: String,
    port: u16,
    security: Security,
    tls: TlsConnector,
    name: ServerName<'static>,
}

impl fmt::Debug for Wiring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, security, .. } = self;
        f.debug_struct("Wiring").field("host", host).field("port", port).field("security", security).finish()
    }
}

impl Wiring {
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, DeliveryError> {
        let host = settings.host.clone();
        let name = ServerName::try_from(host.clone()).map_err(|_| DeliveryError::Host { host: host.clone() })?;
        let tls = TlsConnector::from(Arc::new(settings.trust.client_config()?));
        Ok(Self { host, port: settings.port, security: settings.security, tls, name })
    }

    pub(super) async fn tcp(&self) -> Result<TcpStream, Stop> {
        let lost = |error: io::Error| Stop::new(Phase::Connect, Answer::Lost(error.to_string()));
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(lost)?;
        // Message and final dot are written separately: with Nagle's algorithm the dot waits for a delayed
        // acknowledgement, 40 ms for every mail.
        stream.set_nodelay(true).map_err(lost)?;
        Ok(stream)
    }

    /// A stream on which the greeting can be read next, whichever way it was secured.
    pub(super) async fn secure(&self, stream: TcpStream, hello: &str) -> Result<Wire, Stop> {
        let peer = stream.peer_addr().map_err(|error| Stop::new(Phase::Connect, Answer::Lost(error.to_string())))?;
        match self.security {
            Security::None => Ok(Wire::new(String::new(), stream, peer)),
            Security::Tls => Ok(Wire::new(String::new(), self.handshake(stream).await?, peer)),
            Security::StartTls => {
                let (stream, greeting) = starttls::negotiate(stream, hello).await?;
                // Nobody greets twice (RFC 3207 §4.2), yet a session starts by reading a greeting: it reads the one
                // that came before TLS, of which only the 220 counts. EHLO is asked again, encrypted.
                Ok(Wire::new(format!("{}\r\n", greeting.trim_end()), self.handshake(stream).await?, peer))
            }
        }
    }

    async fn handshake(&self, stream: TcpStream) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Stop> {
        let secured = self.tls.connect(self.name.clone(), stream).await;
        secured.map_err(|error| Stop::new(Phase::Tls, Answer::Lost(error.to_string())))
    }
}

/// What is read comes from memory first, then from the stream, and ends at [`MOST_HEARD`].
pub(super) struct Wire {
    heard: Pin<Box<dyn AsyncRead + Send + Sync>>,
    said: Pin<Box<dyn AsyncWrite + Send + Sync>>,
    peer: SocketAddr,
}

impl Wire {
    fn new<S>(before: String, stream: S, peer: SocketAddr) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + Sync + 'static,
    {
        let (heard, said) = tokio::io::split(stream);
        let heard = io::Cursor::new(before.into_bytes()).chain(heard).take(MOST_HEARD);
        Self { heard: Box::pin(heard), said: Box::pin(said), peer }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("peer", &self.peer).finish_non_exhaustive()
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.heard.as_mut().poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.said.as_mut().poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.said.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.said.as_mut().poll_shutdown(context)
    }
}
