//! `/pa/v3/user/info` (mobile API specification, 8.14).

use serde_json::Map;

use super::super::http::Response;
use super::super::phone::{PhoneRequest, open_for_activation, or_refuse};
use super::undecryptable;
use crate::crypto::ecies::Purpose;
use crate::engine::{Engine, envelope};
use crate::model::activation::ActivationStatus;
use crate::store::{Decision, Stop, Tx};

fn inactive() -> Response {
    Response::error(400, "ERR_USER_INFO", "USER_INFO_FAILED")
}

/// Claims about the user of the activation. No host provides any yet, so there are none. That an
/// activation is not ACTIVE is told only to whoever has its keys.
pub(super) fn claims(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let Some(header) = request.encryption.good() else {
        return Ok(Err(undecryptable()));
    };
    let opened = open_for_activation(engine, tx, header, &request.body, Purpose::GenericActivation);
    let (activation, _, sealer) = or_refuse(opened, |_| undecryptable())?;
    if activation.status != ActivationStatus::Active {
        return Err(Stop::Refuse(inactive()));
    }
    let claims: Map<_, _> = Map::new();
    let sealed = or_refuse(envelope::seal(tx, sealer, &claims), |_| undecryptable())?;
    Ok(Ok(Response::json(200, &sealed)))
}
