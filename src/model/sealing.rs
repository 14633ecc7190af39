//! The keys that seal secrets in records, wrapped; and the work of replacing one.
//!
//! ```text
//!   asked for ──▶ added (every process learns it) ──▶ current ──▶ replaced ──▶ unused ──▶ (removed)
//!                                                            records are sealed anew
//! ```

use minicbor::{Decode, Encode};

use super::codec::entity;
use super::journal::Head;
use crate::store::Collection;

/// Collection of [`SealingKeys`].
pub const SEALING_KEYS: Collection = Collection("sealing_keys");
/// Collection of [`Resealing`].
pub const RESEALING: Collection = Collection("resealing");

/// Id of the only record of either collection.
pub const ONLY: &str = "1";

/// Which keys there are. Whoever seals a secret has read this record, so that none is sealed with a key
/// that was replaced in between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SealingKeys {
    /// By number.
    #[n(0)]
    pub keys: Vec<WrappedKey>,
    /// Number of the key that seals.
    #[n(1)]
    pub current: u32,
    /// The key that will seal once every process has learned it.
    #[n(2)]
    pub next: Option<u32>,
    /// When a new key was asked for that nobody has made yet.
    #[n(3)]
    pub asked: Option<u64>,
    /// Newest entry of their journal.
    #[n(4)]
    pub journal: Head,
}

/// A key under another one, which its keeper has.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WrappedKey {
    /// Written into everything it seals; never given to another key.
    #[n(0)]
    pub id: u32,
    /// Of the keeper's own form.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub wrapped: Vec<u8>,
    /// When it was added.
    #[n(2)]
    pub added: u64,
    /// Whether every record was looked at since it was replaced, and none needs it any more.
    #[n(3)]
    pub unused: bool,
}

entity!(SealingKeys, SEALING_KEYS, id: |_| ONLY.to_owned());

impl SealingKeys {
    /// The key with this number.
    pub fn key(&self, id: u32) -> Option<&WrappedKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Whether a change of keys is under way.
    pub fn is_changing(&self) -> bool {
        self.asked.is_some()
            || self.next.is_some()
            || self.keys.iter().any(|key| key.id != self.current && !key.unused)
    }
}

/// How far the sealing anew has come. Its own record, so that it is in nobody's way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Resealing {
    /// The key that everything is sealed with in the end.
    #[n(0)]
    pub key: u32,
    /// Position in the list of collections.
    #[n(1)]
    pub collection: u32,
    /// Id of the last record done in it.
    #[n(2)]
    pub after: Option<String>,
    /// Records looked at.
    #[n(3)]
    pub seen: u64,
    /// Records sealed anew.
    #[n(4)]
    pub resealed: u64,
    /// Records with a secret that no known key opens.
    #[n(5)]
    pub unreadable: u64,
    /// Who works on it.
    #[n(6)]
    pub worker: u64,
    /// Until when nobody else does.
    #[n(7)]
    pub leased_until: u64,
    /// When the last record was done.
    #[n(8)]
    pub finished: Option<u64>,
}

entity!(Resealing, RESEALING, id: |_| ONLY.to_owned());
