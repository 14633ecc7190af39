//! The user's decision: authorize and cancel (sections 2.6 to 2.8).
//!
//! Signature and operation change in one batch: there is no approval without a used-up counter
//! value, and no counted failure of one without the other.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::super::http::Response;
use super::super::phone::{PhoneRequest, Signed, or_refuse, request_object, signed, work};
use super::dialect::Differences;
use super::error::{
    INVALID_ACTIVATION, INVALID_OPERATION, INVALID_REQUEST, OPERATION_FAILED, REQUIRES_FLAG, Refusal,
    UNAUTHENTICATED, of_state,
};
use super::view::ok;
use crate::crypto::signature::SignatureType;
use crate::engine::json::Moment;
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

/// Flags of an activation whose user is not identified yet: it approves nothing.
const ONBOARDING: [&str; 2] = ["VERIFICATION_PENDING", "VERIFICATION_IN_PROGRESS"];

/// Longest reason and other context that is kept, in characters.
const MAX_CONTEXT: usize = 255;

/// What the user approves.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "OperationApproval", extend("required" = ["id", "data"])))]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizeRequest {
    /// The operation.
    id: Option<String>,
    /// Its data, as the user saw it.
    data: Option<String>,
    /// What shows that the phone is near the screen; for operations that ask for it.
    proximity_check: Option<ProximityCheck>,
    /// Whatever the app tells the back end.
    mobile_token_data: Option<Value>,
}

/// The code on the screen beside the phone, and how it got to the phone. The latter is informative, but what cannot be
/// read is a broken request.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct ProximityCheck {
    /// The code.
    otp: String,
    /// How it got to the phone.
    #[serde(rename = "type")]
    _kind: Option<ProximityType>,
    /// When it did.
    #[serde(default, rename = "timestampReceived", deserialize_with = "instant")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Moment>"))]
    _received: (),
    /// When it was sent on.
    #[serde(default, rename = "timestampSent", deserialize_with = "instant")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Moment>"))]
    _sent: (),
}

/// How a code got to the phone.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ProximityType {
    /// From a QR code.
    QrCode,
    /// By a link.
    Deeplink,
}

/// An ISO-8601 moment or a number of the epoch, in any of its forms.
fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null | Value::Number(_) => Ok(()),
        Value::String(text) if Moment::parse(&text).is_some() => Ok(()),
        _ => Err(D::Error::custom("a moment is expected")),
    }
}

/// Approves an operation with a signature over the request.
pub(super) fn authorize(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let refuse = |error: &_| rules.refuse_error(error);
    let parsed = request_object::<AuthorizeRequest>(&request.body);
    let Some((Some(id), parsed)) = parsed.map(|mut it| (it.id.take(), it)) else {
        return Ok(Err(rules.refuse(INVALID_REQUEST)));
    };
    // Looked up first: what is missing starts the decision again, and signatures cost time.
    let found = or_refuse(operation::find(tx, &id), refuse)?;
    let verified = or_refuse(
        signed(engine, tx, request, "/operation/authorize", AUTHORIZE),
        refuse,
    )?;
    let Some(Signed {
        activation,
        signature_type,
    }) = verified
    else {
        return refused(rules, engine, tx, request, found);
    };
    if activation
        .flags
        .iter()
        .any(|flag| ONBOARDING.contains(&flag.as_str()))
    {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    }
    let Some(mut operation) = found else {
        return Ok(Err(rules.refuse(INVALID_OPERATION)));
    };
    if let Some(refusal) = or_refuse(
        undecidable(rules, engine, tx, &mut operation, &activation),
        refuse,
    )? {
        return Ok(Err(rules.refuse(refusal)));
    }
    let Some(data) = parsed.data else {
        return Ok(Err(rules.refuse(INVALID_REQUEST)));
    };
    let additional = context(request, &activation, |context| {
        context.insert("authFactor".to_owned(), json!(signature_type.as_str()));
        if let Some(check) = parsed.proximity_check {
            context.insert(PROXIMITY_OTP.to_owned(), json!(short(&check.otp)));
        }
        if let Some(data) = parsed.mobile_token_data {
            context.insert("mobileTokenData".to_owned(), data);
        }
    });
    let approval = Approval {
        user: &activation.user,
        application: &activation.application,
        data: &data,
        signature_type,
        additional: &additional,
    };
    work(
        tx,
        refuse,
        |tx| {
            let result = approve_in(engine, tx, &mut operation, &approval)?;
            Ok(Ok((result, operation)))
        },
        |(result, operation)| match result {
            UserActionResult::Approved => ok(),
            _ => rules.refuse(of_state(operation.status).unwrap_or(OPERATION_FAILED)),
        },
    )
}

/// The signature was not valid: one attempt of the operation is charged, but only where the header names an activation of
/// the operation's user. The reference lets anybody who knows an id burn all attempts.
fn refused(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    found: Option<Operation>,
) -> Decision<Response, Response> {
    let unauthenticated = || Ok(Err(rules.refuse(UNAUTHENTICATED)));
    let Some(header) = request.authorization.good() else {
        return unauthenticated();
    };
    let signer = tx.get::<Activation>(&header.activation_id.to_ascii_lowercase())?;
    let (Some(signer), Some(mut operation)) = (signer, found) else {
        return unauthenticated();
    };
    let own = operation.user.as_ref().is_some_and(|user| *user == signer.user);
    if !own || !operation.applications.contains(&signer.application) {
        return unauthenticated();
    }
    let additional = context(request, &signer, |_| {});
    work(
        tx,
        |_| rules.refuse(INVALID_OPERATION),
        |tx| {
            operation::expire_if_due(engine, tx, &mut operation)?;
            let result = fail_in(engine, tx, &mut operation, &additional)?;
            Ok(Ok((result, operation)))
        },
        |(_, operation)| rules.refuse(of_state(operation.status).unwrap_or(UNAUTHENTICATED)),
    )
}

/// What the user rejects.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "OperationRejection", extend("required" = ["id"])))]
#[serde(rename_all = "camelCase")]
pub(super) struct CancelRequest {
    /// The operation.
    id: Option<String>,
    /// Why: a code, or a text.
    reason: Option<String>,
    /// Whatever the app tells the back end.
    mobile_token_data: Option<Value>,
}

/// Rejects an operation. A wrong signature costs the operation nothing.
pub(super) fn cancel(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let refuse = |error: &_| rules.refuse_error(error);
    let parsed = request_object::<CancelRequest>(&request.body);
    let Some((Some(id), parsed)) = parsed.map(|mut it| (it.id.take(), it)) else {
        return Ok(Err(rules.refuse(INVALID_REQUEST)));
    };
    let found = or_refuse(operation::find(tx, &id), refuse)?;
    let verified = or_refuse(signed(engine, tx, request, "/operation/cancel", CANCEL), refuse)?;
    let Some(Signed { activation, .. }) = verified else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    let Some(mut operation) = found else {
        return Ok(Err(rules.refuse(INVALID_OPERATION)));
    };
    if let Some(refusal) = or_refuse(
        undecidable(rules, engine, tx, &mut operation, &activation),
        refuse,
    )? {
        return Ok(Err(rules.refuse(refusal)));
    }
    let additional = context(request, &activation, |context| {
        if let Some(reason) = &parsed.reason {
            context.insert("rejectReason".to_owned(), json!(short(rules.reason(reason))));
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
        refuse,
        |tx| {
            let result = reject_in(engine, tx, &mut operation, &rejection)?;
            Ok(Ok((result, operation)))
        },
        |(result, operation)| match result {
            UserActionResult::Rejected => ok(),
            _ => rules.refuse(of_state(operation.status).unwrap_or(OPERATION_FAILED)),
        },
    )
}

/// Why this activation may not decide the operation; none when the operation waits for it.
fn undecidable(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
    activation: &Activation,
) -> Result<Option<Refusal>, EngineStop> {
    operation::expire_if_due(engine, tx, operation)?;
    if let Some(refusal) = of_state(operation.status) {
        return Ok(Some(refusal));
    }
    let bound = operation.activation.as_ref();
    if rules.checks_activation && bound.is_some_and(|id| *id != activation.id) {
        return Ok(Some(INVALID_ACTIVATION));
    }
    let flag = operation.activation_flag.as_ref();
    Ok(flag
        .is_some_and(|flag| !activation.flags.contains(flag))
        .then_some(REQUIRES_FLAG))
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
