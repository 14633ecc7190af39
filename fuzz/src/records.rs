//! What comes out of a store, from whoever could write to it.

use countersign::crypto::record::{self, RecordKind, RecordMode};
use countersign::crypto::secret::{Secret, SecretVec};
use countersign::engine::{Keyring, Place, SealingKey};
use countersign::model::{
    activation, adoption, application, callback, credential, inbox, integration, journal, operation,
    operation_text, push, push_message, push_settings, recovery, replay, sealing, template, token,
};
use countersign::store::Entity;

/// What is read is written so that it reads as the same; nothing else of it fails.
fn sound<R: Entity>(body: &[u8]) -> bool {
    let Ok(read) = R::decode(body) else { return false };
    let written = read.encode();
    let again = R::decode(&written).unwrap();
    assert_eq!(again.encode(), written);
    assert_eq!(again.id(), read.id());
    assert_eq!(again.entries(), read.entries());
    assert_eq!(again.expires_at(), read.expires_at());
    true
}

/// A kind of record, and its reader.
pub type Kind = (&'static str, fn(&[u8]) -> bool);

/// Every kind, in an order that only grows: the first byte of a sample says which.
pub const KINDS: &[Kind] = &[
    ("activation", sound::<activation::Activation>),
    ("adoption", sound::<adoption::Adoption>),
    ("application", sound::<application::Application>),
    ("application_version", sound::<application::ApplicationVersion>),
    ("callbacks", sound::<callback::Callbacks>),
    ("callback_event", sound::<callback::CallbackEvent>),
    ("credential", sound::<credential::Credential>),
    ("integration", sound::<integration::Integration>),
    ("inbox_body", sound::<inbox::InboxBody>),
    ("inbox_message", sound::<inbox::InboxMessage>),
    ("inbox_seen", sound::<inbox::InboxSeen>),
    ("journal", sound::<journal::Entry>),
    ("operation", sound::<operation::Operation>),
    ("operation_texts", sound::<operation_text::OperationTexts>),
    ("push_device", sound::<push::PushDevice>),
    ("push_message", sound::<push_message::PushMessage>),
    ("push_settings", sound::<push_settings::PushSettings>),
    ("recovery_code", sound::<recovery::RecoveryCode>),
    ("recovery_config", sound::<recovery::RecoveryConfig>),
    ("claim", sound::<replay::Claim>),
    ("replay", sound::<replay::Seen>),
    ("sequence", sound::<replay::Sequence>),
    ("temporary_key", sound::<replay::TemporaryKey>),
    ("resealing", sound::<sealing::Resealing>),
    ("sealing_keys", sound::<sealing::SealingKeys>),
    ("template", sound::<template::Template>),
    ("token", sound::<token::Token>),
];

/// The first byte names the kind, the rest is the body of a record.
pub fn record(data: &[u8]) -> bool {
    let Some((kind, body)) = data.split_first() else {
        return false;
    };
    KINDS.get(usize::from(*kind)).is_some_and(|(_, read)| read(body))
}

/// Bytes in the place of a sealed secret. Accepted is only what the key has sealed for that place.
pub fn sealed(data: &[u8]) -> bool {
    let key = SealingKey {
        id: 1,
        key: Secret::from_bytes([7; 32]),
    };
    let place = |id| Place {
        collection: token::TOKEN,
        id,
        field: "secret",
    };
    let ring = Keyring::new(key, Vec::new());
    assert!(ring.open(place("b"), data).is_err());
    ring.open(place("a"), data).is_ok()
}

/// An encrypted column of an old server's database; the first byte says what is inside, and how it is stored.
pub fn stored_column(data: &[u8]) -> bool {
    let Some((how, value)) = data.split_first() else {
        return false;
    };
    let Ok(value) = core::str::from_utf8(value) else {
        return false;
    };
    let kind = if how & 1 == 0 {
        RecordKind::Binary
    } else {
        RecordKind::Text
    };
    let mode = if how & 2 == 0 {
        RecordMode::AesHmac
    } else {
        RecordMode::NoEncryption
    };
    let master = SecretVec::from_slice(&[7; 16]);
    let read = |master| record::read(kind, mode, master, &["user", "activation"], value);
    // Without the key nothing that is encrypted can be read.
    assert!(how & 2 != 0 || read(None).is_err());
    read(Some(&master)).is_ok()
}
