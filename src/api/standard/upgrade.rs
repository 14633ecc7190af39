//! `/pa/v3/upgrade/start` and `commit` (mobile API specification, 8.12; protocol, section 10).

use serde_json::json;

use super::super::http::Response;
use super::super::phone::{PhoneRequest, envelope_of, or_refuse, signed_upgrading, work};
use super::unauthenticated;
use crate::crypto::signature::SignatureType;
use crate::engine::Engine;
use crate::engine::upgrade::{self, UpgradeRequest};
use crate::store::{Decision, Tx};

fn failed() -> Response {
    Response::error(400, "ERR_UPGRADE", "POWER_AUTH_UPGRADE_FAILED")
}

/// The hash counter; the encryption proves who asks.
pub(super) fn start(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let Some(header) = request.encryption.good() else {
        return Ok(Err(failed()));
    };
    let Some(spelled) = header.activation_id.as_deref() else {
        return Ok(Err(failed()));
    };
    let Ok(received) = envelope_of(&request.body, header.version.as_str()) else {
        return Ok(Err(unauthenticated()));
    };
    let id = spelled.to_ascii_lowercase();
    let key = &header.application_key;
    let started = upgrade::start_received(engine, tx, &id, spelled, key, &received);
    let outcome = or_refuse(started, |_| failed())?;
    Ok(outcome
        .map(|sealed| Response::json(200, &sealed))
        .map_err(|_| failed()))
}

/// Completes the upgrade with a signature made with the new counter.
pub(super) fn commit(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let (Some(header), false) = (request.authorization.good(), request.body.is_empty()) else {
        return Ok(Err(unauthenticated()));
    };
    let allowed = &[SignatureType::Possession];
    let signed = signed_upgrading(engine, tx, request, "/pa/upgrade/commit", allowed);
    let Some(signed) = or_refuse(signed, |_| unauthenticated())? else {
        return Ok(Err(unauthenticated()));
    };
    let committed = UpgradeRequest {
        activation_id: Some(signed.activation.id),
        application_key: Some(header.application_key.clone()),
    };
    work(
        tx,
        |_| failed(),
        |tx| upgrade::commit(engine, tx, &committed),
        |_| Response::json(200, &json!({ "status": "OK" })),
    )
}
