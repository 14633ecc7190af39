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
//! | [`admin`] | `/admin/…`: what administrators set up |

pub mod admin;
pub mod auth;
pub mod contract;
mod credentialed;
pub mod endpoint;
pub mod http;
pub mod inbox;
pub mod mobile;
#[cfg(feature = "openapi")]
pub mod openapi;
mod phone;
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
}

fn rows(families: &[Family], dialect: Dialect) -> Vec<Endpoint> {
    let rows = families.iter().map(|family| match family {
        Family::Server => [server::endpoints(), inbox::endpoints()].concat(),
        Family::Standard => standard::endpoints(),
        Family::Mobile => mobile::endpoints(dialect),
        Family::Admin => admin::endpoints(),
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
    families: Vec<Family>,
    limits: Limits,
    /// Whether the server API and administration need credentials.
    restricted: bool,
}

impl Api {
    /// All families, closed: the server API and administration need credentials.
    pub fn new(engine: Arc<Engine>) -> Self {
        let all = [Family::Server, Family::Standard, Family::Mobile, Family::Admin];
        Self::with_families(engine, &all)
    }

    /// Some families.
    pub fn with_families(engine: Arc<Engine>, families: &[Family]) -> Self {
        Self {
            engine,
            endpoints: Vec::new(),
            by_path: HashMap::new(),
            families: families.to_vec(),
            limits: Limits::default(),
            restricted: true,
        }
        .with_dialect(Dialect::default())
    }

    /// Serves the server API and administration to anybody who reaches them. For tests, and for hosts that authenticate
    /// callers themselves.
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
        let rows = self.by_path.get(request.path).map_or(&[][..], Vec::as_slice);
        if let Some(endpoint) = rows.iter().find(|row| row.method == request.method) {
            return endpoint.prepare(self, request);
        }
        let allowed: Vec<&str> = rows.iter().map(|row| row.method).collect();
        Call::answered(http::no_such_endpoint(&allowed))
    }

    pub(crate) fn is_restricted(&self) -> bool {
        self.restricted
    }
}
