//! The user's decision: authorize and cancel (sections 2.6 to 2.8).
//!
//! Signature and operation change in one batch: there is no approval without a used-up counter
//! value, and no counted failure of one without the other.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::http::Response;
use super::super::phone::{PhoneRequest, Signed, or_refuse, request_object, signed, work};
use super::error::{invalid_operation, not_accepted, of_engine, of_state, requires_flag, unauthenticated};
use super::ok;
use crate::crypto::signature::SignatureType;
use crate::engine::operation::{
    self, AdditionalData, Approval, PROXIMITY_OTP, Rejection, UserActionResult, approve_in, fail_in,
    reject_in,
};
use crate::engine::{Engine, EngineStop};
use crate::model::activation::Activation;
use crate::model::operation::Operation;
use crate::store::{Decision, Tx};

/// Factors that may authorize; the operation itself may allow fewer.
const AUTHORIZE: &[SignatureType] = SignatureType::ONE_OR_TWO_FACTORS;
const CANCEL: &[SignatureType] = &[SignatureType::Possession];

/// Longest reason and other context that is kept, in characters.
const MAX_CONTEXT: usize = 255;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizeRequest {
    id: Option<String>,
    data: Option<String>,
    proximity_check: Option<ProximityCheck>,
    mobile_token_data: Option<Value>,
}

#[derive(Deserialize)]
struct ProximityCheck {
    otp: Option<String>,
    #[serde(rename = "type")]
    _kind: Option<ProximityType>,
}

/// Informative, but an unknown one is a broken request.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ProximityType {
    QrCode,
    Deeplink,
}

/// Approves an operation with a signature over the request.
pub(super) fn authorize(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let parsed = request_object::<AuthorizeRequest>(&request.body);
    let Some((Some(id), parsed)) = parsed.map(|mut it| (it.id.take(), it)) else {
        return Ok(Err(unauthenticated()));
    };
    // Looked up first: what is missing starts the decision again, and signatures cost time.
    let found = or_refuse(operation::find(tx, &id), of_engine)?;
    let verified = or_refuse(
        signed(engine, tx, request, "/operation/authorize", AUTHORIZE),
        of_engine,
    )?;
    let Some(Signed {
        activation,
        signature_type,
    }) = verified
    else {
        return refused(engine, tx, request, found);
    };
    let Some(mut operation) = found else {
        return Ok(Err(invalid_operation()));
    };
    if let Err(response) = or_refuse(decidable(engine, tx, &mut operation, &activation), of_engine)? {
        return Ok(Err(response));
    }
    let additional = context(request, &activation, |context| {
        context.insert("authFactor".to_owned(), json!(signature_type.as_str()));
        if let Some(otp) = parsed.proximity_check.and_then(|check| check.otp) {
            context.insert(PROXIMITY_OTP.to_owned(), json!(short(&otp)));
        }
        if let Some(data) = parsed.mobile_token_data {
            context.insert("mobileTokenData".to_owned(), data);
        }
    });
    let data = parsed.data.unwrap_or_default();
    let approval = Approval {
        user: &activation.user,
        application: &activation.application,
        data: &data,
        signature_type,
        additional: &additional,
    };
    work(
        tx,
        of_engine,
        |tx| {
            let result = approve_in(engine, tx, &mut operation, &approval)?;
            Ok(Ok((result, operation)))
        },
        |(result, operation)| match result {
            UserActionResult::Approved => ok(),
            _ => of_state(operation.status).unwrap_or_else(not_accepted),
        },
    )
}

/// The signature was not valid: one attempt of the operation is charged, but only where the header
/// names an activation of the operation's user. The reference lets anybody who knows an id burn all
/// attempts.
fn refused(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    found: Option<Operation>,
) -> Decision<Response, Response> {
    let Some(header) = request.authorization.good() else {
        return Ok(Err(unauthenticated()));
    };
    let signer = tx.get::<Activation>(&header.activation_id.to_ascii_lowercase())?;
    let (Some(signer), Some(mut operation)) = (signer, found) else {
        return Ok(Err(unauthenticated()));
    };
    let own = operation.user.as_ref().is_some_and(|user| *user == signer.user);
    if !own || !operation.applications.contains(&signer.application) {
        return Ok(Err(unauthenticated()));
    }
    let additional = context(request, &signer, |_| {});
    work(
        tx,
        |_| invalid_operation(),
        |tx| {
            operation::expire_if_due(engine, tx, &mut operation)?;
            let result = fail_in(engine, tx, &mut operation, &additional)?;
            Ok(Ok((result, operation)))
        },
        |(_, operation)| of_state(operation.status).unwrap_or_else(unauthenticated),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CancelRequest {
    id: Option<String>,
    reason: Option<String>,
    mobile_token_data: Option<Value>,
}

/// Rejects an operation. A wrong signature costs the operation nothing.
pub(super) fn cancel(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let parsed = request_object::<CancelRequest>(&request.body);
    let Some((Some(id), parsed)) = parsed.map(|mut it| (it.id.take(), it)) else {
        return Ok(Err(unauthenticated()));
    };
    let found = or_refuse(operation::find(tx, &id), of_engine)?;
    let verified = or_refuse(
        signed(engine, tx, request, "/operation/cancel", CANCEL),
        of_engine,
    )?;
    let Some(Signed { activation, .. }) = verified else {
        return Ok(Err(unauthenticated()));
    };
    let Some(mut operation) = found else {
        return Ok(Err(invalid_operation()));
    };
    if let Err(response) = or_refuse(decidable(engine, tx, &mut operation, &activation), of_engine)? {
        return Ok(Err(response));
    }
    let additional = context(request, &activation, |context| {
        if let Some(reason) = &parsed.reason {
            context.insert("rejectReason".to_owned(), json!(short(reason)));
        }
        if let Some(data) = parsed.mobile_token_data {
            context.insert("mobileTokenData".to_owned(), data);
        }
    });
    let rejection = Rejection {
        user: &activation.user,
        application: &activation.application,
        additional: &additional,
    };
    work(
        tx,
        of_engine,
        |tx| {
            let result = reject_in(engine, tx, &mut operation, &rejection)?;
            Ok(Ok((result, operation)))
        },
        |(result, operation)| match result {
            UserActionResult::Rejected => ok(),
            _ => of_state(operation.status).unwrap_or_else(not_accepted),
        },
    )
}

/// Whether the operation waits for a decision that this activation may make; otherwise the answer.
fn decidable(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
    activation: &Activation,
) -> Result<Result<(), Response>, EngineStop> {
    operation::expire_if_due(engine, tx, operation)?;
    if let Some(response) = of_state(operation.status) {
        return Ok(Err(response));
    }
    let flag = operation.activation_flag.as_ref();
    if flag.is_some_and(|flag| !activation.flags.contains(flag)) {
        return Ok(Err(requires_flag()));
    }
    Ok(Ok(()))
}

/// What is kept about the action.
fn context(
    request: &PhoneRequest,
    activation: &Activation,
    more: impl FnOnce(&mut Map<String, Value>),
) -> AdditionalData {
    let mut context = Map::new();
    context.insert("activationId".to_owned(), json!(activation.id));
    context.insert("applicationId".to_owned(), json!(activation.application));
    if let Some(address) = &request.address {
        context.insert("ipAddress".to_owned(), json!(short(address)));
    }
    if let Some(agent) = &request.user_agent {
        context.insert("userAgent".to_owned(), json!(short(agent)));
    }
    more(&mut context);
    AdditionalData(context)
}

fn short(text: &str) -> String {
    text.chars().take(MAX_CONTEXT).collect()
}
