//! getActivationStatus (part 1, section 6.7; protocol, section 9).

use serde::{Deserialize, Serialize};

use super::init::sign_code;
use super::{expire_if_due, open_keys};
use crate::crypto::counter::HashCounter;
use crate::crypto::encoding::base64;
use crate::crypto::fingerprint::{fingerprint, fingerprint_v2};
use crate::crypto::key::PublicKey;
use crate::crypto::random;
use crate::crypto::status::{BlobStatus, StatusBlob, random_blob};
use crate::engine::application;
use crate::engine::json::Moment;
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, required};
use crate::model::activation::{Activation, ActivationStatus, OtpValidation};
use crate::store::{Fault, Tx};

/// Request of [`status`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ActivationStatusRequest", extend("required" = ["activationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct StatusRequest {
    /// The activation.
    pub activation_id: Option<String>,
    /// Base64 of 16 bytes; none from protocol 3.0.
    pub challenge: Option<String>,
}

/// Answer of [`status`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivationDetail {
    /// The activation.
    pub activation_id: String,
    /// Its state.
    pub activation_status: ActivationStatus,
    /// When the OTP is asked for.
    pub activation_otp_validation: OtpValidation,
    /// Why it is blocked.
    pub blocked_reason: Option<String>,
    /// Its name.
    pub activation_name: Option<String>,
    /// The user.
    pub user_id: Option<String>,
    /// What the app sent along.
    pub extras: Option<String>,
    /// Platform of the phone.
    pub platform: Option<String>,
    /// Model of the phone.
    pub device_info: Option<String>,
    /// The application.
    pub application_id: Option<String>,
    /// Failed attempts.
    pub failed_attempts: u64,
    /// Failed attempts that block.
    pub max_failed_attempts: u64,
    /// Flags of the activation.
    pub activation_flags: Vec<String>,
    /// Roles of the application.
    pub application_roles: Vec<String>,
    /// Creation.
    pub timestamp_created: Moment,
    /// Last verification.
    pub timestamp_last_used: Moment,
    /// Last change.
    pub timestamp_last_change: Option<Moment>,
    /// Base64 of 32 bytes.
    pub encrypted_status_blob: String,
    /// Base64 of 16 bytes.
    pub encrypted_status_blob_nonce: Option<String>,
    /// The code, while it is CREATED.
    pub activation_code: Option<String>,
    /// Signature of the code.
    pub activation_signature: Option<String>,
    /// Eight digits.
    pub device_public_key_fingerprint: Option<String>,
    /// Protocol version; 0 when unknown.
    pub version: u8,
}

/// State of an activation with the blob for its phone. An unknown one looks REMOVED, with noise for
/// a blob.
pub fn status(engine: &Engine, tx: &mut Tx<'_>, request: &StatusRequest) -> Outcome<ActivationDetail> {
    let id = required(&request.activation_id)?;
    let challenge = request.challenge.as_deref();
    let Some(mut activation) = tx.get::<Activation>(id)? else {
        return Ok(Ok(unknown(engine, tx, id, challenge.is_some())?));
    };
    expire_if_due(engine, tx, &mut activation)?;
    let application = application::find(tx, &activation.application)?;
    let created = activation.status == ActivationStatus::Created;
    let (code, signature) = if created {
        let signature = sign_code(engine, tx, &application, &activation.code)?;
        (Some(activation.code.clone()), Some(signature))
    } else {
        (None, None)
    };
    let blob = blob(engine, tx, &activation, challenge)?;
    Ok(Ok(ActivationDetail {
        activation_status: activation.status,
        activation_otp_validation: activation.otp_validation,
        application_id: Some(activation.application.clone()),
        failed_attempts: activation.failed_attempts,
        max_failed_attempts: activation.max_failed_attempts,
        application_roles: application.roles,
        timestamp_created: Moment::from_millis(activation.created),
        timestamp_last_used: Moment::from_millis(activation.last_used),
        timestamp_last_change: activation.last_change.map(Moment::from_millis),
        encrypted_status_blob: blob.encrypted,
        encrypted_status_blob_nonce: blob.nonce,
        activation_code: code,
        activation_signature: signature,
        device_public_key_fingerprint: device_fingerprint(engine, &activation)?,
        version: activation.version.unwrap_or(0),
        activation_id: activation.id,
        blocked_reason: activation.blocked_reason,
        activation_name: activation.name,
        user_id: Some(activation.user),
        extras: activation.extras,
        platform: activation.platform,
        device_info: activation.device_info,
        activation_flags: activation.flags,
    }))
}

fn unknown(
    engine: &Engine,
    tx: &mut Tx<'_>,
    id: &str,
    challenge: bool,
) -> Result<ActivationDetail, EngineStop> {
    let blob = noise(tx, challenge)?;
    Ok(ActivationDetail {
        activation_id: id.to_owned(),
        activation_status: ActivationStatus::Removed,
        activation_otp_validation: OtpValidation::None,
        blocked_reason: None,
        activation_name: Some("unknown".to_owned()),
        user_id: Some("unknown".to_owned()),
        extras: None,
        platform: None,
        device_info: None,
        application_id: None,
        failed_attempts: 0,
        max_failed_attempts: engine.config.max_failed_attempts,
        activation_flags: Vec::new(),
        application_roles: Vec::new(),
        timestamp_created: Moment(0),
        timestamp_last_used: Moment(0),
        timestamp_last_change: None,
        encrypted_status_blob: blob.encrypted,
        encrypted_status_blob_nonce: blob.nonce,
        activation_code: None,
        activation_signature: None,
        device_public_key_fingerprint: None,
        version: 0,
    })
}

/// A blob as it travels.
pub(crate) struct Blob {
    pub(crate) encrypted: String,
    pub(crate) nonce: Option<String>,
}

/// What an activation without keys answers.
pub(crate) fn noise(tx: &mut Tx<'_>, nonce: bool) -> Result<Blob, EngineStop> {
    let nonce = if nonce {
        Some(base64::encode(&random::bytes::<16>(tx)?))
    } else {
        None
    };
    Ok(Blob {
        encrypted: base64::encode(&random_blob(tx)?),
        nonce,
    })
}

/// The blob for the phone. Without device key it is noise; the nonce then only comes with CREATED.
pub(crate) fn blob(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &Activation,
    challenge: Option<&str>,
) -> Result<Blob, EngineStop> {
    let keys = open_keys(engine, activation)?;
    let (Some(keys), true) = (keys, activation.status != ActivationStatus::Created) else {
        return noise(
            tx,
            challenge.is_some() && activation.status == ActivationStatus::Created,
        );
    };
    let low = |number: u64| number.to_be_bytes().last().copied().unwrap_or(0);
    let counter = activation.counter_data.as_deref().map(counter_of).transpose()?;
    let blob = StatusBlob {
        status: blob_status(activation.status),
        current_version: activation.version.unwrap_or(3),
        upgrade_version: 3,
        counter_byte: low(activation.counter),
        failed_attempts: low(activation.failed_attempts),
        max_failed_attempts: low(activation.max_failed_attempts),
        look_ahead: engine.config.look_ahead,
        counter_digest: counter.map_or([0; 16], |counter| counter.digest(&keys.transport)),
    };
    let Some(challenge) = challenge else {
        let encrypted = blob.encrypt_legacy(&keys.transport, tx)?;
        return Ok(Blob {
            encrypted: base64::encode(&encrypted),
            nonce: None,
        });
    };
    let challenge: [u8; 16] =
        base64::decode_array(challenge).map_err(|_| ErrorCode::GenericCryptographyError)?;
    let nonce = random::bytes::<16>(tx)?;
    let encrypted = blob.encrypt(&keys.transport, &challenge, &nonce, tx)?;
    Ok(Blob {
        encrypted: base64::encode(&encrypted),
        nonce: Some(base64::encode(&nonce)),
    })
}

/// The hash counter of stored CTR_DATA.
pub(crate) fn counter_of(data: &[u8]) -> Result<HashCounter, EngineStop> {
    let bytes: [u8; 16] = data
        .try_into()
        .map_err(|_| Fault::Corrupt(crate::store::Corrupt))?;
    Ok(HashCounter::from_bytes(bytes))
}

fn blob_status(status: ActivationStatus) -> BlobStatus {
    match status {
        ActivationStatus::Created => BlobStatus::Created,
        ActivationStatus::PendingCommit => BlobStatus::PendingCommit,
        ActivationStatus::Active => BlobStatus::Active,
        ActivationStatus::Blocked => BlobStatus::Blocked,
        ActivationStatus::Removed => BlobStatus::Removed,
    }
}

/// What the user compares on both ends.
fn device_fingerprint(engine: &Engine, activation: &Activation) -> Result<Option<String>, EngineStop> {
    let Some(device) = &activation.device_public else {
        return Ok(None);
    };
    let key = |bytes| PublicKey::from_bytes(engine.backend, bytes).map_err(|_| ErrorCode::InvalidKeyFormat);
    let device = key(device)?;
    if activation.version == Some(2) {
        return Ok(Some(fingerprint_v2(&device)));
    }
    let server = key(&activation.server_public)?;
    Ok(Some(fingerprint(&device, &server, &activation.id)))
}
