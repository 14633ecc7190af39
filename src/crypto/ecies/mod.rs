//! ECIES of protocol 3.0 to 3.3: end-to-end encryption of one request and its response (spec 4.1 to 4.8).
//!
//! The phone encrypts to a public key of the server: the master key or the activation's server key up to 3.2, a
//! temporary key in 3.3. In application scope only the server is authenticated (whoever knows the public application
//! secret can encrypt); in activation scope the transport key enters the MAC, so the phone is authenticated too. The
//! edge may open generic envelopes with the 48-byte envelope key and the `SharedInfo2` base of that one request, which
//! the server hands over; it never holds a private key.
//!
//! ```text
//! phone                                              server (or edge)
//! Encryptor::seal ──── EnvelopeRequest ────────────▶ Decryptor::open
//!       └▶ ResponseOpener::open ◀─ EnvelopeResponse ─── ResponseSealer::seal ◀┘
//! ```
//!
//! A context serves exactly one request and one response: sealing and opening consume it. Replay is the caller's
//! business: [`replay_identifier`] is what must be stored before the request takes effect (3.2 and newer).
//!
//! ```
//! use countersign::crypto::backend::default_backend;
//! use countersign::crypto::ecies::{Decryptor, Encryptor, Parameters, Purpose, shared_info2_base};
//! use countersign::crypto::key::{KeyPair, PrivateKey};
//! use countersign::crypto::random::{Random, RandomError};
//! use countersign::crypto::version::ProtocolVersion;
//!
//! struct Rng(u8); // for the example only
//! impl Random for Rng {
//!     fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
//!         self.0 += 1;
//!         out.fill(self.0);
//!         Ok(())
//!     }
//! }
//!
//! let backend = default_backend();
//! let server = KeyPair::from_private(backend, PrivateKey::from_bytes(&[1; 32])?)?;
//! let parameters = Parameters {
//!     version: ProtocolVersion::V3_2,
//!     purpose: Purpose::GenericApplication,
//!     application_key: "AAECAwQFBgcICQoLDA0ODw==",
//!     activation_id: None,
//!     temporary_key_id: None,
//! };
//! let base = shared_info2_base("AAECAwQFBgcICQoLDA0ODw==", None);
//!
//! let encryptor = Encryptor::new(backend, &server.public, &parameters, &base, &mut Rng(2))?;
//! let (request, opener) = encryptor.seal(b"{}", 1_700_000_000_000, &mut Rng(9))?;
//!
//! let imported = backend.import_private(&server.private)?;
//! let received = request.decode(parameters.version)?;
//! let decryptor = Decryptor::new(imported.as_ref(), &parameters, &base, &received)?;
//! let (plain, sealer) = decryptor.open(&received)?;
//! assert_eq!(plain.as_bytes(), b"{}");
//!
//! let response = sealer.seal(b"hello", 1_700_000_000_001, &mut Rng(20))?;
//! assert_eq!(opener.open(&response)?.as_bytes(), b"hello");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod client;
mod envelope;
mod scheme;
mod server;

pub use client::{Encryptor, ResponseOpener};
pub use envelope::{EnvelopeRequest, EnvelopeResponse, Request, Response};
pub use scheme::{EnvelopeKey, Parameters, Purpose, Scope, associated_data, shared_info2_base};
pub use server::{Decryptor, ResponseSealer};

use super::encoding::base64;
use super::key::KeyError;
use super::random::RandomError;
use thiserror::Error;

/// An envelope cannot be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EciesError {
    /// A field is missing, superfluous for the version, or not in its encoding; its JSON name.
    #[error("envelope field {0} is invalid")]
    Field(&'static str),
    /// A parameter is missing, superfluous or contradicts the purpose; its name.
    #[error("encryption parameter {0} is invalid")]
    Parameter(&'static str),
    /// The envelope cannot be decrypted. Deliberately without detail: key, MAC and padding failures look the same.
    #[error("decryption failed")]
    Decryption,
    /// The recipient key or the fresh key pair is unusable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// The value whose second appearance is a replay (spec 4.8): `B64(ephemeral key ‖ nonce ‖ identifier)`.
///
/// `ephemeral_key` are the transmitted bytes, empty for tokens; `nonce` is empty where a version has none; `identifier` is the activation ID as received (empty in
/// application scope) or the token ID.
#[must_use]
pub fn replay_identifier(ephemeral_key: &[u8], nonce: &[u8], identifier: &str) -> String {
    base64::encode(&[ephemeral_key, nonce, identifier.as_bytes()].concat())
}
