//! `/pa/v3/vault/unlock` (mobile API specification, 8.10; protocol, section 8).

use super::super::http::Response;
use super::super::phone::{PhoneRequest, or_refuse};
use super::unauthenticated;
use crate::crypto::base;
use crate::crypto::ecies::EnvelopeRequest;
use crate::engine::envelope::Received;
use crate::engine::vault::{self, SignedUnlock};
use crate::engine::{Engine, ErrorCode};
use crate::store::{Decision, Tx};

fn invalid() -> Response {
    Response::error(400, "ERR_SECURE_VAULT", "POWER_AUTH_SECURE_VAULT_INVALID")
}

/// The vault key, against a signature over the encrypted body. Without a valid signature there is no
/// encrypted answer either.
pub(super) fn unlock(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let Some(header) = request.authorization.good() else {
        return Ok(Err(unauthenticated()));
    };
    let version = header.version.as_str();
    let Ok(envelope) = serde_json::from_slice::<EnvelopeRequest>(&request.body) else {
        return Ok(Err(unauthenticated()));
    };
    if Received::check(Some(version), envelope.clone(), ErrorCode::InvalidRequest).is_err() {
        return Ok(Err(unauthenticated()));
    }
    let signed = SignedUnlock {
        activation: &header.activation_id.to_ascii_lowercase(),
        spelled: &header.activation_id,
        application_key: &header.application_key,
        data: &base::build("POST", "/pa/vault/unlock", &header.nonce, &request.body),
        signature: &header.signature,
        kind: header.signature_type,
        version,
    };
    // Who cannot make an envelope is told what is told about an activation that is not there.
    let outcome = or_refuse(
        vault::unlock_signed(engine, tx, &signed, &envelope),
        |error| match error.code {
            ErrorCode::DecryptionFailed | ErrorCode::InvalidRequest | ErrorCode::TemporaryKeyFailure => {
                unauthenticated()
            }
            _ => invalid(),
        },
    )?;
    Ok(match outcome {
        Ok(unlocked) if unlocked.signature_valid => Ok(Response::json(200, &unlocked.envelope)),
        Ok(_) => Err(unauthenticated()),
        Err(_) => Err(invalid()),
    })
}
