//! Digests of MAC tokens (spec 7.2).
//!
//! A token proves possession of its secret at a moment in time: the digest covers a fresh nonce, the timestamp and, from
//! version 3.2, the version. It does not cover the request. The server must check the age of the timestamp and remember
//! the nonce (spec 4.8) before it believes a digest.
//!
//! ```
//! use countersign::crypto::{secret::Secret, token, version::ProtocolVersion};
//! let secret = Secret::from_bytes([3; 16]);
//! let digest = token::digest(&secret, &[9; 16], 1_700_000_000_000, ProtocolVersion::V3_3);
//! assert!(token::verify(&secret, &[9; 16], 1_700_000_000_000, ProtocolVersion::V3_3, &digest));
//! assert!(!token::verify(&secret, &[9; 16], 1_700_000_000_001, ProtocolVersion::V3_3, &digest));
//! ```

use super::secret::{Secret, ct_eq};
use super::symmetric::hmac_sha256;
use super::version::ProtocolVersion;

/// The digest a token header carries.
///
/// `nonce` are the raw 16 bytes, `timestamp` is Unix time in milliseconds and enters as decimal text.
#[must_use]
pub fn digest(secret: &Secret<16>, nonce: &[u8; 16], timestamp: u64, version: ProtocolVersion) -> [u8; 32] {
    let timestamp = timestamp.to_string();
    if version.digests_version() {
        let parts = [
            nonce.as_slice(),
            b"&",
            timestamp.as_bytes(),
            b"&",
            version.as_str().as_bytes(),
        ];
        hmac_sha256(secret.as_bytes(), &parts)
    } else {
        hmac_sha256(secret.as_bytes(), &[nonce.as_slice(), b"&", timestamp.as_bytes()])
    }
}

/// Compares a presented digest in constant time.
#[must_use]
pub fn verify(
    secret: &Secret<16>,
    nonce: &[u8; 16],
    timestamp: u64,
    version: ProtocolVersion,
    presented: &[u8; 32],
) -> bool {
    ct_eq(&digest(secret, nonce, timestamp, version), presented)
}
