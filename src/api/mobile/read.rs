//! Lists, details and claims (mobile API specification, 2.2 to 2.5, 10).

use serde::Deserialize;

use super::super::http::Response;
use super::super::phone::{PhoneRequest, Signed, or_refuse, request_object, signed, with_token, work};
use super::dialect::Differences;
use super::error::{BROKEN_TEXT, INVALID_OPERATION, INVALID_REQUEST, NO_TEXT, UNAUTHENTICATED, of_state};
use super::view::{OperationView, Success};
use crate::crypto::signature::SignatureType;
use crate::engine::form::Locale;
use crate::engine::operation::{self, Viewer, claim_in, select};
use crate::engine::pages::PageBounds;
use crate::engine::{Engine, EngineStop, operation_text};
use crate::model::activation::Activation;
use crate::model::operation::{BY_USER, Operation, OperationStatus, PENDING};
use crate::store::{Decision, Index, Tx};

/// Operations that one list shows.
const MAX: usize = 100;

/// Pending operations of the token's user in the token's application, newest first.
pub(super) fn list(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let refuse = |error: &_| rules.refuse_error(error);
    let holder = or_refuse(
        with_token(engine, tx, request, SignatureType::WITH_POSSESSION),
        refuse,
    )?;
    let Some(holder) = holder else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    let shown = or_refuse(pending(rules, engine, tx, &holder.activation, request), refuse)?;
    Ok(Ok(Success::new(shown).at(tx.now(), rules).respond()))
}

/// The same, signed by the phone alone.
pub(super) fn list_signed(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let allowed = &[SignatureType::Possession];
    let verified = signed(engine, tx, request, "/operation/list/signature", allowed);
    let Some(Signed { activation, .. }) = or_refuse(verified, |error| rules.refuse_error(error))? else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    let now = tx.now();
    work(
        tx,
        |error| rules.refuse_error(error),
        |tx| Ok(Ok(pending(rules, engine, tx, &activation, request)?)),
        |shown| Success::new(shown).at(now, rules).respond(),
    )
}

/// Operations of all states, newest first.
pub(super) fn history(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let verified = signed(
        engine,
        tx,
        request,
        "/operation/history",
        SignatureType::TWO_FACTORS,
    );
    let Some(Signed { activation, .. }) = or_refuse(verified, |error| rules.refuse_error(error))? else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    work(
        tx,
        |error| rules.refuse_error(error),
        |tx| {
            let found = visible(engine, tx, BY_USER, &activation)?;
            Ok(Ok(shown(rules, engine, tx, found, request)?))
        },
        |shown| Success::new(shown).respond(),
    )
}

fn pending(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &Activation,
    request: &PhoneRequest,
) -> Result<Vec<OperationView>, EngineStop> {
    let mut found = visible(engine, tx, PENDING, activation)?;
    found.retain(|it| it.status == OperationStatus::Pending);
    shown(rules, engine, tx, found, request)
}

fn visible(
    engine: &Engine,
    tx: &mut Tx<'_>,
    index: Index,
    activation: &Activation,
) -> Result<Vec<Operation>, EngineStop> {
    let viewer = Viewer::of(tx, &activation.id)?;
    let bounds = PageBounds { skip: 0, take: MAX };
    let applications = std::slice::from_ref(&activation.application);
    select(
        engine,
        tx,
        (index, &activation.user),
        applications,
        bounds,
        |it| viewer.sees(it),
    )
}

/// Operations in the words of the request's language. One without a text that phones understand is left out: it must not
/// hide the others.
fn shown(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    operations: Vec<Operation>,
    request: &PhoneRequest,
) -> Result<Vec<OperationView>, EngineStop> {
    let locale = Locale::preferred(request.accept_language.as_deref());
    operation_text::want(tx, &operations);
    let mut shown = Vec::with_capacity(operations.len());
    for it in operations {
        let form = operation_text::form_of(engine, tx, &it, &locale, rules.rows)?;
        if let Some(Ok(form)) = form {
            shown.push(OperationView::of(it, form, rules));
        }
    }
    Ok(shown)
}

/// Names an operation.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "MobileOperationName", extend("required" = ["id"])))]
pub(super) struct DetailRequest {
    /// The operation.
    id: Option<String>,
}

/// One pending operation.
pub(super) fn detail(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    one(rules, engine, tx, request, false)
}

/// One pending operation, which becomes the token's user's unless it has a user.
pub(super) fn claim(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    one(rules, engine, tx, request, true)
}

fn one(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    claims: bool,
) -> Decision<Response, Response> {
    let refuse = |error: &_| rules.refuse_error(error);
    let holder = or_refuse(
        with_token(engine, tx, request, SignatureType::WITH_POSSESSION),
        refuse,
    )?;
    let Some(holder) = holder else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    let Some(DetailRequest { id: Some(id) }) = request_object(&request.body) else {
        return Ok(Err(rules.refuse(INVALID_REQUEST)));
    };
    let Some(mut operation) = or_refuse(operation::find(tx, &id), refuse)? else {
        return Ok(Err(rules.refuse(INVALID_OPERATION)));
    };
    // Somebody else's operation looks like one that does not exist, whatever its state.
    let activation = holder.activation;
    let foreign = operation
        .user
        .as_ref()
        .is_some_and(|user| *user != activation.user);
    if foreign || !operation.applications.contains(&activation.application) {
        return Ok(Err(rules.refuse(INVALID_OPERATION)));
    }
    or_refuse(operation::expire_if_due(engine, tx, &mut operation), refuse)?;
    if let Some(refusal) = of_state(operation.status) {
        return Ok(Err(rules.refuse(refusal)));
    }
    let locale = Locale::preferred(request.accept_language.as_deref());
    let form = operation_text::form_of(engine, tx, &operation, &locale, rules.rows);
    let form = match or_refuse(form, refuse)? {
        Some(Ok(form)) => form,
        Some(Err(_)) => return Ok(Err(rules.refuse(BROKEN_TEXT))),
        None => return Ok(Err(rules.refuse(NO_TEXT))),
    };
    if claims {
        or_refuse(claim_in(tx, &mut operation, &activation.user), refuse)?;
    }
    let shown = OperationView::of(operation, form, rules);
    Ok(Ok(Success::new(shown).at(tx.now(), rules).respond()))
}
