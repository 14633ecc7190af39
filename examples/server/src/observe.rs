//! Around every request: its id, its line in the log, its numbers, and the end of a panic.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use countersign::api;
use futures_util::FutureExt;
use tracing::Instrument;

use super::listen::Peer;
use super::service::{EndpointName, Service, into_response};
use super::shadow::PassedOn;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// Middleware.
pub(crate) async fn observe(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let _running = service.metrics.request();
    let id = request_id(request.headers());
    let traces = service.traces.as_ref();
    let traced = traces.and_then(|traces| Some((traces, traces.begin(request.headers())?)));
    let method = known_method(request.method().as_str());
    let peer = request
        .extensions()
        .get::<Peer>()
        .map(|Peer(address)| address.ip());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());

    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let mut response = answer.instrument(span.clone()).await.unwrap_or_else(|_| {
        service.metrics.panicked();
        let text = "The request could not be processed.";
        into_response(api::Response::error(500, "ERROR_GENERIC", text))
    });

    let took = started.elapsed();
    let endpoint = response
        .extensions()
        .get::<EndpointName>()
        .map_or("none", |EndpointName(name)| name);
    let status = response.status().as_u16();
    service.metrics.answered(endpoint, status, took);
    if let Some((traces, context)) = traced
        && !traces.end(context, (endpoint, method, status), took)
    {
        service.metrics.dropped.fetch_add(1, Ordering::Relaxed);
    }
    // A page that watches is no traffic.
    if let Some(minutes) = &service.connection.store.minutes
        && endpoint != "console"
    {
        minutes.answered(status >= 500);
    }
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let peer = peer.map(tracing::field::display);
    span.in_scope(|| {
        if status < 500 {
            tracing::info!(method, endpoint, status, micros, peer, "answered");
        } else {
            tracing::error!(method, endpoint, status, micros, peer, "failed");
        }
    });

    if response.extensions().get::<PassedOn>().is_some() {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// The caller's id for the request when it is harmless, otherwise a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    [REQUEST_ID, CORRELATION_ID]
        .iter()
        .find_map(|name| headers.get(name).filter(|id| is_harmless(id.as_bytes())))
        .cloned()
        .unwrap_or_else(fresh_id)
}

/// It appears in the log, so neither long nor anything but plain characters. A signature or a token
/// put there by mistake is longer or has others.
fn is_harmless(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id
            .iter()
            .all(|c| c.is_ascii_alphanumeric() || b"-_.:".contains(c))
}

fn fresh_id() -> HeaderValue {
    let text = getrandom::u64().map_or_else(|_| "-".to_owned(), |id| format!("{id:016x}"));
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("-"))
}

/// Methods are the caller's text; only known ones are logged.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"];
    KNOWN
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_ids_are_taken_over() {
        let id = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            request_id(&headers).to_str().unwrap().to_owned()
        };
        assert_eq!(id("x-request-id", "a-1_b.c:D"), "a-1_b.c:D");
        assert_eq!(id("x-correlation-id", "77"), "77");
        for odd in ["", "a b", "PowerAuth pa_signature=\"x\"", "AAAA+/==", "a\tb"] {
            let fresh = id("x-request-id", odd);
            assert!(fresh.len() == 16 && fresh != odd, "{fresh}");
        }
    }
}
