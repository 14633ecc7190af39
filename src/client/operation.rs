//! The Mobile Token API: operations that wait for the user (mobile API sections 2 and 3).
//!
//! | call | authenticated with |
//! |---|---|
//! | list, detail, claim | a token |
//! | list, for servers of the Web Flow kind | signature with possession |
//! | history | signature with two factors |
//! | authorize | signature with the factors the operation demands |
//! | cancel (the user rejects) | signature with possession |

use super::device::Device;
use super::error::{ReplyError, RequestError};
use super::factors::Authentication;
use super::message::{Call, PendingDone, request_object, response_object, wrapped};
use super::operation_model::{Operation, OperationList};
use super::proximity::{Proximity, ProximitySource};
use super::unsaved::Unsaved;
use crate::crypto::random::Random;
use crate::crypto::signature::SignatureType;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

const BASE: &str = "/api/auth/token/app/operation";

/// What the user approves.
#[derive(Debug, Clone, Copy)]
pub struct Approval<'a> {
    /// Identifier of the operation.
    pub operation_id: &'a str,
    /// Data of the operation, exactly as it was shown: the approval stands for these only.
    pub data: &'a str,
    /// Proximity code, where the operation demands one.
    pub proximity: Option<&'a Proximity>,
    /// Further data the server keeps with the operation; newer servers only.
    pub mobile_token_data: Option<&'a Value>,
}

/// Why the user rejects an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RejectReason<'a> {
    /// No reason given.
    Unknown,
    /// The data are wrong.
    IncorrectData,
    /// The user did not start the operation.
    UnexpectedOperation,
    /// Another text.
    Other(&'a str),
}

impl<'a> RejectReason<'a> {
    /// The text the server receives.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::IncorrectData => "INCORRECT_DATA",
            Self::UnexpectedOperation => "UNEXPECTED_OPERATION",
            Self::Other(text) => text,
        }
    }
}

#[derive(Serialize)]
struct Identified<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizeRequest<'a> {
    id: &'a str,
    data: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    proximity_check: Option<ProximityCheck<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_token_data: Option<&'a Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProximityCheck<'a> {
    otp: &'a str,
    #[serde(rename = "type")]
    source: ProximitySource,
    timestamp_received: String,
    timestamp_sent: String,
}

#[derive(Serialize)]
struct CancelRequest<'a> {
    id: &'a str,
    reason: &'a str,
}

/// ISO-8601 with milliseconds.
fn instant(unix_ms: u64) -> Result<String, RequestError> {
    let time = i64::try_from(unix_ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .ok_or(RequestError::Argument("time"))?;
    Ok(format!("{time:.3}"))
}

/// Reads a list of operations.
#[derive(Debug)]
pub struct PendingOperations(());

impl PendingOperations {
    /// Reads the reply. An operation that cannot be understood is left out and counted, so that it does not hide the
    /// others.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is no list.
    pub fn read(self, status: u16, body: &[u8]) -> Result<OperationList, ReplyError> {
        let reply = wrapped::<Vec<Value>>(status, body)?;
        let items = reply
            .response_object
            .ok_or(ReplyError::Malformed("responseObject"))?;
        let total = items.len();
        let operations: Vec<Operation> = items
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect();
        Ok(OperationList {
            unreadable: total - operations.len(),
            operations,
            current_timestamp: reply.current_timestamp,
        })
    }
}

/// Reads one operation.
#[derive(Debug)]
pub struct PendingOperation {
    id: String,
}

impl PendingOperation {
    /// Reads the reply.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or answered with another operation.
    pub fn read(self, status: u16, body: &[u8]) -> Result<Operation, ReplyError> {
        let operation: Operation = response_object(status, body)?;
        if operation.id == self.id {
            Ok(operation)
        } else {
            Err(ReplyError::Malformed("id"))
        }
    }
}

impl Device {
    /// Asks for the operations that wait for the user, newest first.
    ///
    /// # Errors
    /// [`RequestError::NoToken`] when there is no token of this name, [`RequestError::Random`] when the source fails.
    pub fn list_operations(
        &self,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingOperations>, RequestError> {
        let request = self.token_post(&format!("{BASE}/list"), b"{}".to_vec(), token, now_ms, rng)?;
        Ok(Call {
            request,
            pending: PendingOperations(()),
        })
    }

    /// As [`list_operations`](Self::list_operations), signed with the phone alone; for servers of the Web Flow kind.
    ///
    /// # Errors
    /// All of [`Device::sign`].
    pub fn list_operations_signed(
        &mut self,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingOperations>>, RequestError> {
        let path = format!("{BASE}/list/signature");
        let possession = Authentication::Possession;
        let signed = self.signed_post(&path, "/operation/list/signature", b"{}", &possession, rng)?;
        Ok(signed.map(|request| Call {
            request,
            pending: PendingOperations(()),
        }))
    }

    /// Asks for one operation.
    ///
    /// # Errors
    /// As [`Device::list_operations`].
    pub fn request_operation(
        &self,
        id: &str,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingOperation>, RequestError> {
        self.operation_call("/detail", id, token, now_ms, rng)
    }

    /// Takes over an operation that belongs to nobody yet.
    ///
    /// # Errors
    /// As [`Device::list_operations`].
    pub fn claim_operation(
        &self,
        id: &str,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingOperation>, RequestError> {
        self.operation_call("/detail/claim", id, token, now_ms, rng)
    }

    fn operation_call(
        &self,
        path: &str,
        id: &str,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingOperation>, RequestError> {
        let body = request_object(Identified { id })?;
        let request = self.token_post(&format!("{BASE}{path}"), body, token, now_ms, rng)?;
        Ok(Call {
            request,
            pending: PendingOperation { id: id.to_owned() },
        })
    }

    /// Asks for the operations of all states.
    ///
    /// # Errors
    /// [`RequestError::Factors`] unless phone and one more factor sign, and all of [`Device::sign`].
    pub fn request_history(
        &mut self,
        authentication: &Authentication<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingOperations>>, RequestError> {
        authentication.must_be(SignatureType::TWO_FACTORS)?;
        let path = format!("{BASE}/history");
        let signed = self.signed_post(&path, "/operation/history", b"{}", authentication, rng)?;
        Ok(signed.map(|request| Call {
            request,
            pending: PendingOperations(()),
        }))
    }

    /// Approves an operation. `now_ms` is told to the server with a proximity code only.
    ///
    /// # Errors
    /// [`RequestError::Factors`] for combinations no operation accepts, and all of [`Device::sign`].
    pub fn approve_operation(
        &mut self,
        approval: &Approval<'_>,
        authentication: &Authentication<'_>,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingDone>>, RequestError> {
        authentication.must_be(SignatureType::ONE_OR_TWO_FACTORS)?;
        let proximity = |proximity: &'_ Proximity| -> Result<_, RequestError> {
            Ok((instant(proximity.received_ms)?, instant(now_ms)?))
        };
        let times = approval.proximity.map(proximity).transpose()?;
        let check = approval.proximity.zip(times);
        let body = request_object(AuthorizeRequest {
            id: approval.operation_id,
            data: approval.data,
            proximity_check: check.map(|(proximity, (received, sent))| ProximityCheck {
                otp: &proximity.otp,
                source: proximity.source,
                timestamp_received: received,
                timestamp_sent: sent,
            }),
            mobile_token_data: approval.mobile_token_data,
        })?;
        let path = format!("{BASE}/authorize");
        let signed = self.signed_post(&path, "/operation/authorize", &body, authentication, rng)?;
        Ok(signed.map(done))
    }

    /// Rejects an operation, signed with the phone alone.
    ///
    /// # Errors
    /// All of [`Device::sign`].
    pub fn reject_operation(
        &mut self,
        id: &str,
        reason: RejectReason<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingDone>>, RequestError> {
        let body = request_object(CancelRequest {
            id,
            reason: reason.as_str(),
        })?;
        let path = format!("{BASE}/cancel");
        let possession = Authentication::Possession;
        let signed = self.signed_post(&path, "/operation/cancel", &body, &possession, rng)?;
        Ok(signed.map(done))
    }
}

fn done(request: super::message::Request) -> Call<PendingDone> {
    Call {
        request,
        pending: PendingDone(()),
    }
}
