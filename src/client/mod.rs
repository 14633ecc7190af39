//! The phone's side of the protocol, whole: activation, signatures, tokens, status, vault, offline approval and the Mobile
//! Token API. For tests, for tools and for the test suites of those who run a server.
//!
//! Nothing here opens a socket, reads a clock or asks the system for randomness. A method builds a [`Request`]; the caller
//! sends it and gives status and body of the reply to the `pending` value that came with it. Time (Unix milliseconds) and
//! [`Random`](crate::crypto::random::Random) are arguments, so every exchange can be repeated byte for byte.
//!
//! ```text
//!                         Credentials ─┐
//! Application ── activate ─▶ Call { request, pending } ── read(reply) ─▶ NewActivation
//!                                                                             │ protect(PIN, …)
//!      DeviceState ◀── to_state ── Device ◀───────────────────────────────────┘
//!           └── from_state ─▶ Device ── create_token, approve_operation, … ─▶ Unsaved<Call>
//!                                                               save_with ──▶ Call { request, pending }
//! ```
//!
//! What the server's answers are worth: replies of activation, token creation, vault and other encrypted calls are
//! authenticated end to end; the status is encrypted but carries no MAC; operation lists and refusals are as trustworthy as
//! the connection. A signature covers method, resource, nonce and body, never a header.
//!
//! A signature moves the counter of the device. [`Unsaved`] sees to it that the new state is stored before the signature
//! leaves: a counter value must never be used twice. Signed requests must be sent one after the other.
//!
//! Version 3.3 encrypts to temporary keys: when [`Application::needs_temporary_key`] or [`Device::needs_temporary_key`] say
//! so, fetch one first.
//!
//! ```
//! use countersign::client::{Application, Credentials, Installation};
//! use countersign::crypto::random::{Random, RandomError};
//! use countersign::crypto::version::ProtocolVersion;
//!
//! struct Rng(u8); // for the example only: a real one draws from the system
//! impl Random for Rng {
//!     fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
//!         self.0 += 1;
//!         out.fill(self.0);
//!         Ok(())
//!     }
//! }
//!
//! let application = Application::from_sdk_config(
//!     "ARD6vTxSgYPs0xqg6U0zf2mIEOVYfRv1a30LJEYe7S3MUuMBAUEE5guH7tG7C6EgIwYQ0nnGp65WENLhdw6LTXhssN5CD6pzam5mk4NPDr+oD7O\
//!      E/0kvYym5jxXHgsWvVeiOFJgsag==",
//! )?
//! .with_version(ProtocolVersion::V3_2);
//! let qr = application.read_activation_code("AAAQE-AYEAU-DAOCA-JIICA")?;
//! let phone = Installation { name: Some("my phone"), ..Installation::default() };
//! let call = application.activate(&Credentials::code(&qr.code), &phone, 1_700_000_000_000, &mut Rng(0))?;
//! assert_eq!(call.request.path, "/pa/v3/activation/create");
//!
//! // Send call.request; then, with the reply:
//! let refused = call.pending.read(400, br#"{"status":"ERROR","responseObject":{"code":"ERR_ACTIVATION"}}"#);
//! assert_eq!(refused.unwrap_err().to_string(), "the server refused: HTTP 400 ERR_ACTIVATION");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod activation;
mod application;
mod completion;
mod device;
mod enrollment;
mod error;
mod factors;
mod generic;
mod manage;
mod message;
mod offline;
mod operation;
mod operation_model;
mod proximity;
mod seal;
mod sign;
mod state;
mod status;
mod temporary_key;
mod token;
mod unsaved;
mod upgrade;
mod vault;

pub use activation::{Credentials, Installation, PendingActivation, RecoveryData};
pub use application::Application;
pub use completion::NewActivation;
pub use device::Device;
pub use enrollment::{
    InboxMessage, InboxPage, PendingInbox, PendingInboxCount, PendingInboxMessage, PendingSpawnedCode,
    PushRegistration, SpawnedCode,
};
pub use error::{
    ActivationCodeError, ConfigurationError, FactorError, Refusal, ReplyError, RequestError, StateError,
};
pub use factors::{Authentication, BiometryKey, Pin, PossessionKey};
pub use generic::PendingEncrypted;
pub use manage::{
    ActivationDetail, PendingDetail, PendingRecoveryConfirmation, PendingRemoval, PendingServerStatus,
    PendingUserInfo, ServerStatus,
};
pub use message::{Call, PendingDone, Request};
pub use offline::{OfflineCode, OfflineOperation, ScanError};
pub use operation::{Approval, PendingOperation, PendingOperations, RejectReason};
pub use operation_model::{AllowedSignature, Attribute, FormData, Operation, OperationList, read_time};
pub use proximity::{Proximity, ProximitySource, ScannedProximity};
pub use sign::SignRequest;
pub use state::DeviceState;
pub use status::{ActivationStatus, CounterState, PendingStatus};
pub use temporary_key::{PendingTemporaryKey, TemporaryKey};
pub use token::{POSSESSION_UNIVERSAL, PendingToken, PendingTokenRemoval};
pub use unsaved::Unsaved;
pub use upgrade::{PendingUpgrade, PendingUpgradeCommit};
pub use vault::{PendingVault, Vault, VaultReason};
