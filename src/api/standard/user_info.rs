//! `/pa/v3/user/info` (mobile API specification, 8.14).

use serde_json::Map;

use super::super::http::Response;
use super::super::phone::{PhoneRequest, open_for_activation, or_refuse};
use super::{undecryptable, user_info_failed};
use crate::crypto::ecies::Purpose;
use crate::engine::{Engine, envelope};
use crate::model::activation::ActivationStatus;
use crate::store::{Decision, Stop, Tx};

/// Claims about the user of the activation. The engine knows none; a host that does serves this path itself
/// (`guard::Guard::user_info`). That an
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
        return Err(Stop::Refuse(user_info_failed()));
    }
    let claims: Map<_, _> = Map::new();
    let sealed = or_refuse(envelope::seal(tx, sealer, &claims), |_| undecryptable())?;
    Ok(Ok(Response::json(200, &sealed)))
}
