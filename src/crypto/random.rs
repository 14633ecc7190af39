//! Randomness as an argument (spec 1.10).
//!
//! Nothing in the core asks the system for entropy: whoever calls in hands over a [`Random`], so any exchange can be
//! replayed from a vector and a failing source is an error instead of a weak key.

use thiserror::Error;

/// The source of randomness refused or could not deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the source of randomness failed")]
pub struct RandomError;

/// A cryptographically secure source of random bytes.
///
/// Implementations must fill the whole buffer with unpredictable bytes or return an error; a partly filled buffer is
/// never used after an error.
pub trait Random {
    /// Fills `out` completely.
    ///
    /// # Errors
    /// [`RandomError`] when the source cannot deliver; the content of `out` is then meaningless.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError>;
}

impl<R: Random + ?Sized> Random for &mut R {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        (**self).fill(out)
    }
}

/// Draws `N` bytes that are going to be public (nonces, challenges, initialisation vectors).
///
/// # Errors
/// [`RandomError`] when the source fails.
pub fn bytes<const N: usize>(rng: &mut dyn Random) -> Result<[u8; N], RandomError> {
    let mut out = [0; N];
    rng.fill(&mut out)?;
    Ok(out)
}
