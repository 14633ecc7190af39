//! The hash counter both sides advance with every signature (spec 1.8).
//!
//! The value is secret: whoever knows it and the factor keys can sign. It only moves forward.

use super::encoding::fold;
use super::kdf;
use super::random::{Random, RandomError};
use super::secret::Secret;
use super::symmetric::sha256;

const STATUS_COUNTER_KEY: u64 = 4000;

/// `CTR_DATA`: 16 bytes, advanced by `fold(SHA256(value))`.
///
/// ```
/// use countersign::crypto::{counter::HashCounter, secret::Secret};
/// let start = HashCounter::from_bytes([0x10; 16]);
/// let mut other = start.clone();
/// other.advance();
/// assert!(other.ct_eq(&start.next()));
/// ```
#[derive(Debug, Clone)]
pub struct HashCounter(Secret<16>);

impl HashCounter {
    /// Length in bytes.
    pub const LENGTH: usize = 16;

    /// Takes a stored or received value.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Secret::from_bytes(bytes))
    }

    /// Draws a start value (server, at key exchange or upgrade start).
    ///
    /// # Errors
    /// [`RandomError`] when the source fails.
    pub fn generate(rng: &mut dyn Random) -> Result<Self, RandomError> {
        Secret::generate(rng).map(Self)
    }

    /// The current value.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The value one step later.
    #[must_use]
    pub fn next(&self) -> Self {
        Self::from_bytes(fold(&sha256(&[self.as_bytes()])))
    }

    /// Moves one step forward.
    pub fn advance(&mut self) {
        *self.0.as_mut_bytes() = fold(&sha256(&[self.0.as_bytes()]));
    }

    /// The hash of the counter in the status blob: `KDFi(K_TCTR, CTR_DATA)` (spec 9.2).
    #[must_use]
    pub fn digest(&self, transport: &Secret<16>) -> [u8; 16] {
        let key = kdf::derive(transport, STATUS_COUNTER_KEY);
        *kdf::derive_internal(key.as_bytes(), self.as_bytes()).as_bytes()
    }

    /// Compares in constant time.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0)
    }
}

/// Counter data of protocol 2: `0^8 ‖ u64be(counter)` (spec 5.4); only an upgrade needs it.
#[must_use]
pub fn numeric_data(counter: u64) -> [u8; 16] {
    u128::from(counter).to_be_bytes()
}
