//! Activation status and counter synchronisation (spec section 9).

use super::device::{Counter, Device};
use super::error::{ReplyError, RequestError};
use super::message::{Call, Request, request_object, response_object};
use crate::crypto::encoding::base64;
use crate::crypto::random::{Random, bytes};
use crate::crypto::status::{BLOB_LENGTH, BlobStatus, CounterSync, StatusBlob, synchronise};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the counter of the phone stands to the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CounterState {
    /// Equal.
    InSync,
    /// The server was ahead; the device has adopted its counter and must be stored.
    Adopted,
    /// The phone is ahead, as after a request that was lost; the next signature brings them together.
    Ahead,
    /// The phone is ahead by more than half of the window: send a signature soon
    /// ([`Device::validate_signature`] with possession).
    SignSoon,
    /// Not comparable before the next signature (right after an upgrade).
    Waiting,
    /// The counters can never meet again; the activation is unusable and must be replaced.
    Deadlock,
    /// Not compared: the reply said nothing about the counter (version 3.0, generation 2).
    NotCompared,
}

/// What the server says of the activation.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivationStatus {
    /// State of the activation.
    pub status: BlobStatus,
    /// Failed attempts since the last success.
    pub failed_attempts: u8,
    /// Failed attempts that block the activation.
    pub max_failed_attempts: u8,
    /// Generation of the activation at the server, 2 or 3.
    pub current_version: u8,
    /// Highest generation the server supports.
    pub upgrade_version: u8,
    /// How the counters stand.
    pub counter: CounterState,
    /// Data the edge adds; not authenticated.
    pub custom_object: Option<Value>,
}

impl ActivationStatus {
    /// Attempts left before the activation is blocked.
    #[must_use]
    pub const fn remaining_attempts(&self) -> u8 {
        self.max_failed_attempts.saturating_sub(self.failed_attempts)
    }

    /// Whether an upgrade to generation 3 should be started.
    #[must_use]
    pub const fn upgrade_available(&self) -> bool {
        matches!(self.status, BlobStatus::Active) && self.current_version < 3 && self.upgrade_version >= 3
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusRequest<'a> {
    activation_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusReply {
    activation_id: String,
    encrypted_status_blob: String,
    nonce: Option<String>,
    custom_object: Option<Value>,
}

/// Reads the answer to a status request.
#[derive(Debug)]
pub struct PendingStatus {
    activation_id: String,
    challenge: Option<[u8; 16]>,
}

impl PendingStatus {
    /// Opens the status and brings the counter of the device up to the server's where that is ahead. Store the device
    /// afterwards when the outcome is [`CounterState::Adopted`] or the device was upgrading.
    ///
    /// # Errors
    /// [`ReplyError::Decryption`] when the status cannot be opened: wrong keys, an activation the server does not know,
    /// or an attack. Never take it for a state.
    pub fn read(self, device: &mut Device, status: u16, body: &[u8]) -> Result<ActivationStatus, ReplyError> {
        let reply: StatusReply = response_object(status, body)?;
        if self.activation_id != device.activation_id || reply.activation_id != self.activation_id {
            return Err(ReplyError::OtherActivation);
        }
        let encrypted: [u8; BLOB_LENGTH] = base64::decode_array(&reply.encrypted_status_blob)
            .map_err(|_| ReplyError::Malformed("encryptedStatusBlob"))?;
        let blob = match self.challenge {
            Some(challenge) => {
                // An unreadable blob of an unknown activation may come without its nonce.
                let nonce = reply.nonce.as_deref().ok_or(ReplyError::Decryption)?;
                let nonce = base64::decode_array(nonce).map_err(|_| ReplyError::Malformed("nonce"))?;
                StatusBlob::decrypt(&device.transport, &challenge, &nonce, &encrypted)
            }
            None => StatusBlob::decrypt_legacy(&device.transport, &encrypted),
        };
        let blob = blob.map_err(|_| ReplyError::Decryption)?;
        let counter = if self.challenge.is_some() {
            device.synchronise_counter(&blob)
        } else {
            CounterState::NotCompared
        };
        Ok(ActivationStatus {
            status: blob.status,
            failed_attempts: blob.failed_attempts,
            max_failed_attempts: blob.max_failed_attempts,
            current_version: blob.current_version,
            upgrade_version: blob.upgrade_version,
            counter,
            custom_object: reply.custom_object,
        })
    }
}

impl Device {
    /// Asks for the status of the activation; needs no authentication. From version 3.1 the answer is bound to a fresh
    /// challenge and tells the counter.
    ///
    /// # Errors
    /// [`RequestError::Random`] when the source fails.
    pub fn request_status(&self, rng: &mut dyn Random) -> Result<Call<PendingStatus>, RequestError> {
        let challenge = if self.application.version().has_status_challenge() {
            Some(bytes(rng)?)
        } else {
            None
        };
        let body = request_object(StatusRequest {
            activation_id: &self.activation_id,
            challenge: challenge.map(|bytes| base64::encode(&bytes)),
        })?;
        Ok(Call {
            request: Request::post("/pa/v3/activation/status", body),
            pending: PendingStatus {
                activation_id: self.activation_id.clone(),
                challenge,
            },
        })
    }

    /// Applies the table of spec 9.4.
    fn synchronise_counter(&mut self, blob: &StatusBlob) -> CounterState {
        let Counter::Hash {
            value,
            byte,
            upgrading,
        } = &mut self.counter
        else {
            return CounterState::NotCompared;
        };
        if blob.current_version < 3 {
            return CounterState::NotCompared;
        }
        // The commit arrived although its answer did not.
        *upgrading = false;
        match synchronise(value, *byte, &self.transport, blob) {
            CounterSync::InSync => CounterState::InSync,
            CounterSync::StoreByte(received) => {
                *byte = Some(received);
                CounterState::Adopted
            }
            CounterSync::Wait => CounterState::Waiting,
            CounterSync::ClientAhead { sign_soon: false } => CounterState::Ahead,
            CounterSync::ClientAhead { sign_soon: true } => CounterState::SignSoon,
            CounterSync::ServerAhead {
                counter,
                byte: received,
            } => {
                (*value, *byte) = (counter, Some(received));
                CounterState::Adopted
            }
            CounterSync::Deadlock => CounterState::Deadlock,
        }
    }
}
