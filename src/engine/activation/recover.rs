//! recoveryCodeActivation: a recovery code and its PUK instead of an activation code (part 1, section
//! 17.6; protocol, section 3.5).

use std::fmt;

use serde::Deserialize;
use serde_json::json;

use super::exchange::{ExchangedKeys, answer, exchange, open};
use super::init::{self, InitActivation};
use super::{find, save_log_and_notify};
use crate::engine::application;
use crate::engine::application_version::supported_version;
use crate::engine::{Engine, EngineStop, Enveloped, Error, ErrorCode, Outcome, recovery, required};
use crate::model::activation::OtpValidation;
use crate::model::recovery::{RecoveryCode, RecoveryCodeStatus, RecoveryConfig, WrongPuk};
use crate::store::Tx;

/// Request of [`recover`]. `Debug` shows neither code nor PUK.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["recoveryCode", "puk", "applicationKey"])))]
#[serde(default, rename_all = "camelCase")]
pub struct RecoverActivation {
    /// The code, 23 characters.
    pub recovery_code: Option<String>,
    /// Its current PUK, 10 digits.
    pub puk: Option<String>,
    /// The application version.
    pub application_key: Option<String>,
    /// Failed attempts that block the new activation, above 0.
    #[serde(deserialize_with = "crate::engine::json::integer")]
    pub max_failure_count: Option<i64>,
    /// Whether the new activation gets a recovery code; it does unless told otherwise.
    #[serde(deserialize_with = "crate::engine::json::boolean")]
    pub generate_recovery_codes: Option<bool>,
    /// OTP asked for with the commit.
    pub activation_otp: Option<String>,
}

impl fmt::Debug for RecoverActivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoverActivation")
            .field("application_key", &self.application_key)
            .finish_non_exhaustive()
    }
}

/// A new activation of the code's user, in place of the one that the code came with. Whatever is
/// refused after a right PUK leaves everything as it was, the PUK included; a wrong one is counted.
pub fn recover(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &Enveloped<RecoverActivation>,
) -> Outcome<ExchangedKeys> {
    let invalid = ErrorCode::InvalidRequest;
    let own = &request.attributes;
    let code = required(&own.recovery_code)?;
    let puk = required(&own.puk)?;
    let key = required(&own.application_key)?;
    let received = request.received(invalid)?;
    let version = supported_version(tx, key)?.ok_or(invalid)?;
    tx.want::<RecoveryConfig>(&version.application);
    let application = application::find(tx, &version.application)?;
    recovery::enabled(tx, &application.id)?.ok_or(invalid)?;
    application.master_key().ok_or(ErrorCode::NoMasterKeyPair)?;
    let (device, sealer) = open(engine, tx, &received, &version, &application)?;
    let code = recovery::by_code(tx, &application.id, code)?;
    let mut code = code
        .filter(|code| code.status == RecoveryCodeStatus::Active)
        .ok_or(invalid)?;
    if let Some(wrong) = check_puk(engine, tx, &mut code, puk)? {
        return Ok(Err(wrong));
    }
    let flags = replace(engine, tx, &code)?;
    let mode = match own.activation_otp {
        None => OtpValidation::None,
        Some(_) => OtpValidation::OnCommit,
    };
    let init = InitActivation {
        user_id: Some(code.user),
        application_id: Some(application.id.clone()),
        timestamp_activation_expire: None,
        max_failure_count: own.max_failure_count,
        activation_otp_validation: Some(mode),
        activation_otp: own.activation_otp.clone(),
        flags: Some(flags),
        flags_in_order: false,
    };
    init::check(tx, &init)?;
    if own.activation_otp.as_deref() == Some("") {
        return Err(invalid.into());
    }
    let mut activation = init::create(engine, tx, &init, &application, mode)?;
    save_log_and_notify(engine, tx, &mut activation, None, None)?;
    activation
        .exchange(false)
        .map_err(|_| ErrorCode::ActivationExpired)?;
    let with_recovery = own.generate_recovery_codes.unwrap_or(true);
    let sealed = exchange(engine, tx, &mut activation, device, sealer, with_recovery)?;
    save_log_and_notify(engine, tx, &mut activation, None, None)?;
    Ok(Ok(answer(activation, sealed)))
}

/// Uses the PUK up when it is the current one. Otherwise counts it and answers the error.
fn check_puk(
    engine: &Engine,
    tx: &mut Tx<'_>,
    code: &mut RecoveryCode,
    puk: &str,
) -> Result<Option<Error>, EngineStop> {
    let index = code.current_puk().map(|(index, _)| index);
    let parameters = json!({ "pukIndex": index });
    if recovery::is_current_puk(engine, tx, code, puk)? == Some(true) {
        code.use_puk(tx.now());
        recovery::save(tx, code, "recovery_puk_used", &parameters)?;
        return Ok(None);
    }
    let (kind, error) = match code.count_wrong_puk(tx.now()) {
        WrongPuk::TryAgain(index) => ("recovery_puk_failed", Error::wrong_puk(index)),
        WrongPuk::Blocked => ("recovery_code_blocked", ErrorCode::InvalidRecoveryCode.into()),
        WrongPuk::NoneLeft => ("recovery_puk_failed", ErrorCode::InvalidRecoveryCode.into()),
    };
    recovery::save(tx, code, kind, &parameters)?;
    Ok(Some(error))
}

/// Removes the activation that the code came with, and answers its flags; a postcard replaces none.
fn replace(engine: &Engine, tx: &mut Tx<'_>, code: &RecoveryCode) -> Result<Vec<String>, EngineStop> {
    let Some(id) = &code.activation else {
        return Ok(Vec::new());
    };
    let mut replaced = find(tx, id)?;
    replaced.remove();
    recovery::revoke_of(tx, &replaced)?;
    save_log_and_notify(engine, tx, &mut replaced, None, None)?;
    Ok(replaced.flags)
}
