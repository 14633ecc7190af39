//! The user's decision: authorize and cancel (sections 2.6 to 2.8).
//!
//! Signature and operation change in one batch: there is no approval without a used-up counter
//! value, and no counted failure of one without the other.

use serde::de::{DeserializeOwned, Error as _};
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
use crate::engine::Engine;
use crate::engine::json::Moment;
use crate::engine::operation::{
    self, AdditionalData, Approval, MATCH_NUMBER, PROXIMITY_OTP, Rejection, UserActionResult, approve_in,
    fail_in, reject_in,
};
use crate::model::activation::Activation;
use crate::model::operation::Operation;
use crate::store::{Decision, Stop, Tx};

/// Factors that may authorize; the operation itself may allow fewer.
const AUTHORIZE: &[SignatureType] = SignatureType::ONE_OR_TWO_FACTORS;
const CANCEL: &[SignatureType] = &[SignatureType::Possession];

/// Flags of an activation whose user is not identified yet: it approves nothing.
const ONBOARDING: [&str; 2] = ["VERIFICATION_PENDING", "VERIFICATION_IN_PROGRESS"];

/// Longest reason and other context that is kept, in characters.
const MAX_CONTEXT: usize = 255;

/// A request about an operation, whose signature has been looked at.
struct Asked<T> {
    more: T,
    operation: Option<Operation>,
    signed: Option<Signed>,
}

type IdOf<T> = fn(&T) -> Option<&str>;

/// Reads the request and verifies its signature; none when there is no object or no id. The operation is looked up first:
/// what is missing starts the decision again, and signatures cost time.
fn asked<T: DeserializeOwned>(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    (id, uri_id, factors): (IdOf<T>, &str, &[SignatureType]),
) -> Result<Option<Asked<T>>, Stop<Response>> {
    let refuse = |error: &_| rules.refuse_error(error);
    let Some(more) = request_object::<T>(&request.body) else {
        return Ok(None);
    };
    let Some(id) = id(&more) else {
        return Ok(None);
    };
    let operation = or_refuse(operation::find(tx, id), refuse)?;
    let signed = or_refuse(signed(engine, tx, request, uri_id, factors), refuse)?;
    Ok(Some(Asked {
        more,
        operation,
        signed,
    }))
}

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
    /// Number from the page that asks, for operations that need it.
    match_number: Option<Value>,
    /// Whatever the app tells the back end.
    mobile_token_data: Option<Value>,
}

impl AuthorizeRequest {
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The number that the user has typed. Apps that do not know the member put it where they may put anything.
    fn number(&self) -> Option<String> {
        let elsewhere = || self.mobile_token_data.as_ref()?.get(MATCH_NUMBER);
        match self.match_number.as_ref().or_else(elsewhere)? {
            Value::String(text) => Some(short(text.trim())),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
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
    let Some(asked) = asked(
        rules,
        engine,
        tx,
        request,
        (AuthorizeRequest::id, "/operation/authorize", AUTHORIZE),
    )?
    else {
        return Ok(Err(rules.refuse(INVALID_REQUEST)));
    };
    let Asked {
        more: parsed,
        operation: found,
        signed,
    } = asked;
    let Some(Signed {
        activation,
        signature_type,
    }) = signed
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
    let mut operation = match decidable(rules, engine, tx, found, &activation)? {
        Ok(operation) => operation,
        Err(refusal) => return Ok(Err(rules.refuse(refusal))),
    };
    let number = parsed.number();
    let Some(data) = parsed.data else {
        return Ok(Err(rules.refuse(INVALID_REQUEST)));
    };
    let additional = context(request, &activation, |context| {
        context.insert("authFactor".to_owned(), json!(signature_type.as_str()));
        if let Some(check) = parsed.proximity_check {
            context.insert(PROXIMITY_OTP.to_owned(), json!(short(&check.otp)));
        }
        if let Some(number) = number {
            context.insert(MATCH_NUMBER.to_owned(), json!(number));
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
    // Too soon after an earlier failure nothing was evaluated, so nothing failed.
    let now = tx.now();
    if signer.waits(now, engine.config.failure_delay) && signer.last_failure != Some(now) {
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

impl CancelRequest {
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

/// Rejects an operation. A wrong signature costs the operation nothing.
pub(super) fn cancel(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let refuse = |error: &_| rules.refuse_error(error);
    let Some(asked) = asked(
        rules,
        engine,
        tx,
        request,
        (CancelRequest::id, "/operation/cancel", CANCEL),
    )?
    else {
        return Ok(Err(rules.refuse(INVALID_REQUEST)));
    };
    let Asked {
        more: parsed,
        operation: found,
        signed,
    } = asked;
    let Some(Signed { activation, .. }) = signed else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    let mut operation = match decidable(rules, engine, tx, found, &activation)? {
        Ok(operation) => operation,
        Err(refusal) => return Ok(Err(rules.refuse(refusal))),
    };
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

/// The operation, which waits for this activation; or why it does not.
fn decidable(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    found: Option<Operation>,
    activation: &Activation,
) -> Result<Result<Operation, Refusal>, Stop<Response>> {
    let Some(mut operation) = found else {
        return Ok(Err(INVALID_OPERATION));
    };
    let expired = operation::expire_if_due(engine, tx, &mut operation);
    or_refuse(expired, |error| rules.refuse_error(error))?;
    if let Some(refusal) = of_state(operation.status) {
        return Ok(Err(refusal));
    }
    let bound = operation.activation.as_ref();
    if rules.checks_activation && bound.is_some_and(|id| *id != activation.id) {
        return Ok(Err(INVALID_ACTIVATION));
    }
    let flag = operation.activation_flag.as_ref();
    if flag.is_some_and(|flag| !activation.flags.contains(flag)) {
        return Ok(Err(REQUIRES_FLAG));
    }
    Ok(Ok(operation))
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
