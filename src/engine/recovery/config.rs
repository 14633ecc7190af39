//! Settings of recovery (part 1, section 17.7).

use serde::{Deserialize, Serialize};

use crate::crypto::encoding::base64;
use crate::crypto::key::{KeyPair, PublicKey};
use crate::engine::application::note;
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, Place, json, required};
use crate::model::application::Application;
use crate::model::recovery::{RECOVERY_CONFIG, RecoveryConfig};
use crate::store::Tx;

/// Place of an application's private key for postcards.
pub(crate) fn private_place(application: &str) -> Place<'_> {
    Place {
        collection: RECOVERY_CONFIG,
        id: application,
        field: "private",
    }
}

/// The application, or ERR0024.
pub(super) fn application(tx: &mut Tx<'_>, id: &str) -> Result<Application, EngineStop> {
    tx.get::<Application>(id)?
        .ok_or_else(|| ErrorCode::InvalidRequest.into())
}

/// Request of [`detail`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct RecoveryConfigRequest {
    /// The application.
    pub application_id: Option<String>,
}

/// Answer of [`detail`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecoveryConfigDetail {
    /// The application.
    pub application_id: String,
    /// Whether there is recovery at all.
    pub activation_recovery_enabled: bool,
    /// Whether there are postcards.
    pub recovery_postcard_enabled: bool,
    /// Whether a user may have several open postcards.
    pub allow_multiple_recovery_codes: bool,
    /// Our public key for postcards: Base64 of 65 bytes; null until postcards were enabled once.
    pub postcard_public_key: Option<String>,
    /// Public key of the printing centre: Base64 of 33 or 65 bytes.
    pub remote_postcard_public_key: Option<String>,
}

/// The settings of an application; all off until they are set.
pub fn detail(_: &Engine, tx: &mut Tx<'_>, request: &RecoveryConfigRequest) -> Outcome<RecoveryConfigDetail> {
    let id = required(&request.application_id)?;
    tx.want::<RecoveryConfig>(id);
    application(tx, id)?;
    let config = tx.get::<RecoveryConfig>(id)?.unwrap_or_default();
    Ok(Ok(RecoveryConfigDetail {
        application_id: id.clone(),
        activation_recovery_enabled: config.enabled,
        recovery_postcard_enabled: config.postcard,
        allow_multiple_recovery_codes: config.multiple,
        postcard_public_key: config.public.as_deref().map(base64::encode),
        remote_postcard_public_key: config.remote.as_deref().map(base64::encode),
    }))
}

/// Request of [`update`]. What is absent is switched off, except the printing centre's key.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct UpdateRecoveryConfig {
    /// The application.
    pub application_id: Option<String>,
    /// Whether there is recovery at all.
    #[serde(deserialize_with = "json::boolean")]
    pub activation_recovery_enabled: Option<bool>,
    /// Whether there are postcards.
    #[serde(deserialize_with = "json::boolean")]
    pub recovery_postcard_enabled: Option<bool>,
    /// Whether a user may have several open postcards.
    #[serde(deserialize_with = "json::boolean")]
    pub allow_multiple_recovery_codes: Option<bool>,
    /// Public key of the printing centre: Base64 of 33 or 65 bytes; kept when absent, removed when
    /// empty.
    pub remote_postcard_public_key: Option<String>,
}

/// Answer of [`update`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UpdatedRecoveryConfig {
    /// True.
    pub updated: bool,
}

/// Sets all of them. The pair for postcards is made when they are first enabled and never replaced:
/// cards that were printed stay valid.
pub fn update(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &UpdateRecoveryConfig,
) -> Outcome<UpdatedRecoveryConfig> {
    let id = required(&request.application_id)?;
    tx.want::<RecoveryConfig>(id);
    let mut application = application(tx, id)?;
    let before = tx.get::<RecoveryConfig>(id)?.unwrap_or_default();
    let mut config = RecoveryConfig {
        application: id.clone(),
        enabled: request.activation_recovery_enabled.unwrap_or(false),
        postcard: request.recovery_postcard_enabled.unwrap_or(false),
        multiple: request.allow_multiple_recovery_codes.unwrap_or(false),
        ..before.clone()
    };
    match request.remote_postcard_public_key.as_deref() {
        None => {}
        Some("") => config.remote = None,
        Some(key) => config.remote = Some(encoded_point(engine, key)?),
    }
    if config.postcard && config.private.is_none() {
        let pair = KeyPair::generate(engine.backend, tx).map_err(|_| ErrorCode::GenericCryptographyError)?;
        let private = engine
            .keyring
            .seal(private_place(id), pair.private.as_bytes(), tx)?;
        config.public = Some(pair.public.as_bytes().to_vec());
        config.private = Some(private);
    }
    if config != before {
        let parameters = serde_json::json!({
            "enabled": config.enabled,
            "postcard": config.postcard,
            "multiple": config.multiple,
            "remoteKey": config.remote.as_deref().map(base64::encode),
        });
        note(tx, &mut application, "recovery_config_changed", &parameters)?;
        tx.put(&application);
        tx.put(&config);
    }
    Ok(Ok(UpdatedRecoveryConfig { updated: true }))
}

/// The bytes of a point on the curve, as encoded; ERR0010 for anything else.
fn encoded_point(engine: &Engine, text: &str) -> Result<Vec<u8>, EngineStop> {
    let invalid = ErrorCode::InvalidKeyFormat;
    let encoded = base64::decode(text).map_err(|_| invalid)?;
    PublicKey::from_bytes(engine.backend, &encoded).map_err(|_| invalid)?;
    Ok(encoded)
}
