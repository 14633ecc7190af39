//! One delivery over sockets: HTTP/1.1, no redirects, no proxy, and nothing of bodies in the log.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use countersign::engine::callback::authentication::Certificate;
use countersign::engine::callback::oauth2::{AccessToken, OAuth2};
use countersign::engine::callback::outbox::Delivery;
use countersign::engine::callback::reach::Reach;
use countersign::engine::callback::request::{Request, Verdict, verdict};
use countersign::engine::callback::target::Target;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::HeaderValue;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use super::tls::{Tls, TlsError};

/// All headers of an answer together.
const HEAD_BYTES: usize = 16 * 1024;
const HEADERS: usize = 64;
/// So much of an answer's body is read, for the connection's sake.
const BODY_BYTES: usize = 4 * 1024;
/// Longest answer of a token endpoint.
const TOKEN_BYTES: usize = 16 * 1024;
const UNAUTHORIZED: u16 = 401;
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
    #[error("no access token: {0}")]
    Token(Box<SendError>),
    #[error("the token endpoint gives none")]
    NoToken,
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
    /// Access tokens and their ends, by the settings that they were given for.
    tokens: Mutex<HashMap<[u8; 32], (AccessToken, Instant)>>,
}

impl Sender {
    pub(crate) fn new(reach: Reach, tls: Tls, timeout: Duration) -> Self {
        Self {
            reach,
            tls,
            timeout,
            tokens: Mutex::default(),
        }
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
        let result = timeout(self.timeout, self.attempt(line, delivery)).await;
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

    /// With an access token where one is wanted. One that the receiver does not take is replaced once.
    async fn attempt(&self, line: &mut Option<Line>, delivery: &Delivery) -> Result<u16, SendError> {
        let mut request = delivery.request().ok_or(SendError::Url)?;
        let Some(settings) = delivery.oauth2() else {
            return self.exchange(line, &request).await;
        };
        request.authorize(&self.token(settings, request.certificate).await?);
        let status = self.exchange(line, &request).await?;
        if status != UNAUTHORIZED {
            return Ok(status);
        }
        self.tokens().remove(&settings.fingerprint());
        let mut request = delivery.request().ok_or(SendError::Url)?;
        request.authorize(&self.token(settings, request.certificate).await?);
        self.exchange(line, &request).await
    }

    async fn token(
        &self,
        settings: &OAuth2,
        certificate: Option<&Certificate>,
    ) -> Result<AccessToken, SendError> {
        let key = settings.fingerprint();
        let now = Instant::now();
        self.tokens().retain(|_, (_, end)| *end > now);
        if let Some((token, _)) = self.tokens().get(&key) {
            return Ok(token.clone());
        }
        let fetched = self.fetch(settings, certificate).await;
        let token = fetched.map_err(|error| SendError::Token(Box::new(error)))?;
        let end = now + Duration::from_secs(token.usable_for);
        self.tokens().insert(key, (token.clone(), end));
        Ok(token)
    }

    async fn fetch(
        &self,
        settings: &OAuth2,
        certificate: Option<&Certificate>,
    ) -> Result<AccessToken, SendError> {
        let request = settings.request(certificate).ok_or(SendError::Url)?;
        self.access_token(&request).await
    }

    /// Asks a token endpoint for a token. Without a time limit of its own.
    ///
    /// # Errors
    /// When it gives none.
    pub(crate) async fn access_token(&self, request: &Request<'_>) -> Result<AccessToken, SendError> {
        let mut line = self.open(request).await?;
        let answer = call(&mut line, request).await?;
        let status = answer.status().as_u16();
        if !matches!(verdict(status), Verdict::Taken) {
            return Err(SendError::Status(status, verdict(status)));
        }
        let body = Limited::new(answer.into_body(), TOKEN_BYTES).collect().await;
        let body = Zeroizing::new(body.map_err(|_| SendError::Broken)?.to_bytes().to_vec());
        AccessToken::read(&body).ok_or(SendError::NoToken)
    }

    fn tokens(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], (AccessToken, Instant)>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
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
        let stream = reach_out(&self.reach, target, self.timeout).await?;
        if target.secure {
            let certificate: Option<&Certificate> = request.certificate;
            let stream = self.tls.connect(stream, target.host, certificate).await?;
            handshake(stream).await
        } else {
            handshake(stream).await
        }
    }
}

/// A connection to an address that was judged itself, not looked up again.
pub(crate) async fn reach_out(
    reach: &Reach,
    target: &Target<'_>,
    within: Duration,
) -> Result<TcpStream, SendError> {
    if !reach.permits(target) {
        return Err(SendError::NotAllowed);
    }
    let found: Vec<SocketAddr> = match target.address() {
        Some(address) => vec![(address, target.port).into()],
        None => lookup_host((target.host, target.port))
            .await
            .map_err(|_| SendError::Resolve)?
            .collect(),
    };
    let mut error = SendError::NotAllowed;
    for address in found {
        if !reach.permits_address(address.ip()) {
            continue;
        }
        // An address that swallows everything leaves time for the next.
        match timeout(within / 2, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(failed)) => error = SendError::Connect(failed.kind()),
            Err(_) => error = SendError::Late,
        }
    }
    Err(error)
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
    let answer = call(line, request).await?;
    let status = answer.status().as_u16();
    let short = timeout(BODY_WITHIN, is_short(answer.into_body())).await;
    Ok((status, short.unwrap_or(false)))
}

async fn call(line: &mut Line, request: &Request<'_>) -> Result<hyper::Response<Incoming>, SendError> {
    let body = Full::new(Bytes::from(request.body.clone().into_owned()));
    let mut http = hyper::Request::post(&request.path);
    for (name, value) in &request.headers {
        // What a header cannot contain would be a mistake of whoever wrote the settings.
        let mut value = HeaderValue::try_from(value.as_str()).map_err(|_| SendError::Url)?;
        value.set_sensitive(*name == "authorization");
        http = http.header(*name, value);
    }
    let http = http.body(body).map_err(|_| SendError::Url)?;
    let answer = line.requests.send_request(http).await;
    answer.map_err(|_| SendError::Broken)
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
