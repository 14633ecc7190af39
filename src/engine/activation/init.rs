//! initActivation: an activation code for a user (part 1, section 6.1).

use serde::{Deserialize, Serialize};

use super::{private_place, save_log_and_notify};
use crate::crypto::code::ActivationCode;
use crate::crypto::encoding::base64;
use crate::crypto::key::{KeyPair, PrivateKey};
use crate::engine::application::{self, master_key_place};
use crate::engine::json::{self, Moment};
use crate::engine::{
    Engine, EngineStop, ErrorCode, MAX_TEXT, Outcome, labels, password, required, unique_uuid,
};
use crate::model::activation::{Activation, ActivationStatus, OtpValidation};
use crate::model::application::Application;
use crate::model::journal::Head;
use crate::model::replay::Claim;
use crate::store::Tx;

/// Request of [`init`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["userId", "applicationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct InitActivation {
    /// The user, 1 to 255 characters.
    pub user_id: Option<String>,
    /// The application.
    pub application_id: Option<String>,
    /// Expiry; the configured validity from now on when absent.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_activation_expire: Option<Moment>,
    /// Failed attempts that block, above 0.
    #[serde(deserialize_with = "json::integer")]
    pub max_failure_count: Option<i64>,
    /// When the OTP is asked for.
    pub activation_otp_validation: Option<OtpValidation>,
    /// The OTP, exactly when it will be asked for.
    pub activation_otp: Option<String>,
    /// Flags from the start.
    pub flags: Option<Vec<String>>,
    /// Whether the flags keep the order given; no attribute of the server API, which sorts them.
    #[serde(skip)]
    pub flags_in_order: bool,
}

/// Answer of [`init`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InitializedActivation {
    /// UUID.
    pub activation_id: String,
    /// 23 characters.
    pub activation_code: String,
    /// Base64 of a DER signature of the code by the application's master key.
    pub activation_signature: String,
    /// The user.
    pub user_id: String,
    /// The application.
    pub application_id: String,
}

/// A new activation in state CREATED.
pub fn init(engine: &Engine, tx: &mut Tx<'_>, request: &InitActivation) -> Outcome<InitializedActivation> {
    required(&request.user_id)?;
    let mode = request.activation_otp_validation.unwrap_or_default();
    let application = check(tx, request)?;
    let given = request
        .activation_otp
        .as_deref()
        .is_some_and(|otp| !otp.is_empty());
    if given != (mode != OtpValidation::None) {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let mut activation = create(engine, tx, request, &application, mode)?;
    let signature = sign_code(engine, tx, &application, &activation.code)?;
    save_log_and_notify(engine, tx, &mut activation, None, None)?;
    Ok(Ok(InitializedActivation {
        activation_id: activation.id,
        activation_code: activation.code,
        activation_signature: signature,
        user_id: activation.user,
        application_id: application.id,
    }))
}

/// Checks 2 to 5 of the reference: user, application, maximum.
pub(super) fn check(tx: &mut Tx<'_>, request: &InitActivation) -> Result<Application, EngineStop> {
    let user = request.user_id.as_deref().unwrap_or_default();
    if user.is_empty() || user.chars().count() > MAX_TEXT {
        return Err(ErrorCode::NoUserId.into());
    }
    let application = request
        .application_id
        .as_deref()
        .ok_or(ErrorCode::NoApplicationId)?;
    let application = application::find(tx, application)?;
    if request.max_failure_count.is_some_and(|count| count <= 0) {
        return Err(ErrorCode::ActivationCreateFailure.into());
    }
    Ok(application)
}

/// The record, not yet written.
pub(super) fn create(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &InitActivation,
    application: &Application,
    mode: OtpValidation,
) -> Result<Activation, EngineStop> {
    application.master_key().ok_or(ErrorCode::NoMasterKeyPair)?;
    let id = unique_uuid::<Activation>(engine, tx, ErrorCode::UnableToGenerateActivationId)?;
    let code = unique_code(engine, tx, &application.id, &id)?;
    let pair = KeyPair::generate(engine.backend, tx).map_err(|_| ErrorCode::GenericCryptographyError)?;
    let server_private = engine
        .keyring
        .seal(private_place(&id), pair.private.as_bytes(), tx)?;
    let otp = match &request.activation_otp {
        Some(otp) if mode != OtpValidation::None => Some(password::hash(tx, otp)?),
        _ => None,
    };
    let order = match request.flags_in_order {
        true => labels::distinct,
        false => labels::sorted,
    };
    let now = tx.now();
    let expires = request.timestamp_activation_expire.map_or_else(
        || now.saturating_add(engine.config.activation_validity),
        Moment::millis,
    );
    let max_failed_attempts = request
        .max_failure_count
        .and_then(|count| u64::try_from(count).ok())
        .unwrap_or(engine.config.max_failed_attempts);
    Ok(Activation {
        id,
        application: application.id.clone(),
        user: request.user_id.clone().unwrap_or_default(),
        status: ActivationStatus::Created,
        code,
        name: None,
        extras: None,
        platform: None,
        device_info: None,
        flags: request.flags.as_deref().map(order).unwrap_or_default(),
        failed_attempts: 0,
        max_failed_attempts,
        blocked_reason: None,
        counter: 0,
        counter_data: None,
        device_public: None,
        server_public: pair.public.as_bytes().to_vec(),
        server_private,
        keys: None,
        otp,
        otp_validation: mode,
        version: None,
        created: now,
        last_used: now,
        last_failure: None,
        last_change: None,
        expires,
        journal: Head::default(),
        recovery: None,
    })
}

/// A code whose first half no other activation of the application has; the claim is written, too.
fn unique_code(
    engine: &Engine,
    tx: &mut Tx<'_>,
    application: &str,
    activation: &str,
) -> Result<String, EngineStop> {
    for _ in 0..engine.config.unique_attempts {
        let code = ActivationCode::generate(tx)?;
        let name = Claim::activation_code(application, code.as_str());
        if tx.get::<Claim>(&name)?.is_none() {
            tx.put(&Claim {
                name,
                target: Some(activation.to_owned()),
            });
            return Ok(code.as_str().to_owned());
        }
    }
    Err(ErrorCode::UnableToGenerateActivationCode.into())
}

/// Base64 of the code's signature by the newest master key.
pub(super) fn sign_code(
    engine: &Engine,
    tx: &mut Tx<'_>,
    application: &Application,
    code: &str,
) -> Result<String, EngineStop> {
    let private = master_private(engine, application)?;
    let input = [application.id.as_bytes(), code.as_bytes()].join(&0);
    let signature = tx.once("code signature", &input, |_| {
        engine.backend.sign(&private, code.as_bytes())
    });
    let signature = signature.map_err(|_| ErrorCode::IncorrectMasterKeyPair)?;
    Ok(base64::encode(&signature.to_der()))
}

/// The newest master private key: ERR0003 without one, ERR0004 when it is broken.
pub(crate) fn master_private(engine: &Engine, application: &Application) -> Result<PrivateKey, EngineStop> {
    let master = application.master_key().ok_or(ErrorCode::NoMasterKeyPair)?;
    let private = engine
        .keyring
        .open(master_key_place(&application.id), &master.private)?;
    PrivateKey::from_bytes(private.as_bytes()).map_err(|_| ErrorCode::IncorrectMasterKeyPair.into())
}
