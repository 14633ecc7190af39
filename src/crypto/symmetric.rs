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
use subtle::{Choice, ConstantTimeEq, ConstantTimeGreater};
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

/// Reverses [`encrypt_cbc`]. Time says nothing about the padding.
///
/// # Errors
/// [`CipherError`] for empty input, a length that is no multiple of 16, and any wrong padding.
pub fn decrypt_cbc(key: &Secret<16>, iv: &[u8; 16], encrypted: &[u8]) -> Result<SecretVec, CipherError> {
    let mut plain = decrypt_cbc_blocks(key, iv, encrypted)?;
    let length = without_padding(plain.as_bytes()).ok_or(CipherError)?;
    plain.truncate(length);
    Ok(plain)
}

/// Length without the padding of PKCS#7; none for wrong padding. Every byte of the last block is looked at in any case.
fn without_padding(plain: &[u8]) -> Option<usize> {
    let last: &[u8; 16] = plain.last_chunk()?;
    let count = last[15];
    let mut wrong = count.ct_eq(&0) | count.ct_gt(&16);
    for (byte, to_the_end) in last.iter().zip((1..=16_u8).rev()) {
        let is_data: Choice = to_the_end.ct_gt(&count);
        wrong |= !is_data & !byte.ct_eq(&count);
    }
    if wrong.into() {
        return None;
    }
    plain.len().checked_sub(count.into())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every length of padding, and every byte of it wrong, as the general implementation reads them.
    #[test]
    fn padding_is_that_of_pkcs7() {
        let (key, iv) = (Secret::from_bytes([5; 16]), [6; 16]);
        let decryptor = || cbc::Decryptor::<Aes128>::new(key.as_bytes().into(), (&iv).into());
        let (mut right, mut wrong) = (0, 0);
        for blocks in 1..=2 {
            for count in 0..=255 {
                for changed in 0..=16 {
                    let mut plain = [0x41; 32];
                    let (data, last) = plain.split_at_mut(16);
                    let padding = usize::from(count).min(16);
                    last[16 - padding..].fill(count);
                    last[15] = count;
                    if let Some(byte) = last.get_mut(changed) {
                        *byte ^= 0x80;
                    }
                    let plain = [&data[..16 * (blocks - 1)], last].concat();
                    let encrypted = encrypt_cbc_blocks(&key, &iv, &plain).unwrap();
                    let expected = decryptor().decrypt_padded_vec::<Pkcs7>(&encrypted).ok();
                    let found = decrypt_cbc(&key, &iv, &encrypted).ok();
                    assert_eq!(
                        found.as_ref().map(SecretVec::as_bytes),
                        expected.as_deref(),
                        "{plain:?}"
                    );
                    if found.is_some() { right += 1 } else { wrong += 1 }
                }
            }
        }
        for length in [0, 1, 15, 17, 31] {
            assert!(decrypt_cbc(&key, &iv, &vec![0; length]).is_err());
        }
        println!("{right} right, {wrong} wrong");
        assert!(right > 100 && wrong > 1_000);
    }
}
