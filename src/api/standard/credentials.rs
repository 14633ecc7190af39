//! Activation with credentials that only the host understands: a login, another provider's token
//! (types CUSTOM and DIRECT; mobile API specification, 8.5; protocol, section 3.2).
//!
//! A decision cannot ask a host. So the host that receives such a request from a phone passes it on
//! twice, as it came: `open` tells what is inside the outer layer, the host finds out who the user
//! is, and `create` makes the activation and the phone's answer. Both are methods of the server API,
//! so they work wherever that does.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use super::activation::ActivationType;
use super::activation::{OuterRequest, OuterResponse, enveloped};
use crate::api::phone::open_for_application;
use crate::crypto::ecies::{EnvelopeResponse, Purpose, ResponseSealer};
use crate::crypto::header::EncryptionHeader;
use crate::engine::activation::exchange::{self, KeyExchange};
use crate::engine::activation::manage::{self, ActivationOtpRequest};
use crate::engine::json::{self, Moment};
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, application_version, envelope, required};
use crate::model::activation::ActivationStatus;
use crate::store::Tx;

/// Request of `open`: what the phone sent to `/pa/v3/activation/create`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["encryptionHeader", "body"])))]
#[serde(default, rename_all = "camelCase")]
pub struct OpenCredentials {
    /// Value of the header `X-PowerAuth-Encryption`.
    pub encryption_header: Option<String>,
    /// The body, as text.
    pub body: Option<String>,
}

/// Answer of `open`. `Debug` shows no attributes.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OpenedCredentials {
    /// The application of the phone.
    pub application_id: String,
    /// CUSTOM or DIRECT.
    #[serde(rename = "type")]
    pub kind: ActivationType,
    /// What is to identify the user.
    pub identity_attributes: Map<String, Value>,
    /// What the app sent along.
    pub custom_attributes: Map<String, Value>,
}

impl fmt::Debug for OpenedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedCredentials")
            .field("application_id", &self.application_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Tells what the phone's outer layer contains. Changes nothing: the request is still to be used.
pub(in crate::api) fn open(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &OpenCredentials,
) -> Outcome<OpenedCredentials> {
    let mut opened = None;
    // The envelope is accepted for this look only: what a refused part has written is dropped.
    let refused = tx.part(|tx| -> Outcome<()> {
        opened = Some(look(engine, tx, request)?);
        Err(ErrorCode::UnknownError.into())
    })?;
    match (opened, refused) {
        (Some(opened), _) => Ok(Ok(opened)),
        (None, Err(error)) => Err(error.into()),
        (None, Ok(())) => Err(ErrorCode::UnknownError.into()),
    }
}

fn look(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &OpenCredentials,
) -> Result<OpenedCredentials, EngineStop> {
    let (header, outer, _) = unseal(engine, tx, request)?;
    let version = application_version::supported_version(tx, &header.application_key)?;
    Ok(OpenedCredentials {
        application_id: version.ok_or(ErrorCode::InvalidApplication)?.application,
        kind: outer.kind,
        identity_attributes: outer.identity_attributes,
        custom_attributes: outer.custom_attributes.unwrap_or_default(),
    })
}

/// Request of `create`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["encryptionHeader", "body", "userId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct CreateByCredentials {
    /// Value of the header `X-PowerAuth-Encryption`.
    pub encryption_header: Option<String>,
    /// The body, as text.
    pub body: Option<String>,
    /// The user, 1 to 255 characters.
    pub user_id: Option<String>,
    /// Expiry; the configured validity from now on when absent.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_activation_expire: Option<Moment>,
    /// Failed attempts that block, above 0.
    #[serde(deserialize_with = "json::integer")]
    pub max_failure_count: Option<i64>,
    /// Whether a recovery code comes along where recovery is enabled; it does unless told otherwise.
    #[serde(deserialize_with = "json::boolean")]
    pub generate_recovery_codes: Option<bool>,
    /// Whether the activation is ACTIVE at once; otherwise it waits for its commit.
    #[serde(deserialize_with = "json::boolean")]
    pub commit: Option<bool>,
    /// Attributes for the app; those that it sent when absent.
    pub custom_attributes: Option<Map<String, Value>>,
    /// Claims about the user, for the app.
    pub user_info: Option<Map<String, Value>>,
}

/// Answer of `create`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedByCredentials {
    /// The activation.
    pub activation_id: String,
    /// The user.
    pub user_id: String,
    /// The application.
    pub application_id: String,
    /// PENDING_COMMIT, or ACTIVE.
    pub activation_status: ActivationStatus,
    /// What the phone gets as the body of its answer, with HTTP status 200.
    pub response: EnvelopeResponse,
}

/// An activation of the user whom the host has identified by the phone's credentials.
pub(in crate::api) fn create(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &CreateByCredentials,
) -> Outcome<CreatedByCredentials> {
    let sent = OpenCredentials {
        encryption_header: request.encryption_header.clone(),
        body: request.body.clone(),
    };
    let (header, outer, sealer) = unseal(engine, tx, &sent)?;
    let own = KeyExchange {
        user_id: request.user_id.clone(),
        timestamp_activation_expire: request.timestamp_activation_expire,
        max_failure_count: request.max_failure_count,
        application_key: Some(header.application_key.clone()),
        generate_recovery_codes: request.generate_recovery_codes,
        ..KeyExchange::default()
    };
    let mut keys = match exchange::create(engine, tx, &enveloped(own, &header, outer.activation_data))? {
        Ok(keys) => keys,
        Err(counted) => return Ok(Err(counted)),
    };
    if request.commit.unwrap_or(false) {
        let commit = ActivationOtpRequest {
            activation_id: Some(keys.activation_id.clone()),
            ..ActivationOtpRequest::default()
        };
        if let Err(counted) = manage::commit(engine, tx, &commit)? {
            return Ok(Err(counted));
        }
        keys.activation_status = ActivationStatus::Active;
    }
    let custom = request.custom_attributes.clone().or(outer.custom_attributes);
    let response = OuterResponse {
        activation_data: keys.envelope,
        custom_attributes: custom.unwrap_or_default(),
        user_info: request.user_info.clone(),
    };
    Ok(Ok(CreatedByCredentials {
        activation_id: keys.activation_id,
        user_id: keys.user_id,
        application_id: keys.application_id,
        activation_status: keys.activation_status,
        response: envelope::seal(tx, sealer, &response)?,
    }))
}

/// The outer layer of a request whose user only the host can name. ERR0024 for an unreadable header or
/// another type, ERR0018 when it does not open, ERR0011 when its content is not of the right form.
fn unseal(
    engine: &Engine,
    tx: &mut Tx<'_>,
    sent: &OpenCredentials,
) -> Result<(EncryptionHeader, OuterRequest, ResponseSealer), EngineStop> {
    let invalid = ErrorCode::InvalidRequest;
    let header = EncryptionHeader::parse(required(&sent.encryption_header)?).map_err(|_| invalid)?;
    let body = required(&sent.body)?.as_bytes();
    let (plain, sealer) = open_for_application(engine, tx, &header, body, Purpose::ActivationLayer1)?;
    let outer: OuterRequest = json::object(plain.as_bytes()).map_err(|_| ErrorCode::InvalidInputFormat)?;
    let hosts = matches!(outer.kind, ActivationType::Custom | ActivationType::Direct);
    if !hosts || outer.identity_attributes.is_empty() {
        return Err(invalid.into());
    }
    Ok((header, outer, sealer))
}
