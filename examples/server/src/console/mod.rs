//! The console: a page for administrators at `/console/`, and a phone in the browser at `/phone/`.
//!
//! ```text
//!  GET  /console/…            pages and scripts: public, compiled in            files
//!  POST /console/login        user and password of the administrator ─▶ cookie  session, attempts
//!  ── from here on: the cookie; and the token of its session on every POST ──
//!  GET  /console/session      who is logged in, and the token
//!  POST /console/logout
//!  POST /console/api/NAME     a method of the API by its name                   calls
//!                             or a view of the console's own                    views
//!                             or a callback that was given up, once more       again
//! ```
//!
//! It does nothing that the APIs of the server and of administrators do not do: methods run through the same rows. A forged
//! request of another page fails three times: the cookie is not sent (`SameSite=Strict`), the token is missing, and browsers
//! say where it comes from (`Sec-Fetch-Site`).

mod again;
mod attempts;
mod calls;
mod files;
pub(crate) mod options;
mod phone;
mod session;
#[cfg(test)]
mod tests;
mod views;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path as Segment, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use countersign::api::{self, Api, Family, auth::Basic};
use countersign::engine::Engine;
use countersign::store::Host;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::body;
use crate::service::{Service, caller, into_response, named, unavailable};
use attempts::Attempts;
use session::{Presence, Sessions, Visitor};

const COOKIE: &str = "countersign_console";
const TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");
/// Says that nobody is there: the page asks by itself. Whoever says it only ends a session sooner.
const WATCHING: HeaderName = HeaderName::from_static("x-watching");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Scripts, styles, pictures and requests of this server only, no frames, no text that becomes a script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// What the console remembers.
pub(crate) struct Console {
    /// The rows that it calls; who may is decided here.
    api: Api,
    sessions: Sessions,
    attempts: Attempts,
    /// One verification of all chains at a time.
    verifying: Semaphore,
    /// The browser phone; empty where none was given.
    phone: phone::Files,
}

impl Console {
    /// Over an engine, with the files of the browser phone from a folder.
    ///
    /// # Errors
    /// A text when the folder cannot be read.
    pub(crate) fn new(
        engine: &Arc<Engine>,
        host: Arc<dyn Host>,
        phone: Option<&Path>,
    ) -> Result<Self, String> {
        let families = [Family::Server, Family::Admin];
        Ok(Self {
            api: Api::with_families(Arc::clone(engine), &families).open_to_anybody(),
            sessions: Sessions::new(Arc::clone(&host)),
            attempts: Attempts::new(host),
            verifying: Semaphore::new(1),
            phone: phone.map(phone::Files::read).transpose()?.unwrap_or_default(),
        })
    }
}

/// The routes; none where there is no console.
pub(crate) fn routes(service: &Service) -> Router<Arc<Service>> {
    if service.console.is_none() {
        return Router::new();
    }
    let to_page = || async { Redirect::temporary(files::PAGE).into_response() };
    let console = Router::new()
        .route("/console", get(to_page))
        .route(files::PAGE, get(files::file))
        .route("/console/{*file}", get(files::file))
        .route("/console/login", post(login))
        .route("/console/logout", post(logout))
        .route("/console/session", get(who))
        .route("/console/api/{name}", post(call))
        .layer(map_response(|response| async { guarded(response, POLICY) }));
    console.merge(phone::routes())
}

/// Headers of every answer.
fn guarded(mut response: Response, policy: &'static str) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    named("console", response)
}

/// A refusal in the form of the APIs.
fn refused(status: u16, code: &str, message: &str) -> Response {
    into_response(api::Response::error(status, code, message))
}

fn unauthorized() -> Response {
    refused(401, "ERR_AUTHENTICATION", "Not logged in.")
}

fn forged() -> Response {
    refused(
        403,
        "ERR_AUTHENTICATION",
        "The request does not come from the console.",
    )
}

/// Whether browsers say that a page of another origin asks.
fn is_foreign(headers: &HeaderMap) -> bool {
    let site = headers.get(FETCH_SITE).map(HeaderValue::as_bytes);
    site.is_some_and(|site| site != b"same-origin" && site != b"none")
}

/// What the cookie holds; none when it is missing or there are several.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(header::COOKIE).iter();
    let pairs = pairs.flat_map(|it| it.to_str().unwrap_or_default().split(';'));
    let mut ours = pairs.filter_map(|it| it.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    ours.next().filter(|_| ours.next().is_none())
}

/// The visitor of a request with what the cookie holds.
fn visitor(
    service: &Service,
    headers: &HeaderMap,
    presence: Presence,
) -> Result<(Visitor, String), Box<Response>> {
    let found = service.console.as_ref().zip(cookie(headers));
    let found = found.and_then(|(console, id)| Some((console.sessions.find(id, presence)?, id.to_owned())));
    found.ok_or_else(|| Box::new(unauthorized()))
}

/// As [`visitor`], for a request that no other page may make.
fn acting(
    service: &Service,
    headers: &HeaderMap,
    presence: Presence,
) -> Result<(Visitor, String), Box<Response>> {
    let (visitor, id) = visitor(service, headers, presence)?;
    let token = headers.get(TOKEN).map(HeaderValue::as_bytes).unwrap_or_default();
    match visitor.has_token(token) && !is_foreign(headers) {
        true => Ok((visitor, id)),
        false => Err(Box::new(forged())),
    }
}

/// Whether the browser speaks TLS with whoever stands before this server. Anybody may claim it: all it does is that the
/// cookie is sent less often.
fn is_https(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| {
        headers
            .get(name)
            .and_then(|it| it.to_str().ok())
            .unwrap_or_default()
    };
    text(&HeaderName::from_static("x-forwarded-proto")).eq_ignore_ascii_case("https")
        || text(&header::FORWARDED)
            .to_ascii_lowercase()
            .contains("proto=https")
        || text(&header::ORIGIN).starts_with("https://")
}

/// The whole body as JSON.
async fn read<T: for<'de> Deserialize<'de>>(
    service: &Service,
    parts: &Parts,
    body: Body,
) -> Result<T, Response> {
    let bytes = body::read(&parts.headers, body, &service.bounds).await;
    let bytes = Zeroizing::new(bytes.map_err(into_response)?.to_vec());
    let kind = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    // Forms of other pages have other types.
    if !kind.is_some_and(|kind| kind.starts_with(b"application/json")) || api::http::deeper_than(&bytes, 32) {
        return Err(refused(
            415,
            "ERROR_MEDIA_TYPE",
            "The request body must be application/json.",
        ));
    }
    serde_json::from_slice(&bytes)
        .map_err(|_| refused(400, "ERROR_HTTP_REQUEST", "The request body cannot be read."))
}

#[derive(Deserialize)]
struct Login {
    user: String,
    password: Zeroizing<String>,
}

async fn login(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    enter(&service, &parts, body)
        .await
        .unwrap_or_else(|refusal| refusal)
}

async fn enter(service: &Arc<Service>, parts: &Parts, body: Body) -> Result<Response, Response> {
    let console = service.console.as_ref().ok_or_else(files::not_found)?;
    if is_foreign(&parts.headers) {
        return Err(forged());
    }
    let given: Login = read(service, parts, body).await?;
    let address = caller(service, parts).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    console.attempts.begin(address).map_err(|wait| {
        let text = "Too many attempts. Wait a few minutes.";
        let mut response = refused(429, "ERR_AUTHENTICATION", text);
        response.headers_mut().insert(header::RETRY_AFTER, wait.into());
        response
    })?;
    let right = match Basic::new(&given.user, &given.password) {
        None => Ok(false),
        Some(basic) => service.connection.run(|tx| basic.is_administrator(tx)).await,
    };
    if !right.map_err(|_| into_response(unavailable()))? {
        tracing::warn!(%address, "a login to the console failed");
        return Err(refused(401, "ERR_AUTHENTICATION", "User or password is wrong."));
    }
    console.attempts.right(address);
    // What the browser had before is over, also when somebody else had put it there.
    if let Some(earlier) = cookie(&parts.headers) {
        console.sessions.close(earlier);
    }
    let opened = console.sessions.open(&given.user);
    let opened = opened.map_err(|_| into_response(unavailable()))?;
    tracing::info!(%address, "somebody logged in to the console");
    let body = json!({ "user": given.user, "csrf": opened.csrf });
    let mut response = into_response(api::Response::json(200, &body));
    set_cookie(&mut response, &opened.id, is_https(&parts.headers), "");
    Ok(response)
}

fn set_cookie(response: &mut Response, value: &str, secure: bool, more: &str) {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/console; HttpOnly; SameSite=Strict{secure}{more}");
    if let Ok(text) = HeaderValue::try_from(text) {
        response.headers_mut().append(header::SET_COOKIE, text);
    }
}

async fn logout(State(service): State<Arc<Service>>, request: Request) -> Response {
    let headers = request.headers();
    match acting(&service, headers, Presence::Person) {
        Ok((_, id)) => {
            if let Some(console) = &service.console {
                console.sessions.close(&id);
            }
            let mut response = StatusCode::NO_CONTENT.into_response();
            set_cookie(&mut response, "", is_https(headers), "; Max-Age=0");
            response
        }
        Err(refusal) => *refusal,
    }
}

async fn who(State(service): State<Arc<Service>>, request: Request) -> Response {
    let headers = request.headers();
    if is_foreign(headers) {
        return forged();
    }
    match visitor(&service, headers, Presence::Person) {
        Ok((visitor, _)) => {
            let phone = service.console.as_ref().is_some_and(|it| !it.phone.is_empty());
            let body = json!({ "user": visitor.user, "csrf": visitor.csrf, "phone": phone });
            into_response(api::Response::json(200, &body))
        }
        Err(refusal) => *refusal,
    }
}

async fn call(
    State(service): State<Arc<Service>>,
    Segment(name): Segment<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let presence = match parts.headers.contains_key(WATCHING) || views::asks_by_itself(&name) {
        true => Presence::Page,
        false => Presence::Person,
    };
    let answer = async {
        let acting = acting(&service, &parts.headers, presence);
        let (visitor, _) = acting.map_err(|refusal| *refusal)?;
        let given = read(&service, &parts, body).await?;
        match views::View::named(&name) {
            Some(view) => Ok(views::answer(&service, view, given).await),
            None if name == again::NAME => Ok(again::answer(&service, &visitor, given).await),
            None => calls::answer(&service, &visitor, &name, given)
                .await
                .ok_or_else(files::not_found),
        }
    };
    answer.await.unwrap_or_else(|refusal: Response| refusal)
}
