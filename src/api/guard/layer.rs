//! The guard as a layer for `tower` services, such as routes of `axum`.
//!
//! The caller goes into the extensions of the request, as [`Caller`](super::Caller); the body that the route sees is what
//! was in the envelope. A successful answer of an encrypted route is sealed, any other goes out as it is. What compresses
//! answers belongs outside of this layer: it would compress what is to be sealed.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{StatusCode, response};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower_layer::Layer;
use tower_service::Service;

use super::{Guard, Passed, Sealer};
use crate::api::http::{Request, Response};
use crate::engine::Engine;
use crate::store::driver::drive;
use crate::store::lane::Lanes;
use crate::store::{Fault, Host, Store};

/// What guards judge with: one for all layers of a host, sharing store and lanes with its dispatcher.
#[derive(Clone)]
pub struct Gate {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The store with the records of the engine.
    pub store: Arc<dyn Store>,
    /// The lanes of the process.
    pub lanes: Arc<Lanes>,
    /// Clock and generator.
    pub host: Arc<dyn Host>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Gate {
    /// A layer that lets through what `guard` lets through.
    #[must_use]
    pub fn layer(&self, guard: Guard) -> GuardLayer {
        GuardLayer {
            guard: Arc::new(guard),
            gate: self.clone(),
        }
    }

    async fn judge(&self, guard: &Guard, parts: &Parts, body: &[u8]) -> Result<Passed, Response> {
        // Bytes outside UTF-8 become a character that no header of the protocol contains.
        let headers: Vec<_> = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, &**value)).collect();
        let request = Request {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query(),
            headers: &headers,
            body,
            peer: None,
        };
        let mut check = guard.check(&self.engine, &request);
        drive(&mut check, &*self.store, &self.lanes, &*self.host).await
    }
}

/// Protects the routes below it.
#[derive(Clone, Debug)]
pub struct GuardLayer {
    guard: Arc<Guard>,
    gate: Gate,
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded {
            inner,
            guard: Arc::clone(&self.guard),
            gate: self.gate.clone(),
        }
    }
}

/// A protected service. Bodies of requests and answers are collected, the former within the guard's limits.
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    inner: S,
    guard: Arc<Guard>,
    gate: Gate,
}

impl<S, B, R> Service<http::Request<B>> for Guarded<S>
where
    S: Service<http::Request<B>, Response = http::Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + From<Vec<u8>> + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    R: Body + From<Vec<u8>> + Send + 'static,
    R::Data: Send,
{
    type Response = http::Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        // The one that is ready serves; its copy waits for its own turn.
        let copy = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, copy);
        let (guard, gate) = (Arc::clone(&self.guard), self.gate.clone());
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let body = match collect(body, guard.limits().body).await {
                Ok(body) => body,
                Err(refusal) => return Ok(answer(refusal)),
            };
            let passed = match gate.judge(&guard, &parts, &body).await {
                Ok(passed) => passed,
                Err(refusal) => return Ok(answer(refusal)),
            };
            parts.extensions.insert(passed.caller);
            let body = passed.body.map_or(body, |plain| plain.as_bytes().to_vec());
            if parts.headers.contains_key(CONTENT_LENGTH) {
                parts
                    .headers
                    .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            }
            let request = http::Request::from_parts(parts, B::from(body));
            let response = inner.call(request).await?;
            Ok(match passed.sealer {
                Some(sealer) if response.status().is_success() => seal(response, sealer, &*gate.host).await,
                _ => response,
            })
        })
    }
}

async fn collect<B>(body: B, limit: usize) -> Result<Vec<u8>, Response>
where
    B: Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(Response::error(
            413,
            "ERROR_REQUEST_TOO_LARGE",
            "The request body is too large.",
        )),
        Err(_) => Err(Response::error(
            400,
            "ERROR_HTTP_REQUEST",
            "The request body cannot be read.",
        )),
    }
}

/// Our answer as one of `http`. Why the machinery failed is in its extensions, as [`Fault`], for the host's log.
fn answer<R: From<Vec<u8>>>(answer: Response) -> http::Response<R> {
    let mut response = http::Response::new(R::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
    }
    if let Some(fault) = answer.fault {
        response.extensions_mut().insert(fault);
    }
    response
}

/// Seals what the route has answered; its status and its other headers stay.
async fn seal<R>(response: http::Response<R>, sealer: Sealer, host: &dyn Host) -> http::Response<R>
where
    R: Body + From<Vec<u8>>,
{
    let (mut parts, body): (response::Parts, R) = response.into_parts();
    let broken = |what| {
        let response = Response::error(500, "ERROR_GENERIC", "UNKNOWN_ERROR");
        answer(response.because(&Fault::Internal(what)))
    };
    let Ok(collected) = body.collect().await else {
        return broken("the route's answer ended early");
    };
    let Ok(sealed) = sealer.seal(&collected.to_bytes(), host) else {
        return broken("the answer cannot be sealed");
    };
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    http::Response::from_parts(parts, R::from(sealed.body))
}
