//! The symmetric primitives of protocol 3: HMAC-SHA256, SHA-256 and AES-128-CBC (spec 1.7).
//!
//! These are always the pure-Rust ones, whatever [`Backend`](super::backend::Backend) does the curve arithmetic:
//! measured, they are as fast or faster.

use super::hmac::HmacKey;
use super::secret::{Secret, SecretVec};
use aes::Aes128;
use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// A ciphertext cannot be decrypted: its length or its padding is wrong. Deliberately without detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the data cannot be decrypted")]
pub struct CipherError;

/// An initialisation vector of zeros.
pub const ZERO_IV: [u8; 16] = [0; 16];

/// HMAC-SHA256, key first, over the concatenation of `parts`.
#[must_use]
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    HmacKey::new(key).mac(parts)
}

/// SHA-256 over the concatenation of `parts`.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// AES-128-CBC with PKCS#7 padding; the result has `plain.len() / 16 + 1` blocks.
#[must_use]
pub fn encrypt_cbc(key: &Secret<16>, iv: &[u8; 16], plain: &[u8]) -> Vec<u8> {
    cbc::Encryptor::<Aes128>::new(key.as_bytes().into(), iv.into()).encrypt_padded_vec::<Pkcs7>(plain)
}

/// Reverses [`encrypt_cbc`].
///
/// # Errors
/// [`CipherError`] for empty input, a length that is no multiple of 16, and any wrong padding.
pub fn decrypt_cbc(key: &Secret<16>, iv: &[u8; 16], encrypted: &[u8]) -> Result<SecretVec, CipherError> {
    if encrypted.is_empty() {
        return Err(CipherError);
    }
    cbc::Decryptor::<Aes128>::new(key.as_bytes().into(), iv.into())
        .decrypt_padded_vec::<Pkcs7>(encrypted)
        .map(SecretVec::from_vec)
        .map_err(|_| CipherError)
}

/// AES-128-CBC without padding.
///
/// # Errors
/// [`CipherError`] when `plain` is not a whole number of blocks.
pub fn encrypt_cbc_blocks(key: &Secret<16>, iv: &[u8; 16], plain: &[u8]) -> Result<Vec<u8>, CipherError> {
    if !plain.len().is_multiple_of(16) {
        return Err(CipherError);
    }
    Ok(
        cbc::Encryptor::<Aes128>::new(key.as_bytes().into(), iv.into())
            .encrypt_padded_vec::<NoPadding>(plain),
    )
}

/// Reverses [`encrypt_cbc_blocks`]. Any key gives some plaintext.
///
/// # Errors
/// [`CipherError`] when `encrypted` is not a whole number of blocks.
pub fn decrypt_cbc_blocks(
    key: &Secret<16>,
    iv: &[u8; 16],
    encrypted: &[u8],
) -> Result<SecretVec, CipherError> {
    cbc::Decryptor::<Aes128>::new(key.as_bytes().into(), iv.into())
        .decrypt_padded_vec::<NoPadding>(encrypted)
        .map(SecretVec::from_vec)
        .map_err(|_| CipherError)
}
