//! From an HTTP request to the dispatcher and back.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use countersign::api::{self, Api, Call};
use countersign::engine::callback::reach::Network;
use countersign::engine::rotation::{Caretaker, Keeper, LEARN_WITHIN};
use countersign::engine::{self, Engine};
use countersign::store::driver::drive;
use countersign::store::{Failure, Host, Machine, Query, Store, Tx};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::body;
use super::console::{self, Console};
use super::database::Connection;
use super::docs;
use super::heavy::{self, Offloaded};
use super::host::System;
use super::listen::Peer;
use super::metrics::Metrics;
use super::observe;
use super::options::{Bounds, Prefix};
use super::otlp::Traces;
use super::patience::Unread;
use super::proxies;
use super::rate::Rates;
use super::records::{SETUP, Setup};
use super::shadow::{self, Shadow};

const READY_WITHIN: Duration = Duration::from_secs(2);

/// Everything a request needs.
pub(crate) struct Service {
    pub(crate) api: Api,
    pub(crate) connection: Connection,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) prefixes: Vec<Prefix>,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) bounds: Bounds,
    /// Whether `/metrics` has a listener of its own.
    pub(crate) metrics_elsewhere: bool,
    /// Whether the documents of the APIs are shown.
    pub(crate) docs: bool,
    /// The server is about to stop: balancers should look elsewhere.
    pub(crate) draining: AtomicBool,
    /// How often one address may ask.
    pub(crate) rates: Option<Rates>,
    /// Requests that a collector is told of.
    pub(crate) traces: Option<Traces>,
    /// The page of administrators, where it is wanted.
    pub(crate) console: Option<Console>,
    /// The old server that answers everything, where one is named.
    pub(crate) shadow: Option<Shadow>,
    /// Whether the server is about to end.
    pub(crate) stopping: AtomicBool,
    /// Places for running requests.
    pub(crate) running: Semaphore,
    /// Places for requests that hash passwords.
    pub(crate) hashing: Semaphore,
    /// Who wraps the keys that seal secrets.
    pub(crate) keeper: Arc<dyn Keeper>,
    /// A name among those who work on one database.
    pub(crate) worker: u64,
}

impl Service {
    /// Looks after the keys that seal secrets.
    pub(crate) fn caretaker(&self) -> Caretaker<'_> {
        Caretaker {
            keyring: &self.api.engine().keyring,
            keeper: &*self.keeper,
            store: &self.connection.store,
            lanes: &self.connection.lanes,
            host: &System,
            worker: self.worker,
            learn_within: LEARN_WITHIN,
        }
    }

    /// Whether whoever waits for news should come to an end.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Runs a decision that no request asked for. Nobody waits for a refusal, so that it is an error, too.
    ///
    /// # Errors
    /// A text for the log.
    pub(crate) async fn decide<T>(
        &self,
        host: &dyn Host,
        decide: impl Fn(&Engine, &mut Tx<'_>) -> engine::Outcome<T>,
    ) -> Result<T, String> {
        let engine = self.api.engine();
        let mut machine = Machine::new(None, |tx: &mut Tx<'_>| decide(engine, tx));
        let connection = &self.connection;
        let result = drive(&mut machine, &connection.store, &connection.lanes, host).await;
        result.map_err(|failure| match failure {
            Failure::Refused(error) => error.to_string(),
            Failure::Fault(fault) => fault.to_string(),
        })
    }
}

/// Name of the endpoint, carried by a response for the record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndpointName(pub(crate) &'static str);

/// The main listener's routes.
pub(crate) fn router(service: &Arc<Service>) -> Router {
    let docs = match service.docs {
        true => docs::routes(),
        false => Router::new(),
    };
    let routes = docs
        .merge(console::routes(service))
        .merge(shadow::routes(service))
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics_for_neighbours));
    let routes = match service.shadow {
        Some(_) => routes.fallback(shadow::forward),
        None => routes.fallback(dispatch),
    };
    routes
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(service),
            observe::observe,
        ))
        .with_state(Arc::clone(service))
}

/// Routes of the listener for metrics.
pub(crate) fn metrics_router(service: &Arc<Service>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .with_state(Arc::clone(service))
}

/// The process answers.
async fn health() -> Response {
    named("health", status(StatusCode::OK, "UP"))
}

/// The store answers, too, and the server is not about to stop.
async fn ready(State(service): State<Arc<Service>>) -> Response {
    if service.draining.load(Ordering::Relaxed) {
        return named("ready", status(StatusCode::SERVICE_UNAVAILABLE, "STOPPING"));
    }
    // Whoever is passed on to the old server needs no store of ours.
    if service.shadow.is_some() {
        return named("ready", status(StatusCode::OK, "UP"));
    }
    let query = [Query::Get(countersign::store::Key::new(SETUP, Setup::ID))];
    let answer = timeout(READY_WITHIN, service.connection.store.read(&query)).await;
    let response = match answer {
        Ok(Ok(_)) => status(StatusCode::OK, "UP"),
        Ok(Err(_)) | Err(_) => status(StatusCode::SERVICE_UNAVAILABLE, "DOWN"),
    };
    named("ready", response)
}

fn status(code: StatusCode, word: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (code, headers, format!("{{\"status\":\"{word}\"}}")).into_response()
}

/// On the main listener only callers of this machine see numbers, and not through a proxy.
async fn metrics_for_neighbours(
    State(service): State<Arc<Service>>,
    request: axum::extract::Request,
) -> Response {
    let peer = request.extensions().get::<Peer>();
    let near = peer.is_some_and(|Peer(address)| address.ip().to_canonical().is_loopback());
    let response = if near && !is_forwarded(request.headers()) && !service.metrics_elsewhere {
        metrics(State(service)).await
    } else {
        into_response(api::Response::error(404, "ERROR_NOT_FOUND", "Not found."))
    };
    named("metrics", response)
}

async fn metrics(State(service): State<Arc<Service>>) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    let mut text = service.metrics.render(&service.connection.store.counts);
    if let Some(shadow) = &service.shadow {
        shadow.render(&mut text);
    }
    (headers, text).into_response()
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    ["forwarded", "via", "x-forwarded-for", "x-real-ip"]
        .iter()
        .any(|name| headers.contains_key(*name))
}

/// Everything else is the dispatcher's.
async fn dispatch(State(service): State<Arc<Service>>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match too_often(&service, &parts) {
        None => body::read(&parts.headers, body, &service.bounds).await,
        Some(refusal) => Err(refusal),
    };
    match body {
        Ok(body) => {
            let call = call(&service, &parts, &body);
            let name = call.endpoint.unwrap_or("none");
            named(name, into_response(run(&service, call).await))
        }
        Err(refusal) => {
            let mut response = into_response(refusal);
            // What is left of the body is not worth reading, but must not cost the answer.
            if let Some(unread) = parts.extensions.get::<Unread>() {
                unread.tell();
            }
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
            named("none", response)
        }
    }
}

/// Whose request it is, as far as proxies are believed.
pub(crate) fn caller(service: &Service, parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<Peer>();
    peer.map(|Peer(address)| proxies::caller(&service.trusted_proxies, address.ip(), &parts.headers))
}

/// The refusal of a caller that asks too often.
fn too_often(service: &Service, parts: &Parts) -> Option<api::Response> {
    let (rates, caller) = (service.rates.as_ref()?, caller(service, parts)?);
    let wait = rates.ask(caller).err()?;
    service.metrics.limited();
    let mut refusal = api::Response::error(429, "ERROR_TOO_MANY_REQUESTS", "Too many requests.");
    let seconds = wait.as_secs().saturating_add(1).to_string();
    refusal.headers.push(("Retry-After", seconds));
    Some(refusal)
}

fn call(service: &Service, parts: &Parts, body: &[u8]) -> Call {
    let path = parts.uri.path();
    let below = service.prefixes.iter().find_map(|prefix| prefix.strip(path));
    // Bytes outside UTF-8 become a character that no header of the protocol contains.
    let headers: Vec<(&str, Cow<'_, str>)> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_ref()))
        .collect();
    let peer = caller(service, parts).map(|address| address.to_string());
    service.api.call(&api::Request {
        method: parts.method.as_str(),
        path: below.unwrap_or(path),
        query: parts.uri.query(),
        headers: &headers,
        body,
        peer: peer.as_deref(),
    })
}

/// Drives a call on the server's store. One that hashes passwords waits for a processor, and holds up nobody else.
pub(crate) async fn decide(service: &Service, mut call: Call, host: &dyn Host) -> api::Response {
    let connection = &service.connection;
    let (store, lanes) = (&connection.store, &connection.lanes);
    if call.endpoint.is_some_and(heavy::hashes_passwords) {
        // Never closed.
        let _hashing = service.hashing.acquire().await.ok();
        drive(&mut Offloaded(call), store, lanes, host).await
    } else {
        drive(&mut call, store, lanes, host).await
    }
}

pub(crate) async fn run(service: &Service, call: Call) -> api::Response {
    let work = async {
        // Never closed.
        let _place = service.running.acquire().await.ok();
        decide(service, call, &System).await
    };
    match timeout(service.bounds.request_timeout, work).await {
        Ok(response) => {
            if let Some(fault) = &response.fault {
                tracing::error!(%fault, "the request could not be processed");
            }
            response
        }
        // Whatever was being committed is either applied or not, as after a crash; nobody was told "valid".
        Err(_) => {
            tracing::error!("a request took too long");
            unavailable()
        }
    }
}

pub(crate) fn unavailable() -> api::Response {
    api::Response::error(503, "ERROR_GENERIC", "The request could not be processed.")
}

pub(crate) fn named(name: &'static str, mut response: Response) -> Response {
    response.extensions_mut().insert(EndpointName(name));
    response
}

pub(crate) fn into_response(answer: api::Response) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
