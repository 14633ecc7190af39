//! `/pa/v3/activation/create`, `status` and `remove` (mobile API specification, 8.5 to 8.7).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::http::Response;
use super::super::phone::{PhoneRequest, open_for_application, or_refuse, request_object, signed, work};
use super::{activation_invalid, ok, unauthenticated};
use crate::crypto::ecies::{EnvelopeRequest, EnvelopeResponse, Purpose};
use crate::crypto::encoding::base64;
use crate::crypto::header::EncryptionHeader;
use crate::crypto::signature::SignatureType;
use crate::engine::activation::exchange::{self, ExchangedKeys, KeyExchange};
use crate::engine::activation::expire_if_due;
use crate::engine::activation::manage::{self, ActivationOtpRequest, ActivationRequest};
use crate::engine::activation::recover::{self, RecoverActivation};
use crate::engine::activation::status::{blob, noise};
use crate::engine::{Engine, Enveloped, ErrorCode, Outcome, envelope, json, pretend};
use crate::model::activation::Activation;
use crate::store::{Decision, Tx};

/// How the user is identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum ActivationType {
    /// With an activation code.
    Code,
    /// With credentials that the host understands.
    Custom,
    /// The same, of another provider.
    Direct,
    /// With a recovery code and a PUK.
    Recovery,
}

/// The outer layer, which an intermediate server may read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OuterRequest {
    // Documents call the member `activationType`, deployed clients `type`.
    #[serde(rename = "type", alias = "activationType")]
    pub(super) kind: ActivationType,
    pub(super) identity_attributes: Map<String, Value>,
    #[serde(default)]
    pub(super) custom_attributes: Option<Map<String, Value>>,
    pub(super) activation_data: EnvelopeRequest,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OuterResponse {
    pub(super) activation_data: EnvelopeResponse,
    pub(super) custom_attributes: Map<String, Value>,
    pub(super) user_info: Option<Map<String, Value>>,
}

/// Both layers of an activation: the outer one names the code, the inner one carries the keys.
pub(super) fn create(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let Some(header) = request.encryption.good() else {
        return Ok(Err(activation_invalid()));
    };
    let outcome = or_refuse(activate(engine, tx, header, &request.body), refusal)?;
    Ok(outcome
        .map(|sealed| Response::json(200, &sealed))
        .map_err(|error| refusal(&error)))
}

/// Only a wrong PUK says what to do next.
fn refusal(error: &crate::engine::Error) -> Response {
    let Some(index) = error.current_puk else {
        return activation_invalid();
    };
    let object = serde_json::json!({
        "code": "INVALID_RECOVERY_CODE",
        "message": "POWER_AUTH_RECOVERY_INVALID",
        "currentRecoveryPukIndex": index,
    });
    let body = serde_json::json!({ "status": "ERROR", "responseObject": object });
    Response::json(400, &body)
}

fn activate(
    engine: &Engine,
    tx: &mut Tx<'_>,
    header: &EncryptionHeader,
    body: &[u8],
) -> Outcome<EnvelopeResponse> {
    let (plain, sealer) = open_for_application(engine, tx, header, body, Purpose::ActivationLayer1)?;
    let outer: OuterRequest = json::object(plain.as_bytes()).map_err(|_| ErrorCode::InvalidInputFormat)?;
    let attributes = &outer.identity_attributes;
    let envelope = outer.activation_data;
    let keys = match outer.kind {
        ActivationType::Code => by_code(engine, tx, header, attributes, envelope)?,
        ActivationType::Recovery => by_recovery_code(engine, tx, header, attributes, envelope)?,
        // Only the host can tell who the user is: it passes the request on, see `credentials`.
        ActivationType::Custom | ActivationType::Direct => return Err(ErrorCode::InvalidRequest.into()),
    };
    let keys = match keys {
        Ok(keys) => keys,
        Err(counted) => return Ok(Err(counted)),
    };
    let response = OuterResponse {
        activation_data: keys.envelope,
        custom_attributes: outer.custom_attributes.unwrap_or_default(),
        user_info: None,
    };
    Ok(Ok(envelope::seal(tx, sealer, &response)?))
}

/// An identity attribute that is not blank.
fn attribute<'a>(attributes: &'a Map<String, Value>, name: &str) -> Result<&'a str, ErrorCode> {
    let text = attributes.get(name).and_then(Value::as_str).map(str::trim);
    text.filter(|text| !text.is_empty())
        .ok_or(ErrorCode::InvalidRequest)
}

fn by_code(
    engine: &Engine,
    tx: &mut Tx<'_>,
    header: &EncryptionHeader,
    attributes: &Map<String, Value>,
    envelope: EnvelopeRequest,
) -> Outcome<ExchangedKeys> {
    let own = KeyExchange {
        activation_code: Some(attribute(attributes, "code")?.to_owned()),
        application_key: Some(header.application_key.clone()),
        generate_recovery_codes: Some(true),
        ..KeyExchange::default()
    };
    exchange::prepare(engine, tx, &enveloped(own, header, envelope))
}

/// The PUK proves the user, so nobody else is asked: the activation is committed at once.
fn by_recovery_code(
    engine: &Engine,
    tx: &mut Tx<'_>,
    header: &EncryptionHeader,
    attributes: &Map<String, Value>,
    envelope: EnvelopeRequest,
) -> Outcome<ExchangedKeys> {
    let own = RecoverActivation {
        recovery_code: Some(attribute(attributes, "recoveryCode")?.to_owned()),
        puk: Some(attribute(attributes, "puk")?.to_owned()),
        application_key: Some(header.application_key.clone()),
        ..RecoverActivation::default()
    };
    let keys = match recover::recover(engine, tx, &enveloped(own, header, envelope))? {
        Ok(keys) => keys,
        Err(counted) => return Ok(Err(counted)),
    };
    let commit = ActivationOtpRequest {
        activation_id: Some(keys.activation_id.clone()),
        ..ActivationOtpRequest::default()
    };
    Ok(manage::commit(engine, tx, &commit)?.map(|_| keys))
}

pub(super) fn enveloped<T>(
    attributes: T,
    header: &EncryptionHeader,
    envelope: EnvelopeRequest,
) -> Enveloped<T> {
    Enveloped {
        attributes,
        protocol_version: Some(header.version.as_str().to_owned()),
        envelope,
    }
}

/// Which activation, and what the answer is to depend on.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "PhoneStatusRequest", extend("required" = ["activationId"])))]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusRequest {
    /// UUID.
    activation_id: Option<String>,
    /// Base64 of 16 bytes; none from protocol 3.0.
    challenge: Option<String>,
}

/// The state of an activation, for its phone only.
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "PhoneStatus")
)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusResponse {
    /// As requested.
    activation_id: String,
    /// Base64 of 32 bytes.
    encrypted_status_blob: String,
    /// Base64 of 16 bytes; when there was a challenge.
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
}

/// The status blob. An unknown activation gets noise of the same form.
pub(super) fn status(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let Some(StatusRequest {
        activation_id: Some(id),
        challenge,
    }) = request_object(&request.body)
    else {
        return Ok(Err(activation_invalid()));
    };
    let challenge = challenge.as_deref();
    let bytes = challenge.map(base64::decode_array::<16>).transpose();
    // Looked at before anything else: it tells nothing about an activation.
    let Ok(bytes) = bytes else {
        return Ok(Err(activation_invalid()));
    };
    let canonical = id.to_ascii_lowercase();
    let result = (|| {
        let Some(mut activation) = tx.get::<Activation>(&canonical)? else {
            pretend::status(engine, tx, bytes)?;
            return noise(tx, challenge.is_some());
        };
        expire_if_due(engine, tx, &mut activation)?;
        let mut blob = blob(engine, tx, &activation, challenge)?;
        if blob.nonce.is_none() && challenge.is_some() {
            // Removed before it had keys: the same form as an unknown one.
            blob = noise(tx, true)?;
        }
        Ok(blob)
    })();
    let blob = or_refuse(result, |_| activation_invalid())?;
    Ok(Ok(ok(&StatusResponse {
        activation_id: id,
        encrypted_status_blob: blob.encrypted,
        nonce: blob.nonce,
    })))
}

/// The phone removes its own activation.
pub(super) fn remove(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    let signed = signed(
        engine,
        tx,
        request,
        "/pa/activation/remove",
        SignatureType::TWO_OR_THREE_FACTORS,
    );
    let Some(signed) = or_refuse(signed, |_| unauthenticated())? else {
        return Ok(Err(unauthenticated()));
    };
    let removal = ActivationRequest {
        activation_id: Some(signed.activation.id),
        ..ActivationRequest::default()
    };
    work(
        tx,
        |_| activation_invalid(),
        |tx| manage::remove(engine, tx, &removal),
        |removed| ok(&serde_json::json!({ "activationId": removed.activation_id })),
    )
}
