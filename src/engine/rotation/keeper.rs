//! Who keeps the key that wraps the sealing keys.

use std::sync::Arc;

use crate::crypto::secret::Secret;
use crate::engine::seal::sealed_with;
use crate::engine::{Draw, Keyring, Place};
use crate::model::sealing::SEALING_KEYS;
use crate::store::{Fut, Host};

/// Why a key could not be wrapped or unwrapped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeeperError {
    /// The keeper has not, or does not give, the key that wrapped it; trying again does not help.
    #[error("the key that wraps the sealing keys is missing or another one")]
    Refused,
    /// The keeper cannot be reached at the moment. The text is shown to operators.
    #[error("the keeper of the master key cannot be reached: {0}")]
    Unavailable(String),
}

/// Wraps and unwraps sealing keys with a master key of its own: a file ([`LocalKeeper`]), a KMS, an HSM.
///
/// It is asked outside of decisions, at the start of a process and when a key is new, never for a
/// request; so it may be slow, or away for a while. What it unwraps stays in the memory of the process.
pub trait Keeper: Send + Sync {
    /// Wraps `key`. `id`, its number, has to be given again to unwrap it.
    fn wrap<'a>(&'a self, id: u32, key: &'a Secret<32>) -> Fut<'a, Result<Vec<u8>, KeeperError>>;

    /// The key that [`Keeper::wrap`] has wrapped under this number.
    fn unwrap<'a>(&'a self, id: u32, wrapped: &'a [u8]) -> Fut<'a, Result<Secret<32>, KeeperError>>;

    /// Whether the master key that is used for wrapping now has wrapped it; otherwise it is wrapped anew.
    fn is_current(&self, wrapped: &[u8]) -> bool {
        let _ = wrapped;
        true
    }
}

/// A master key in the process, as from a file, with older ones that still unwrap.
#[derive(Clone)]
pub struct LocalKeeper {
    masters: Keyring,
    current: u32,
    host: Arc<dyn Host>,
}

impl std::fmt::Debug for LocalKeeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalKeeper")
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}

impl LocalKeeper {
    /// Wraps with the key of `masters` that seals, unwraps with any. `host` gives randomness. None when
    /// `masters` are not keys of the host's.
    pub fn new(masters: Keyring, host: Arc<dyn Host>) -> Option<Self> {
        let current = masters.given_id()?;
        Some(Self {
            masters,
            current,
            host,
        })
    }

    /// Number of the master key that has wrapped it.
    pub fn master_of(wrapped: &[u8]) -> Option<u32> {
        sealed_with(wrapped)
    }
}

fn place(id: &str) -> Place<'_> {
    Place {
        collection: SEALING_KEYS,
        id,
        field: "key",
    }
}

impl Keeper for LocalKeeper {
    fn wrap<'a>(&'a self, id: u32, key: &'a Secret<32>) -> Fut<'a, Result<Vec<u8>, KeeperError>> {
        Box::pin(async move {
            let id = id.to_string();
            let mut rng = Draw(&*self.host);
            let sealed = self
                .masters
                .seal_with(self.current, place(&id), key.as_bytes(), &mut rng);
            sealed.map_err(|fault| KeeperError::Unavailable(fault.to_string()))
        })
    }

    fn unwrap<'a>(&'a self, id: u32, wrapped: &'a [u8]) -> Fut<'a, Result<Secret<32>, KeeperError>> {
        Box::pin(async move {
            let id = id.to_string();
            let key = self.masters.open_array(place(&id), wrapped);
            key.map_err(|_| KeeperError::Refused)
        })
    }

    fn is_current(&self, wrapped: &[u8]) -> bool {
        sealed_with(wrapped) == Some(self.current)
    }
}
