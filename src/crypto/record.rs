//! Encrypted columns of existing server databases (spec section 12).
//!
//! Needed to read and write databases of deployed servers. The encryption has **no MAC**: a wrong context shows only as a
//! padding error, or not at all. Records of this library's own stores are sealed differently.

use super::encoding::base64;
use super::kdf;
use super::random::{Random, RandomError, bytes};
use super::secret::{Secret, SecretVec};
use super::symmetric::{decrypt_cbc, encrypt_cbc};
use thiserror::Error;

/// A column value cannot be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Encrypted, but no master key is configured.
    #[error("no master database key is configured")]
    MissingKey,
    /// Not Base64, or too short for an initialisation vector.
    #[error("malformed database record")]
    Format,
    /// The stored mode is unknown.
    #[error("unknown encryption mode")]
    UnknownMode,
    /// Wrong key or context, or damaged data.
    #[error("the database record cannot be decrypted")]
    Decryption,
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// How a column value is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordMode {
    /// 0: in clear.
    NoEncryption,
    /// 1: AES-CBC under a key derived from the master key and the identifiers of the row.
    AesHmac,
}

impl RecordMode {
    /// Reads the number of the mode column.
    ///
    /// # Errors
    /// [`RecordError::UnknownMode`] for other numbers.
    pub const fn from_number(number: i64) -> Result<Self, RecordError> {
        match number {
            0 => Ok(Self::NoEncryption),
            1 => Ok(Self::AesHmac),
            _ => Err(RecordError::UnknownMode),
        }
    }

    /// The number of the mode column.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::NoEncryption => 0,
            Self::AesHmac => 1,
        }
    }
}

/// What a column holds, which decides its form in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// Private keys: Base64 when in clear.
    Binary,
    /// PUK hashes: the text itself when in clear.
    Text,
}

/// The key of a record: `KDFi(master, join("&", context))`.
///
/// The context are the identifiers of spec 12, in order: for a server private key the user and the activation.
#[must_use]
pub fn record_key(master: &SecretVec, context: &[&str]) -> Secret<16> {
    kdf::derive_internal(master.as_bytes(), context.join("&").as_bytes())
}

/// Writes a column value; encrypted when a master key is given.
///
/// # Errors
/// [`RecordError::Random`] when the source fails, [`RecordError::Format`] for a text record that is no UTF-8.
pub fn write(
    kind: RecordKind,
    master: Option<&SecretVec>,
    context: &[&str],
    raw: &[u8],
    rng: &mut dyn Random,
) -> Result<(RecordMode, String), RecordError> {
    let Some(master) = master else {
        let text = match kind {
            RecordKind::Binary => base64::encode(raw),
            RecordKind::Text => core::str::from_utf8(raw)
                .map_err(|_| RecordError::Format)?
                .to_owned(),
        };
        return Ok((RecordMode::NoEncryption, text));
    };
    let iv = bytes::<16>(rng)?;
    let mut value = iv.to_vec();
    value.extend_from_slice(&encrypt_cbc(&record_key(master, context), &iv, raw));
    Ok((RecordMode::AesHmac, base64::encode(&value)))
}

/// Reads a column value by its stored mode.
///
/// # Errors
/// [`RecordError`] as each variant says; `Decryption` without detail.
pub fn read(
    kind: RecordKind,
    mode: RecordMode,
    master: Option<&SecretVec>,
    context: &[&str],
    value: &str,
) -> Result<SecretVec, RecordError> {
    match (mode, kind) {
        (RecordMode::NoEncryption, RecordKind::Text) => Ok(SecretVec::from_slice(value.as_bytes())),
        (RecordMode::NoEncryption, RecordKind::Binary) => base64::decode(value)
            .map(SecretVec::from_vec)
            .map_err(|_| RecordError::Format),
        (RecordMode::AesHmac, _) => {
            let master = master.ok_or(RecordError::MissingKey)?;
            let raw = base64::decode(value).map_err(|_| RecordError::Format)?;
            let (iv, encrypted) = raw.split_first_chunk().ok_or(RecordError::Format)?;
            decrypt_cbc(&record_key(master, context), iv, encrypted).map_err(|_| RecordError::Decryption)
        }
    }
}
