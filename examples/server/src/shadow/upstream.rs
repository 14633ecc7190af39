//! The old server over sockets: HTTP/1.1, no redirects; everything but hop-by-hop headers passes as it is.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout, timeout_at};

use super::options::OldServer;
use crate::deliver::{Tls, TlsError};

/// All headers of an answer together.
const HEAD_BYTES: usize = 64 * 1024;
const HEADERS: usize = 128;
/// Connections that are kept for the next request.
const KEPT: usize = 128;
/// For so long: shorter than servers keep them.
const KEPT_FOR: Duration = Duration::from_secs(5);
/// Longest wait for a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Headers of one connection, not of a message.
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Why the old server did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    #[error("the name cannot be resolved")]
    Resolve,
    #[error("no connection: {0}")]
    Connect(io::ErrorKind),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("no proper answer")]
    Broken,
    #[error("no answer in time")]
    Late,
}

type Line = SendRequest<Full<Bytes>>;

/// The old server.
pub(super) struct Upstream {
    server: OldServer,
    tls: Tls,
    timeout: Duration,
    kept: Mutex<Vec<(Line, Instant)>>,
}

impl Upstream {
    pub(super) fn new(server: OldServer, tls: Tls, timeout: Duration) -> Self {
        Self {
            server,
            tls,
            timeout,
            kept: Mutex::default(),
        }
    }

    /// For a whole answer, and for a pause in one that is too long for that.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(super) fn server(&self) -> &OldServer {
        &self.server
    }

    /// Sends a request; the head of the answer, and when the rest has to be there.
    pub(super) async fn send(
        &self,
        parts: &Parts,
        caller: Option<std::net::IpAddr>,
        body: Bytes,
    ) -> Result<(hyper::Response<Incoming>, Line, Instant), Unanswered> {
        let until = Instant::now() + self.timeout;
        let target = self.server.target().ok_or(Unanswered::Resolve)?;
        let path = parts.uri.path_and_query().map_or("/", |it| it.as_str());
        let mut request = hyper::Request::builder()
            .method(parts.method.clone())
            .uri(path)
            .body(Full::new(body))
            .map_err(|_| Unanswered::Broken)?;
        *request.headers_mut() = passed_on(&parts.headers);
        let host = HeaderValue::from_str(target.authority).map_err(|_| Unanswered::Resolve)?;
        request.headers_mut().insert(header::HOST, host);
        if let Some(caller) = caller.and_then(|it| HeaderValue::try_from(it.to_string()).ok()) {
            request.headers_mut().append(FORWARDED_FOR, caller);
        }
        match timeout_at(until, self.exchange(request)).await {
            Ok(answered) => answered.map(|(answer, line)| (answer, line, until)),
            Err(_) => Err(Unanswered::Late),
        }
    }

    async fn exchange(
        &self,
        mut request: hyper::Request<Full<Bytes>>,
    ) -> Result<(hyper::Response<Incoming>, Line), Unanswered> {
        while let Some(mut line) = self.take() {
            if line.ready().await.is_err() {
                continue;
            }
            match line.try_send_request(request).await {
                Ok(answer) => return Ok((answer, line)),
                // Given back: not a byte of it was sent. Otherwise it may have counted, and must not be sent twice.
                Err(mut error) => request = error.take_message().ok_or(Unanswered::Broken)?,
            }
        }
        let mut line = timeout(CONNECT_WITHIN, self.open())
            .await
            .map_err(|_| Unanswered::Late)??;
        let answer = line.send_request(request).await.map_err(|_| Unanswered::Broken)?;
        Ok((answer, line))
    }

    /// A connection that was used a moment ago.
    fn take(&self) -> Option<Line> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, since)| since.elapsed() < KEPT_FOR);
        kept.pop().map(|(line, _)| line)
    }

    /// Keeps a connection whose answer was read to the end.
    pub(super) fn keep(&self, line: Line) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT && !line.is_closed() {
            kept.push((line, Instant::now()));
        }
    }

    async fn open(&self) -> Result<Line, Unanswered> {
        let target = self.server.target().ok_or(Unanswered::Resolve)?;
        let found = lookup_host((target.host, target.port)).await;
        let mut failed = Unanswered::Resolve;
        for address in found.map_err(|_| Unanswered::Resolve)? {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    _ = stream.set_nodelay(true);
                    return match target.secure {
                        true => handshake(self.tls.connect(stream, target.host, None).await?).await,
                        false => handshake(stream).await,
                    };
                }
                Err(error) => failed = Unanswered::Connect(error.kind()),
            }
        }
        Err(failed)
    }
}

async fn handshake<S>(stream: S) -> Result<Line, Unanswered>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (line, connection) = http1::Builder::new()
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Unanswered::Broken)?;
    // Ends with the line; its failures are those of the exchange.
    tokio::spawn(async move { _ = connection.await });
    Ok(line)
}

/// The headers that belong to the message and not to the connection that it came over.
pub(super) fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let mut passed = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        if !HOP_BY_HOP.contains(name) && !named.contains(name) && name != header::EXPECT {
            passed.append(name, value.clone());
        }
    }
    passed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_a_connection_stay_there() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Basic x"),
            ("connection", "close, X-Own"),
            ("x-own", "1"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("te", "trailers"),
            ("proxy-authorization", "Basic y"),
            ("expect", "100-continue"),
            ("x-request-id", "7"),
        ] {
            headers.append(name, value.parse().unwrap());
        }
        headers.append("x-request-id", "8".parse().unwrap());
        let passed = passed_on(&headers);
        let names: Vec<&str> = passed.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["authorization", "x-request-id", "x-request-id"]);
    }
}
