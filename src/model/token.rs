//! MAC tokens.

use minicbor::{Decode, Encode};

use super::codec::entity;
use crate::store::Collection;

/// Collection of [`Token`].
pub const TOKEN: Collection = Collection("token");

/// A token of an activation. Its validity follows from the activation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Token {
    /// UUID.
    #[n(0)]
    pub id: String,
    /// The activation.
    #[n(1)]
    pub activation: String,
    /// Sealed secret, 16 bytes; empty once the token is removed.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub secret: Vec<u8>,
    /// Factors that created it, upper-case name.
    #[n(3)]
    pub signature_type: String,
    /// Creation.
    #[n(4)]
    pub created: u64,
    /// Set once it is removed: when the tombstone may vanish.
    #[n(5)]
    pub removed_until: Option<u64>,
}

entity!(Token, TOKEN, id: |it| it.id.clone(), expires_at: |it| it.removed_until);
