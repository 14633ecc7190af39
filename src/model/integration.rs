//! Integrations: back ends that may call the server API.
//!
//! How they authenticate is a [`Credential`](super::credential::Credential) under their token. The record of an
//! integration outlives its removal, because its journal ends in it.

use minicbor::{Decode, Encode};

use super::codec::entity;
use super::journal::Head;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`Integration`].
pub const INTEGRATION: Collection = Collection("integration");
/// Integrations that were not removed, by creation.
pub const INTEGRATIONS: Index = Index("integrations");

/// A back end.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Integration {
    /// UUID.
    #[n(0)]
    pub id: String,
    /// Displayed name; need not be unique.
    #[n(1)]
    pub name: String,
    /// Client token: the user name of its credential.
    #[n(2)]
    pub token: String,
    /// Creation.
    #[n(3)]
    pub created: u64,
    /// Removal.
    #[n(4)]
    pub removed: Option<u64>,
    /// Newest entry of its journal.
    #[n(5)]
    pub journal: Head,
}

entity!(Integration, INTEGRATION,
id: |it| it.id.clone(),
entries: |it| match it.removed {
    None => vec![IndexEntry { index: INTEGRATIONS, value: Vec::new(), sort: it.created }],
    Some(_) => Vec::new(),
});
