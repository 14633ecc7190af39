//! Offline signatures: a QR code to the phone, digits typed back by the user (spec section 6).
//!
//! ```text
//! server ── payload (signed, as QR) ──▶ phone           authenticates the operation to the user
//! server ◀─ dddddddd-dddddddd, typed ── user ◀── phone  authenticates the user to the server
//! ```
//!
//! The payload is signed with the master key (non-personalised) or the activation's server key (personalised). The
//! digits are an ordinary signature chain in decimal form over [`base_string`], with the word `offline` where an online
//! signature has the application secret. With a proximity check the payload carries a one-time password that becomes
//! part of what the phone signs.

mod operation_data;
mod payload;
mod verification;

pub use operation_data::{Field, OperationData, Template};
pub use payload::{Flags, OfflinePayload, PayloadKind, build_payload, unescape};
pub use verification::{
    OFFLINE_SECRET, URI_ID, Verification, append_totp, base_string, canonical_code, typed_code,
};

use super::key::KeyError;
use super::signature::SignatureError;
use thiserror::Error;

/// Offline data cannot be read or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OfflineError {
    /// The payload breaks the line format.
    #[error("malformed offline payload")]
    Payload,
    /// A text contains a control character or an unknown escape.
    #[error("malformed text in offline data")]
    Text,
    /// The operation data cannot be read.
    #[error("malformed operation data")]
    OperationData,
    /// The base string cannot be extended with a one-time password.
    #[error("malformed offline base string")]
    Base,
    /// A one-time password belongs to personalised payloads only.
    #[error("a proximity check needs a personalised payload")]
    Proximity,
    /// The component length is outside 4 to 8.
    #[error(transparent)]
    Format(#[from] SignatureError),
    /// Signing failed.
    #[error(transparent)]
    Key(#[from] KeyError),
}
