//! Key derivation functions (spec 1.5).

use super::encoding::fold;
use super::secret::{Secret, SecretVec};
use super::symmetric::{hmac_sha256, sha256};
use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

/// Encrypts one block: the building stone of [`derive`] and of the recovery PUKs.
pub(crate) fn aes_block(key: &Secret<16>, block: [u8; 16]) -> Secret<16> {
    let mut block = block.into();
    Aes128::new(key.as_bytes().into()).encrypt_block(&mut block);
    Secret::from_bytes(block.into())
}

/// `KDF(k, index)`: AES-128 of the block `0^8 ‖ u64be(index)`.
#[must_use]
pub fn derive(key: &Secret<16>, index: u64) -> Secret<16> {
    let block = u128::from(index).to_be_bytes();
    aes_block(key, block)
}

/// `KDFi(k, data)`, the internal KDF: `fold(HMAC(k, data))`. The secret is the HMAC key.
#[must_use]
pub fn derive_internal(key: &[u8], data: &[u8]) -> Secret<16> {
    Secret::from_bytes(fold(&Zeroizing::new(hmac_sha256(key, &[data]))))
}

/// `X963(z, info, length)`: ANSI X9.63 with SHA-256.
#[must_use]
pub fn x963(shared: &[u8], info: &[u8], length: usize) -> SecretVec {
    let mut out = Vec::with_capacity(length.next_multiple_of(32));
    let mut counter = 0_u32;
    while out.len() < length {
        counter = counter.wrapping_add(1);
        out.extend_from_slice(Zeroizing::new(sha256(&[shared, &counter.to_be_bytes(), info])).as_ref());
    }
    out.truncate(length);
    SecretVec::from_vec(out)
}

/// PBKDF2 with HMAC-**SHA1**, as the mobile client stretches passwords locally; fills `out`.
pub fn pbkdf2(password: &[u8], salt: &[u8], iterations: u32, out: &mut [u8]) {
    pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password, salt, iterations, out);
}
