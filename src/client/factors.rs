//! The three authentication factors on the phone, and how their keys rest there (spec 3.6).
//!
//! The factor keys of an activation are stored wrapped with AES in a way that gives *some* key for every wrapping key:
//! a wrong PIN cannot be recognised on the phone, only by the server, which counts it. That is why a wrong PIN here is
//! never an error but a signature the server refuses.
//!
//! | factor | wrapping key |
//! |---|---|
//! | possession | [`PossessionKey`]: bound to the device, for example kept by its key store |
//! | knowledge | PBKDF2 of the [`Pin`], 10 000 rounds, 16 bytes of salt |
//! | biometry | [`BiometryKey`]: released by fingerprint or face |

use super::error::{FactorError, RequestError};
use crate::crypto::kdf;
use crate::crypto::random::{Random, RandomError, bytes};
use crate::crypto::secret::{Secret, SecretVec};
use crate::crypto::signature::SignatureType;
use crate::crypto::symmetric::{ZERO_IV, decrypt_cbc_blocks, encrypt_cbc_blocks, sha256};

/// A PIN or password.
#[derive(Debug, Clone)]
pub struct Pin(SecretVec);

impl Pin {
    /// Smallest length in bytes.
    pub const MIN_LENGTH: usize = 4;

    /// Takes the text the user typed, as UTF-8.
    ///
    /// # Errors
    /// [`FactorError::PinTooShort`] below [`Pin::MIN_LENGTH`] bytes.
    pub fn new(text: &str) -> Result<Self, FactorError> {
        if text.len() < Self::MIN_LENGTH {
            return Err(FactorError::PinTooShort);
        }
        Ok(Self(SecretVec::from_slice(text.as_bytes())))
    }

    fn stretch(&self, salt: &[u8; 16], iterations: u32) -> Secret<16> {
        let mut key = Secret::from_bytes([0; 16]);
        kdf::pbkdf2(self.0.as_bytes(), salt, iterations, key.as_mut_bytes());
        key
    }
}

/// The key that binds the possession factor and the transport key to the device.
#[derive(Debug, Clone)]
pub struct PossessionKey(Secret<16>);

impl PossessionKey {
    /// Takes a key, for example from the key store of the device.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Secret::from_bytes(bytes))
    }

    /// Makes the key of data that exists on this device only: the first 16 bytes of its SHA-256.
    #[must_use]
    pub fn from_device_data(data: &[u8]) -> Self {
        let mut key = Secret::from_bytes([0; 16]);
        let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = sha256(&[data]);
        key.as_mut_bytes().copy_from_slice(&first);
        Self(key)
    }

    pub(super) const fn secret(&self) -> &Secret<16> {
        &self.0
    }
}

/// The key that a successful biometric check releases.
#[derive(Debug, Clone)]
pub struct BiometryKey(Secret<16>);

impl BiometryKey {
    /// Draws a fresh key, to be put behind the biometric check.
    ///
    /// # Errors
    /// [`RandomError`] when the source fails.
    pub fn generate(rng: &mut dyn Random) -> Result<Self, RandomError> {
        Secret::generate(rng).map(Self)
    }

    /// Takes the released key.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Secret::from_bytes(bytes))
    }

    /// The key, to be put behind the biometric check.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    pub(super) const fn secret(&self) -> &Secret<16> {
        &self.0
    }
}

/// The factors a signature is made with; possession is always at hand.
#[derive(Debug, Clone, Copy)]
pub enum Authentication<'a> {
    /// The phone alone.
    Possession,
    /// The PIN alone.
    Knowledge(&'a Pin),
    /// Biometry alone.
    Biometry(&'a BiometryKey),
    /// Phone and PIN.
    PossessionKnowledge(&'a Pin),
    /// Phone and biometry.
    PossessionBiometry(&'a BiometryKey),
    /// All three.
    PossessionKnowledgeBiometry(&'a Pin, &'a BiometryKey),
}

impl<'a> Authentication<'a> {
    /// The signature type of this combination.
    #[must_use]
    pub const fn signature_type(&self) -> SignatureType {
        match self {
            Self::Possession => SignatureType::Possession,
            Self::Knowledge(_) => SignatureType::Knowledge,
            Self::Biometry(_) => SignatureType::Biometry,
            Self::PossessionKnowledge(_) => SignatureType::PossessionKnowledge,
            Self::PossessionBiometry(_) => SignatureType::PossessionBiometry,
            Self::PossessionKnowledgeBiometry(..) => SignatureType::PossessionKnowledgeBiometry,
        }
    }

    /// Refuses a combination that the endpoint does not accept, before the counter moves.
    pub(super) fn must_be(&self, accepted: &[SignatureType]) -> Result<(), RequestError> {
        if accepted.contains(&self.signature_type()) {
            Ok(())
        } else {
            Err(RequestError::Factors)
        }
    }

    pub(super) const fn pin(&self) -> Option<&'a Pin> {
        match self {
            Self::Knowledge(pin)
            | Self::PossessionKnowledge(pin)
            | Self::PossessionKnowledgeBiometry(pin, _) => Some(pin),
            Self::Possession | Self::Biometry(_) | Self::PossessionBiometry(_) => None,
        }
    }

    pub(super) const fn biometry(&self) -> Option<&'a BiometryKey> {
        match self {
            Self::Biometry(key)
            | Self::PossessionBiometry(key)
            | Self::PossessionKnowledgeBiometry(_, key) => Some(key),
            Self::Possession | Self::Knowledge(_) | Self::PossessionKnowledge(_) => None,
        }
    }
}

/// A 16-byte secret encrypted with one of the wrapping keys; any wrapping key opens it to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wrapped(pub(super) [u8; 16]);

impl Wrapped {
    pub(super) fn wrap(key: &Secret<16>, plain: &Secret<16>) -> Self {
        let wrapped = encrypt_cbc_blocks(key, &ZERO_IV, plain.as_bytes());
        // One whole block always encrypts to one block.
        Self(
            wrapped
                .ok()
                .and_then(|bytes| bytes.try_into().ok())
                .unwrap_or_default(),
        )
    }

    pub(super) fn open(&self, key: &Secret<16>) -> Secret<16> {
        let plain = decrypt_cbc_blocks(key, &ZERO_IV, &self.0);
        // One whole block always decrypts to one block.
        plain
            .ok()
            .and_then(|bytes| Secret::from_slice(bytes.as_bytes()))
            .unwrap_or_else(|| Secret::from_bytes([0; 16]))
    }
}

/// The knowledge key as it rests on the phone.
#[derive(Debug, Clone)]
pub(super) struct WrappedKnowledge {
    pub(super) salt: [u8; 16],
    pub(super) iterations: u32,
    pub(super) key: Wrapped,
}

impl WrappedKnowledge {
    /// Rounds of PBKDF2 for new PINs.
    const ITERATIONS: u32 = 10_000;
    /// More rounds than this are taken for damage, not for care.
    pub(super) const MAX_ITERATIONS: u32 = 10_000_000;

    pub(super) fn wrap(pin: &Pin, knowledge: &Secret<16>, rng: &mut dyn Random) -> Result<Self, RandomError> {
        let salt = bytes(rng)?;
        let key = Wrapped::wrap(&pin.stretch(&salt, Self::ITERATIONS), knowledge);
        Ok(Self {
            salt,
            iterations: Self::ITERATIONS,
            key,
        })
    }

    pub(super) fn open(&self, pin: &Pin) -> Secret<16> {
        self.key.open(&pin.stretch(&self.salt, self.iterations))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(u8);
    impl Random for Counting {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
            for byte in out {
                self.0 = self.0.wrapping_add(1);
                *byte = self.0;
            }
            Ok(())
        }
    }

    #[test]
    fn only_the_right_pin_gives_the_key_back() {
        let secret = Secret::from_bytes([0x5A; 16]);
        let pin = Pin::new("1234").unwrap();
        let wrapped = WrappedKnowledge::wrap(&pin, &secret, &mut Counting(0)).unwrap();
        assert!(wrapped.open(&pin).ct_eq(&secret));
        assert!(!wrapped.open(&Pin::new("1235").unwrap()).ct_eq(&secret));
        assert_ne!(wrapped.key.0, [0; 16]);
        assert_eq!(Pin::new("123").err(), Some(FactorError::PinTooShort));
    }

    #[test]
    fn device_data_is_hashed() {
        let key = PossessionKey::from_device_data(b"abc");
        let expected = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
        ];
        assert_eq!(key.secret().as_bytes(), &expected);
    }
}
