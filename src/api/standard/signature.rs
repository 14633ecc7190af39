//! `/pa/v3/signature/validate` (mobile API specification, 8.11).

use serde_json::json;

use super::super::http::Response;
use super::super::phone::{PhoneRequest, or_refuse, signed};
use super::unauthenticated;
use crate::crypto::signature::SignatureType;
use crate::engine::Engine;
use crate::store::{Decision, Tx};

/// Tells whether the request is signed.
pub(super) fn validate(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let signed = signed(
        engine,
        tx,
        request,
        "/pa/signature/validate",
        SignatureType::WITH_POSSESSION,
    );
    match or_refuse(signed, |_| unauthenticated())? {
        Some(_) => Ok(Ok(Response::json(200, &json!({ "status": "OK" })))),
        None => Ok(Err(unauthenticated())),
    }
}
