//! Hashes of secrets that are random, long and compared for every request: one salted SHA-256.
//!
//! ```text
//! hash = salt (16 bytes) ‖ SHA-256(salt ‖ secret)
//! ```
//!
//! Not for passwords: whoever learns the hash can try billions of guesses a second. See
//! [`password`](super::password) for those.

use super::random::{Random, RandomError};
use super::secret::ct_eq;
use super::symmetric::sha256;

const SALT: usize = 16;

/// Length of a hash in bytes.
pub const HASH_LENGTH: usize = SALT + 32;

/// Hashes a secret with at least 122 random bits.
///
/// # Errors
/// When the generator fails.
pub fn hash_secret(secret: &str, rng: &mut dyn Random) -> Result<Vec<u8>, RandomError> {
    let mut salt = [0; SALT];
    rng.fill(&mut salt)?;
    Ok([&salt[..], &sha256(&[&salt, secret.as_bytes()])].concat())
}

/// Compares in constant time. No secret fits a hash of another length, such as that of a removed credential.
#[must_use]
pub fn verify_secret(secret: &str, hash: &[u8]) -> bool {
    let (salt, expected) = hash.split_at_checked(SALT).unwrap_or_default();
    ct_eq(&sha256(&[salt, secret.as_bytes()]), expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fives;
    impl Random for Fives {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
            out.fill(5);
            Ok(())
        }
    }

    #[test]
    fn only_the_secret_fits() {
        let hash = hash_secret("secret", &mut Fives).unwrap();
        assert_eq!(hash.len(), HASH_LENGTH);
        assert!(verify_secret("secret", &hash));
        for other in ["", "secre", "secret ", "Secret"] {
            assert!(!verify_secret(other, &hash));
        }
        for length in 0..HASH_LENGTH {
            assert!(!verify_secret("secret", &hash[..length]));
        }
        assert!(!verify_secret("", &[]));
        assert!(!verify_secret("", &[0; SALT]));
    }
}
