//! Rows for callers with credentials that are not methods of the server API: plain JSON, queries, other methods.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::auth::{Basic, Door, unauthorized};
use super::contract::Contract;
use super::endpoint::{Access, Call, Endpoint, Mapped};
use super::http::{Request, Response};
use crate::crypto::query::form_decode;
use crate::engine::{Engine, EngineStop, Error, ErrorCode, Outcome};
use crate::model::credential::Grant;
use crate::store::{Failure, Fault, Machine, Stop, Tx};

/// A request of such a row.
#[derive(Debug)]
pub(super) struct Asked {
    /// User name of the caller's credentials; verified where the API is closed.
    caller: Option<String>,
    query: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Asked {
    fn of(request: &Request<'_>) -> Self {
        Self {
            caller: Basic::of(request).map(|it| it.user().to_owned()),
            query: parameters(request),
            body: request.body.to_vec(),
        }
    }

    /// Who asks, as far as known.
    pub(super) fn caller(&self) -> Option<&str> {
        self.caller.as_deref()
    }

    /// The first parameter called `name`.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    }

    /// The body, or its requestObject; ERR0024 when it has another form.
    pub(super) fn object<T: DeserializeOwned>(&self) -> Result<T, EngineStop> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Enveloped<T> {
            request_object: T,
        }
        serde_json::from_slice::<Enveloped<T>>(&self.body)
            .map(|it| it.request_object)
            .or_else(|_| serde_json::from_slice(&self.body))
            .map_err(|_| ErrorCode::InvalidRequest.into())
    }
}

/// The parameters of the query, decoded; those that cannot be are left out.
pub(super) fn parameters(request: &Request<'_>) -> Vec<(String, String)> {
    let pairs = request.query.unwrap_or_default().split('&');
    let pairs = pairs.filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((form_decode(name).ok()?, form_decode(value).ok()?))
    });
    pairs.collect()
}

/// Who may call, and how a row answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) access: Access,
    pub(super) grants: &'static [Grant],
    /// How a "no" is told.
    pub(super) refuse: fn(&Error) -> Response,
}

/// A row.
pub(super) fn row<A: Send + 'static>(
    style: Style,
    (method, path, name): (&'static str, &'static str, &'static str),
    contract: Contract,
    run: fn(&Engine, &mut Tx<'_>, &Asked) -> Outcome<A>,
    answer: fn(A) -> Response,
) -> Endpoint {
    let handler = move |api: &super::Api, request: &Request<'_>| {
        let engine = Arc::clone(api.engine());
        let door = Door::of(request, api.is_restricted(), style.grants);
        let asked = Asked::of(request);
        let decide = move |tx: &mut Tx<'_>| {
            door.enter(tx, || None)?;
            match run(&engine, tx, &asked) {
                Ok(outcome) => Ok(outcome.map_err(Some)),
                Err(Stop::Need) => Err(Stop::Need),
                Err(Stop::Fault(fault)) => Err(Stop::Fault(fault)),
                Err(Stop::Refuse(error)) => Err(Stop::Refuse(Some(error))),
            }
        };
        let respond = move |reply| match reply {
            Ok(done) => answer(done),
            Err(Failure::Refused(None)) => unauthorized(),
            Err(Failure::Refused(Some(error))) => (style.refuse)(&error),
            Err(Failure::Fault(fault)) => machinery(&fault),
        };
        Call::new(Box::new(Mapped::new(Machine::new(None, decide), respond)))
    };
    Endpoint {
        method,
        path,
        name,
        access: style.access,
        contract: contract
            .refuses(401, &["ERR_AUTHENTICATION"])
            .refuses(503, &["ERROR_GENERIC"]),
        handler: Arc::new(handler),
    }
}

fn machinery(fault: &Fault) -> Response {
    Response::error(503, "ERROR_GENERIC", "The request could not be processed.").because(fault)
}
