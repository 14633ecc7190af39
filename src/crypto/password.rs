//! Argon2 hashes of activation OTPs and recovery PUKs (spec 2.6, 3.4).
//!
//! New hashes use the parameters of deployed servers. Stored hashes are verified with whatever parameters they carry,
//! within limits that keep a damaged record from exhausting the server.

use super::random::{Random, RandomError, bytes};
use super::secret::ct_eq;
use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64Unpadded, Encoding};
use core::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

/// A hash cannot be read or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// Not an Argon2 hash in the PHC text form.
    #[error("malformed password hash")]
    Format,
    /// Parameters that Argon2 does not allow or that exceed the limits.
    #[error("unsupported password hash parameters")]
    Parameters,
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Cost of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// KiB of memory.
    pub memory: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl Cost {
    /// What deployed servers use: 32 MiB, three passes, sixteen lanes.
    pub const STANDARD: Self = Self {
        memory: 32_768,
        iterations: 3,
        parallelism: 16,
    };
    /// The most that is accepted from a stored hash.
    pub const LIMIT: Self = Self {
        memory: 262_144,
        iterations: 64,
        parallelism: 64,
    };

    const fn within_limit(self) -> bool {
        self.memory <= Self::LIMIT.memory
            && self.iterations <= Self::LIMIT.iterations
            && self.parallelism <= Self::LIMIT.parallelism
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self::STANDARD
    }
}

const SALT_LENGTH: usize = 16;
const DIGEST_LENGTH: usize = 32;
const MAX_FIELD_LENGTH: usize = 64;

/// A parsed hash: `$argon2i$v=19$m=32768,t=3,p=16$<salt>$<digest>`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    algorithm: Algorithm,
    version: Option<Version>,
    cost: Cost,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            algorithm,
            version,
            cost,
            salt: _,
            digest: _,
        } = self;
        f.debug_struct("PasswordHash")
            .field("algorithm", &algorithm.as_str())
            .field("version", &version.map(u32::from))
            .field("cost", cost)
            .finish_non_exhaustive()
    }
}

impl PasswordHash {
    /// Reads the PHC text form. Without `v=` the old version 0x10 is meant.
    ///
    /// # Errors
    /// [`PasswordError::Format`] for malformed text, [`PasswordError::Parameters`] above [`Cost::LIMIT`].
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let fields: Vec<&str> = text.split('$').collect();
        let (algorithm, version, cost, salt, digest) = match *fields.as_slice() {
            ["", algorithm, version, cost, salt, digest] => (algorithm, Some(version), cost, salt, digest),
            ["", algorithm, cost, salt, digest] => (algorithm, None, cost, salt, digest),
            _ => return Err(PasswordError::Format),
        };
        let algorithm = match algorithm {
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            "argon2id" => Algorithm::Argon2id,
            _ => return Err(PasswordError::Format),
        };
        let version = match version {
            None => None,
            Some("v=16") => Some(Version::V0x10),
            Some("v=19") => Some(Version::V0x13),
            Some(_) => return Err(PasswordError::Format),
        };
        let hash = Self {
            algorithm,
            version,
            cost: parse_cost(cost)?,
            salt: field(salt)?,
            digest: field(digest)?,
        };
        hash.hasher()?;
        Ok(hash)
    }

    /// Cost of the hash.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }

    /// Salt.
    #[must_use]
    pub fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// Verifies a password. The digests are compared in constant time.
    ///
    /// # Errors
    /// [`PasswordError::Parameters`] when Argon2 refuses the salt.
    pub fn verify(&self, password: &[u8]) -> Result<bool, PasswordError> {
        let mut computed = Zeroizing::new(vec![0; self.digest.len()]);
        let hasher = self.hasher()?;
        hasher
            .hash_password_into(password, &self.salt, &mut computed)
            .map_err(|_| PasswordError::Parameters)?;
        Ok(ct_eq(&computed, &self.digest))
    }

    fn hasher(&self) -> Result<Argon2<'static>, PasswordError> {
        let Cost {
            memory,
            iterations,
            parallelism,
        } = self.cost;
        if !self.cost.within_limit() {
            return Err(PasswordError::Parameters);
        }
        let params = Params::new(memory, iterations, parallelism, Some(self.digest.len()))
            .map_err(|_| PasswordError::Parameters)?;
        Ok(Argon2::new(
            self.algorithm,
            self.version.unwrap_or(Version::V0x10),
            params,
        ))
    }
}

impl fmt::Display for PasswordHash {
    /// The PHC text form, as it was read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}", self.algorithm.as_str())?;
        if let Some(version) = self.version {
            write!(f, "$v={}", u32::from(version))?;
        }
        let Cost {
            memory,
            iterations,
            parallelism,
        } = self.cost;
        write!(f, "$m={memory},t={iterations},p={parallelism}")?;
        write!(f, "${}", Base64Unpadded::encode_string(&self.salt))?;
        write!(f, "${}", Base64Unpadded::encode_string(&self.digest))
    }
}

fn parse_cost(text: &str) -> Result<Cost, PasswordError> {
    let mut parts = text.split(',');
    let mut next = |prefix: &str| -> Result<u32, PasswordError> {
        let digits = parts
            .next()
            .and_then(|part| part.strip_prefix(prefix))
            .ok_or(PasswordError::Format)?;
        // Canonical numbers only, so that a hash is written back as it was read.
        if digits.starts_with('0') || !digits.bytes().all(|c| c.is_ascii_digit()) {
            return Err(PasswordError::Format);
        }
        digits.parse().map_err(|_| PasswordError::Format)
    };
    let cost = Cost {
        memory: next("m=")?,
        iterations: next("t=")?,
        parallelism: next("p=")?,
    };
    if parts.next().is_some() {
        Err(PasswordError::Format)
    } else {
        Ok(cost)
    }
}

fn field(text: &str) -> Result<Vec<u8>, PasswordError> {
    match Base64Unpadded::decode_vec(text) {
        Ok(bytes) if (1..=MAX_FIELD_LENGTH).contains(&bytes.len()) => Ok(bytes),
        _ => Err(PasswordError::Format),
    }
}

/// Hashes a password with the standard cost, Argon2i version 0x13, a 16-byte salt and a 32-byte digest.
///
/// # Errors
/// [`PasswordError::Random`] when the source fails.
pub fn hash(password: &[u8], rng: &mut dyn Random) -> Result<String, PasswordError> {
    hash_with_cost(password, Cost::STANDARD, rng)
}

/// As [`hash`] with another cost.
///
/// # Errors
/// [`PasswordError::Random`] when the source fails, [`PasswordError::Parameters`] for a cost Argon2 does not allow.
pub fn hash_with_cost(password: &[u8], cost: Cost, rng: &mut dyn Random) -> Result<String, PasswordError> {
    let mut hash = PasswordHash {
        algorithm: Algorithm::Argon2i,
        version: Some(Version::V0x13),
        cost,
        salt: bytes::<SALT_LENGTH>(rng)?.to_vec(),
        digest: vec![0; DIGEST_LENGTH],
    };
    let hasher = hash.hasher()?;
    hasher
        .hash_password_into(password, &hash.salt, &mut hash.digest)
        .map_err(|_| PasswordError::Parameters)?;
    Ok(hash.to_string())
}

/// Verifies a password against a stored hash in PHC text form.
///
/// # Errors
/// [`PasswordError`] when the stored hash cannot be used; a wrong password is `Ok(false)`.
pub fn verify(password: &[u8], stored: &str) -> Result<bool, PasswordError> {
    PasswordHash::parse(stored)?.verify(password)
}
