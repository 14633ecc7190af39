//! `/pa/v3/recovery/confirm` (mobile API specification, 8.13; protocol, section 11.1).

use super::super::http::Response;
use super::super::phone::{PhoneRequest, envelope_of, or_refuse, signed, work};
use super::unauthenticated;
use crate::crypto::signature::SignatureType;
use crate::engine::application_version::supported_version;
use crate::engine::recovery::{confirm::answer, enabled};
use crate::engine::{Engine, ErrorCode};
use crate::store::{Decision, Tx};

/// The user has the code in hand. The signature covers the encrypted body.
pub(super) fn confirm(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let uri_id = "/pa/recovery/confirm";
    let signed = signed(engine, tx, request, uri_id, &[SignatureType::PossessionKnowledge]);
    let (Some(header), Some(signed)) = (
        request.authorization.good(),
        or_refuse(signed, |_| unauthenticated())?,
    ) else {
        return Ok(Err(unauthenticated()));
    };
    let activation = &signed.activation;
    work(
        tx,
        |_| unauthenticated(),
        |tx| {
            let received = envelope_of(&request.body, header.version.as_str())?;
            enabled(tx, &activation.application)?.ok_or(ErrorCode::InvalidRequest)?;
            let version = supported_version(tx, &header.application_key)?;
            let version = version.filter(|it| it.application == activation.application);
            let version = version.ok_or(ErrorCode::InvalidApplication)?;
            let id = &header.activation_id;
            Ok(Ok(answer(engine, tx, activation, id, &version, &received)?))
        },
        |sealed| Response::json(200, &sealed),
    )
}
