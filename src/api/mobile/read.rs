//! List and detail of pending operations (sections 2.2, 2.4).

use serde::Deserialize;
use serde_json::json;

use super::super::http::Response;
use super::super::phone::{PhoneRequest, TokenHolder, or_refuse, request_object, with_token};
use super::error::{invalid_operation, invalid_request, of_engine, of_state, unauthenticated};
use super::view::{OperationView, moment};
use crate::crypto::signature::SignatureType;
use crate::engine::operation::{self, Viewer, select};
use crate::engine::pages::PageBounds;
use crate::engine::{Engine, EngineStop};
use crate::model::operation::{Operation, OperationStatus, PENDING};
use crate::store::{Decision, Tx};

/// Operations that one list shows.
const MAX: usize = 100;

/// Pending operations of the token's user in the token's application, newest first.
pub(super) fn list(engine: &Engine, tx: &mut Tx<'_>, request: &PhoneRequest) -> Decision<Response, Response> {
    let holder = or_refuse(
        with_token(engine, tx, request, SignatureType::WITH_POSSESSION),
        of_engine,
    )?;
    let Some(TokenHolder { activation }) = holder else {
        return Ok(Err(unauthenticated()));
    };
    let found = or_refuse(
        visible(
            engine,
            tx,
            &activation.id,
            &activation.user,
            &activation.application,
        ),
        of_engine,
    )?;
    let operations: Vec<OperationView> = found.iter().map(OperationView::of).collect();
    Ok(Ok(Response::json(
        200,
        &json!({ "status": "OK", "currentTimestamp": moment(tx.now()), "responseObject": operations }),
    )))
}

fn visible(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &str,
    user: &str,
    application: &str,
) -> Result<Vec<Operation>, EngineStop> {
    let viewer = Viewer::of(tx, activation)?;
    let bounds = PageBounds { skip: 0, take: MAX };
    let applications = [application.to_owned()];
    let mut found = select(engine, tx, (PENDING, user), &applications, bounds, |it| {
        viewer.sees(it)
    })?;
    found.retain(|it| it.status == OperationStatus::Pending);
    Ok(found)
}

#[derive(Deserialize)]
struct DetailRequest {
    id: Option<String>,
}

/// One pending operation.
pub(super) fn detail(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let holder = or_refuse(
        with_token(engine, tx, request, SignatureType::WITH_POSSESSION),
        of_engine,
    )?;
    let Some(TokenHolder { activation }) = holder else {
        return Ok(Err(unauthenticated()));
    };
    let Some(DetailRequest { id: Some(id) }) = request_object(&request.body) else {
        return Ok(Err(invalid_request()));
    };
    let Some(mut operation) = or_refuse(operation::find(tx, &id), of_engine)? else {
        return Ok(Err(invalid_operation()));
    };
    // Somebody else's operation looks like one that does not exist, whatever its state.
    if operation
        .user
        .as_ref()
        .is_some_and(|user| *user != activation.user)
        || !operation.applications.contains(&activation.application)
    {
        return Ok(Err(invalid_operation()));
    }
    or_refuse(operation::expire_if_due(engine, tx, &mut operation), of_engine)?;
    if let Some(response) = of_state(operation.status) {
        return Ok(Err(response));
    }
    Ok(Ok(Response::json(
        200,
        &json!({
            "status": "OK",
            "currentTimestamp": moment(tx.now()),
            "responseObject": OperationView::of(&operation),
        }),
    )))
}
