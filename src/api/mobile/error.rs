//! Error codes of the Mobile Token API with their HTTP status (mobile API specification, 2.1, 7).

use super::super::http::Response;
use super::dialect::Differences;
use crate::engine::{Error, ErrorCode};
use crate::model::operation::OperationStatus;

/// An answer "no".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

const fn refusal(status: u16, code: &'static str, message: &'static str) -> Refusal {
    Refusal {
        status,
        code,
        message,
    }
}

/// Whatever the reason.
pub(super) const UNAUTHENTICATED: Refusal = refusal(401, "POWERAUTH_AUTH_FAIL", "Authentication failed");
/// A request without object or id, or with one that cannot be read.
pub(super) const INVALID_REQUEST: Refusal = refusal(400, "INVALID_REQUEST", "Request validation error");
/// The operation is another activation's.
pub(super) const INVALID_ACTIVATION: Refusal = refusal(400, "INVALID_ACTIVATION", "Activation is not valid");
/// The activation's application is unknown.
pub(super) const INVALID_APPLICATION: Refusal =
    refusal(400, "INVALID_APPLICATION", "Application is not valid");
/// Unknown, somebody else's, or no longer in the state that it was in.
pub(super) const INVALID_OPERATION: Refusal = refusal(400, "INVALID_OPERATION", "Operation is not valid");
/// The operation did not accept the decision.
pub(super) const OPERATION_FAILED: Refusal =
    refusal(401, "OPERATION_FAILED", "Operation approval or rejection failed");
/// The operation needs a flag which the activation lacks.
pub(super) const REQUIRES_FLAG: Refusal = refusal(
    400,
    "OPERATION_REQUIRES_ACTIVATION_FLAG",
    "Operation requires activation flag",
);
/// There is no text for the operation.
pub(super) const NO_TEXT: Refusal = refusal(400, "INVALID_REQUEST", "Template not found");
/// The operation's text is none that phones understand.
pub(super) const BROKEN_TEXT: Refusal = refusal(500, "ERR_CONFIG", "Operation template is not valid");
/// Anything else that the engine refuses.
pub(super) const REMOTE_COMMUNICATION_ERROR: Refusal = refusal(
    409,
    "REMOTE_COMMUNICATION_ERROR",
    "Communication with remote system failed",
);

/// Nobody may register a device like that.
pub(super) const UNREGISTRABLE: Refusal =
    refusal(401, "POWERAUTH_AUTH_FAIL", "Unable to verify device registration");
/// A registration that the engine refuses.
pub(super) const NOT_REGISTERED: Refusal = refusal(
    400,
    "PUSH_REGISTRATION_FAILED",
    "Push registration failed in Mobile Token API component.",
);
/// A message that is not in this inbox.
pub(super) const INBOX_FAILED: Refusal = refusal(400, "INBOX_FAILED", "Unable to process inbox request.");
/// No code for a sibling app.
pub(super) const NO_CODE: Refusal =
    refusal(400, "ACTIVATION_CODE_FAILED", "Unable to fetch activation code.");
/// An envelope that does not open.
pub(super) const UNDECRYPTABLE: Refusal = refusal(400, "ERR_ENCRYPTION", "POWER_AUTH_ENCRYPTION_FAILED");

const FINISHED: Refusal = refusal(
    400,
    "OPERATION_ALREADY_FINISHED",
    "Operation was already completed",
);
const CANCELED: Refusal = refusal(
    400,
    "OPERATION_ALREADY_CANCELED",
    "Operation was already canceled",
);
const FAILED: Refusal = refusal(400, "OPERATION_ALREADY_FAILED", "Operation already failed");
const EXPIRED: Refusal = refusal(400, "OPERATION_EXPIRED", "Operation has expired");

/// Whoever reads may get these: not authenticated, and what the engine refuses.
pub(super) const READING: &[Refusal] = &[
    UNAUTHENTICATED,
    INVALID_REQUEST,
    INVALID_APPLICATION,
    INVALID_OPERATION,
    REMOTE_COMMUNICATION_ERROR,
];
/// Why an operation does not wait any more.
pub(super) const STATES: &[Refusal] = &[FINISHED, CANCELED, FAILED, EXPIRED];
/// Why this phone cannot decide.
pub(super) const DECIDING: &[Refusal] = &[INVALID_ACTIVATION, REQUIRES_FLAG, OPERATION_FAILED];

impl Differences {
    /// What phones of this dialect are told.
    pub(super) fn told(&self, refusal: Refusal) -> Refusal {
        let replaced = self.replaced.iter().find(|(code, _)| *code == refusal.code);
        replaced.map_or(refusal, |(_, other)| *other)
    }

    /// The answer, in codes that phones of this dialect know.
    pub(super) fn refuse(&self, refusal: Refusal) -> Response {
        let Refusal {
            status,
            code,
            message,
        } = self.told(refusal);
        Response::error(status, code, message)
    }

    /// As [`Self::refuse`], for an error of the engine.
    pub(super) fn refuse_error(&self, error: &Error) -> Response {
        self.refuse(of_engine(error))
    }
}

/// Why an operation cannot be decided any more; none while it is pending.
pub(super) fn of_state(status: OperationStatus) -> Option<Refusal> {
    match status {
        OperationStatus::Pending => None,
        OperationStatus::Approved | OperationStatus::Rejected => Some(FINISHED),
        OperationStatus::Canceled => Some(CANCELED),
        OperationStatus::Failed => Some(FAILED),
        OperationStatus::Expired => Some(EXPIRED),
    }
}

/// An error of the engine in this API's words.
fn of_engine(error: &Error) -> Refusal {
    match error.code {
        ErrorCode::InvalidApplication => INVALID_APPLICATION,
        ErrorCode::OperationNotFound
        | ErrorCode::OperationInvalidState
        | ErrorCode::OperationApproveFailure
        | ErrorCode::OperationRejectFailure => INVALID_OPERATION,
        ErrorCode::InvalidRequest => INVALID_REQUEST,
        _ => REMOTE_COMMUNICATION_ERROR,
    }
}
