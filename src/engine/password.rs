//! Argon2 of one-time passwords and PUKs: tens of milliseconds, so computed once per request however
//! often its decision runs (part 1, section 3.4).

use super::{EngineStop, ErrorCode};
use crate::crypto::password;
use crate::crypto::random::{self, Random, RandomError};
use crate::store::Tx;

/// Argon2 text of a secret; ERR0022 when it cannot be computed.
pub(crate) fn hash(tx: &mut Tx<'_>, secret: &str) -> Result<String, EngineStop> {
    // The salt is drawn on every run, so that what is drawn after it stays the same.
    let salt = random::bytes::<16>(tx)?;
    let input = [&salt, secret.as_bytes()].concat();
    let hashed = tx.once("password hash", &input, |_| {
        password::hash(secret.as_bytes(), &mut Salt(salt)).ok()
    });
    hashed.ok_or_else(|| ErrorCode::GenericCryptographyError.into())
}

/// Whether a secret is the stored one; none when the stored text is no Argon2 text of ours.
pub(crate) fn matches(tx: &mut Tx<'_>, secret: &str, stored: &str) -> Option<bool> {
    let input = [stored.as_bytes(), secret.as_bytes()].join(&0);
    tx.once("password", &input, |_| {
        password::verify(secret.as_bytes(), stored).ok()
    })
}

/// Gives out a salt that was drawn before.
struct Salt([u8; 16]);

impl Random for Salt {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        let salt = self.0.get(..out.len()).ok_or(RandomError)?;
        out.copy_from_slice(salt);
        Ok(())
    }
}
