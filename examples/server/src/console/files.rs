//! The pages: compiled in, public, and nothing in them says anything about this server.

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use countersign::api;

use crate::service::into_response;

/// Where the console is.
pub(super) const PAGE: &str = "/console/";

/// Name, type, bytes.
type File = (&'static str, &'static str, &'static [u8]);

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

/// A file below the console, its type, and its bytes.
macro_rules! file {
    ($name:literal, $kind:expr) => {
        (
            $name,
            $kind,
            include_bytes!(concat!("../../console/", $name)).as_slice(),
        )
    };
}

const FILES: &[File] = &[
    file!("index.html", HTML),
    file!("console.css", STYLE),
    file!("icon.svg", PICTURE),
    file!("app.js", SCRIPT),
    file!("server.js", SCRIPT),
    file!("dom.js", SCRIPT),
    file!("chart.js", SCRIPT),
    file!("pages/overview.js", SCRIPT),
    file!("pages/applications.js", SCRIPT),
    file!("pages/activations.js", SCRIPT),
    file!("pages/activation.js", SCRIPT),
    file!("pages/operations.js", SCRIPT),
    file!("pages/templates.js", SCRIPT),
    file!("pages/callbacks.js", SCRIPT),
    file!("pages/audit.js", SCRIPT),
];

/// A file of the console.
pub(super) async fn file(method: Method, uri: Uri) -> Response {
    let name = match uri.path().strip_prefix(PAGE) {
        Some("") => "index.html",
        Some(name) => name,
        None => "",
    };
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, bytes)) => respond(&method, kind, Body::from(*bytes)),
        None => not_found(),
    }
}

/// A file, to be asked for again whenever it is needed.
pub(super) fn respond(method: &Method, kind: &'static str, bytes: Body) -> Response {
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        bytes
    };
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

pub(super) fn not_found() -> Response {
    into_response(api::Response::error(404, "ERROR_NOT_FOUND", "Not found."))
}
