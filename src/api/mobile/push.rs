//! Registration for push messages (mobile API specification, 7.1).

use serde::Deserialize;

use super::super::http::Response;
use super::super::phone::{Header, PhoneRequest, or_refuse, request_object, signed, with_token, work};
use super::dialect::Differences;
use super::error::{INVALID_REQUEST, NOT_REGISTERED, UNREGISTRABLE};
use crate::crypto::signature::SignatureType;
use crate::engine::push::{Registration, register as register_in};
use crate::engine::{Engine, EngineStop, ErrorCode};
use crate::model::activation::Activation;
use crate::model::push::{Environment, Platform};
use crate::store::{Decision, Tx};

/// A device for push messages.
#[derive(Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "PushRegistration")
)]
pub(super) struct RegisterRequest {
    /// `ios`, `android` or `huawei`; in the newest dialect also `apns`, `fcm` and `hms`.
    platform: String,
    /// What the platform calls the device.
    token: String,
    /// `development` or `production`, for Apple devices.
    environment: Option<String>,
}

/// With a signature, as the text says, or with a token, as its servers want.
pub(super) fn register(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    match (&request.authorization, &request.token) {
        (Header::Absent, _) | (_, Header::Good(_)) => by_token(rules, engine, tx, request),
        _ => by_signature(rules, engine, tx, request, "/push/device/register"),
    }
}

/// With a signature of the phone alone.
pub(super) fn register_signed(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    by_signature(rules, engine, tx, request, "/device/register/signature")
}

/// With a token.
pub(super) fn by_token(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let allowed = SignatureType::ONE_OR_TWO_FACTORS;
    let holder = or_refuse(with_token(engine, tx, request, allowed), |_| {
        rules.refuse(UNREGISTRABLE)
    })?;
    match holder {
        Some(holder) => store(rules, tx, &holder.activation, request),
        None => Ok(Err(rules.refuse(UNREGISTRABLE))),
    }
}

fn by_signature(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    uri_id: &str,
) -> Decision<Response, Response> {
    let verified = signed(engine, tx, request, uri_id, &[SignatureType::Possession]);
    match or_refuse(verified, |_| rules.refuse(UNREGISTRABLE))? {
        Some(signed) => store(rules, tx, &signed.activation, request),
        None => Ok(Err(rules.refuse(UNREGISTRABLE))),
    }
}

fn store(
    rules: &Differences,
    tx: &mut Tx<'_>,
    activation: &Activation,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    work(
        tx,
        |error| match error.code {
            ErrorCode::InvalidRequest => rules.refuse(INVALID_REQUEST),
            _ => rules.refuse(NOT_REGISTERED),
        },
        |tx| {
            let request =
                request_object::<RegisterRequest>(&request.body).ok_or(ErrorCode::InvalidRequest)?;
            register_in(tx, activation, read(rules, &request)?)?;
            Ok(Ok(()))
        },
        |()| Response::ok(&()),
    )
}

fn read<'a>(rules: &Differences, request: &'a RegisterRequest) -> Result<Registration<'a>, EngineStop> {
    let fits = |name: &&str| match rules.exact_platforms {
        true => **name == request.platform,
        false => name.eq_ignore_ascii_case(&request.platform),
    };
    let platform = match rules.platforms.iter().copied().find(|name| fits(name)) {
        Some("ios" | "apns") => Platform::Apns,
        Some("android" | "fcm") => Platform::Fcm,
        Some("huawei" | "hms") => Platform::Hms,
        _ => return Err(ErrorCode::InvalidRequest.into()),
    };
    let environment = match request.environment.as_deref() {
        None => None,
        Some("development") => Some(Environment::Development),
        Some("production") => Some(Environment::Production),
        Some(_) => return Err(ErrorCode::InvalidRequest.into()),
    };
    Ok(Registration {
        platform,
        environment,
        token: &request.token,
    })
}
