//! Applications (tenants), their versions and master key pairs.

use minicbor::{Decode, Encode};

use super::codec::entity;
use super::journal::Head;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`Application`].
pub const APPLICATION: Collection = Collection("application");
/// Collection of [`ApplicationVersion`].
pub const APPLICATION_VERSION: Collection = Collection("application_version");
/// All applications, by creation.
pub const APPLICATIONS: Index = Index("applications");

/// Longest identifier of an application, in bytes: other records have it in theirs, with up to 28 more
/// (entries of its journal, activation codes), and that is limited, see [`MAX_ID`](crate::store::port::MAX_ID).
pub const MAX_APPLICATION_ID: usize = 220;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Application {
    /// The caller's identifier.
    #[n(0)]
    pub id: String,
    /// Roles, handed to callers with each verification.
    #[n(1)]
    pub roles: Vec<String>,
    /// Master key pairs, newest last.
    #[n(2)]
    pub master_keys: Vec<MasterKey>,
    /// Its versions in order of creation.
    #[n(3)]
    pub versions: Vec<VersionRef>,
    /// Creation.
    #[n(4)]
    pub created: u64,
    /// Newest entry of its journal.
    #[n(5)]
    pub journal: Head,
    /// Whether the cloud API refuses a new registration of a user while another one is in progress.
    #[cbor(n(6), default)]
    pub single_device: bool,
    /// User names of its credentials for the cloud API, oldest first.
    #[cbor(n(7), default)]
    pub credentials: Vec<String>,
    /// Whether the devices of a user get a push message about each new operation.
    #[cbor(n(8), default)]
    pub operation_push: bool,
}

/// A P-256 pair of an application.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct MasterKey {
    /// 65 bytes, uncompressed point.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub public: Vec<u8>,
    /// Sealed private scalar.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub private: Vec<u8>,
    /// Creation.
    #[n(2)]
    pub created: u64,
}

/// Name and key of a version; the record itself is found by the key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct VersionRef {
    /// The caller's identifier, unique in the application.
    #[n(0)]
    pub id: String,
    /// Its application key.
    #[n(1)]
    pub key: String,
}

entity!(Application, APPLICATION,
    id: |it| it.id.clone(),
    entries: |it| vec![IndexEntry { index: APPLICATIONS, value: Vec::new(), sort: it.created }]);

impl Application {
    /// The pair in use.
    pub fn master_key(&self) -> Option<&MasterKey> {
        self.master_keys.last()
    }

    /// The version called `id`.
    pub fn version(&self, id: &str) -> Option<&VersionRef> {
        self.versions.iter().find(|version| version.id == id)
    }
}

/// A version of a mobile app, found by its application key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ApplicationVersion {
    /// Base64 of 16 bytes; public, used as text.
    #[n(0)]
    pub key: String,
    /// The application it belongs to.
    #[n(1)]
    pub application: String,
    /// The caller's identifier.
    #[n(2)]
    pub id: String,
    /// Sealed application secret (Base64 text of 16 bytes).
    #[cbor(n(3), with = "minicbor::bytes")]
    pub secret: Vec<u8>,
    /// Whether phones with this version are served.
    #[n(4)]
    pub supported: bool,
    /// Roles of the application, copied, so that a verification need not read it. None in the records of older versions of
    /// this library, and behind the first [`COPIES`] versions of an application.
    #[n(5)]
    pub roles: Option<Vec<String>>,
}

/// Versions of an application that have a copy of its roles: those that can be written in one batch.
pub const COPIES: usize = 100;

entity!(ApplicationVersion, APPLICATION_VERSION, id: |it| it.key.clone());
