//! Small records that exist for their key: claims of names, values seen once, sequences, and
//! temporary encryption keys.

use minicbor::{Decode, Encode};

use super::codec::entity;
use crate::store::Collection;

/// Collection of [`Claim`].
pub const CLAIM: Collection = Collection("claim");
/// Collection of [`Seen`].
pub const REPLAY: Collection = Collection("replay");
/// Collection of [`Sequence`].
pub const SEQUENCE: Collection = Collection("sequence");
/// Collection of [`TemporaryKey`].
pub const TEMPORARY_KEY: Collection = Collection("temporary_key");

/// A name that belongs to one record. Uniqueness rests on the primary key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Claim {
    /// Kind and name.
    #[n(0)]
    pub name: String,
    /// The record that holds it; none when it was given up.
    #[n(1)]
    pub target: Option<String>,
}

entity!(Claim, CLAIM, id: |it| it.name.clone());

impl Claim {
    /// First eleven characters of an activation code, which are unique in an application.
    pub fn activation_code(application: &str, code: &str) -> String {
        let prefix: String = code.chars().take(11).collect();
        format!("activation_code/{prefix}/{application}")
    }

    /// Name of an operation template.
    pub fn template(name: &str) -> String {
        format!("template/{name}")
    }

    /// Digest of a recovery code and its application; leads to the record.
    pub fn recovery_code(digest: &str) -> String {
        format!("recovery_code/{digest}")
    }

    /// Digest of a user and an application; leads to the newest postcard.
    pub fn recovery_postcard(digest: &str) -> String {
        format!("recovery_postcard/{digest}")
    }

    /// Digest of an application and a push token of it, held by an activation.
    pub fn push_token(digest: &str) -> String {
        format!("push_token/{digest}")
    }

    /// Digest of an application for single devices and a user of it; leads to the user's newest registration.
    pub fn single_device(digest: &str) -> String {
        format!("single_device/{digest}")
    }

    /// Digest of a user, and which of the pending operations that they may have; held by an operation, which may have ended.
    pub fn pending_operation(digest: &str, number: u8) -> String {
        format!("pending_operation/{digest}/{number}")
    }

    /// Id of a callback URL, held by its application.
    pub fn callback(id: &str) -> String {
        format!("callback/{id}")
    }
}

/// A value that was accepted and must not be accepted again before it expires.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seen {
    /// The value.
    #[n(0)]
    pub value: String,
    /// From then on its timestamp is refused anyway.
    #[n(1)]
    pub expires: u64,
}

entity!(Seen, REPLAY, id: |it| it.value.clone(), expires_at: |it| Some(it.expires));

/// A number that only grows.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sequence {
    /// Of what.
    #[n(0)]
    pub name: String,
    /// Last number given out.
    #[n(1)]
    pub last: u64,
}

entity!(Sequence, SEQUENCE, id: |it| it.name.clone());

/// A temporary encryption key of protocol 3.3.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TemporaryKey {
    /// UUID.
    #[n(0)]
    pub id: String,
    /// Application key it was made for.
    #[n(1)]
    pub application_key: String,
    /// Activation it was made for, in activation scope.
    #[n(2)]
    pub activation: Option<String>,
    /// Sealed private scalar.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub private: Vec<u8>,
    /// End of its validity.
    #[n(4)]
    pub expires: u64,
}

entity!(TemporaryKey, TEMPORARY_KEY, id: |it| it.id.clone(), expires_at: |it| Some(it.expires));
