//! The records and their transition tables: pure functions over plain data.
//!
//! Nothing here knows cryptography, storage or HTTP. Secrets appear as sealed bytes only. Times are
//! milliseconds since the Unix epoch.

pub mod activation;
pub mod application;
pub mod callback;
pub mod codec;
pub mod credential;
pub mod integration;
pub mod journal;
pub mod operation;
pub mod recovery;
pub mod replay;
pub mod template;
pub mod token;

use crate::store::Collection;

/// All collections, for stores that need the list.
pub const COLLECTIONS: &[Collection] = &[
    activation::ACTIVATION,
    application::APPLICATION,
    application::APPLICATION_VERSION,
    callback::CALLBACKS,
    callback::EVENT,
    credential::CREDENTIAL,
    integration::INTEGRATION,
    journal::JOURNAL,
    operation::OPERATION,
    recovery::RECOVERY_CODE,
    recovery::RECOVERY_CONFIG,
    replay::CLAIM,
    replay::REPLAY,
    replay::SEQUENCE,
    replay::TEMPORARY_KEY,
    template::TEMPLATE,
    token::TOKEN,
    crate::store::machine::RECEIPT,
];
