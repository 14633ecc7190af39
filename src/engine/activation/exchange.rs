//! The key exchange: prepareActivation with a code, createActivation without one (part 1, sections
//! 6.2, 6.3; protocol, section 3.3).

use serde::{Deserialize, Serialize};

use super::init::{self, InitActivation};
use super::otp::{self, Checked};
use super::{find, save_log_and_notify, seal_keys};
use crate::crypto::ecies::{EnvelopeResponse, Purpose, ResponseSealer};
use crate::crypto::encoding::base64;
use crate::crypto::key::PublicKey;
use crate::crypto::random;
use crate::crypto::schedule::ActivationKeys;
use crate::engine::application;
use crate::engine::application_version::supported_version;
use crate::engine::envelope::{self, Received, Recipient, server_private};
use crate::engine::json::{self, Moment};
use crate::engine::{Engine, EngineStop, Enveloped, ErrorCode, MAX_TEXT, Outcome, recovery};
use crate::model::activation::{Activation, ActivationStatus, OtpValidation};
use crate::model::application::{Application, ApplicationVersion};
use crate::model::recovery::RecoveryConfig;
use crate::model::replay::Claim;
use crate::store::Tx;

/// Request of [`prepare`] and, without the code, of [`create`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationKey"])))]
#[serde(default, rename_all = "camelCase")]
pub struct KeyExchange {
    /// The code, for `prepare`.
    pub activation_code: Option<String>,
    /// The user, for `create`.
    pub user_id: Option<String>,
    /// Expiry, for `create`.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_activation_expire: Option<Moment>,
    /// Failed attempts that block, for `create`.
    #[serde(deserialize_with = "json::integer")]
    pub max_failure_count: Option<i64>,
    /// OTP asked for with the commit, for `create`.
    pub activation_otp: Option<String>,
    /// The application version.
    pub application_key: Option<String>,
    /// Whether recovery codes come along where recovery is enabled.
    #[serde(deserialize_with = "json::boolean")]
    pub generate_recovery_codes: Option<bool>,
}

/// What the phone sends inside the envelope.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct DeviceRequest {
    device_public_key: Option<String>,
    activation_name: Option<String>,
    extras: Option<String>,
    platform: Option<String>,
    device_info: Option<String>,
    activation_otp: Option<String>,
}

/// What the phone gets inside the envelope.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeviceResponse<'a> {
    activation_id: &'a str,
    server_public_key: String,
    ctr_data: String,
    activation_recovery: Option<ActivationRecovery<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ActivationRecovery<'a> {
    recovery_code: &'a str,
    puk: &'a str,
}

/// Answer of [`prepare`] and [`create`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExchangedKeys {
    /// The activation.
    pub activation_id: String,
    /// The user.
    pub user_id: String,
    /// The application.
    pub application_id: String,
    /// The encrypted answer.
    #[serde(flatten)]
    pub envelope: EnvelopeResponse,
    /// State of the activation.
    pub activation_status: ActivationStatus,
}

/// Exchanges keys for an activation code.
pub fn prepare(engine: &Engine, tx: &mut Tx<'_>, request: &Enveloped<KeyExchange>) -> Outcome<ExchangedKeys> {
    let received = request.received(ErrorCode::InvalidRequest)?;
    let request = &request.attributes;
    let key = request
        .application_key
        .as_deref()
        .ok_or(ErrorCode::ActivationExpired)?;
    let version = supported_version(tx, key)?.ok_or(ErrorCode::ActivationExpired)?;
    let with_recovery = request.generate_recovery_codes.unwrap_or(false);
    if with_recovery {
        tx.want::<RecoveryConfig>(&version.application);
    }
    let application = application::find(tx, &version.application)?;
    application.master_key().ok_or(ErrorCode::NoMasterKeyPair)?;
    let (device, sealer) = open(engine, tx, &received, &version, &application)?;
    let code = request.activation_code.as_deref().unwrap_or_default();
    let mut activation = by_code(tx, &application.id, code)?;
    let supplied = device.activation_otp.as_deref();
    let stage = OtpValidation::OnKeyExchange;
    let verified = match otp::check(engine, tx, &mut activation, stage, supplied, None)? {
        Checked::Wrong(error) => return Ok(Err(error)),
        Checked::Right => true,
        Checked::NotAsked => false,
    };
    activation
        .exchange(verified)
        .map_err(|_| ErrorCode::ActivationExpired)?;
    let sealed = exchange(engine, tx, &mut activation, device, sealer, with_recovery)?;
    save_log_and_notify(engine, tx, &mut activation, None, None)?;
    Ok(Ok(answer(activation, sealed)))
}

/// An activation of a user whom the caller has identified, keys included. All checks come before
/// the first write, so that a refusal leaves nothing behind.
pub fn create(engine: &Engine, tx: &mut Tx<'_>, request: &Enveloped<KeyExchange>) -> Outcome<ExchangedKeys> {
    let received = request.received(ErrorCode::InvalidRequest)?;
    let request = &request.attributes;
    let key = request
        .application_key
        .as_deref()
        .ok_or(ErrorCode::InvalidApplication)?;
    let version = supported_version(tx, key)?.ok_or(ErrorCode::InvalidApplication)?;
    let mode = match request.activation_otp.as_deref() {
        None => OtpValidation::None,
        Some(_) => OtpValidation::OnCommit,
    };
    let init = InitActivation {
        user_id: request.user_id.clone(),
        application_id: Some(version.application.clone()),
        timestamp_activation_expire: request.timestamp_activation_expire,
        max_failure_count: request.max_failure_count,
        activation_otp_validation: Some(mode),
        activation_otp: request.activation_otp.clone(),
        flags: None,
        flags_in_order: false,
    };
    let application = init::check(tx, &init)?;
    if request.activation_otp.as_deref() == Some("") {
        return Err(ErrorCode::InvalidRequest.into());
    }
    application.master_key().ok_or(ErrorCode::NoMasterKeyPair)?;
    if request
        .timestamp_activation_expire
        .is_some_and(|expiry| expiry.millis() < tx.now())
    {
        return Err(ErrorCode::ActivationExpired.into());
    }
    let (device, sealer) = open(engine, tx, &received, &version, &application)?;
    let with_recovery = request.generate_recovery_codes.unwrap_or(true);
    let mut activation = init::create(engine, tx, &init, &application, mode)?;
    save_log_and_notify(engine, tx, &mut activation, None, None)?;
    activation
        .exchange(false)
        .map_err(|_| ErrorCode::ActivationExpired)?;
    let sealed = exchange(engine, tx, &mut activation, device, sealer, with_recovery)?;
    save_log_and_notify(engine, tx, &mut activation, None, None)?;
    Ok(Ok(answer(activation, sealed)))
}

/// Characters of the extras, as in later lines of the reference.
const MAX_EXTRAS: usize = 4_000;

/// The phone's part, read from its envelope.
pub(super) fn open(
    engine: &Engine,
    tx: &mut Tx<'_>,
    received: &Received,
    version: &ApplicationVersion,
    application: &Application,
) -> Result<(DeviceRequest, ResponseSealer), EngineStop> {
    let recipient = Recipient::Application(application);
    let (plain, sealer) = envelope::open(
        engine,
        tx,
        Purpose::ActivationLayer2,
        received,
        version,
        &recipient,
        None,
    )?;
    let device: DeviceRequest = json::object(plain.as_bytes()).map_err(|_| ErrorCode::InvalidInputFormat)?;
    if device
        .device_public_key
        .as_deref()
        .is_none_or(|key| key.trim().is_empty())
    {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let longer = |text: &Option<String>, limit| text.as_ref().is_some_and(|it| it.chars().count() > limit);
    let short = [&device.activation_name, &device.platform, &device.device_info];
    if short.into_iter().any(|text| longer(text, MAX_TEXT)) || longer(&device.extras, MAX_EXTRAS) {
        return Err(ErrorCode::InvalidRequest.into());
    }
    Ok((device, sealer))
}

/// The CREATED, unexpired activation of the code, or ERR0009: unknown, expired and used codes look alike.
fn by_code(tx: &mut Tx<'_>, application: &str, code: &str) -> Result<Activation, EngineStop> {
    let unknown = ErrorCode::ActivationNotFound;
    if code.chars().count() > 64 {
        return Err(unknown.into());
    }
    let claim = tx.get::<Claim>(&Claim::activation_code(application, code))?;
    let target = claim.and_then(|claim| claim.target).ok_or(unknown)?;
    let activation = find(tx, &target)?;
    let open = activation.status == ActivationStatus::Created && activation.expires > tx.now();
    if !open || activation.code != code || activation.application != application {
        return Err(unknown.into());
    }
    Ok(activation)
}

/// Takes over the phone's key and makes its answer, with a recovery code where recovery is enabled.
pub(super) fn exchange(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &mut Activation,
    device: DeviceRequest,
    sealer: ResponseSealer,
    with_recovery: bool,
) -> Result<EnvelopeResponse, EngineStop> {
    let broken = ErrorCode::GenericCryptographyError;
    let encoded = device.device_public_key.unwrap_or_default();
    let encoded = base64::decode(&encoded).map_err(|_| broken)?;
    let device_public = PublicKey::from_bytes(engine.backend, &encoded).map_err(|_| broken)?;
    let private = server_private(engine, activation)?;
    let keys = ActivationKeys::derive(engine.backend, &private, &device_public).map_err(|_| broken)?;
    let counter = random::bytes::<16>(tx)?;
    activation.keys = Some(seal_keys(engine, tx, &activation.id, &keys)?);
    activation.counter_data = Some(counter.to_vec());
    activation.counter = 0;
    activation.device_public = Some(device_public.as_bytes().to_vec());
    activation.name = device.activation_name;
    activation.extras = device.extras;
    activation.platform = Some(
        device
            .platform
            .map_or_else(|| "unknown".to_owned(), |it| it.to_lowercase()),
    );
    activation.device_info = device.device_info;
    activation.version = Some(3);
    let fresh = match with_recovery {
        true => recovery::issue(engine, tx, activation)?,
        false => None,
    };
    let pair = fresh.as_ref().and_then(|it| Some((&it.code, it.puks.first()?)));
    let response = DeviceResponse {
        activation_id: &activation.id,
        server_public_key: base64::encode(&activation.server_public),
        ctr_data: base64::encode(&counter),
        activation_recovery: pair.map(|(code, puk)| ActivationRecovery {
            recovery_code: code.as_str(),
            puk: puk.as_str(),
        }),
    };
    envelope::seal(tx, sealer, &response)
}

pub(super) fn answer(activation: Activation, envelope: EnvelopeResponse) -> ExchangedKeys {
    ExchangedKeys {
        activation_id: activation.id,
        user_id: activation.user,
        application_id: activation.application,
        envelope,
        activation_status: activation.status,
    }
}
