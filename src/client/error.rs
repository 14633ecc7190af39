//! What can go wrong on the phone: building a request, reading a reply, loading a stored device.
//!
//! The texts are safe to log: no key, no user input, nothing a server said except a cleaned error code.

use crate::crypto::code::CodeError;
use crate::crypto::ecies::{EciesError, Scope};
use crate::crypto::jwt::JwtError;
use crate::crypto::key::KeyError;
use crate::crypto::query::MalformedQuery;
use crate::crypto::random::RandomError;
use thiserror::Error;

/// The configuration of an application cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// The application key is not Base64 of 16 bytes.
    #[error("invalid application key")]
    Key,
    /// The application secret is not Base64 of 16 bytes.
    #[error("invalid application secret")]
    Secret,
    /// The master public key is not Base64 of a P-256 point.
    #[error("invalid master public key")]
    MasterKey,
    /// The compact configuration string cannot be read.
    #[error("invalid mobile configuration string")]
    SdkConfig,
}

/// A PIN or a stored factor cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FactorError {
    /// Shorter than [`Pin::MIN_LENGTH`](super::Pin::MIN_LENGTH) bytes.
    #[error("the PIN is too short")]
    PinTooShort,
}

/// An activation code was typed or scanned that must not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActivationCodeError {
    /// The text is no activation code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The code was scanned with a signature that does not belong to the master key of the application.
    #[error("the activation code was not issued for this application")]
    Signature,
}

/// A request cannot be built. Nothing has changed then: no counter moved, no state needs saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A key cannot be generated or used.
    #[error(transparent)]
    Key(KeyError),
    /// Encryption failed for another reason.
    #[error(transparent)]
    Encryption(EciesError),
    /// Version 3.3 needs a temporary key of this scope first; there is none or it expires in a moment.
    #[error("a temporary key is needed first")]
    TemporaryKey(Scope),
    /// The biometry factor has not been set up on this device.
    #[error("biometry is not set up")]
    NoBiometry,
    /// The offline operation does not allow biometry.
    #[error("the operation does not allow biometry")]
    BiometryNotAllowed,
    /// The combination of factors can never be accepted for this request.
    #[error("these factors are not accepted for this request")]
    Factors,
    /// There is no token of this name on the device.
    #[error("no such token")]
    NoToken,
    /// The activation is of protocol generation 2 or in the middle of an upgrade; finish the upgrade first.
    #[error("the protocol upgrade must be completed first")]
    UpgradeFirst,
    /// The activation is already of generation 3.
    #[error("there is nothing to upgrade")]
    NothingToUpgrade,
    /// The query of a GET request cannot be put in canonical form.
    #[error(transparent)]
    Query(#[from] MalformedQuery),
    /// An argument cannot be sent; its name.
    #[error("argument {0} is invalid")]
    Argument(&'static str),
}

impl From<KeyError> for RequestError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Random(error) => Self::Random(error),
            other => Self::Key(other),
        }
    }
}

impl From<EciesError> for RequestError {
    fn from(error: EciesError) -> Self {
        match error {
            EciesError::Random(error) => Self::Random(error),
            EciesError::Key(error) => error.into(),
            other => Self::Encryption(other),
        }
    }
}

impl From<JwtError> for RequestError {
    fn from(error: JwtError) -> Self {
        match error {
            JwtError::Key(error) => error.into(),
            _ => Self::Argument("jwt"),
        }
    }
}

/// The server said no (spec 13.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Error code such as `ERR_AUTHENTICATION`; empty when the answer had none. Upper-case letters, digits and
    /// underscores only, at most 64.
    pub code: String,
    /// Index of the PUK to try next, after a wrong PUK.
    pub recovery_puk_index: Option<u32>,
}

/// A reply cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// The server said no.
    #[error("the server refused: HTTP {} {}", .0.status, .0.code)]
    Refused(Refusal),
    /// The reply is not what the protocol demands; the part that is wrong.
    #[error("malformed reply: {0}")]
    Malformed(&'static str),
    /// An encrypted reply or a status blob cannot be opened: wrong keys or tampering.
    #[error("the reply cannot be decrypted")]
    Decryption,
    /// The signed reply of the key store is not valid.
    #[error(transparent)]
    TemporaryKey(#[from] JwtError),
    /// The vault key of the server does not fit the keys of the device.
    #[error("the vault key does not belong to this device")]
    Vault,
    /// The reply answers a request of another activation.
    #[error("the reply belongs to another activation")]
    OtherActivation,
}

impl From<EciesError> for ReplyError {
    fn from(error: EciesError) -> Self {
        match error {
            EciesError::Field(name) => Self::Malformed(name),
            _ => Self::Decryption,
        }
    }
}

/// A stored device cannot be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StateError {
    /// Not the JSON of a stored device.
    #[error("not a stored device")]
    Malformed,
    /// Written by a newer release.
    #[error("the stored device has an unknown format")]
    Format,
    /// A field is damaged; its JSON name.
    #[error("field {0} of the stored device is invalid")]
    Field(&'static str),
    /// The configuration of the application is damaged.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
}
