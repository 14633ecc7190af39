//! The activation OTP: asked for at one step, counted when wrong (part 1, section 3.12).

use super::{reason, save_and_log, save_log_and_notify};
use crate::crypto::password;
use crate::crypto::random::{Random, RandomError};
use crate::engine::{Engine, EngineStop, Error, ErrorCode};
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
    let input = [stored.as_bytes(), supplied.as_bytes()].join(&0);
    if tx.once("otp", &input, |_| {
        password::verify(supplied.as_bytes(), &stored).unwrap_or(false)
    }) {
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

/// Argon2 text of an OTP, computed once however often the decision runs.
pub(super) fn hash(tx: &mut Tx<'_>, otp: &str) -> Result<String, EngineStop> {
    // The salt is drawn on every run, so that what is drawn after it stays the same.
    let salt = crate::crypto::random::bytes::<16>(tx)?;
    let input = [&salt, otp.as_bytes()].concat();
    let hashed = tx.once("otp hash", &input, |_| {
        password::hash(otp.as_bytes(), &mut Salt(salt)).ok()
    });
    hashed.ok_or_else(|| ErrorCode::GenericCryptographyError.into())
}

/// Gives out a salt that was drawn before.
struct Salt([u8; 16]);

impl Random for Salt {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        let salt = self.0.get(..out.len()).ok_or(RandomError)?;
        out.copy_from_slice(salt);
        Ok(())
    }
}
