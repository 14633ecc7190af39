//! Shadow mode: in front of an old server that answers all requests, to see whether ours would answer the same.
//!
//! ```text
//!  caller ─▶ pass on ─▶ old server        upstream
//!         ◀─ as it is ◀┘  └─ a copy ─▶ decided here afterwards, compared, counted     decide, turns, tally
//! ```
//!
//! Nothing that happens here reaches the caller: neither an answer, nor a delay, nor a failure. No callback and no push message
//! is sent. What the answers are compared by: `countersign::adopt::shadow` and `agree`.

mod decide;
mod mark;
pub(crate) mod options;
mod tally;
mod turns;
mod upstream;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header, response};
use axum::response::Response;
use axum::routing::get;
use countersign::adopt::shadow::{Follow, Subjects, follow};
use countersign::api::{self, auth::Basic};
use countersign::store::Host;
use futures_util::stream;
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

pub(crate) use decide::{Waiting, run};
pub(crate) use mark::{MarkError, follows, mark};

use crate::body;
use crate::deliver::{Tls, TlsError};
use crate::host::System;
use crate::options::Bounds;
use crate::patience::Unread;
use crate::service::{Service, caller, into_response, named, unavailable};
use decide::{Job, Queue};
use options::ShadowOptions;
use tally::{Outcome, Tally};
use turns::Turns;
use upstream::{Unanswered, Upstream};

/// Requests larger than this are no requests of the server API.
const REQUEST_BYTES: usize = 64 * 1024;
/// Larger answers are passed on as they come, and not compared.
const ANSWER_BYTES: usize = 1024 * 1024;
/// Name of requests that are of no method.
const OTHER: &str = "other";

/// Carried by an answer of the old server: nothing is added to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PassedOn;

/// The old server, and what was found so far.
pub(crate) struct Shadow {
    upstream: Upstream,
    queue: Queue,
    tally: Tally,
    turns: Turns,
    max_body: usize,
}

impl Shadow {
    /// With the end of its queue where requests wait; none where no old server is named.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new(options: &ShadowOptions) -> Result<Option<(Self, Waiting)>, TlsError> {
        let Some(old) = options.shadow.clone() else {
            return Ok(None);
        };
        let tls = Tls::speaking(options.shadow_ca.as_deref(), b"http/1.1")?;
        let length = usize::try_from(options.shadow_queue).unwrap_or(usize::MAX);
        let (queue, waiting) = decide::channel(length);
        let shadow = Self {
            upstream: Upstream::new(old, tls, options.shadow_timeout),
            queue,
            tally: Tally::new(System.now()),
            turns: Turns::default(),
            max_body: options.shadow_max_body,
        };
        Ok(Some((shadow, waiting)))
    }

    /// Numbers for Prometheus.
    pub(crate) fn render(&self, out: &mut String) {
        // Writing to a `String` cannot fail.
        let _ = self.tally.render(out, self.queue.waiting());
    }
}

/// The route of the report; none where there is no old server.
pub(crate) fn routes(service: &Service) -> Router<Arc<Service>> {
    match service.shadow {
        Some(_) => Router::new().route("/shadow", get(report)),
        None => Router::new(),
    }
}

/// What was found so far, for administrators.
async fn report(State(service): State<Arc<Service>>, request: Request) -> Response {
    let mut values = request.headers().get_all(header::AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none());
    let given = value.and_then(|value| Basic::read(value.to_str().ok()?));
    let is_administrator = match given {
        None => Ok(false),
        Some(given) => service.connection.run(|tx| given.is_administrator(tx)).await,
    };
    let answer = match (is_administrator, &service.shadow) {
        (Ok(true), Some(shadow)) => {
            let old = shadow.upstream.server().to_string();
            api::Response::json(200, &shadow.tally.report(&old, shadow.queue.waiting()))
        }
        (Ok(_), _) => {
            let mut refusal = api::Response::error(401, "ERR_AUTHENTICATION", "Authentication failed");
            let realm = "Basic realm=\"countersign\"".to_owned();
            refusal.headers.push(("www-authenticate", realm));
            refusal
        }
        (Err(_), _) => unavailable(),
    };
    named("shadow", into_response(answer))
}

/// Passes a request on, and its answer back.
pub(crate) async fn forward(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(shadow) = &service.shadow else {
        return into_response(unavailable());
    };
    let bounds = Bounds {
        max_body: shadow.max_body,
        ..service.bounds
    };
    match body::read(&parts.headers, body, &bounds).await {
        Ok(body) => {
            // Goes on when the caller has gone: the old server may have counted the request.
            let service = Arc::clone(&service);
            let passed = tokio::spawn(pass(service, parts, body).in_current_span());
            passed.await.unwrap_or_else(|_| refused(&Unanswered::Broken))
        }
        Err(refusal) => {
            let mut response = into_response(refusal);
            if let Some(unread) = parts.extensions.get::<Unread>() {
                unread.tell();
            }
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
            named(OTHER, response)
        }
    }
}

/// What is known of a request before it is answered.
struct Seen {
    name: &'static str,
    follow: Follow,
    path: String,
    content_type: String,
    subjects: Option<Subjects>,
}

impl Seen {
    fn of(service: &Service, parts: &Parts, body: &[u8]) -> Self {
        let path = parts.uri.path();
        let below = service.prefixes.iter().find_map(|prefix| prefix.strip(path));
        let path = below.unwrap_or(path);
        let mut rows = service.api.endpoints().iter();
        let row = rows.find(|row| row.path == path && row.method == parts.method.as_str());
        let follow = row.map_or(Follow::Left, |row| follow(row.name));
        let followed = follow != Follow::Left && body.len() <= REQUEST_BYTES;
        let content_type = parts.headers.get(header::CONTENT_TYPE);
        Self {
            name: row.map_or(OTHER, |row| row.name),
            follow,
            path: path.to_owned(),
            content_type: content_type
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
            subjects: followed.then(|| Subjects::of(body)).flatten(),
        }
    }
}

async fn pass(service: Arc<Service>, parts: Parts, body: Bytes) -> Response {
    let Some(shadow) = &service.shadow else {
        return into_response(unavailable());
    };
    // Never closed.
    let _place = service.running.acquire().await.ok();
    let seen = Seen::of(&service, &parts, &body);
    let name = seen.name;
    let subjects = seen.subjects.as_ref().filter(|it| !it.name().is_empty());
    let turn = subjects.map(|it| shadow.turns.begin(it.name()));
    let answered = answer(shadow, &parts, caller(&service, &parts), body.clone()).await;
    let alone = turn.is_none_or(|turn| shadow.turns.end(&turn));
    match answered {
        Ok(Answered::Whole(head, text)) => {
            copy(shadow, seen, (&head, &text), body, alone);
            named(name, passed_back(head, Body::from(text)))
        }
        Ok(Answered::Long(head, body)) => {
            shadow.tally.count(name, Outcome::Skipped);
            named(name, passed_back(head, body))
        }
        Err(error) => {
            shadow.tally.count(name, Outcome::Unanswered);
            tracing::warn!(method = name, %error, "the old server did not answer");
            named(name, refused(&error))
        }
    }
}

/// An answer of the old server.
enum Answered {
    Whole(response::Parts, Bytes),
    /// With the rest still to come.
    Long(response::Parts, Body),
}

async fn answer(
    shadow: &Shadow,
    parts: &Parts,
    caller: Option<IpAddr>,
    body: Bytes,
) -> Result<Answered, Unanswered> {
    let (answer, line, until) = shadow.upstream.send(parts, caller, body).await?;
    let (head, mut rest) = answer.into_parts();
    let mut text = Vec::new();
    while text.len() <= ANSWER_BYTES {
        match part(&mut rest, until).await? {
            Some(part) => text.extend_from_slice(&part),
            None => {
                shadow.upstream.keep(line);
                return Ok(Answered::Whole(head, text.into()));
            }
        }
    }
    let pause = shadow.upstream.timeout();
    let first = stream::once(async move { Ok(Bytes::from(text)) });
    let rest = stream::try_unfold((rest, line), move |(mut rest, line)| async move {
        let next = part(&mut rest, Instant::now() + pause).await?;
        Ok::<_, Unanswered>(next.map(|part| (part, (rest, line))))
    });
    let body = Body::from_stream(futures_util::StreamExt::chain(first, rest));
    Ok(Answered::Long(head, body))
}

/// The next part of a body; none at its end. Trailers are the connection's.
async fn part(body: &mut Incoming, until: Instant) -> Result<Option<Bytes>, Unanswered> {
    loop {
        let frame = timeout_at(until, body.frame())
            .await
            .map_err(|_| Unanswered::Late)?;
        match frame.transpose().map_err(|_| Unanswered::Broken)? {
            None => return Ok(None),
            Some(frame) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// Puts a copy into the queue where that makes sense.
fn copy(shadow: &Shadow, seen: Seen, (head, text): (&response::Parts, &Bytes), body: Bytes, alone: bool) {
    let name = seen.name;
    // After a failure of its own nobody knows what the old server did.
    if head.status.is_server_error() {
        shadow.tally.count(name, Outcome::Unanswered);
        return;
    }
    let is_refused = matches!(head.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let is_plain = !head.headers.contains_key(header::CONTENT_ENCODING);
    let Some(subjects) = seen.subjects.filter(|_| is_plain && !is_refused) else {
        shadow.tally.count(name, Outcome::Skipped);
        return;
    };
    let job = Job {
        name,
        follow: seen.follow,
        path: seen.path,
        content_type: seen.content_type,
        subjects,
        body,
        old: (head.status.as_u16(), text.clone()),
        at: System.now(),
        alone,
    };
    if !shadow.queue.offer(job) {
        shadow.tally.count(name, Outcome::Dropped);
    }
}

/// The old server's answer as it is.
fn passed_back(head: response::Parts, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = head.status;
    *response.headers_mut() = upstream::passed_on(&head.headers);
    response.extensions_mut().insert(PassedOn);
    response
}

/// 502, or 504 when the old server took too long.
fn refused(error: &Unanswered) -> Response {
    into_response(match error {
        Unanswered::Late => {
            api::Response::error(504, "ERROR_GENERIC", "The old server did not answer in time.")
        }
        _ => api::Response::error(502, "ERROR_GENERIC", "The old server did not answer."),
    })
}
