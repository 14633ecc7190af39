//! The activation status blob (spec section 9).
//!
//! The server tells the phone the state of its activation and where its counter stands, encrypted with the transport
//! key. The blob has **no MAC**: a phone recognises it by its magic bytes, so it must send a fresh challenge and treat
//! anything unreadable as wrong keys or an attack, never as a state.
//!
//! ```text
//! phone ── challenge ──▶ server
//! phone ◀── AES-CBC(K_T, IV = KDFi(K_TIV, challenge ‖ nonce), blob), nonce ── server
//! ```

use super::counter::HashCounter;
use super::kdf;
use super::random::{Random, RandomError, bytes};
use super::secret::{Secret, ct_eq};
use super::symmetric::{ZERO_IV, decrypt_cbc_blocks, encrypt_cbc_blocks};
use thiserror::Error;

/// The blob cannot be read: wrong keys, a wrong challenge or nonce, or tampering. Deliberately without detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("unreadable status blob")]
pub struct UnreadableBlob;

/// Length of a blob in bytes.
pub const BLOB_LENGTH: usize = 32;

const MAGIC: [u8; 4] = [0xDE, 0xC0, 0xDE, 0xD1];
const STATUS_IV_KEY: u64 = 3000;
const MAX_LOOK_AHEAD: u8 = 64;

/// State of an activation as the blob encodes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlobStatus {
    /// Waiting for the key exchange.
    Created = 1,
    /// Keys exchanged, waiting for the commit.
    PendingCommit = 2,
    /// Usable.
    Active = 3,
    /// Blocked for now.
    Blocked = 4,
    /// Gone for good.
    Removed = 5,
}

impl BlobStatus {
    /// Reads the number of the blob; 1 to 5.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Created,
            2 => Self::PendingCommit,
            3 => Self::Active,
            4 => Self::Blocked,
            5 => Self::Removed,
            _ => return None,
        })
    }

    /// The number of the blob.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Created => 1,
            Self::PendingCommit => 2,
            Self::Active => 3,
            Self::Blocked => 4,
            Self::Removed => 5,
        }
    }
}

/// Content of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusBlob {
    /// State of the activation.
    pub status: BlobStatus,
    /// Protocol generation of the activation, 2 or 3.
    pub current_version: u8,
    /// Highest generation the server supports.
    pub upgrade_version: u8,
    /// Low byte of the numeric counter.
    pub counter_byte: u8,
    /// Failed attempts so far.
    pub failed_attempts: u8,
    /// Failed attempts at which the activation is blocked.
    pub max_failed_attempts: u8,
    /// Look-ahead window, 1 to 64.
    pub look_ahead: u8,
    /// [`HashCounter::digest`] of the server's counter; zeros for a version 2 activation without one.
    pub counter_digest: [u8; 16],
}

impl StatusBlob {
    /// The plain 32 bytes, with the given reserved bytes (offset 7 to 11).
    #[must_use]
    pub fn to_bytes(&self, reserved: [u8; 5]) -> [u8; BLOB_LENGTH] {
        let mut out = [0; BLOB_LENGTH];
        out[..4].copy_from_slice(&MAGIC);
        out[4..7].copy_from_slice(&[self.status.to_byte(), self.current_version, self.upgrade_version]);
        out[7..12].copy_from_slice(&reserved);
        out[12..16].copy_from_slice(&[
            self.counter_byte,
            self.failed_attempts,
            self.max_failed_attempts,
            self.look_ahead,
        ]);
        out[16..].copy_from_slice(&self.counter_digest);
        out
    }

    /// Reads and checks the plain bytes as a phone must (spec 9.4).
    ///
    /// # Errors
    /// [`UnreadableBlob`] for a wrong length, magic, state or window.
    pub fn from_bytes(plain: &[u8]) -> Result<Self, UnreadableBlob> {
        let blob = Self::from_bytes_any_window(plain)?;
        if (1..=MAX_LOOK_AHEAD).contains(&blob.look_ahead) {
            Ok(blob)
        } else {
            Err(UnreadableBlob)
        }
    }

    fn from_bytes_any_window(plain: &[u8]) -> Result<Self, UnreadableBlob> {
        let plain: &[u8; BLOB_LENGTH] = plain.try_into().map_err(|_| UnreadableBlob)?;
        let [
            m0,
            m1,
            m2,
            m3,
            status,
            current_version,
            upgrade_version,
            _,
            _,
            _,
            _,
            _,
            tail @ ..,
        ] = *plain;
        let [
            counter_byte,
            failed_attempts,
            max_failed_attempts,
            look_ahead,
            counter_digest @ ..,
        ] = tail;
        if [m0, m1, m2] != [MAGIC[0], MAGIC[1], MAGIC[2]] || !(0xD1..=0xDF).contains(&m3) {
            return Err(UnreadableBlob);
        }
        Ok(Self {
            status: BlobStatus::from_byte(status).ok_or(UnreadableBlob)?,
            current_version,
            upgrade_version,
            counter_byte,
            failed_attempts,
            max_failed_attempts,
            look_ahead,
            counter_digest,
        })
    }

    /// Encrypts for a phone that sent a challenge (3.1 and newer). `rng` fills the reserved bytes.
    ///
    /// # Errors
    /// [`RandomError`] when the source fails.
    pub fn encrypt(
        &self,
        transport: &Secret<16>,
        challenge: &[u8; 16],
        nonce: &[u8; 16],
        rng: &mut dyn Random,
    ) -> Result<[u8; BLOB_LENGTH], RandomError> {
        let plain = self.to_bytes(bytes(rng)?);
        Ok(encrypt_blob(transport, &iv(transport, challenge, nonce), &plain))
    }

    /// Encrypts for a phone that sent no challenge (2.x, 3.0): zero IV; counter, window and digest are random.
    ///
    /// # Errors
    /// [`RandomError`] when the source fails.
    pub fn encrypt_legacy(
        &self,
        transport: &Secret<16>,
        rng: &mut dyn Random,
    ) -> Result<[u8; BLOB_LENGTH], RandomError> {
        let [counter_byte, look_ahead] = bytes(rng)?;
        let masked = Self {
            counter_byte,
            look_ahead,
            counter_digest: bytes(rng)?,
            ..self.clone()
        };
        Ok(encrypt_blob(transport, &ZERO_IV, &masked.to_bytes(bytes(rng)?)))
    }

    /// Decrypts and checks a blob that answers a challenge.
    ///
    /// # Errors
    /// [`UnreadableBlob`] when it is not a blob under these keys.
    pub fn decrypt(
        transport: &Secret<16>,
        challenge: &[u8; 16],
        nonce: &[u8; 16],
        encrypted: &[u8],
    ) -> Result<Self, UnreadableBlob> {
        Self::from_bytes(&decrypt_blob(
            transport,
            &iv(transport, challenge, nonce),
            encrypted,
        )?)
    }

    /// Decrypts a blob that was asked for without a challenge. Its counter byte, window and counter digest are noise.
    ///
    /// # Errors
    /// [`UnreadableBlob`] when it is not a blob under this key.
    pub fn decrypt_legacy(transport: &Secret<16>, encrypted: &[u8]) -> Result<Self, UnreadableBlob> {
        Self::from_bytes_any_window(&decrypt_blob(transport, &ZERO_IV, encrypted)?)
    }
}

/// What the server answers about an activation that does not exist or never had a device key: noise.
///
/// # Errors
/// [`RandomError`] when the source fails.
pub fn random_blob(rng: &mut dyn Random) -> Result<[u8; BLOB_LENGTH], RandomError> {
    bytes(rng)
}

/// The initialisation vector: `KDFi(K_TIV, challenge ‖ nonce)`.
#[must_use]
pub fn iv(transport: &Secret<16>, challenge: &[u8; 16], nonce: &[u8; 16]) -> [u8; 16] {
    let key = kdf::derive(transport, STATUS_IV_KEY);
    let mut data = [0; 32];
    data[..16].copy_from_slice(challenge);
    data[16..].copy_from_slice(nonce);
    *kdf::derive_internal(key.as_bytes(), &data).as_bytes()
}

fn encrypt_blob(transport: &Secret<16>, iv: &[u8; 16], plain: &[u8; BLOB_LENGTH]) -> [u8; BLOB_LENGTH] {
    let mut out = [0; BLOB_LENGTH];
    // Two whole blocks always encrypt to two blocks.
    if let Ok(encrypted) = encrypt_cbc_blocks(transport, iv, plain)
        && encrypted.len() == BLOB_LENGTH
    {
        out.copy_from_slice(&encrypted);
    }
    out
}

fn decrypt_blob(
    transport: &Secret<16>,
    iv: &[u8; 16],
    encrypted: &[u8],
) -> Result<[u8; BLOB_LENGTH], UnreadableBlob> {
    let plain = decrypt_cbc_blocks(transport, iv, encrypted).map_err(|_| UnreadableBlob)?;
    plain.as_bytes().try_into().map_err(|_| UnreadableBlob)
}

/// What a phone has to do about its counter after it read a blob (spec 9.4).
#[derive(Debug, Clone)]
pub enum CounterSync {
    /// Nothing.
    InSync,
    /// The local counter byte was not known and the counters agree: store the received byte.
    StoreByte(u8),
    /// The local counter byte is not known and the counters differ: wait for the next signature.
    Wait,
    /// The phone is ahead, within the window.
    ClientAhead {
        /// More than half of the window is used up: compute a signature soon.
        sign_soon: bool,
    },
    /// The server is ahead: adopt its counter and byte.
    ServerAhead {
        /// The value to store.
        counter: HashCounter,
        /// The counter byte to store.
        byte: u8,
    },
    /// The counters can never meet again; the activation is unusable.
    Deadlock,
}

/// Number of hash steps from `local` to the value with the given digest, searched over `window` values.
#[must_use]
pub fn counter_distance(
    local: &HashCounter,
    transport: &Secret<16>,
    digest: &[u8; 16],
    window: u8,
) -> Option<(u8, HashCounter)> {
    let mut counter = local.clone();
    for steps in 0..window {
        if ct_eq(&counter.digest(transport), digest) {
            return Some((steps, counter));
        }
        counter.advance();
    }
    None
}

/// Compares the phone's counter with the blob (version 3 only). `local_byte` is `None` while it is not known.
#[must_use]
pub fn synchronise(
    local: &HashCounter,
    local_byte: Option<u8>,
    transport: &Secret<16>,
    blob: &StatusBlob,
) -> CounterSync {
    let window = i16::from(blob.look_ahead);
    let found = counter_distance(local, transport, &blob.counter_digest, blob.look_ahead);
    let Some(local_byte) = local_byte else {
        return match found {
            Some((0, _)) => CounterSync::StoreByte(blob.counter_byte),
            _ => CounterSync::Wait,
        };
    };
    let ahead = byte_distance(local_byte, blob.counter_byte);
    match found {
        Some((0, _)) if ahead == 0 => CounterSync::InSync,
        None if ahead > window => CounterSync::Deadlock,
        None if ahead > 0 => CounterSync::ClientAhead {
            sign_soon: ahead > window / 2,
        },
        Some((steps, counter)) if -ahead == i16::from(steps) => CounterSync::ServerAhead {
            counter,
            byte: blob.counter_byte,
        },
        _ => CounterSync::Deadlock,
    }
}

/// `local − received` modulo 256 with the smallest absolute value; exactly half way stays the plain difference.
fn byte_distance(local: u8, received: u8) -> i16 {
    let plain = i16::from(local) - i16::from(received);
    match plain {
        129.. => plain - 256,
        ..=-129 => plain + 256,
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(server: &HashCounter, transport: &Secret<16>, byte: u8) -> StatusBlob {
        StatusBlob {
            status: BlobStatus::Active,
            current_version: 3,
            upgrade_version: 3,
            counter_byte: byte,
            failed_attempts: 1,
            max_failed_attempts: 5,
            look_ahead: 20,
            counter_digest: server.digest(transport),
        }
    }

    fn steps(start: &HashCounter, n: usize) -> HashCounter {
        (0..n).fold(start.clone(), |counter, _| counter.next())
    }

    #[test]
    fn byte_distance_wraps() {
        for (local, received, expected) in [
            (5, 5, 0),
            (0, 255, 1),
            (255, 0, -1),
            (200, 72, 128),
            (72, 200, -128),
            (73, 200, -127),
            (0, 129, 127),
        ] {
            assert_eq!(byte_distance(local, received), expected, "{local} {received}");
        }
    }

    #[test]
    fn synchronisation_table() {
        let transport = Secret::from_bytes([4; 16]);
        let start = HashCounter::from_bytes([9; 16]);
        // (server steps, server byte, phone steps, phone byte) from a common start.
        let run = |server: usize, server_byte: u8, phone: usize, phone_byte: Option<u8>| {
            let blob = blob(&steps(&start, server), &transport, server_byte);
            synchronise(&steps(&start, phone), phone_byte, &transport, &blob)
        };
        assert!(matches!(run(3, 3, 3, Some(3)), CounterSync::InSync));
        assert!(matches!(run(3, 3, 3, None), CounterSync::StoreByte(3)));
        assert!(matches!(run(3, 3, 1, None), CounterSync::Wait));
        assert!(matches!(
            run(0, 0, 1, Some(1)),
            CounterSync::ClientAhead { sign_soon: false }
        ));
        assert!(matches!(
            run(0, 0, 10, Some(10)),
            CounterSync::ClientAhead { sign_soon: false }
        ));
        assert!(matches!(
            run(0, 0, 11, Some(11)),
            CounterSync::ClientAhead { sign_soon: true }
        ));
        assert!(matches!(
            run(0, 0, 20, Some(20)),
            CounterSync::ClientAhead { sign_soon: true }
        ));
        assert!(matches!(run(0, 0, 21, Some(21)), CounterSync::Deadlock));
        assert!(matches!(
            run(19, 19, 0, Some(0)),
            CounterSync::ServerAhead { byte: 19, .. }
        ));
        assert!(matches!(run(20, 20, 0, Some(0)), CounterSync::Deadlock));
        assert!(matches!(
            run(2, 1, 0, Some(255)),
            CounterSync::ServerAhead { byte: 1, .. }
        ));
        assert!(matches!(run(2, 3, 0, Some(0)), CounterSync::Deadlock));
        assert!(matches!(run(3, 4, 3, Some(3)), CounterSync::Deadlock));
    }
}
