//! What hosts mount: tables of endpoints, and a dispatcher that knows nothing of sockets.
//!
//! A host hands over method, path, headers and body ([`Request`]) and gets an operation whose reply
//! is status, headers and body ([`Response`]); it drives the operation against its store as
//! `store::driver` does.
//!
//! | module | paths |
//! |---|---|
//! | [`server`] | `/rest/v3/…`: the back end's API |
//! | [`standard`] | `/pa/v3/…`: what every phone calls |
//! | [`mobile`] | `/api/auth/token/app/…`: operations on the phone |
//! | [`inbox`] | `/inbox/…`: messages of the back end for phones |
//! | [`admin`], [`push`] | `/admin/…`: what administrators set up |
//! | [`cloud`] | `/v2/…`, `/audit/…`, `/admin/applications…`, `/internal/…`: several devices per user |
//! | [`guard`] | protection for routes of the host's own |

pub mod admin;
pub mod auth;
pub mod cloud;
pub mod contract;
mod credentialed;
pub mod endpoint;
pub mod guard;
pub mod http;
pub mod inbox;
pub mod mobile;
#[cfg(feature = "openapi")]
pub mod openapi;
mod phone;
pub mod push;
pub mod server;
pub mod standard;

use std::collections::HashMap;
use std::sync::Arc;

pub use endpoint::{Access, Call, Endpoint};
pub use http::{Limits, Request, Response};
pub use mobile::Dialect;

use crate::engine::Engine;

/// Which API families are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `/rest/v3`, and `/inbox` for the messages of back ends
    Server,
    /// `/pa/v3`
    Standard,
    /// `/api`
    Mobile,
    /// `/admin`
    Admin,
    /// `/v2`, `/audit`, `/admin/applications`, `/internal`
    Cloud,
}

fn rows(families: &[Family], dialect: Dialect) -> Vec<Endpoint> {
    let rows = families.iter().map(|family| match family {
        Family::Server => [server::endpoints(), inbox::endpoints()].concat(),
        Family::Standard => standard::endpoints(),
        Family::Mobile => mobile::endpoints(dialect),
        Family::Admin => [admin::endpoints(), push::endpoints()].concat(),
        Family::Cloud => cloud::endpoints(),
    });
    rows.flatten().collect()
}

/// The dispatcher.
#[derive(Debug)]
pub struct Api {
    engine: Arc<Engine>,
    /// All rows, in the order of the tables.
    endpoints: Vec<Endpoint>,
    /// The same rows, by path.
    by_path: HashMap<&'static str, Vec<Endpoint>>,
    /// Paths of rows that hold placeholders.
    templates: Vec<&'static str>,
    families: Vec<Family>,
    limits: Limits,
    /// Whether the server API and administration need credentials.
    restricted: bool,
}

impl Api {
    /// All families, closed: the server API and administration need credentials.
    pub fn new(engine: Arc<Engine>) -> Self {
        let all = [
            Family::Server,
            Family::Standard,
            Family::Mobile,
            Family::Admin,
            Family::Cloud,
        ];
        Self::with_families(engine, &all)
    }

    /// Some families.
    pub fn with_families(engine: Arc<Engine>, families: &[Family]) -> Self {
        Self {
            engine,
            endpoints: Vec::new(),
            by_path: HashMap::new(),
            templates: Vec::new(),
            families: families.to_vec(),
            limits: Limits::default(),
            restricted: true,
        }
        .with_dialect(Dialect::default())
    }

    /// Serves the server API and administration to anybody who reaches them. For tests, and for hosts that authenticate
    /// callers themselves. Calls in the name of an application keep needing its credentials, because these name it.
    #[must_use]
    pub fn open_to_anybody(mut self) -> Self {
        self.restricted = false;
        self
    }

    /// Another dialect of the Mobile Token API than the newest one.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.endpoints = rows(&self.families, dialect);
        self.by_path = HashMap::new();
        for endpoint in &self.endpoints {
            self.by_path
                .entry(endpoint.path)
                .or_default()
                .push(endpoint.clone());
        }
        let with_placeholders = self.by_path.keys().copied().filter(|it| it.contains('{'));
        self.templates = with_placeholders.collect();
        self
    }

    /// Other limits than the default ones.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The engine behind it.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// All rows, for documents and metrics.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The operation that answers `request`. Nothing is read or changed before it is driven.
    pub fn call(&self, request: &Request<'_>) -> Call {
        if let Some(refusal) = self.limits.refuse(request) {
            return Call::answered(refusal);
        }
        let rows = self.rows_of(request.path);
        if let Some(endpoint) = rows.iter().find(|row| row.method == request.method) {
            return endpoint.prepare(self, request);
        }
        let allowed: Vec<&str> = rows.iter().map(|row| row.method).collect();
        let response = http::no_such_endpoint(&allowed);
        Call::answered(match cloud::serves(request.path) {
            true => cloud::no_such_endpoint(response),
            false => response,
        })
    }

    fn rows_of(&self, path: &str) -> &[Endpoint] {
        let templates = || self.templates.iter().copied();
        let template = || templates().find(|it| endpoint::captures(it, path).is_some());
        let rows = self.by_path.get(path).or_else(|| self.by_path.get(template()?));
        rows.map_or(&[][..], Vec::as_slice)
    }

    pub(crate) fn is_restricted(&self) -> bool {
        self.restricted
    }
}
