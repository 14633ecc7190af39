//! The activation OTP: asked for at one step, counted when wrong (part 1, section 3.12).

use super::{reason, save_and_log, save_log_and_notify};
use crate::engine::{Engine, EngineStop, Error, ErrorCode, password};
use crate::model::activation::{Activation, OtpValidation};
use crate::store::Tx;

/// What the check says.
pub(super) enum Checked {
    /// None was due and none was given.
    NotAsked,
    /// It was right.
    Right,
    /// It was wrong, and that was written.
    Wrong(Error),
}

/// Compares `supplied` with the stored OTP when `stage` is where it is asked for. A wrong one is
/// counted and written; at the limit the activation is removed.
pub(super) fn check(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &mut Activation,
    stage: OtpValidation,
    supplied: Option<&str>,
    external_user: Option<&str>,
) -> Result<Checked, EngineStop> {
    let refused = ErrorCode::InvalidActivationOtp;
    let supplied = match (activation.otp_validation == stage, supplied) {
        (false, None) => return Ok(Checked::NotAsked),
        (true, Some(supplied)) => supplied,
        (false, Some(_)) | (true, None) => return Err(refused.into()),
    };
    let Some(stored) = activation.otp.clone() else {
        return Err(refused.into());
    };
    if password::matches(tx, supplied, &stored).unwrap_or(false) {
        activation.failed_attempts = 0;
        return Ok(Checked::Right);
    }
    if activation.count_wrong_otp() {
        save_log_and_notify(
            engine,
            tx,
            activation,
            external_user,
            Some(reason::OTP_MAX_FAILED_ATTEMPTS),
        )?;
    } else {
        save_and_log(tx, activation, external_user, Some(reason::OTP_FAILED_ATTEMPT))?;
    }
    Ok(Checked::Wrong(refused.into()))
}
