//! The bank's routes, each with what it demands.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use countersign::api;
use countersign::api::guard::{Caller, Guard, Scope};
use countersign::crypto::signature::SignatureType;
use serde_json::{Value, json};

use super::bank::Bank;

pub(crate) fn router(bank: Bank) -> Router {
    let gate = &bank.gate;
    let token = gate.layer(Guard::token(SignatureType::WITH_POSSESSION));
    let signed = gate.layer(Guard::signature("/transfer", SignatureType::TWO_FACTORS));
    let both = gate.layer(Guard::signature("/card/pin", SignatureType::TWO_FACTORS).encrypted());
    let phone = gate.layer(Guard::encryption(Scope::Activation));
    let anybody = gate.layer(Guard::encryption(Scope::Application));
    Router::new()
        .route("/balance", get(seen).layer(token))
        .route("/transfer", post(seen).layer(signed))
        .route("/card/pin", post(seen).layer(both))
        .route("/note", post(seen).layer(phone))
        .route("/contact", post(seen).layer(anybody))
        .route(
            "/pa/v3/user/info",
            post(claims).layer(gate.layer(Guard::user_info())),
        )
        .fallback(phones)
        .with_state(bank)
}

/// Every route here answers who called and what it was sent.
async fn seen(Extension(caller): Extension<Caller>, body: Bytes) -> Response {
    let sent = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let seen = json!({ "status": "OK", "responseObject": { "caller": caller, "sent": sent } });
    ([(header::CONTENT_TYPE, "application/json")], seen.to_string()).into_response()
}

/// What the bank tells a phone about its user; without this route the engine would answer, which knows nothing.
async fn claims(Extension(caller): Extension<Caller>) -> String {
    let user = caller.holder.map(|holder| holder.user_id);
    json!({ "sub": user, "iss": "the bank of examples/protected" }).to_string()
}

/// What phones call of the engine.
async fn phones(State(bank): State<Bank>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, 64 * 1024).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), text(value)))
        .collect();
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = bank
        .answer(&api::Request {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query(),
            headers: &headers,
            body: &body,
            peer: None,
        })
        .await;
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let Ok(value) = header::HeaderValue::try_from(value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
