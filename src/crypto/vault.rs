//! The secure vault (spec section 8).
//!
//! The phone keeps its device key encrypted with the vault key and forgets the vault key; the server gives it back,
//! wrapped with the transport key, after a two-factor signature. The wrapped form travels inside ECIES, which is what
//! authenticates it.

use super::key::PrivateKey;
use super::secret::Secret;
use super::symmetric::{ZERO_IV, decrypt_cbc, encrypt_cbc};
use thiserror::Error;

/// The wrapped key cannot be opened. Deliberately without detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the wrapped key cannot be opened")]
pub struct VaultError;

/// Length of a wrapped vault key in bytes.
pub const WRAPPED_VAULT_KEY_LENGTH: usize = 32;

/// Wraps `K_V` for transport: 32 bytes (server).
#[must_use]
pub fn wrap_vault_key(transport: &Secret<16>, vault: &Secret<16>) -> Vec<u8> {
    encrypt_cbc(transport, &ZERO_IV, vault.as_bytes())
}

/// Opens a wrapped `K_V` (phone).
///
/// # Errors
/// [`VaultError`] when it cannot be opened or is not exactly 16 bytes long.
pub fn unwrap_vault_key(transport: &Secret<16>, wrapped: &[u8]) -> Result<Secret<16>, VaultError> {
    let plain = decrypt_cbc(transport, &ZERO_IV, wrapped).map_err(|_| VaultError)?;
    Secret::from_slice(plain.as_bytes()).ok_or(VaultError)
}

/// Encrypts the device private key for storage on the phone. The key is written in its signed minimal form.
#[must_use]
pub fn wrap_device_key(vault: &Secret<16>, device: &PrivateKey) -> Vec<u8> {
    encrypt_cbc(vault, &ZERO_IV, device.to_signed_bytes().as_bytes())
}

/// Opens a stored device private key.
///
/// # Errors
/// [`VaultError`] when it cannot be opened or is no private key.
pub fn unwrap_device_key(vault: &Secret<16>, wrapped: &[u8]) -> Result<PrivateKey, VaultError> {
    let plain = decrypt_cbc(vault, &ZERO_IV, wrapped).map_err(|_| VaultError)?;
    PrivateKey::from_bytes(plain.as_bytes()).map_err(|_| VaultError)
}
