//! The provider of P-256 arithmetic.
//!
//! Two implementations stand behind [`Backend`]: [`RustCrypto`] (pure Rust, every platform, deterministic signatures)
//! and `AwsLc` (feature `aws-lc`, about five times faster on servers). Both give the same answer to the same
//! question; tests hold them together. Symmetric cryptography is not part of this interface: it is the same for both.
//!
//! ```
//! use countersign::crypto::backend::default_backend;
//! use countersign::crypto::key::{KeyPair, PrivateKey};
//!
//! let backend = default_backend();
//! let phone = KeyPair::from_private(backend, PrivateKey::from_bytes(&[1; 32])?)?;
//! let server = KeyPair::from_private(backend, PrivateKey::from_bytes(&[2; 32])?)?;
//! let one = backend.agree(&phone.private, &server.public)?;
//! let other = backend.agree(&server.private, &phone.public)?;
//! assert!(one.ct_eq(&other));
//! # Ok::<(), countersign::crypto::key::KeyError>(())
//! ```

#[cfg(feature = "aws-lc")]
mod aws_lc;
mod rust_crypto;

#[cfg(feature = "aws-lc")]
pub use aws_lc::AwsLc;
pub use rust_crypto::RustCrypto;

use super::ecdsa::Signature;
use super::key::{KeyError, PrivateKey, PublicKey};
use super::secret::Secret;
use core::fmt::Debug;

/// P-256 arithmetic: key import, Diffie-Hellman, ECDSA with SHA-256.
pub trait Backend: Debug + Send + Sync {
    /// The public point of a private scalar.
    ///
    /// # Errors
    /// [`KeyError::Backend`] when the provider fails.
    fn public_key(&self, private: &PrivateKey) -> Result<PublicKey, KeyError>;

    /// Validates an encoded point; see [`PublicKey::from_bytes`].
    ///
    /// # Errors
    /// [`KeyError::Public`] when it is refused.
    fn import_public(&self, encoded: &[u8]) -> Result<PublicKey, KeyError>;

    /// ECDH: the 32-byte X coordinate, zero-padded, not folded.
    ///
    /// # Errors
    /// [`KeyError::Backend`] when the provider fails.
    fn agree(&self, private: &PrivateKey, peer: &PublicKey) -> Result<Secret<32>, KeyError>;

    /// Signs the raw message (hashed with SHA-256).
    ///
    /// [`RustCrypto`] is deterministic (RFC 6979); other providers may draw randomness of their own.
    ///
    /// # Errors
    /// [`KeyError::Backend`] when the provider fails.
    fn sign(&self, private: &PrivateKey, message: &[u8]) -> Result<Signature, KeyError>;

    /// Verifies a signature of the raw message. High `s` is accepted.
    #[must_use]
    fn verify(&self, public: &PublicKey, message: &[u8], signature: &Signature) -> bool;

    /// Imports a private key once for many uses: server keys, temporary keys.
    ///
    /// # Errors
    /// [`KeyError::Backend`] when the provider fails.
    fn import_private(&self, private: &PrivateKey) -> Result<Box<dyn ImportedKey>, KeyError>;
}

/// A private key in the provider's own form, so that each use costs one bare operation.
pub trait ImportedKey: Debug + Send + Sync {
    /// The public half.
    fn public_key(&self) -> &PublicKey;

    /// As [`Backend::agree`].
    ///
    /// # Errors
    /// [`KeyError::Backend`] when the provider fails.
    fn agree(&self, peer: &PublicKey) -> Result<Secret<32>, KeyError>;

    /// ECDH with a peer key as it came in, validated on the way: the same rules as [`PublicKey::from_bytes`].
    ///
    /// # Errors
    /// [`KeyError::Public`] when the point is refused.
    fn agree_encoded(&self, peer: &[u8]) -> Result<Secret<32>, KeyError>;

    /// As [`Backend::sign`].
    ///
    /// # Errors
    /// [`KeyError::Backend`] when the provider fails.
    fn sign(&self, message: &[u8]) -> Result<Signature, KeyError>;
}

/// The fastest backend of this build: `AwsLc` with the feature `aws-lc`, else [`RustCrypto`].
#[must_use]
pub fn default_backend() -> &'static dyn Backend {
    #[cfg(feature = "aws-lc")]
    return &AwsLc;
    #[cfg(not(feature = "aws-lc"))]
    return &RustCrypto;
}
