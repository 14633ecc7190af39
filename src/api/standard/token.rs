//! `/pa/v3/token/create` and `remove` (mobile API specification, 8.9; protocol, section 7).

use serde::Deserialize;
use serde_json::json;

use super::super::http::Response;
use super::super::phone::{PhoneRequest, envelope_of, or_refuse, request_object, signed, work};
use super::{ok, unauthenticated};
use crate::crypto::signature::SignatureType;
use crate::engine::application_version::supported_version;
use crate::engine::{Engine, ErrorCode, signature, token};
use crate::store::{Decision, Tx};

/// A token of the factors that signed. The signature covers the encrypted body.
pub(super) fn create(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let (Some(header), signed) = (
        request.authorization.good(),
        signed(
            engine,
            tx,
            request,
            "/pa/token/create",
            SignatureType::WITH_POSSESSION,
        ),
    ) else {
        return Ok(Err(unauthenticated()));
    };
    let Some(signed) = or_refuse(signed, |_| unauthenticated())? else {
        return Ok(Err(unauthenticated()));
    };
    let kind = signature::SignatureType(signed.signature_type);
    work(
        tx,
        |_| unauthenticated(),
        |tx| {
            let received = envelope_of(&request.body, header.version.as_str())?;
            let version =
                supported_version(tx, &header.application_key)?.ok_or(ErrorCode::InvalidApplication)?;
            let id = &header.activation_id;
            Ok(Ok(token::issue(
                engine,
                tx,
                &signed.activation,
                id,
                &version,
                kind,
                &received,
            )?))
        },
        |sealed| Response::json(200, &sealed),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RemoveRequest {
    token_id: Option<String>,
}

/// Removes a token of the signing activation. An unknown one is no error.
pub(super) fn remove(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let signed = signed(
        engine,
        tx,
        request,
        "/pa/token/remove",
        SignatureType::WITH_POSSESSION,
    );
    let Some(signed) = or_refuse(signed, |_| unauthenticated())? else {
        return Ok(Err(unauthenticated()));
    };
    let Some(RemoveRequest { token_id: Some(id) }) = request_object(&request.body) else {
        return Ok(Err(unauthenticated()));
    };
    work(
        tx,
        |_| unauthenticated(),
        |tx| {
            Ok(Ok(token::remove_in(
                tx,
                &id.to_ascii_lowercase(),
                Some(&signed.activation.id),
            )?))
        },
        |_| ok(&json!({ "tokenId": id })),
    )
}
