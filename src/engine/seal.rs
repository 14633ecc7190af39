//! Secrets at rest: AES-256-GCM under a key of the host's, bound to the record and the field.
//!
//! ```text
//! sealed = 01 ‖ key id (4 bytes) ‖ nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes)
//! key    = HMAC-SHA256(master key, context)      one key per record and field
//! context, also the associated data = "countersign seal 1" 00 collection 00 record id 00 field
//! ```
//!
//! A sealed value moved to another record or field does not open. The store may still be rolled
//! back as a whole by whoever controls it; nothing here detects that.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};

use crate::crypto::random::{Random, RandomError};
use crate::crypto::secret::{Secret, SecretVec};
use crate::crypto::symmetric::hmac_sha256;
use crate::store::{Collection, Fault};

const FORMAT: u8 = 1;
const NONCE: usize = 12;
const HEADER: usize = 1 + 4 + NONCE;

/// A master key and its number.
#[derive(Clone, Debug)]
pub struct SealingKey {
    /// Written into everything it seals.
    pub id: u32,
    /// 32 random bytes.
    pub key: Secret<32>,
}

/// The keys a host knows: one that seals, and older ones that still open.
#[derive(Clone, Debug)]
pub struct Keyring {
    current: SealingKey,
    older: Vec<SealingKey>,
}

/// The place of a secret.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Collection of the record.
    pub collection: Collection,
    /// Id of the record.
    pub id: &'a str,
    /// Name of the field.
    pub field: &'static str,
}

impl Place<'_> {
    fn context(&self) -> Vec<u8> {
        [
            b"countersign seal 1",
            self.collection.0.as_bytes(),
            self.id.as_bytes(),
            self.field.as_bytes(),
        ]
        .join(&0)
    }
}

impl Keyring {
    /// Seals with `current`; opens with any.
    pub fn new(current: SealingKey, older: Vec<SealingKey>) -> Self {
        Self { current, older }
    }

    /// Number of the key that seals.
    pub fn current_id(&self) -> u32 {
        self.current.id
    }

    /// Seals `secret` for `place`.
    ///
    /// # Errors
    /// When the generator fails.
    pub fn seal(
        &self,
        place: Place<'_>,
        secret: &[u8],
        rng: &mut dyn Random,
    ) -> Result<Vec<u8>, RandomError> {
        let mut nonce = [0; NONCE];
        rng.fill(&mut nonce)?;
        let context = place.context();
        let payload = Payload {
            msg: secret,
            aad: &context,
        };
        // Fails only for messages beyond 64 GiB.
        let text = cipher(&self.current.key, &context)
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| RandomError)?;
        let mut sealed = Vec::with_capacity(HEADER + text.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&self.current.id.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// Opens what [`Keyring::seal`] made for the same place.
    ///
    /// # Errors
    /// [`Fault::Sealed`] for an unknown key, another place or changed bytes.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<SecretVec, Fault> {
        let (header, text) = sealed.split_at_checked(HEADER).ok_or(Fault::Sealed)?;
        let [FORMAT, a, b, c, d, nonce @ ..] = header else {
            return Err(Fault::Sealed);
        };
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Fault::Sealed)?;
        let id = u32::from_be_bytes([*a, *b, *c, *d]);
        let key = std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.id == id);
        let key = &key.ok_or(Fault::Sealed)?.key;
        let context = place.context();
        let payload = Payload {
            msg: text,
            aad: &context,
        };
        let secret = cipher(key, &context).decrypt(&Nonce::from(nonce), payload);
        secret.map(SecretVec::from_vec).map_err(|_| Fault::Sealed)
    }

    /// As [`Keyring::open`], for a secret of `N` bytes.
    ///
    /// # Errors
    /// [`Fault::Sealed`], also for another length.
    pub fn open_array<const N: usize>(&self, place: Place<'_>, sealed: &[u8]) -> Result<Secret<N>, Fault> {
        Secret::from_slice(self.open(place, sealed)?.as_bytes()).ok_or(Fault::Sealed)
    }
}

fn cipher(master: &Secret<32>, context: &[u8]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(hmac_sha256(
        master.as_bytes(),
        &[context],
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeros;
    impl Random for Zeros {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
            out.fill(0);
            Ok(())
        }
    }

    fn place(id: &str) -> Place<'_> {
        Place {
            collection: Collection("token"),
            id,
            field: "secret",
        }
    }

    #[test]
    fn opens_only_in_place_and_unchanged() {
        let key = |id, byte| SealingKey {
            id,
            key: Secret::from_bytes([byte; 32]),
        };
        let ring = Keyring::new(key(2, 2), vec![key(1, 1)]);
        let sealed = ring.seal(place("a"), b"secret", &mut Zeros).unwrap();
        assert_eq!(ring.open(place("a"), &sealed).unwrap().as_bytes(), b"secret");
        assert_eq!(ring.open(place("b"), &sealed).unwrap_err(), Fault::Sealed);
        let other = Place {
            field: "other",
            ..place("a")
        };
        assert_eq!(ring.open(other, &sealed).unwrap_err(), Fault::Sealed);
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                ring.open(place("a"), &changed).unwrap_err(),
                Fault::Sealed,
                "bit {bit}"
            );
        }
        for length in 0..sealed.len() {
            assert_eq!(
                ring.open(place("a"), &sealed[..length]).unwrap_err(),
                Fault::Sealed
            );
        }
    }

    #[test]
    fn an_older_key_still_opens() {
        let key = |id, byte| SealingKey {
            id,
            key: Secret::from_bytes([byte; 32]),
        };
        let sealed = Keyring::new(key(1, 1), Vec::new())
            .seal(place("a"), b"x", &mut Zeros)
            .unwrap();
        let rotated = Keyring::new(key(2, 2), vec![key(1, 1)]);
        assert_eq!(rotated.open(place("a"), &sealed).unwrap().as_bytes(), b"x");
        let without = Keyring::new(key(2, 2), Vec::new());
        assert_eq!(without.open(place("a"), &sealed).unwrap_err(), Fault::Sealed);
    }
}
