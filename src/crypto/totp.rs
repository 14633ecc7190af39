//! Time-based one-time passwords (RFC 6238) of the proximity check (spec 6.5).

use super::encoding::decimal_of;
use super::secret::ct_eq;
use super::symmetric::hmac_sha256;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use thiserror::Error;

/// Parameters or a candidate that cannot belong to a one-time password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TotpError {
    /// The number of digits is outside 6 to 9 or the step is zero.
    #[error("invalid parameters of a one-time password")]
    Parameters,
    /// The candidate has another number of characters than digits are configured.
    #[error("a one-time password has another length")]
    CandidateLength,
}

/// The hash behind the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TotpAlgorithm {
    /// HMAC-SHA256: what every server call uses.
    #[default]
    Sha256,
    /// HMAC-SHA512.
    Sha512,
}

/// How passwords are made; [`Totp::default`] is what the protocol uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totp {
    /// Hash function.
    pub algorithm: TotpAlgorithm,
    /// Decimal digits, 6 to 9.
    pub digits: u8,
    /// Length of a time step in seconds, at least 1.
    pub step: u64,
}

impl Default for Totp {
    fn default() -> Self {
        Self {
            algorithm: TotpAlgorithm::Sha256,
            digits: 8,
            step: 30,
        }
    }
}

impl Totp {
    /// The password at a time in Unix seconds.
    ///
    /// # Errors
    /// [`TotpError::Parameters`] when digits or step are out of range.
    pub fn generate(&self, seed: &[u8], unix_seconds: u64) -> Result<String, TotpError> {
        self.at_step(seed, self.time_step(unix_seconds)?)
    }

    /// The passwords of the current step and of `steps_back` steps before it, newest first; never later ones.
    ///
    /// # Errors
    /// [`TotpError::Parameters`] when digits or step are out of range.
    pub fn candidates(
        &self,
        seed: &[u8],
        unix_seconds: u64,
        steps_back: u32,
    ) -> Result<Vec<String>, TotpError> {
        let now = self.time_step(unix_seconds)?;
        (0..=u64::from(steps_back))
            .map_while(|back| now.checked_sub(back))
            .map(|step| self.at_step(seed, step))
            .collect()
    }

    /// Whether `candidate` is the password of now or of one of `steps_back` steps before. Every step is compared.
    ///
    /// # Errors
    /// [`TotpError::Parameters`] when digits or step are out of range, [`TotpError::CandidateLength`] for a candidate of
    /// the wrong length.
    pub fn verify(
        &self,
        seed: &[u8],
        unix_seconds: u64,
        steps_back: u32,
        candidate: &str,
    ) -> Result<bool, TotpError> {
        let expected = self.candidates(seed, unix_seconds, steps_back)?;
        if candidate.len() != usize::from(self.digits) {
            return Err(TotpError::CandidateLength);
        }
        Ok(expected.iter().fold(false, |found, otp| {
            found | ct_eq(otp.as_bytes(), candidate.as_bytes())
        }))
    }

    fn time_step(&self, unix_seconds: u64) -> Result<u64, TotpError> {
        unix_seconds.checked_div(self.step).ok_or(TotpError::Parameters)
    }

    fn at_step(&self, seed: &[u8], step: u64) -> Result<String, TotpError> {
        if !matches!(self.digits, 6..=9) {
            return Err(TotpError::Parameters);
        }
        let number = match self.algorithm {
            TotpAlgorithm::Sha256 => truncate(&hmac_sha256(seed, &[&step.to_be_bytes()])),
            TotpAlgorithm::Sha512 => {
                let mac = Hmac::<Sha512>::new_from_slice(seed).map_err(|_| TotpError::Parameters)?;
                truncate(&mac.chain_update(step.to_be_bytes()).finalize().into_bytes())
            }
        };
        Ok(decimal_of(number.into(), self.digits.into()))
    }
}

/// Dynamic truncation of RFC 4226.
fn truncate(mac: &[u8]) -> u32 {
    let offset = usize::from(mac.last().copied().unwrap_or_default() & 0x0F);
    let four = mac
        .get(offset..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .unwrap_or_default();
    u32::from_be_bytes(four) & 0x7FFF_FFFF
}
