//! The activation fingerprint users compare on both ends before an activation is committed (spec 1.9).
//!
//! It authenticates the key exchange: a substituted key gives other digits, except with probability 10⁻⁸.

use super::encoding::decimal;
use super::key::PublicKey;
use super::symmetric::sha256;

const DIGITS: u8 = 8;

/// The X coordinate as it enters the hash: without leading zero bytes.
#[must_use]
pub fn coordinate(key: &PublicKey) -> Vec<u8> {
    key.x().iter().copied().skip_while(|&byte| byte == 0).collect()
}

/// Fingerprint of protocol 3: eight digits from both public keys and the activation ID as it was issued.
#[must_use]
pub fn fingerprint(device: &PublicKey, server: &PublicKey, activation_id: &str) -> String {
    let hash = sha256(&[&coordinate(device), activation_id.as_bytes(), &coordinate(server)]);
    decimal(&hash, DIGITS)
}

/// Fingerprint of protocol 2: the device key alone. Needed only to recognise old activations.
#[must_use]
pub fn fingerprint_v2(device: &PublicKey) -> String {
    decimal(&sha256(&[&coordinate(device)]), DIGITS)
}
