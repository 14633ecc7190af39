//! Derivation of recovery codes and PUKs (spec 2.6).
//!
//! Server and printing centre derive the same code and PUKs from an ECDH secret (a *postcard*), or the server derives them
//! from random bytes it forgets at once (a code created with an activation). Nonce and indexes of a postcard are returned
//! to the printing centre and never stored.

use super::code::{ActivationCode, Puk, RecoveryCode};
use super::kdf::{aes_block, x963};
use super::random::{Random, RandomError, bytes};
use super::secret::Secret;
use thiserror::Error;

/// A recovery code cannot be derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// No distinct PUK was found in [`PUK_ATTEMPTS`] draws.
    #[error("no distinct PUK found")]
    Exhausted,
}

/// Draws per PUK before a collision is given up.
pub const PUK_ATTEMPTS: usize = 20;

/// A derived code with the means to derive its PUKs.
#[derive(Debug)]
pub struct RecoveryDerivation {
    code: RecoveryCode,
    puk_key: Secret<16>,
}

impl RecoveryDerivation {
    /// Derives the code from the secret and the nonce of 32 bytes.
    ///
    /// For a postcard the secret is the **unfolded** 32-byte ECDH secret.
    #[must_use]
    pub fn new(secret: &[u8], nonce: &[u8; 32]) -> Self {
        let derived = x963(secret, nonce, ActivationCode::RANDOM_LENGTH + 16);
        let mut random = [0; ActivationCode::RANDOM_LENGTH];
        let mut puk_key = Secret::from_bytes([0; 16]);
        let (first, last) = derived.as_bytes().split_at(ActivationCode::RANDOM_LENGTH);
        random.copy_from_slice(first);
        puk_key.as_mut_bytes().copy_from_slice(last);
        Self {
            code: RecoveryCode::from_random(random),
            puk_key,
        }
    }

    /// The recovery code.
    #[must_use]
    pub const fn code(&self) -> &RecoveryCode {
        &self.code
    }

    /// The PUK of a derivation index.
    #[must_use]
    pub fn puk(&self, index: i64) -> Puk {
        // PKCS#7 extends the 8-byte index with eight times 08.
        let mut block = [8; 16];
        block[..8].copy_from_slice(&index.to_be_bytes());
        let encrypted = aes_block(&self.puk_key, block);
        let [_, _, _, _, _, _, _, _, tail @ ..] = *encrypted.as_bytes();
        Puk::from_number(u64::from_be_bytes(tail) & 0xFF_FFFF_FFFF)
    }

    /// Draws indexes for `count` distinct PUKs, in PUK order.
    ///
    /// # Errors
    /// [`RecoveryError`] when the source fails or keeps colliding.
    pub fn draw_puks(&self, count: usize, rng: &mut dyn Random) -> Result<Vec<(i64, Puk)>, RecoveryError> {
        let mut puks: Vec<(i64, Puk)> = Vec::with_capacity(count);
        for _ in 0..count {
            let mut fresh = None;
            for _ in 0..PUK_ATTEMPTS {
                let index = i64::from_be_bytes(bytes(rng)?);
                let puk = self.puk(index);
                if !puks.iter().any(|(_, other)| other.ct_eq(&puk)) {
                    fresh = Some((index, puk));
                    break;
                }
            }
            puks.push(fresh.ok_or(RecoveryError::Exhausted)?);
        }
        Ok(puks)
    }
}

/// A recovery code with one PUK for a new activation; everything it was derived from is forgotten.
///
/// # Errors
/// [`RecoveryError`] when the source fails.
pub fn generate_for_activation(rng: &mut dyn Random) -> Result<(RecoveryCode, Puk), RecoveryError> {
    let secret = Secret::<16>::generate(rng)?;
    let nonce = Secret::<32>::generate(rng)?;
    let derivation = RecoveryDerivation::new(secret.as_bytes(), nonce.as_bytes());
    let puk = derivation.puk(i64::from_be_bytes(bytes(rng)?));
    Ok((derivation.code, puk))
}
