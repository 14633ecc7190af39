//! Activation spawn (mobile API specification, 7.3): signed, then encrypted.

use serde::Deserialize;
use serde_json::json;

use super::super::http::Response;
use super::super::phone::{
    PhoneRequest, encryption_of, open_for_activation, or_refuse, request_object, signed_plain, work,
};
use super::dialect::Differences;
use super::error::{INVALID_REQUEST, NO_CODE, UNAUTHENTICATED, UNDECRYPTABLE};
use crate::crypto::ecies::Purpose;
use crate::crypto::signature::SignatureType;
use crate::engine::spawn::{SHORTEST_OTP, spawn};
use crate::engine::{Engine, ErrorCode, envelope};
use crate::store::{Decision, Tx};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CodeRequest {
    application_id: String,
    otp: String,
}

/// An activation code for a sibling app of the same user.
pub(super) fn code(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let Some(signature) = request.authorization.good() else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    let header = encryption_of(signature);
    let opened = open_for_activation(engine, tx, &header, &request.body, Purpose::GenericActivation);
    let (_, plain, sealer) = or_refuse(opened, |_| rules.refuse(UNDECRYPTABLE))?;
    let what = ("/api/activation/code", plain.as_bytes());
    let verified = signed_plain(engine, tx, request, what, SignatureType::TWO_FACTORS);
    let Some(signed) = or_refuse(verified, |_| rules.refuse(UNAUTHENTICATED))? else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    if engine.config.activation_spawn.is_empty() {
        return Ok(Err(rules.refuse(NO_CODE)));
    }
    work(
        tx,
        |error| match error.code {
            ErrorCode::InvalidRequest => rules.refuse(INVALID_REQUEST),
            _ => rules.refuse(NO_CODE),
        },
        |tx| {
            let asked = request_object::<CodeRequest>(plain.as_bytes())
                .filter(|it| !it.application_id.trim().is_empty())
                .filter(|it| !it.otp.trim().is_empty() && it.otp.chars().count() >= SHORTEST_OTP)
                .ok_or(ErrorCode::InvalidRequest)?;
            let spawned = match spawn(engine, tx, &signed.activation, &asked.application_id, &asked.otp)? {
                Ok(spawned) => spawned,
                Err(error) => return Ok(Err(error)),
            };
            let answer = json!({ "status": "OK", "responseObject": {
                "activationId": spawned.activation_id,
                "activationCode": spawned.activation_code,
                "activationSignature": spawned.activation_signature,
            } });
            Ok(Ok(envelope::seal(tx, sealer, &answer)?))
        },
        |sealed| Response::json(200, &sealed),
    )
}
