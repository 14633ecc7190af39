//! P-256 keys: import, validation and the encodings of both sides (spec 1.1, 1.2).
//!
//! A [`PublicKey`] can only be made from a validated point: on the curve, not the point at infinity, in the compressed
//! (33 bytes) or uncompressed (65 bytes) form. The hybrid form is refused everywhere.

use super::backend::Backend;
use super::random::{Random, RandomError};
use super::secret::{Secret, SecretVec};
use core::fmt;
use p256::elliptic_curve::sec1::ToSec1Point;
use thiserror::Error;

/// A key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not a point of the curve in an accepted encoding.
    #[error("invalid public key")]
    Public,
    /// Not a scalar between 1 and the order of the curve.
    #[error("invalid private key")]
    Private,
    /// No key could be generated.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The provider of the curve arithmetic failed.
    #[error("the cryptographic backend failed")]
    Backend,
}

/// How often a scalar is drawn before the source is called broken; one draw fails with probability 2⁻³².
const GENERATE_ATTEMPTS: usize = 8;

/// A private scalar, always within range.
#[derive(Debug, Clone)]
pub struct PrivateKey(Secret<32>);

impl PrivateKey {
    /// Length of the fixed-width form in bytes.
    pub const LENGTH: usize = 32;

    /// Reads a big-endian scalar of any width: the fixed 32 bytes, the signed minimal form (33 bytes when the top bit is
    /// set) or the unsigned minimal form. The input is taken as unsigned; leading zeros do not matter.
    ///
    /// # Errors
    /// [`KeyError::Private`] when the scalar is zero or not below the order of the curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let zeros = bytes.len().saturating_sub(Self::LENGTH);
        let (padding, scalar) = bytes.split_at_checked(zeros).ok_or(KeyError::Private)?;
        if padding.iter().any(|&byte| byte != 0) {
            return Err(KeyError::Private);
        }
        let mut fixed = Secret::from_bytes([0; 32]);
        let start = Self::LENGTH.saturating_sub(scalar.len());
        let target = fixed.as_mut_bytes().get_mut(start..).ok_or(KeyError::Private)?;
        target.copy_from_slice(scalar);
        Self::from_scalar(fixed)
    }

    fn from_scalar(scalar: Secret<32>) -> Result<Self, KeyError> {
        // Checks the range in constant time.
        p256::SecretKey::from_bytes(scalar.as_bytes().into()).map_err(|_| KeyError::Private)?;
        Ok(Self(scalar))
    }

    /// Draws a fresh scalar.
    ///
    /// # Errors
    /// [`KeyError::Random`] when the source fails or keeps returning unusable values.
    pub fn generate(rng: &mut dyn Random) -> Result<Self, KeyError> {
        for _ in 0..GENERATE_ATTEMPTS {
            if let Ok(key) = Self::from_scalar(Secret::generate(rng)?) {
                return Ok(key);
            }
        }
        Err(RandomError.into())
    }

    /// The scalar, 32 bytes, big endian.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The signed minimal form that existing server databases hold: no leading zeros, except one zero byte in front
    /// when the top bit is set. 1 to 33 bytes.
    #[must_use]
    pub fn to_signed_bytes(&self) -> SecretVec {
        let mut out = Vec::with_capacity(33);
        let mut rest = self
            .as_bytes()
            .iter()
            .copied()
            .skip_while(|&byte| byte == 0)
            .peekable();
        if rest.peek().is_some_and(|&first| first >= 0x80) {
            out.push(0);
        }
        out.extend(rest);
        SecretVec::from_vec(out)
    }
}

/// A validated public point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 65]);

impl PublicKey {
    /// Length of the uncompressed form in bytes.
    pub const LENGTH: usize = 65;
    /// Length of the compressed form in bytes.
    pub const COMPRESSED_LENGTH: usize = 33;

    /// Imports and validates an encoded point: 33 bytes (`02`, `03`) or 65 bytes (`04`).
    ///
    /// # Errors
    /// [`KeyError::Public`] for any other encoding (also hybrid and infinity) and for points off the curve.
    pub fn from_bytes(backend: &dyn Backend, encoded: &[u8]) -> Result<Self, KeyError> {
        backend.import_public(encoded)
    }

    /// Takes a point a backend has validated.
    pub(crate) const fn from_validated(bytes: [u8; 65]) -> Self {
        Self(bytes)
    }

    pub(crate) fn from_p256(key: &p256::PublicKey) -> Result<Self, KeyError> {
        key.to_sec1_point(false)
            .as_bytes()
            .try_into()
            .map(Self::from_validated)
            .map_err(|_| KeyError::Backend)
    }

    /// The uncompressed form: `04 ‖ X ‖ Y`.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 65] {
        &self.0
    }

    /// The compressed form mobile clients send: `02` or `03`, then X.
    #[must_use]
    pub fn to_compressed(self) -> [u8; 33] {
        let mut out = [0; 33];
        out[0] = 2 | (self.0[64] & 1);
        out[1..].copy_from_slice(&self.0[1..33]);
        out
    }

    /// The X coordinate, 32 bytes, big endian.
    #[must_use]
    pub fn x(&self) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(&self.0[1..33]);
        out
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(")?;
        for byte in self.to_compressed() {
            write!(f, "{byte:02x}")?;
        }
        f.write_str(")")
    }
}

/// Whether the bytes have the length and the leading byte of an accepted point encoding. Says nothing about the curve.
pub(crate) fn is_accepted_form(encoded: &[u8]) -> bool {
    matches!(
        (encoded.len(), encoded.first()),
        (PublicKey::COMPRESSED_LENGTH, Some(2 | 3)) | (PublicKey::LENGTH, Some(4))
    )
}

/// A private key and its public point.
#[derive(Debug, Clone)]
pub struct KeyPair {
    /// The secret half.
    pub private: PrivateKey,
    /// The public half.
    pub public: PublicKey,
}

impl KeyPair {
    /// Draws a fresh pair.
    ///
    /// # Errors
    /// [`KeyError::Random`] when the source fails, [`KeyError::Backend`] when the provider does.
    pub fn generate(backend: &dyn Backend, rng: &mut dyn Random) -> Result<Self, KeyError> {
        Self::from_private(backend, PrivateKey::generate(rng)?)
    }

    /// Completes a private key.
    ///
    /// # Errors
    /// [`KeyError::Backend`] when the provider fails.
    pub fn from_private(backend: &dyn Backend, private: PrivateKey) -> Result<Self, KeyError> {
        let public = backend.public_key(&private)?;
        Ok(Self { private, public })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::backend::RustCrypto;

    const ORDER: [u8; 32] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA,
        0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ];

    #[test]
    fn scalars_have_a_range() {
        assert_eq!(PrivateKey::from_bytes(&[]).err(), Some(KeyError::Private));
        assert_eq!(PrivateKey::from_bytes(&[0; 32]).err(), Some(KeyError::Private));
        assert_eq!(PrivateKey::from_bytes(&ORDER).err(), Some(KeyError::Private));
        let mut last = ORDER;
        last[31] -= 1;
        assert_eq!(PrivateKey::from_bytes(&last).unwrap().as_bytes(), &last);
        let mut wide = [0; 33];
        wide[0] = 1;
        assert_eq!(PrivateKey::from_bytes(&wide).err(), Some(KeyError::Private));
    }

    #[test]
    fn signed_form_is_minimal() {
        for (input, expected) in [
            (vec![5], vec![5]),
            (vec![0, 0, 0x80], vec![0, 0x80]),
            (vec![0; 40].into_iter().chain([1, 2]).collect(), vec![1, 2]),
        ] {
            assert_eq!(
                PrivateKey::from_bytes(&input)
                    .unwrap()
                    .to_signed_bytes()
                    .as_bytes(),
                expected
            );
        }
        let signed = PrivateKey::from_bytes(&[0x90; 32]).unwrap().to_signed_bytes();
        assert_eq!(signed.len(), 33);
        assert_eq!(
            PrivateKey::from_bytes(signed.as_bytes()).unwrap().as_bytes(),
            &[0x90; 32]
        );
    }

    #[test]
    fn forms_of_a_point() {
        let pair = KeyPair::from_private(&RustCrypto, PrivateKey::from_bytes(&[1; 32]).unwrap()).unwrap();
        assert_eq!(
            format!("{:?}", pair.public),
            "PublicKey(026ff03b949241ce1dadd43519e6960e0a85b41a69a05c328103aa2bce1594ca16)"
        );
        for encoded in [pair.public.as_bytes().as_slice(), &pair.public.to_compressed()] {
            assert_eq!(PublicKey::from_bytes(&RustCrypto, encoded), Ok(pair.public));
        }
    }
}
