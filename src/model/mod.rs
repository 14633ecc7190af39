//! The records and their transition tables: pure functions over plain data.
//!
//! Nothing here knows cryptography, storage or HTTP. Secrets appear as sealed bytes only. Times are
//! milliseconds since the Unix epoch.

pub mod activation;
pub mod adoption;
pub mod application;
pub mod callback;
pub mod codec;
pub mod credential;
pub mod inbox;
pub mod integration;
pub mod journal;
pub mod operation;
pub mod operation_text;
pub mod push;
pub mod push_message;
pub mod push_settings;
pub mod recovery;
pub mod replay;
pub mod sealing;
pub mod template;
pub mod token;

use crate::store::{Collection, Index};

/// All collections, for stores that need the list.
pub const COLLECTIONS: &[Collection] = &[
    activation::ACTIVATION,
    adoption::ADOPTION,
    application::APPLICATION,
    application::APPLICATION_VERSION,
    callback::CALLBACKS,
    callback::EVENT,
    credential::CREDENTIAL,
    integration::INTEGRATION,
    inbox::INBOX_BODY,
    inbox::INBOX_MESSAGE,
    inbox::INBOX_SEEN,
    journal::JOURNAL,
    operation::OPERATION,
    operation_text::OPERATION_TEXTS,
    push::PUSH_DEVICE,
    push_message::PUSH_MESSAGE,
    push_settings::PUSH_SETTINGS,
    recovery::RECOVERY_CODE,
    recovery::RECOVERY_CONFIG,
    replay::CLAIM,
    replay::REPLAY,
    replay::SEQUENCE,
    replay::TEMPORARY_KEY,
    sealing::RESEALING,
    sealing::SEALING_KEYS,
    template::TEMPLATE,
    token::TOKEN,
    crate::store::receipt::RECEIPT,
];

/// All indexes, for stores that need the list.
pub const INDEXES: &[Index] = &[
    activation::BY_USER,
    activation::DUE,
    application::APPLICATIONS,
    callback::CALLBACK_HOLDERS,
    callback::EVENT_DEAD,
    callback::EVENT_DUE,
    inbox::INBOX,
    inbox::UNREAD,
    integration::INTEGRATIONS,
    journal::ACTIVATION_NOTES,
    journal::HISTORY,
    journal::OPERATION_AUDIT,
    journal::SIGNATURES,
    operation::BY_EXTERNAL_ID,
    operation::BY_USER,
    operation::DUE,
    operation::PENDING,
    operation_text::TYPES,
    push::BY_USER,
    push_message::PUSH_DEAD,
    push_message::PUSH_DUE,
    push_settings::PUSH_HOLDERS,
    recovery::BY_USER,
    template::TEMPLATES,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Names that the sources of this folder give to `kind`.
    fn declared(kind: &str) -> Vec<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/model");
        let mut names = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let open = format!(" = {kind}(\"");
            let found = source.split(open.as_str()).skip(1);
            names.extend(found.map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
        names.sort();
        names
    }

    #[test]
    fn the_lists_are_complete() {
        let mut indexes: Vec<_> = INDEXES.iter().map(|it| it.0).collect();
        indexes.sort_unstable();
        assert_eq!(declared("Index"), indexes);
        let receipt = crate::store::receipt::RECEIPT;
        let ours = COLLECTIONS.iter().filter(|it| **it != receipt);
        let mut collections: Vec<_> = ours.map(|it| it.0).collect();
        collections.sort_unstable();
        assert_eq!(declared("Collection"), collections);
        println!("{} indexes, {} collections", indexes.len(), COLLECTIONS.len());
    }
}
