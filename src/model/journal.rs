//! The journal: history, signature audit and events of one subject, each entry chained to the one
//! before, so that a changed, missing or reordered entry shows.

use minicbor::{Decode, Encode};

use super::activation::ActivationStatus;
use super::codec::entity;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`Entry`].
pub const JOURNAL: Collection = Collection("journal");
/// History of an activation, by time.
pub const HISTORY: Index = Index("history");
/// Signature audit of a user, by time.
pub const SIGNATURES: Index = Index("signatures");
/// Notes in the journals of a user's activations, by time.
pub const ACTIVATION_NOTES: Index = Index("activation_notes");
/// Operation audit of a user, by time.
pub const OPERATION_AUDIT: Index = Index("operation_audit");

/// Newest entry of a subject's journal; kept in the subject's own record, which every change of it
/// rewrites, so that no entry can be dropped from the end unnoticed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Head {
    /// Number of entries so far.
    #[n(0)]
    pub length: u64,
    /// SHA-256 of the newest entry's body; empty before the first.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: Vec<u8>,
}

/// Whose journal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Subject {
    /// Activation id.
    #[n(0)]
    Activation(#[n(0)] String),
    /// Operation id.
    #[n(1)]
    Operation(#[n(0)] String),
    /// Application id.
    #[n(2)]
    Application(#[n(0)] String),
    /// Record id of a recovery code.
    #[n(3)]
    Recovery(#[n(0)] String),
    /// Integration id.
    #[n(4)]
    Integration(#[n(0)] String),
    /// Record id of an operation template.
    #[n(5)]
    Template(#[n(0)] String),
    /// Digest of a type of operations: its texts.
    #[n(6)]
    OperationTexts(#[n(0)] String),
    /// Record id of the sealing keys.
    #[n(7)]
    SealingKeys(#[n(0)] String),
}

impl Subject {
    /// Letter of its kind and its id.
    pub(crate) fn prefix(&self) -> (char, &str) {
        match self {
            Self::Activation(id) => ('a', id),
            Self::Operation(id) => ('o', id),
            Self::Application(id) => ('t', id),
            Self::Recovery(id) => ('r', id),
            Self::Template(id) => ('p', id),
            Self::Integration(id) => ('i', id),
            Self::OperationTexts(id) => ('x', id),
            Self::SealingKeys(id) => ('k', id),
        }
    }

    /// Record id of entry number `number` (the first is 0).
    pub fn entry_id(&self, number: u64) -> String {
        let (kind, id) = self.prefix();
        format!("{kind}/{id}/{number:012x}")
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// Whose.
    #[n(0)]
    pub subject: Subject,
    /// Position, from 0.
    #[n(1)]
    pub number: u64,
    /// [`Head::hash`] before this entry.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub previous: Vec<u8>,
    /// When.
    #[n(3)]
    pub at: u64,
    /// Number shown by APIs: time-ordered, below 2^53.
    #[n(4)]
    pub public_id: u64,
    /// What.
    #[n(5)]
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// The state, name, OTP or version of an activation changed.
    #[n(0)]
    History(#[n(0)] History),
    /// A signature was verified.
    #[n(1)]
    Signature(#[n(0)] Box<Signature>),
    /// Something else; parameters as JSON text without secrets.
    #[n(2)]
    Note(#[n(0)] Note),
}

/// A line of an activation's history.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct History {
    /// State after the change.
    #[n(0)]
    pub status: ActivationStatus,
    /// Why.
    #[n(1)]
    pub reason: Option<String>,
    /// Who, as named by the caller.
    #[n(2)]
    pub external_user: Option<String>,
    /// Name of the activation.
    #[n(3)]
    pub name: Option<String>,
    /// Protocol version of the activation.
    #[n(4)]
    pub version: Option<u8>,
}

/// A line of the signature audit. Values are those before the attempt.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Signature {
    /// The user.
    #[n(0)]
    pub user: String,
    /// The application.
    #[n(1)]
    pub application: String,
    /// Numeric counter.
    #[n(2)]
    pub counter: u64,
    /// CTR_DATA, 16 bytes, or nothing.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub counter_data: Option<Vec<u8>>,
    /// State of the activation.
    #[n(4)]
    pub status: ActivationStatus,
    /// Key and value pairs.
    #[n(5)]
    pub additional: Vec<(String, String)>,
    /// Signed text without the application secret.
    #[n(6)]
    pub data: String,
    /// Factors, upper-case name.
    #[n(7)]
    pub signature_type: String,
    /// The signature as sent, cut at 255 characters.
    #[n(8)]
    pub signature: String,
    /// Version of the signature header; none for offline signatures.
    #[n(9)]
    pub signature_version: Option<String>,
    /// Outcome in a word.
    #[n(10)]
    pub note: String,
    /// Whether it was valid.
    #[n(11)]
    pub valid: bool,
    /// Effective signature version.
    #[n(12)]
    pub version: u8,
}

/// A line about anything else.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Note {
    /// For instance `operation_approved`.
    #[n(0)]
    pub kind: String,
    /// The user it is about.
    #[n(1)]
    pub user: Option<String>,
    /// JSON object.
    #[n(2)]
    pub parameters: String,
}

entity!(Entry, JOURNAL,
id: |it| it.subject.entry_id(it.number),
entries: |it| {
    let entry = |index, value: &str| IndexEntry { index, value: value.as_bytes().to_vec(), sort: it.at };
    match (&it.subject, &it.event) {
        (Subject::Activation(id), Event::History(_)) => vec![entry(HISTORY, id)],
        (_, Event::Signature(signature)) => vec![entry(SIGNATURES, &signature.user)],
        (Subject::Operation(_), Event::Note(Note { user: Some(user), .. })) => {
            vec![entry(OPERATION_AUDIT, user)]
        }
        (Subject::Activation(_), Event::Note(Note { user: Some(user), .. })) => {
            vec![entry(ACTIVATION_NOTES, user)]
        }
        _ => Vec::new(),
    }
});
