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

use std::sync::{Arc, OnceLock};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};

use super::memo::Memo;
use crate::crypto::hmac::HmacKey;
use crate::crypto::random::Random;
use crate::crypto::secret::{Secret, SecretVec};
use crate::model::sealing::{ONLY, SealingKeys};
use crate::store::{Collection, Fault, Halt, Tx};

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

/// The keys a process knows.
///
/// With keys that the host gives, one seals and all open. With keys in the store
/// ([`SealingKeys`]), the record says which one seals, and more are
/// learned while the process runs. Clones share what they learn.
#[derive(Clone, Debug)]
pub struct Keyring {
    given: Option<u32>,
    keys: Arc<Link>,
    /// Of few places that are opened all day: what was sealed there, and what it is.
    opened: Memo<(Vec<u8>, SecretVec)>,
}

/// A list that only grows, so that decisions read it without a lock.
#[derive(Debug)]
struct Link {
    key: SealingKey,
    /// The same key, absorbed: each secret has a key of its own, derived with it.
    mac: HmacKey,
    next: OnceLock<Box<Link>>,
}

impl Link {
    fn last(key: SealingKey) -> Self {
        Self {
            mac: HmacKey::new(key.key.as_bytes()),
            key,
            next: OnceLock::new(),
        }
    }
}

/// A number was given to another key before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is another key with this number")]
pub struct AnotherKey;

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
    /// Keys of the host's: seals with `current`, opens with any.
    pub fn new(current: SealingKey, older: Vec<SealingKey>) -> Self {
        let given = Some(current.id);
        let ring = Self {
            given,
            keys: Arc::new(Link::last(current)),
            opened: Memo::default(),
        };
        for key in older {
            // The first of two with one number counts.
            let _ = ring.learn(key);
        }
        ring
    }

    /// Keys of the store, of which one is known.
    pub fn of_store(known: SealingKey) -> Self {
        Self {
            given: None,
            keys: Arc::new(Link::last(known)),
            opened: Memo::default(),
        }
    }

    /// Number of the key of the host's that seals; none when the store says which one.
    pub fn given_id(&self) -> Option<u32> {
        self.given
    }

    /// Knows `key` from now on.
    ///
    /// # Errors
    /// When another key has its number.
    pub fn learn(&self, key: SealingKey) -> Result<(), AnotherKey> {
        let mut link = &*self.keys;
        let mut new = Box::new(Link::last(key));
        loop {
            if link.key.id == new.key.id {
                let same = link.key.key.ct_eq(&new.key.key);
                return if same { Ok(()) } else { Err(AnotherKey) };
            }
            match link.next.set(new) {
                Ok(()) => return Ok(()),
                Err(back) => new = back,
            }
            let Some(next) = link.next.get() else {
                return Err(AnotherKey);
            };
            link = next;
        }
    }

    /// Whether the key with this number is known.
    pub fn knows(&self, id: u32) -> bool {
        self.key(id).is_some()
    }

    /// The absorbed key with this number.
    fn key(&self, id: u32) -> Option<&HmacKey> {
        let mut all = std::iter::successors(Some(&*self.keys), |link| link.next.get().map(|next| &**next));
        all.find(|link| link.key.id == id).map(|link| &link.mac)
    }

    /// Number of the key that seals now. Nothing sealed with it is committed once another one seals.
    pub(crate) fn current(&self, tx: &mut Tx<'_>) -> Result<u32, Halt> {
        match self.given {
            Some(id) => Ok(id),
            None => match tx.get::<SealingKeys>(ONLY)? {
                Some(keys) => Ok(keys.current),
                None => Err(Fault::Sealed.into()),
            },
        }
    }

    /// Announces what [`Keyring::seal`] will read, so that one read brings it with the rest.
    pub(crate) fn announce(&self, tx: &mut Tx<'_>) {
        if self.given.is_none() {
            tx.want::<SealingKeys>(ONLY);
        }
    }

    /// Seals `secret` for `place` with the key that seals now.
    pub(crate) fn seal(&self, place: Place<'_>, secret: &[u8], tx: &mut Tx<'_>) -> Result<Vec<u8>, Halt> {
        let id = self.current(tx)?;
        let sealed = self.seal_with(id, place, secret, tx);
        sealed.map_err(Halt::Fault)
    }

    /// Seals `secret` for `place` with the key number `id`.
    ///
    /// # Errors
    /// [`Fault::Sealed`] when that key is not known, [`Fault::Entropy`] when the generator fails.
    pub fn seal_with(
        &self,
        id: u32,
        place: Place<'_>,
        secret: &[u8],
        rng: &mut dyn Random,
    ) -> Result<Vec<u8>, Fault> {
        let key = self.key(id).ok_or(Fault::Sealed)?;
        let mut nonce = [0; NONCE];
        rng.fill(&mut nonce).map_err(|_| Fault::Entropy)?;
        let context = place.context();
        let payload = Payload {
            msg: secret,
            aad: &context,
        };
        // Fails only for messages beyond 64 GiB.
        let text = cipher(key, &context)
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Fault::Sealed)?;
        let mut sealed = Vec::with_capacity(HEADER + text.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&id.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// Opens what [`Keyring::seal_with`] made for the same place.
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
        let key = self.key(id).ok_or(Fault::Sealed)?;
        let context = place.context();
        let payload = Payload {
            msg: text,
            aad: &context,
        };
        let secret = cipher(key, &context).decrypt(&Nonce::from(nonce), payload);
        secret.map(SecretVec::from_vec).map_err(|_| Fault::Sealed)
    }

    /// As [`Keyring::open`], for one of few secrets that nearly every decision needs: it stays in memory, opened.
    pub(crate) fn open_often(&self, place: Place<'_>, sealed: &[u8]) -> Result<SecretVec, Fault> {
        let context = place.context();
        if let Some((_, secret)) = self.opened.recall(&context).filter(|(known, _)| known == sealed) {
            return Ok(secret);
        }
        let secret = self.open(place, sealed)?;
        self.opened.keep(&context, (sealed.to_vec(), secret.clone()));
        Ok(secret)
    }

    /// As [`Keyring::open`], for a secret of `N` bytes.
    ///
    /// # Errors
    /// [`Fault::Sealed`], also for another length.
    pub fn open_array<const N: usize>(&self, place: Place<'_>, sealed: &[u8]) -> Result<Secret<N>, Fault> {
        Secret::from_slice(self.open(place, sealed)?.as_bytes()).ok_or(Fault::Sealed)
    }
}

/// Number of the key that made `sealed`; none for what is not sealed.
pub fn sealed_with(sealed: &[u8]) -> Option<u32> {
    match sealed {
        [FORMAT, a, b, c, d, ..] => Some(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}

fn cipher(key: &HmacKey, context: &[u8]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(key.mac(&[context])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::random::RandomError;

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
        let sealed = ring.seal_with(2, place("a"), b"secret", &mut Zeros).unwrap();
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
            .seal_with(1, place("a"), b"x", &mut Zeros)
            .unwrap();
        let rotated = Keyring::new(key(2, 2), vec![key(1, 1)]);
        assert_eq!(rotated.open(place("a"), &sealed).unwrap().as_bytes(), b"x");
        let without = Keyring::new(key(2, 2), Vec::new());
        assert_eq!(without.open(place("a"), &sealed).unwrap_err(), Fault::Sealed);
    }

    #[test]
    fn keys_are_learned_once() {
        let key = |id, byte| SealingKey {
            id,
            key: Secret::from_bytes([byte; 32]),
        };
        let ring = Keyring::of_store(key(1, 1));
        let clone = ring.clone();
        assert_eq!(ring.learn(key(2, 2)), Ok(()));
        assert_eq!(clone.learn(key(2, 2)), Ok(()));
        assert_eq!(clone.learn(key(2, 3)), Err(AnotherKey));
        assert_eq!(ring.learn(key(1, 2)), Err(AnotherKey));
        assert!(clone.knows(1) && clone.knows(2) && !clone.knows(3));
        let sealed = clone.seal_with(2, place("a"), b"x", &mut Zeros).unwrap();
        assert_eq!(sealed_with(&sealed), Some(2));
        assert_eq!(ring.open(place("a"), &sealed).unwrap().as_bytes(), b"x");
        assert_eq!(
            ring.seal_with(3, place("a"), b"x", &mut Zeros),
            Err(Fault::Sealed)
        );
    }
}
