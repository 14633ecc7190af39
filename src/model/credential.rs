//! Credentials of callers. Only hashes are stored.

use minicbor::{Decode, Encode};

use super::codec::entity;
use crate::store::Collection;

/// Collection of [`Credential`].
pub const CREDENTIAL: Collection = Collection("credential");

/// What a credential opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Grant {
    /// The server API.
    #[n(0)]
    Integration,
    /// Administration.
    #[n(1)]
    Administrator,
    /// The cloud API of one application.
    #[n(2)]
    Application,
}

/// A user name with the hash of its secret.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Credential {
    /// User name (for integrations the client token).
    #[n(0)]
    pub user: String,
    /// Salted SHA-256 of a secret with at least 122 random bits, 16 + 32 bytes; empty once it is removed.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: Vec<u8>,
    /// What it opens.
    #[n(2)]
    pub grant: Grant,
    /// Displayed name.
    #[n(3)]
    pub name: String,
    /// The application, for [`Grant::Application`].
    #[n(4)]
    pub application: Option<String>,
    /// Creation.
    #[n(5)]
    pub created: u64,
    /// Set once it is removed: when the tombstone may vanish.
    #[n(6)]
    pub removed_until: Option<u64>,
}

entity!(Credential, CREDENTIAL, id: |it| it.user.clone(), expires_at: |it| it.removed_until);
