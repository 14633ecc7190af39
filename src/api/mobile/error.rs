//! Error codes of the Mobile Token API with their HTTP status (section 2.1).

use super::super::http::Response;
use crate::engine::{Error, ErrorCode};
use crate::model::operation::OperationStatus;

/// 401, whatever the reason.
pub(super) fn unauthenticated() -> Response {
    Response::error(401, "POWERAUTH_AUTH_FAIL", "Authentication failed")
}

/// 400 for a request without object or id, and for what belongs to somebody else.
pub(super) fn invalid_request() -> Response {
    Response::error(400, "INVALID_REQUEST", "Request validation error")
}

/// 400 for an operation that is unknown, or no longer in the state that it was in.
pub(super) fn invalid_operation() -> Response {
    Response::error(400, "INVALID_OPERATION", "Operation is not valid")
}

/// 401 for a decision that the operation did not accept.
pub(super) fn not_accepted() -> Response {
    Response::error(401, "OPERATION_FAILED", "Operation approval or rejection failed")
}

/// 400 for an operation that needs a flag which the activation lacks.
pub(super) fn requires_flag() -> Response {
    Response::error(
        400,
        "OPERATION_REQUIRES_ACTIVATION_FLAG",
        "Operation requires activation flag",
    )
}

/// Why an operation cannot be decided any more; none while it is pending.
pub(super) fn of_state(status: OperationStatus) -> Option<Response> {
    let (code, text) = match status {
        OperationStatus::Pending => return None,
        OperationStatus::Approved | OperationStatus::Rejected => {
            ("OPERATION_ALREADY_FINISHED", "Operation was already completed")
        }
        OperationStatus::Canceled => ("OPERATION_ALREADY_CANCELED", "Operation was already canceled"),
        OperationStatus::Failed => ("OPERATION_ALREADY_FAILED", "Operation already failed"),
        OperationStatus::Expired => ("OPERATION_EXPIRED", "Operation has expired"),
    };
    Some(Response::error(400, code, text))
}

/// An error of the engine in this API's words.
pub(super) fn of_engine(error: &Error) -> Response {
    match error.code {
        ErrorCode::InvalidApplication => {
            Response::error(400, "INVALID_APPLICATION", "Application is not valid")
        }
        ErrorCode::OperationNotFound
        | ErrorCode::OperationInvalidState
        | ErrorCode::OperationApproveFailure
        | ErrorCode::OperationRejectFailure => invalid_operation(),
        ErrorCode::InvalidRequest => invalid_request(),
        _ => Response::error(
            409,
            "REMOTE_COMMUNICATION_ERROR",
            "Communication with remote system failed",
        ),
    }
}
