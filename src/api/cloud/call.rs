//! Rows: who calls, and what for.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::super::Api;
use super::super::auth::Door;
use super::super::contract::Contract;
use super::super::credentialed::parameters;
use super::super::endpoint::{Access, Call, Endpoint, Mapped, captures};
use super::super::http::{Request, Response};
use super::answer::{Answer, ERROR_REQUEST, machinery, missing, unauthorized, unreadable};
use crate::engine::{Engine, json};
use crate::model::credential::Grant;
use crate::store::{Failure, Machine, Stop, Tx};

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    segments: Vec<String>,
    query: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Asked {
    /// The text at the first placeholder of the path; empty when the row has none.
    pub(super) fn id(&self) -> &str {
        self.segments.first().map_or("", String::as_str)
    }

    /// The first query parameter called `name`, as it is.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A mandatory query parameter, not empty.
    pub(super) fn mandatory(&self, name: &str) -> Result<&str, Stop<Response>> {
        self.parameter(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Stop::Refuse(missing(name)))
    }

    /// The body.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Stop<Response>> {
        serde_json::from_slice(&self.body)
            .and_then(json::from_value)
            .map_err(|_| Stop::Refuse(unreadable()))
    }
}

/// An authenticated request.
pub(super) struct Case<'a> {
    pub(super) engine: &'a Engine,
    /// The application whose credentials came with it; empty where none are asked for.
    pub(super) application: &'a str,
    /// User name of the credentials; none where the API is open.
    pub(super) caller: Option<&'a str>,
    pub(super) asked: &'a Asked,
}

/// A use case.
pub(super) type Run = fn(&Case<'_>, &mut Tx<'_>) -> Answer;
/// The activation that a request will change, for the lane.
pub(super) type Lane = fn(&Asked) -> Option<String>;

/// The lane of rows that change no activation.
pub(super) fn nobody(_: &Asked) -> Option<String> {
    None
}

/// The lane of rows whose path names a registration.
pub(super) fn named(asked: &Asked) -> Option<String> {
    Some(asked.id().to_owned())
}

/// Method, path and name of a row.
pub(super) type What = (&'static str, &'static str, &'static str);

/// A row for applications.
pub(super) fn row(what: What, contract: Contract, lane: Lane, run: Run) -> Endpoint {
    restricted(
        what,
        (Access::Application, &[Grant::Application]),
        contract,
        lane,
        run,
    )
}

/// A row for administrators.
pub(super) fn administration(what: What, contract: Contract, run: Run) -> Endpoint {
    let access = (Access::Administrator, &[Grant::Administrator][..]);
    restricted(what, access, contract, nobody, run)
}

/// A row for internal systems: those that may call the server API, and administrators.
pub(super) fn internal(what: What, contract: Contract, run: Run) -> Endpoint {
    let grants = &[Grant::Integration, Grant::Administrator][..];
    restricted(what, (Access::Integration, grants), contract, nobody, run)
}

fn restricted(
    (method, path, name): What,
    (access, grants): (Access, &'static [Grant]),
    contract: Contract,
    lane: Lane,
    run: Run,
) -> Endpoint {
    let handler = move |api: &Api, request: &Request<'_>| {
        let engine = Arc::clone(api.engine());
        // The application follows from the credentials, so that these are needed even where everybody may call.
        let needed = api.is_restricted() || access == Access::Application;
        let door = Door::of(request, needed, grants);
        let segments = captures(path, request.path).unwrap_or_default();
        let asked = Asked {
            segments: segments.into_iter().map(str::to_owned).collect(),
            query: parameters(request),
            body: request.body.to_vec(),
        };
        let lane = lane(&asked);
        let decide = move |tx: &mut Tx<'_>| {
            let credential = door.enter(tx, unauthorized)?;
            let caller = credential.as_ref().map(|it| it.user.clone());
            let application = credential.and_then(|it| it.application).unwrap_or_default();
            let case = Case {
                engine: &engine,
                application: &application,
                caller: caller.as_deref(),
                asked: &asked,
            };
            run(&case, tx)
        };
        let respond = |reply| match reply {
            Ok(response) | Err(Failure::Refused(response)) => response,
            Err(Failure::Fault(fault)) => machinery(&fault),
        };
        Call::new(Box::new(Mapped::new(Machine::new(lane, decide), respond)))
    };
    Endpoint {
        method,
        path,
        name,
        access,
        contract: contract
            .refuses(400, &[ERROR_REQUEST])
            .refuses(401, &["HTTP_401"])
            .refuses(500, &["ERROR_INTERNAL_API", "ERROR_GENERIC"]),
        handler: Arc::new(handler),
    }
}
