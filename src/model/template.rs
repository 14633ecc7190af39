//! Operation templates.

use minicbor::{Decode, Encode};

use super::codec::entity;
use super::journal::Head;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`Template`].
pub const TEMPLATE: Collection = Collection("template");
/// All templates, by number.
pub const TEMPLATES: Index = Index("templates");

/// A preset that operations are created from. Operations copy it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Template {
    /// Number, from 1.
    #[n(0)]
    pub id: u64,
    /// Unique name, immutable.
    #[n(1)]
    pub name: String,
    /// Type copied to operations; key of the localised texts.
    #[n(2)]
    pub operation_type: String,
    /// Text with placeholders.
    #[n(3)]
    pub data_template: String,
    /// Allowed factor combinations, upper-case names, in the order given.
    #[n(4)]
    pub signature_types: Vec<String>,
    /// Failed approvals after which an operation fails.
    #[n(5)]
    pub max_failure_count: u64,
    /// Lifetime of operations in seconds.
    #[n(6)]
    pub expiration: u64,
    /// Letters, each a flag.
    #[n(7)]
    pub risk_flags: Option<String>,
    /// Whether operations get a TOTP seed.
    #[n(8)]
    pub proximity_check: bool,
    /// A removed template keeps only its number, name and journal.
    #[n(9)]
    pub removed: bool,
    /// Newest journal entry.
    #[cbor(n(10), default)]
    pub journal: Head,
}

entity!(Template, TEMPLATE,
id: |it| record_id(it.id),
entries: |it| match it.removed {
    true => Vec::new(),
    false => vec![IndexEntry { index: TEMPLATES, value: Vec::new(), sort: it.id }],
});

/// Record id of template number `id`.
pub fn record_id(id: u64) -> String {
    id.to_string()
}
