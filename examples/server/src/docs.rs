//! The documents of the APIs, and a page that shows them: `/docs`, and where the reference server has it.
//!
//! All of it is compiled in. The page loads nothing from elsewhere and asks nobody else. What it shows is public (it is in
//! the repository), so it needs no credentials; `--no-docs` leaves it out.

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, body::Body};
use countersign::api;

use super::service::{into_response, named};

/// Where the page is.
const PAGE: &str = "/docs/";
/// Where the reference server has it.
const REFERENCE: &str = "/powerauth-java-server";

/// Scripts and styles of the page itself, requests to this server, pictures inside the styles: nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Name, type, whether it is compressed, bytes.
type File = (&'static str, &'static str, bool, &'static [u8]);

/// Everything below the page.
const FILES: &[File] = &[
    (
        "",
        "text/html; charset=utf-8",
        false,
        include_bytes!("../docs/index.html"),
    ),
    (
        "docs.css",
        "text/css; charset=utf-8",
        false,
        include_bytes!("../docs/docs.css"),
    ),
    (
        "docs.js",
        "text/javascript; charset=utf-8",
        false,
        include_bytes!("../docs/docs.js"),
    ),
    (
        "swagger-ui.css",
        "text/css; charset=utf-8",
        true,
        include_bytes!("../docs/swagger-ui/swagger-ui.css.gz"),
    ),
    (
        "swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
        true,
        include_bytes!("../docs/swagger-ui/swagger-ui-bundle.js.gz"),
    ),
    (
        "openapi/server.json",
        JSON,
        false,
        include_bytes!("../../../docs/openapi/server.json"),
    ),
    (
        "openapi/standard.json",
        JSON,
        false,
        include_bytes!("../../../docs/openapi/standard.json"),
    ),
    (
        "openapi/mobile.json",
        JSON,
        false,
        include_bytes!("../../../docs/openapi/mobile.json"),
    ),
    (
        "openapi/mobile-deployed-enrollment.json",
        JSON,
        false,
        include_bytes!("../../../docs/openapi/mobile-deployed-enrollment.json"),
    ),
    (
        "openapi/mobile-early-enrollment.json",
        JSON,
        false,
        include_bytes!("../../../docs/openapi/mobile-early-enrollment.json"),
    ),
    (
        "openapi/mobile-web-flow.json",
        JSON,
        false,
        include_bytes!("../../../docs/openapi/mobile-web-flow.json"),
    ),
    (
        "openapi/cloud.json",
        JSON,
        false,
        include_bytes!("../../../docs/openapi/cloud.json"),
    ),
    (
        "openapi/admin.json",
        JSON,
        false,
        include_bytes!("../../../docs/openapi/admin.json"),
    ),
];
const JSON: &str = "application/json";

/// The routes.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let to_page = || async { named("docs", Redirect::temporary(PAGE).into_response()) };
    let reference = |path: &str| format!("{REFERENCE}{path}");
    let to_reference = || async {
        let page = format!("{REFERENCE}/swagger-ui/index.html");
        named("docs", Redirect::temporary(&page).into_response())
    };
    Router::new()
        .route("/docs", get(to_page))
        .route(PAGE, get(file))
        .route("/docs/{*file}", get(file))
        .route(&reference("/swagger-ui.html"), get(to_reference))
        .route(&reference("/swagger-ui/{*file}"), get(file))
        .route(&reference("/v3/api-docs"), get(document))
}

/// A file below one of the two places.
async fn file(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    let below = path
        .strip_prefix(PAGE)
        .or_else(|| path.strip_prefix(REFERENCE)?.strip_prefix("/swagger-ui/"));
    let name = match below {
        Some("index.html") => "",
        Some(name) => name,
        None => "none",
    };
    found(&method, FILES.iter().find(|(known, ..)| *known == name))
}

/// The document of the server API, where the reference server has it.
async fn document(method: Method) -> Response {
    found(
        &method,
        FILES.iter().find(|(name, ..)| *name == "openapi/server.json"),
    )
}

fn found(method: &Method, file: Option<&File>) -> Response {
    let response = match file {
        Some(file) if method == Method::HEAD => respond(file, &[]),
        Some(file) => respond(file, file.3),
        None => into_response(api::Response::error(404, "ERROR_NOT_FOUND", "Not found.")),
    };
    named("docs", response)
}

fn respond((_, kind, compressed, _): &File, bytes: &'static [u8]) -> Response {
    let mut response = (StatusCode::OK, Body::from(bytes)).into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, kind);
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-cache");
    if *compressed {
        // No browser goes without.
        set(header::CONTENT_ENCODING, "gzip");
    }
    response
}
