//! Records of the server's own: what it must remember about a database between starts.

use countersign::store::{Collection, Corrupt, Entity, Index, IndexEntry};
use serde::{Deserialize, Serialize};

const FORMAT: u8 = 1;

/// Collection of [`Sentinel`].
pub(crate) const SENTINEL: Collection = Collection("sentinel");
/// All sentinels, under the empty value, by key number.
pub(crate) const SENTINELS: Index = Index("sentinels");

/// Proof that a master key has sealed records of this database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sentinel {
    /// Number of the key.
    pub(crate) key: u32,
    /// Sealed with it.
    pub(crate) sealed: Vec<u8>,
}

/// Collection of [`Setup`].
pub(crate) const SETUP: Collection = Collection("setup");

/// Written with the first credentials; its presence tells that they exist.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Setup {
    /// User name of the first integration.
    pub(crate) integration: String,
    /// User name of the first administrator.
    pub(crate) administrator: String,
    /// Milliseconds since the epoch.
    pub(crate) created: u64,
}

/// Collection of [`FollowMark`].
pub(crate) const FOLLOW_MARK: Collection = Collection("follow_mark");

/// The database follows an old server: nobody is served from it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FollowMark {
    /// Milliseconds since the epoch.
    pub(crate) since: u64,
}

impl FollowMark {
    pub(crate) const ID: &str = "server";
}

impl Sentinel {
    pub(crate) fn record_id(key: u32) -> String {
        format!("{key:08x}")
    }
}

impl Setup {
    pub(crate) const ID: &str = "server";
}

impl Entity for Sentinel {
    const COLLECTION: Collection = SENTINEL;

    fn id(&self) -> String {
        Self::record_id(self.key)
    }

    fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    fn decode(body: &[u8]) -> Result<Self, Corrupt> {
        decode(body)
    }

    fn entries(&self) -> Vec<IndexEntry> {
        vec![IndexEntry {
            index: SENTINELS,
            value: Vec::new(),
            sort: u64::from(self.key),
        }]
    }
}

impl Entity for Setup {
    const COLLECTION: Collection = SETUP;

    fn id(&self) -> String {
        Self::ID.to_owned()
    }

    fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    fn decode(body: &[u8]) -> Result<Self, Corrupt> {
        decode(body)
    }
}

impl Entity for FollowMark {
    const COLLECTION: Collection = FOLLOW_MARK;

    fn id(&self) -> String {
        Self::ID.to_owned()
    }

    fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    fn decode(body: &[u8]) -> Result<Self, Corrupt> {
        decode(body)
    }
}

fn encode<T: Serialize>(record: &T) -> Vec<u8> {
    let mut body = vec![FORMAT];
    // Numbers and texts into a `Vec`: cannot fail. A body that is too short would not decode.
    let written = serde_json::to_writer(&mut body, record);
    debug_assert!(written.is_ok());
    body
}

fn decode<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Corrupt> {
    match body {
        [FORMAT, rest @ ..] => serde_json::from_slice(rest).map_err(|_| Corrupt),
        _ => Err(Corrupt),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_frozen() {
        let sentinel = Sentinel {
            key: 7,
            sealed: vec![1, 255],
        };
        assert_eq!(sentinel.encode(), b"\x01{\"key\":7,\"sealed\":[1,255]}");
        assert_eq!(Sentinel::decode(&sentinel.encode()).unwrap().sealed, [1, 255]);
        let setup = Setup {
            integration: "a".to_owned(),
            administrator: "b".to_owned(),
            created: 3,
        };
        let body = b"\x01{\"integration\":\"a\",\"administrator\":\"b\",\"created\":3}";
        assert_eq!(setup.encode(), body);
        assert_eq!(Setup::decode(body).unwrap().integration, "a");
        assert_eq!(FollowMark { since: 3 }.encode(), b"\x01{\"since\":3}");
        assert_eq!(Setup::decode(b"\x02{}").unwrap_err(), Corrupt);
        assert_eq!(Setup::decode(b"").unwrap_err(), Corrupt);
    }
}
