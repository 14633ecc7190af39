//! HTTP/2 connections to platforms, one for each set of credentials: Apple wants no two teams on one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign::engine::callback::reach::{Network, Reach};
use countersign::engine::callback::target::Target;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};

use crate::deliver::{SendError, Tls, reach_out};

/// All headers of an answer together.
const HEAD_BYTES: u32 = 16 * 1024;
/// Longest answer.
const BODY_BYTES: usize = 16 * 1024;
/// An idle connection is asked for a sign of life so often, and closed when there is none within the time below.
const PING_EVERY: Duration = Duration::from_secs(60);
const PONG_WITHIN: Duration = Duration::from_secs(10);

/// What a platform said.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<String>,
    pub(super) body: Vec<u8>,
}

/// A POST.
pub(super) struct Post<'a> {
    /// `https://HOST`.
    pub(super) endpoint: &'a str,
    pub(super) path: &'a str,
    pub(super) headers: &'a [(&'static str, String)],
    /// A secret.
    pub(super) authorization: &'a str,
    pub(super) body: &'a str,
}

/// Values by name, each with a lock of its own that may be held for long.
pub(super) struct Slots<K, T>(Mutex<HashMap<K, Slot<T>>>);

pub(super) type Slot<T> = Arc<tokio::sync::Mutex<Option<T>>>;

impl<K, T> Default for Slots<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: std::hash::Hash + Eq, T> Slots<K, T> {
    pub(super) fn of(&self, name: K) -> Slot<T> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(name).or_default())
    }
}

/// A connection and its number.
#[derive(Clone)]
struct Line {
    number: u64,
    requests: SendRequest<Full<Bytes>>,
}

/// Connections that are kept.
pub(super) struct Lines {
    tls: Tls,
    reach: Reach,
    timeout: Duration,
    open: Slots<[u8; 32], Line>,
    numbers: std::sync::atomic::AtomicU64,
}

impl Lines {
    /// To platforms that the operator names, so that they may be anywhere.
    pub(super) fn new(tls: Tls, timeout: Duration) -> Self {
        let anywhere = |base| Network::Range { base, prefix: 0 };
        let reach = Reach {
            networks: vec![
                anywhere(std::net::Ipv4Addr::UNSPECIFIED.into()),
                anywhere(std::net::Ipv6Addr::UNSPECIFIED.into()),
            ],
            hosts: Vec::new(),
            https_only: true,
        };
        Self {
            tls,
            reach,
            timeout,
            open: Slots::default(),
            numbers: std::sync::atomic::AtomicU64::new(0),
        }
    }

    /// Sends over the connection of these credentials. One that turns out to be closed is replaced once: whether the
    /// platform had the message before, its id tells it. Without a time limit.
    ///
    /// # Errors
    /// Without an answer.
    pub(super) async fn post(&self, credentials: [u8; 32], post: &Post<'_>) -> Result<Answer, SendError> {
        let slot = self.open.of(credentials);
        let (line, fresh) = self.line(&slot, post.endpoint).await?;
        let number = line.number;
        match exchange(line, post).await {
            Ok(answer) => return Ok(answer),
            Err(error) => {
                drop_line(&slot, number).await;
                if fresh {
                    return Err(error);
                }
            }
        }
        let (line, _) = self.line(&slot, post.endpoint).await?;
        let number = line.number;
        let answer = exchange(line, post).await;
        if answer.is_err() {
            drop_line(&slot, number).await;
        }
        answer
    }

    /// Forgets a connection on which an answer did not come.
    pub(super) async fn abandon(&self, credentials: [u8; 32]) {
        *self.open.of(credentials).lock().await = None;
    }

    /// The connection, and whether it is a new one.
    async fn line(&self, slot: &Slot<Line>, endpoint: &str) -> Result<(Line, bool), SendError> {
        let mut kept = slot.lock().await;
        if let Some(line) = kept.as_ref().filter(|line| !line.requests.is_closed()) {
            return Ok((line.clone(), false));
        }
        let target = Target::parse(endpoint).ok_or(SendError::Url)?;
        let stream = reach_out(&self.reach, &target, self.timeout).await?;
        let stream = self.tls.connect(stream, target.host, None).await?;
        let (requests, connection) = Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(HEAD_BYTES)
            .keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(PONG_WITHIN)
            .keep_alive_while_idle(true)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|_| SendError::Broken)?;
        // Ends when nobody has a use for it any more; its failures are those of the exchanges.
        tokio::spawn(async move { _ = connection.await });
        let line = Line {
            number: self.numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
            requests,
        };
        *kept = Some(line.clone());
        Ok((line, true))
    }
}

/// Forgets the connection, unless there is another one by now.
async fn drop_line(slot: &Slot<Line>, number: u64) {
    let mut kept = slot.lock().await;
    if kept.as_ref().is_some_and(|line| line.number == number) {
        *kept = None;
    }
}

async fn exchange(mut line: Line, post: &Post<'_>) -> Result<Answer, SendError> {
    let mut http = hyper::Request::post(format!("{}{}", post.endpoint, post.path));
    for (name, value) in post.headers {
        http = http.header(*name, value);
    }
    let mut secret = HeaderValue::try_from(post.authorization).map_err(|_| SendError::Url)?;
    secret.set_sensitive(true);
    http = http.header("authorization", secret);
    let body = Full::new(Bytes::from(post.body.to_owned()));
    let http = http.body(body).map_err(|_| SendError::Url)?;
    line.requests.ready().await.map_err(|_| SendError::Broken)?;
    let answer = line.requests.send_request(http).await;
    let answer = answer.map_err(|_| SendError::Broken)?;
    let status = answer.status().as_u16();
    let retry_after = answer.headers().get(RETRY_AFTER);
    let retry_after = retry_after
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let body = Limited::new(answer.into_body(), BODY_BYTES).collect().await;
    Ok(Answer {
        status,
        retry_after,
        body: body.map_err(|_| SendError::Broken)?.to_bytes().to_vec(),
    })
}
