//! One delivery over sockets: HTTP/1.1, no redirects, no proxy, and nothing of bodies in the log.

use std::net::SocketAddr;
use std::time::Duration;

use countersign::engine::callback::authentication::Certificate;
use countersign::engine::callback::outbox::Delivery;
use countersign::engine::callback::reach::Reach;
use countersign::engine::callback::request::{Request, Verdict, verdict};
use countersign::engine::callback::target::Target;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::HeaderValue;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::tls::{Tls, TlsError};

/// All headers of an answer together.
const HEAD_BYTES: usize = 16 * 1024;
const HEADERS: usize = 64;
/// So much of an answer's body is read, for the connection's sake.
const BODY_BYTES: usize = 4 * 1024;
const BODY_WITHIN: Duration = Duration::from_millis(500);

/// Why nothing was delivered. No host, path or body in the texts.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error("the URL cannot be called")]
    Url,
    #[error("the receiver is not one of those allowed")]
    NotAllowed,
    #[error("the name cannot be resolved")]
    Resolve,
    #[error("no connection: {0}")]
    Connect(std::io::ErrorKind),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("no proper answer")]
    Broken,
    #[error("no answer in time")]
    Late,
    #[error("status {0}")]
    Status(u16, Verdict),
}

impl SendError {
    /// Whether other events to the same URL would fail, too.
    pub(crate) fn concerns_all(&self) -> bool {
        !matches!(self, Self::Status(_, Verdict::Refused))
    }
}

/// A connection to one receiver; ends when it is dropped.
pub(crate) struct Line {
    requests: SendRequest<Full<Bytes>>,
    driver: JoinHandle<()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Sends deliveries.
pub(crate) struct Sender {
    reach: Reach,
    tls: Tls,
    timeout: Duration,
}

impl Sender {
    pub(crate) fn new(reach: Reach, tls: Tls, timeout: Duration) -> Self {
        Self { reach, tls, timeout }
    }

    /// Longest time that [`Sender::send`] takes.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Delivers over the connection that is left from the delivery before, or over a new one.
    ///
    /// # Errors
    /// Unless the receiver has taken the event.
    pub(crate) async fn send(&self, line: &mut Option<Line>, delivery: &Delivery) -> Result<(), SendError> {
        let request = delivery.request().ok_or(SendError::Url)?;
        let result = timeout(self.timeout, self.exchange(line, &request)).await;
        let status = match result.unwrap_or(Err(SendError::Late)) {
            Ok(status) => status,
            Err(error) => {
                *line = None;
                return Err(error);
            }
        };
        match verdict(status) {
            Verdict::Taken => Ok(()),
            other => Err(SendError::Status(status, other)),
        }
    }

    async fn exchange(&self, line: &mut Option<Line>, request: &Request<'_>) -> Result<u16, SendError> {
        if let Some(mut open) = line.take()
            && open.requests.ready().await.is_ok()
            && let Ok((status, more)) = post(&mut open, request).await
        {
            *line = more.then_some(open);
            return Ok(status);
        }
        // The receiver had closed it: whether before or after the event arrived, the key tells it.
        let mut open = self.open(request).await?;
        let (status, more) = post(&mut open, request).await?;
        *line = more.then_some(open);
        Ok(status)
    }

    async fn open(&self, request: &Request<'_>) -> Result<Line, SendError> {
        let target = &request.target;
        if !self.reach.permits(target) {
            return Err(SendError::NotAllowed);
        }
        let stream = self.reach_out(target).await?;
        _ = stream.set_nodelay(true);
        if target.secure {
            let certificate: Option<&Certificate> = request.certificate;
            let stream = self.tls.connect(stream, target.host, certificate).await?;
            handshake(stream).await
        } else {
            handshake(stream).await
        }
    }

    /// A connection to an address that was judged itself, not looked up again.
    async fn reach_out(&self, target: &Target<'_>) -> Result<TcpStream, SendError> {
        let found: Vec<SocketAddr> = match target.address() {
            Some(address) => vec![(address, target.port).into()],
            None => lookup_host((target.host, target.port))
                .await
                .map_err(|_| SendError::Resolve)?
                .collect(),
        };
        let mut error = SendError::NotAllowed;
        for address in found {
            if !self.reach.permits_address(address.ip()) {
                continue;
            }
            // An address that swallows everything leaves time for the next.
            match timeout(self.timeout / 2, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(failed)) => error = SendError::Connect(failed.kind()),
                Err(_) => error = SendError::Late,
            }
        }
        Err(error)
    }
}

async fn handshake<S>(stream: S) -> Result<Line, SendError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (requests, connection) = http1::Builder::new()
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|_| SendError::Broken)?;
    // Its failures are those of the exchange.
    let driver = tokio::spawn(async move { _ = connection.await });
    Ok(Line { requests, driver })
}

/// Status of the answer, and whether the connection can be used again.
async fn post(line: &mut Line, request: &Request<'_>) -> Result<(u16, bool), SendError> {
    let body = Full::new(Bytes::from(request.body.to_owned()));
    let mut http = hyper::Request::post(&request.path);
    for (name, value) in &request.headers {
        // What a header cannot contain would be a mistake of whoever wrote the settings.
        let mut value = HeaderValue::try_from(value.as_str()).map_err(|_| SendError::Url)?;
        value.set_sensitive(*name == "authorization");
        http = http.header(*name, value);
    }
    let http = http.body(body).map_err(|_| SendError::Url)?;
    let answer = line
        .requests
        .send_request(http)
        .await
        .map_err(|_| SendError::Broken)?;
    let status = answer.status().as_u16();
    let short = timeout(BODY_WITHIN, is_short(answer.into_body())).await;
    Ok((status, short.unwrap_or(false)))
}

/// Reads a body that does not matter, unless it is long.
async fn is_short(mut body: Incoming) -> bool {
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        seen = seen.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        if seen > BODY_BYTES {
            return false;
        }
    }
    true
}
