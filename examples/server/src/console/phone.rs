//! The browser phone at `/phone/`: a page and a module of its own, from the folder that `wasm/phone/build.sh` writes. Public,
//! as every app is.

use std::collections::BTreeMap;
use std::path::Path as Folder;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::{files, guarded};
use crate::service::Service;

/// As the console's, and compiled code.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types 'none'";

/// Files that the phone consists of, with their types.
const NAMES: [(&str, &str); 7] = [
    ("index.html", "text/html; charset=utf-8"),
    ("icon.svg", "image/svg+xml"),
    ("page.css", "text/css; charset=utf-8"),
    ("page.mjs", "text/javascript; charset=utf-8"),
    ("phone.mjs", "text/javascript; charset=utf-8"),
    ("phone_core.js", "text/javascript; charset=utf-8"),
    ("phone_core_bg.wasm", "application/wasm"),
];

/// The files, by name.
#[derive(Debug, Default)]
pub(super) struct Files(BTreeMap<&'static str, (&'static str, Bytes)>);

impl Files {
    /// Reads them all.
    pub(super) fn read(folder: &Folder) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        for (name, kind) in NAMES {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            files.insert(name, (kind, Bytes::from(bytes)));
        }
        Ok(Self(files))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

pub(super) fn routes() -> Router<Arc<Service>> {
    let to_page = || async { Redirect::temporary("/phone/").into_response() };
    Router::new()
        .route("/phone", get(to_page))
        .route("/phone/", get(file))
        .route("/phone/{file}", get(file))
        .layer(map_response(|response| async { guarded(response, POLICY) }))
}

async fn file(State(service): State<Arc<Service>>, method: Method, uri: Uri) -> Response {
    let name = match uri.path().strip_prefix("/phone/") {
        Some("") => "index.html",
        Some(name) => name,
        None => "",
    };
    let found = service.console.as_ref().and_then(|it| it.phone.0.get(name));
    match found {
        Some((kind, bytes)) => files::respond(&method, kind, Body::from(bytes.clone())),
        None => files::not_found(),
    }
}
