//! Answers and errors.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::http::Response;
use crate::engine::{Error, Outcome};
use crate::store::{Decision, Fault, Stop};

/// Result of a row: both sides are answers; see [`Decision`] for which writes are kept.
pub(super) type Answer = Decision<Response, Response>;

/// The request does not pass validation.
pub(super) const ERROR_REQUEST: &str = "ERROR_REQUEST";

/// No such registration.
pub(super) const NOT_FOUND: &str = "ERROR_REGISTRATION_NOT_FOUND";

/// The bare object.
pub(super) fn bare<T: Serialize>(object: &T) -> Response {
    Response::json(200, object)
}

/// `{"status":"OK"}`.
pub(super) fn done() -> Response {
    Response::ok(&())
}

/// A "no".
pub(super) fn refuse(code: &str, message: &str) -> Response {
    Response::error(400, code, message)
}

/// A registration that does not exist for the caller.
pub(super) fn no_registration(message: &str) -> Response {
    refuse(NOT_FOUND, message)
}

/// A mandatory query parameter, or member of the body, is missing.
pub(super) fn missing(name: &str) -> Response {
    refuse(
        ERROR_REQUEST,
        &format!("Required String parameter '{name}' is not present"),
    )
}

/// The body is not what the method reads.
pub(super) fn unreadable() -> Response {
    refuse(ERROR_REQUEST, "The request body is missing or cannot be read")
}

/// What is wrong with a request, all of it.
pub(super) fn violated(violations: &[Value]) -> Response {
    let object = json!({
        "code": ERROR_REQUEST,
        "message": "Invalid method parameter value",
        "violations": violations,
    });
    Response::json(400, &json!({ "status": "ERROR", "responseObject": object }))
}

/// No credentials, wrong ones, or such that do not open this.
pub(super) fn unauthorized() -> Response {
    let mut response = Response::error(401, "HTTP_401", "Unauthorized");
    let challenge = "Basic realm=\"countersign\"".to_owned();
    response.headers.push(("www-authenticate", challenge));
    response
}

/// The machinery failed. Why stays in the host's log.
pub(super) fn machinery(fault: &Fault) -> Response {
    let response = match fault {
        Fault::Contended | Fault::Store(_) | Fault::Unknown(_) => {
            Response::error(500, "ERROR_INTERNAL_API", "Unable to call upstream service")
        }
        _ => Response::error(500, "ERROR_GENERIC", "The request could not be processed"),
    };
    response.because(fault)
}

/// Turns the outcome of a use case into an answer; a "no" that counts stays one.
pub(super) fn answer<T>(
    outcome: Outcome<T>,
    refused: impl Fn(&Error) -> Response,
    answer: impl FnOnce(T) -> Response,
) -> Answer {
    match outcome {
        Ok(Ok(done)) => Ok(Ok(answer(done))),
        Ok(Err(error)) => Ok(Err(refused(&error))),
        Err(Stop::Refuse(error)) => Err(Stop::Refuse(refused(&error))),
        Err(Stop::Need) => Err(Stop::Need),
        Err(Stop::Fault(fault)) => Err(Stop::Fault(fault)),
    }
}
