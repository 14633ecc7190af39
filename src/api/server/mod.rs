//! The server API: `POST /rest/v3/…`.
//!
//! Requests are `{"requestObject": {…}}`, answers `{"status": "OK", "responseObject": …}`. A "no" of
//! the engine is HTTP 400 with its code, a failure of the machinery HTTP 500 (part 1, sections 1, 2).

mod methods;
mod operations;
mod recovery;
mod table;

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

pub use methods::Methods;
use methods::methods;
pub use table::Integrations;

use super::auth::{Door, unauthorized};
use super::contract::{Contract, Described, Form, Type};
use super::endpoint::{Access, Call, Endpoint, Mapped};
use super::http::{Request, Response};
use crate::engine::{Engine, Error, ErrorCode, Outcome, json};
use crate::model::credential::Grant;
use crate::store::{Failure, Fault, Machine, Stop, Tx};

/// All rows.
pub fn endpoints() -> Vec<Endpoint> {
    [
        table::endpoints(),
        vec![table::list_integrations()],
        operations::endpoints(),
        recovery::endpoints(),
    ]
    .concat()
}

/// A use case of the engine.
type UseCase<Q, A> = fn(&Engine, &mut Tx<'_>, &Q) -> Outcome<A>;
/// The record that a request will change, for the lane.
type Lane<Q> = fn(&Q) -> Option<&String>;

/// Whether the body is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Required,
    Ignored,
}

/// Why a request got no answer from the use case.
#[derive(Clone, Debug)]
enum Refusal {
    Unauthorized,
    NotJson,
    Unreadable,
    Engine(Error),
}

/// Path, name, and what it does.
type Named = (&'static str, &'static str, &'static str);

/// A row.
fn row<Q, A>(named: Named, lane: Lane<Q>, body: Body, run: UseCase<Q, A>) -> Endpoint
where
    Q: DeserializeOwned + Described + Send + 'static,
    A: Serialize + Described + Send + 'static,
{
    completed(named, lane, body, run, |_, answer| answer)
}

/// A row whose answer also tells something about the dispatcher: whether callers need credentials.
fn completed<Q, A, B>(
    (path, name, text): Named,
    lane: Lane<Q>,
    body: Body,
    run: UseCase<Q, A>,
    complete: fn(bool, A) -> B,
) -> Endpoint
where
    Q: DeserializeOwned + Described + Send + 'static,
    A: Serialize + Send + 'static,
    B: Serialize + Described + Send + 'static,
{
    let handler = move |api: &super::Api, request: &Request<'_>| {
        let engine = Arc::clone(api.engine());
        let door = Door::of(request, api.is_restricted(), &[Grant::Integration]);
        let parsed = parse::<Q>(request, body);
        let lane = parsed.as_ref().ok().and_then(lane).cloned();
        let decide = move |tx: &mut Tx<'_>| {
            door.enter(tx, || Refusal::Unauthorized)?;
            let request = parsed.as_ref().map_err(|refusal| Stop::Refuse(refusal.clone()))?;
            match run(&engine, tx, request) {
                Ok(outcome) => Ok(outcome.map_err(Refusal::Engine)),
                Err(Stop::Need) => Err(Stop::Need),
                Err(Stop::Fault(fault)) => Err(Stop::Fault(fault)),
                Err(Stop::Refuse(error)) => Err(Stop::Refuse(Refusal::Engine(error))),
            }
        };
        let restricted = api.is_restricted();
        let respond = move |reply: Result<A, _>| respond(reply.map(|answer| complete(restricted, answer)));
        Call::new(Box::new(Mapped::new(Machine::new(lane, decide), respond)))
    };
    Endpoint {
        method: "POST",
        path,
        name,
        access: Access::Integration,
        contract: Contract::new(text)
            .asks(match body {
                Body::Required => Form::Object(Type::of::<Q>()),
                Body::Ignored => Form::Nothing,
            })
            .answers(Form::Object(Type::of::<B>()))
            .refuses(400, &["ERR…", "ERR_RECOVERY", "ERROR_HTTP_REQUEST"])
            .refuses(401, &["ERR_AUTHENTICATION"])
            .refuses(415, &["ERROR_MEDIA_TYPE"])
            .refuses(500, &["ERROR_GENERIC"])
            .refuses(503, &["ERROR_GENERIC"]),
        handler: Arc::new(handler),
    }
}

fn parse<Q: DeserializeOwned>(request: &Request<'_>, body: Body) -> Result<Q, Refusal> {
    if body == Body::Ignored {
        return json::from_value(json!({})).map_err(|_| Refusal::Unreadable);
    }
    if !request.has_json() {
        return Err(Refusal::NotJson);
    }
    match json::member(request.body, "requestObject") {
        Ok(Some(object)) => Ok(object),
        Ok(None) => Err(Refusal::Engine(Error::with_detail(
            ErrorCode::InvalidRequest,
            "requestObject - must not be null",
        ))),
        Err(_) => Err(Refusal::Unreadable),
    }
}

fn respond<A: Serialize>(reply: Result<A, Failure<Refusal>>) -> Response {
    match reply {
        Ok(answer) => Response::ok(&answer),
        Err(Failure::Refused(Refusal::Unauthorized)) => unauthorized(),
        Err(Failure::Refused(Refusal::NotJson)) => Response::error(
            415,
            "ERROR_MEDIA_TYPE",
            "The request body must be application/json.",
        ),
        Err(Failure::Refused(Refusal::Unreadable)) => unreadable(),
        Err(Failure::Refused(Refusal::Engine(error))) => no(&error),
        Err(Failure::Fault(fault)) => machinery(&fault),
    }
}

fn no(error: &Error) -> Response {
    let text = error.text();
    let object = match error.current_puk {
        None => json!({ "code": error.code.code(), "message": text, "localizedMessage": text }),
        // The only code without a number.
        Some(index) => json!({
            "code": "ERR_RECOVERY",
            "message": text,
            "localizedMessage": text,
            "currentRecoveryPukIndex": index,
        }),
    };
    Response::json(400, &json!({ "status": "ERROR", "responseObject": object }))
}

/// The reference adds an index here that means nothing; callers compare whole bodies.
fn unreadable() -> Response {
    let text = "The request body is missing or cannot be read.";
    let object = json!({
        "code": "ERROR_HTTP_REQUEST",
        "message": text,
        "localizedMessage": text,
        "currentRecoveryPukIndex": 0,
    });
    Response::json(400, &json!({ "status": "ERROR", "responseObject": object }))
}

/// The cause stays in the host's log; callers learn only that it is not their fault.
fn machinery(fault: &Fault) -> Response {
    let status = match fault {
        Fault::Contended | Fault::Store(_) | Fault::Unknown(_) => 503,
        _ => 500,
    };
    Response::error(status, "ERROR_GENERIC", "The request could not be processed.").because(fault)
}
