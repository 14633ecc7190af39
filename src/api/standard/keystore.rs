//! `/pa/v3/keystore/create` and `/pa/v3/status` (protocol, sections 4.9, 13.4).

use serde_json::json;

use super::super::http::Response;
use super::super::phone::{PhoneRequest, or_refuse, request_object};
use super::ok;
use crate::engine::Engine;
use crate::engine::keystore::{self, Jwt};
use crate::store::{Decision, Tx};

fn invalid() -> Response {
    Response::error(400, "ERR_TEMPORARY_KEY", "POWER_AUTH_TEMPORARY_KEY_FAILURE")
}

/// A temporary encryption key of protocol 3.3.
pub(super) fn create(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let Some(request) = request_object::<Jwt>(&request.body) else {
        return Ok(Err(invalid()));
    };
    let outcome = or_refuse(keystore::create(engine, tx, &request), |_| invalid())?;
    Ok(outcome.map(|jwt| ok(&jwt)).map_err(|_| invalid()))
}

/// The server's clock, with which phones compare theirs before they encrypt.
pub(super) fn server_status(
    engine: &Engine,
    tx: &mut Tx<'_>,
    _: &PhoneRequest,
) -> Decision<Response, Response> {
    Ok(Ok(ok(&json!({
        "serverTime": tx.now(),
        "application": {
            "name": engine.config.application_name,
            "version": env!("CARGO_PKG_VERSION"),
        },
    }))))
}
