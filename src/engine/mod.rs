//! The use cases. Each is one decision: a plain function over [`Tx`] that reads
//! records, asks `model` for the transition and `crypto` for the computation, and writes.
//!
//! A decision may run several times before its writes are committed; nothing of it leaves before.
//!
//! | file | holds |
//! |---|---|
//! | [`error`] | codes, and the three ways to end: reply, counted "no", refusal |
//! | [`json`] | how attributes of requests are read and moments written |
//! | [`seal`], [`rotation`] | secrets at rest; the keys that seal them, and their replacement |
//! | `pages` | lists, in parts and whole |
//! | `password` | hashes of one-time passwords and PUKs |
//! | `pretend` | work for nothing, so that time tells nothing |
//! | [`journal`], [`audit`] | history and audit entries, chained; their verification |
//! | [`application`], `labels` | applications, versions, roles |
//! | `application_credential` | credentials of applications for the cloud API |
//! | [`activation`] | the life of an activation |
//! | [`Enveloped`], `envelope`, `replay`, [`keystore`] | encrypted requests, values accepted once, temporary keys |
//! | [`signature`] | online and offline verification, ECDSA, the signature audit |
//! | [`token`] | MAC tokens |
//! | [`vault`], [`upgrade`], [`decryptor`] | vault key, protocol 2 to 3, keys for intermediate servers |
//! | [`integration`] | credentials of back ends |
//! | [`operation`], [`template`] | operations and their templates |
//! | [`recovery`] | recovery codes and their settings |
//! | [`overview`] | what people who watch see |
//! | [`operation_text`], [`form`] | texts of operations, and what phones show of an operation |
//! | `push`, `push_message`, [`push_delivery`] | devices for push messages, these, and how they get there |
//! | [`inbox`], [`spawn`] | messages for users, codes for sibling apps |
//! | `user_audit` | events of a user |
//! | [`callback`] | callback URLs and the outbox |
//! | [`system`] | status, error list |

pub mod activation;
pub mod application;
pub(crate) mod application_credential;
pub(crate) mod application_version;
pub mod audit;
pub mod callback;
pub mod decryptor;
pub(crate) mod envelope;
mod enveloped;
pub mod error;
pub mod form;
pub mod inbox;
pub mod integration;
pub mod journal;
pub mod json;
pub mod keystore;
pub(crate) mod labels;
mod memo;
pub mod operation;
pub mod operation_text;
pub mod overview;
pub(crate) mod pages;
pub(crate) mod password;
pub(crate) mod pretend;
pub(crate) mod push;
pub mod push_delivery;
pub(crate) mod push_message;
pub mod recovery;
pub(crate) mod replay;
pub mod rotation;
#[cfg(feature = "openapi")]
mod schema;
pub mod seal;
pub mod signature;
pub mod spawn;
pub mod system;
pub mod template;
pub mod token;
pub mod upgrade;
pub(crate) mod user_audit;
pub mod vault;

pub use enveloped::Enveloped;
pub use error::{EngineStop, Error, ErrorCode, Outcome};
pub use seal::{Keyring, Place, SealingKey};

use crate::crypto::backend::{Backend, default_backend};
use crate::crypto::identifier;
use crate::crypto::random::{Random, RandomError};
use crate::crypto::symmetric::sha256;
use crate::store::{Entity, Host, Tx};

/// Settings of the engine; the defaults are those of the reference server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Name in the status answer.
    pub application_name: String,
    /// Displayed name in the status answer.
    pub application_display_name: String,
    /// Environment in the status answer.
    pub application_environment: String,
    /// How long a new activation may wait for its commit, in milliseconds.
    pub activation_validity: u64,
    /// Failed signatures that block, unless the activation says otherwise.
    pub max_failed_attempts: u64,
    /// Wrong PUKs that block a recovery code.
    pub max_recovery_attempts: u64,
    /// Counter values tried per verification, 1 to 64.
    pub look_ahead: u8,
    /// Digits per factor of an offline signature, 4 to 8.
    pub offline_component_length: u8,
    /// How far the time of an encrypted request may be off, in milliseconds.
    pub request_window: u64,
    /// The same for protocol 3.0 and 3.1 tokens.
    pub request_window_extended: u64,
    /// How old a token's time may be, in milliseconds.
    pub token_validity: u64,
    /// How far ahead a token's time may be, in milliseconds.
    pub token_forward_validity: u64,
    /// Lifetime of a temporary key, in milliseconds.
    pub temporary_key_validity: u64,
    /// Digits of a proximity OTP, 6 to 8.
    pub proximity_otp_length: u8,
    /// Seconds of a proximity OTP.
    pub proximity_step: u64,
    /// Earlier proximity OTPs that still count.
    pub proximity_steps_back: u32,
    /// Page size of lists when the caller names none.
    pub default_page_size: u32,
    /// Largest page of a list.
    pub max_page_size: u32,
    /// Attempts to make an identifier or a code unique.
    pub unique_attempts: u32,
    /// Whether possession and biometry unlock the vault, too.
    pub vault_with_biometry: bool,
    /// How long finished outbox events are kept, in milliseconds.
    pub event_retention: u64,
    /// Deliveries of an event that are tried before it is given up.
    pub event_attempts: u32,
    /// Whether phones see operations of types without texts, in a plain form: the type as title, the data as message,
    /// the parameters as rows. Otherwise such operations are invisible.
    pub plain_forms: bool,
    /// Which app may ask for an activation code of which other one.
    pub activation_spawn: Vec<spawn::SpawnRule>,
    /// Where phones reach this server: the cloud API tells administrators.
    pub service_base_url: String,
    /// Whether users type a number from the page that asks them, to approve an operation, unless its creator says otherwise.
    pub number_matching: bool,
    /// Pending operations that back ends may have created for one user; none for any number.
    pub max_pending_operations: Option<u8>,
    /// Milliseconds after a failed signature with a second factor in which no other one is evaluated, doubled by each
    /// further failure in a row, up to an hour; 0 for none.
    pub failure_delay: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            application_name: "countersign".to_owned(),
            application_display_name: "Countersign".to_owned(),
            application_environment: String::new(),
            activation_validity: 300_000,
            max_failed_attempts: 5,
            max_recovery_attempts: 5,
            look_ahead: 20,
            offline_component_length: 8,
            request_window: 60_000,
            request_window_extended: 7_200_000,
            token_validity: 7_200_000,
            token_forward_validity: 1_800_000,
            temporary_key_validity: 300_000,
            proximity_otp_length: 8,
            proximity_step: 30,
            proximity_steps_back: 1,
            default_page_size: 100,
            max_page_size: 1_000,
            unique_attempts: 10,
            vault_with_biometry: false,
            event_retention: 7 * 24 * 3_600_000,
            event_attempts: 24,
            plain_forms: false,
            activation_spawn: Vec::new(),
            service_base_url: "http://localhost:8080/".to_owned(),
            number_matching: false,
            max_pending_operations: None,
            failure_delay: 0,
        }
    }
}

/// What decisions know besides the records: settings, sealing keys, and who computes on P-256.
#[derive(Clone, Debug)]
pub struct Engine {
    /// Settings.
    pub config: Config,
    /// Keys of secrets at rest.
    pub keyring: Keyring,
    /// Elliptic-curve provider.
    pub backend: &'static dyn Backend,
}

impl Engine {
    /// An engine with the best provider that was compiled in.
    pub fn new(config: Config, keyring: Keyring) -> Self {
        Self {
            config,
            keyring,
            backend: default_backend(),
        }
    }
}

impl Random for Tx<'_> {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        Tx::fill(self, out).map_err(|_| RandomError)
    }
}

/// The host's randomness outside of decisions.
pub(crate) struct Draw<'a>(pub(crate) &'a dyn Host);

impl Random for Draw<'_> {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(out).map_err(|_| RandomError)
    }
}

/// A fresh identifier.
pub(crate) fn uuid(tx: &mut Tx<'_>) -> Result<String, EngineStop> {
    Ok(identifier::uuid_v4(tx)?)
}

/// A fresh identifier that no record of the collection has; `exhausted` when all attempts collided.
pub(crate) fn unique_uuid<R: Entity>(
    engine: &Engine,
    tx: &mut Tx<'_>,
    exhausted: ErrorCode,
) -> Result<String, EngineStop> {
    for _ in 0..engine.config.unique_attempts {
        let id = uuid(tx)?;
        if tx.get::<R>(&id)?.is_none() {
            return Ok(id);
        }
    }
    Err(exhausted.into())
}

/// Hexadecimal SHA-256 of texts, as a part of a key: whatever they hold, and however long they are.
/// U+0000 between them keeps their boundaries.
pub(crate) fn digest(texts: &[&str]) -> String {
    let digest = sha256(&[texts.join("\0").as_bytes()]);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The attribute, or ERR0024.
pub(crate) fn required<T>(attribute: &Option<T>) -> Result<&T, EngineStop> {
    attribute.as_ref().ok_or_else(|| ErrorCode::InvalidRequest.into())
}

/// Longest identifier or name that the API takes, in characters.
pub(crate) const MAX_TEXT: usize = 255;

/// Refuses texts that would not fit the reference's columns (and make unbounded keys of ours).
pub(crate) fn bounded(text: &str) -> Result<&str, EngineStop> {
    if text.len() <= MAX_TEXT || text.chars().take(MAX_TEXT + 1).count() <= MAX_TEXT {
        Ok(text)
    } else {
        Err(ErrorCode::InvalidRequest.into())
    }
}
