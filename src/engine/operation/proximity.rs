//! Proximity check: the code on the screen beside the phone (server API, part 2, section 7).

use super::context::{AdditionalData, PROXIMITY_OTP};
use crate::crypto::secret::Secret;
use crate::crypto::totp::{Totp, TotpAlgorithm, TotpError};
use crate::engine::{Engine, EngineStop, ErrorCode, Place};
use crate::model::operation::{OPERATION, Operation};
use crate::store::Tx;

/// Bytes of a seed.
const SEED: usize = 16;

/// What the check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proximity {
    /// The operation has no seed.
    Disabled,
    /// A code of now, or of a step that still counts.
    Success,
    /// No code, or another one.
    Failed,
    /// Something that cannot be a code.
    Error,
}

impl Proximity {
    /// Whether it stands in the way of an approval.
    pub(super) fn passes(self) -> bool {
        matches!(self, Self::Disabled | Self::Success)
    }

    /// Name in the audit.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Disabled => "DISABLED",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Error => "ERROR",
        }
    }
}

pub(crate) fn place(id: &str) -> Place<'_> {
    Place {
        collection: OPERATION,
        id,
        field: "totp_seed",
    }
}

fn totp(engine: &Engine) -> Totp {
    Totp {
        algorithm: TotpAlgorithm::Sha256,
        digits: engine.config.proximity_otp_length,
        step: engine.config.proximity_step,
    }
}

/// A fresh seed, sealed for operation `id`.
pub(super) fn new_seed(engine: &Engine, tx: &mut Tx<'_>, id: &str) -> Result<Vec<u8>, EngineStop> {
    let seed = Secret::<SEED>::generate(tx)?;
    Ok(engine.keyring.seal(place(id), seed.as_bytes(), tx)?)
}

fn seed(engine: &Engine, operation: &Operation) -> Result<Option<Secret<SEED>>, EngineStop> {
    let Some(sealed) = &operation.totp_seed else {
        return Ok(None);
    };
    Ok(Some(engine.keyring.open_array(place(&operation.id), sealed)?))
}

/// The code to display now; none without a seed, ERR0041 when the settings are impossible.
pub(crate) fn code(engine: &Engine, operation: &Operation, now: u64) -> Result<Option<String>, EngineStop> {
    let Some(seed) = seed(engine, operation)? else {
        return Ok(None);
    };
    let code = totp(engine).generate(seed.as_bytes(), now / 1_000);
    Ok(Some(code.map_err(|_| ErrorCode::OperationError)?))
}

/// The codes that count now, newest first; none without a seed.
pub(super) fn codes(engine: &Engine, operation: &Operation, now: u64) -> Result<Vec<String>, EngineStop> {
    let Some(seed) = seed(engine, operation)? else {
        return Ok(Vec::new());
    };
    let codes = totp(engine).candidates(seed.as_bytes(), now / 1_000, engine.config.proximity_steps_back);
    codes.map_err(|_| ErrorCode::OperationError.into())
}

/// Compares the code of an approval with those of now and of the steps that still count.
pub(super) fn check(
    engine: &Engine,
    operation: &Operation,
    additional: &AdditionalData,
    now: u64,
) -> Result<Proximity, EngineStop> {
    let Some(seed) = seed(engine, operation)? else {
        return Ok(Proximity::Disabled);
    };
    let Some(given) = additional.text(PROXIMITY_OTP) else {
        return Ok(Proximity::Failed);
    };
    let steps_back = engine.config.proximity_steps_back;
    Ok(
        match totp(engine).verify(seed.as_bytes(), now / 1_000, steps_back, &given) {
            Ok(true) => Proximity::Success,
            Ok(false) => Proximity::Failed,
            Err(TotpError::CandidateLength | TotpError::Parameters) => Proximity::Error,
        },
    )
}
