//! Approve, reject, cancel (server API, part 2, section 5).
//!
//! Nothing in an answer tells which condition of an approval was not met; the journal does.
//!
//! `approve_in`, `fail_in` and `reject_in` are the actions themselves, for decisions that do more
//! (verify a signature and approve with it). They expect an operation that is pending now: the caller has
//! let it expire if it was due (`expire_if_due`) and has looked at its state, so that nothing
//! else that was decided is dropped by a refusal here.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::context::{self, AdditionalData};
use super::{OperationDetail, expire_if_due, find, kind, number, proximity, save, save_and_notify, text};
use crate::crypto::signature::SignatureType;
use crate::engine::signature;
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, bounded};
use crate::model::application::Application;
use crate::model::operation::{Failed, Operation, OperationStatus};
use crate::store::Tx;

/// Longest reason of a cancellation, in characters.
const MAX_REASON: usize = 32;
/// Key of the acting activation in the additional data of an approval.
const ACTIVATION_ID: &str = "activationId";

/// What became of a user's action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserActionResult {
    /// The operation is approved.
    Approved,
    /// It was not approved; one attempt less.
    ApprovalFailed,
    /// The operation is rejected.
    Rejected,
    /// It was not rejected; nothing changed.
    RejectFailed,
    /// It was not approved, and that was the last attempt.
    OperationFailed,
}

/// Answer of the user's actions.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserAction {
    /// What became of it.
    pub result: UserActionResult,
    /// The operation afterwards.
    pub operation: OperationDetail,
}

/// Who approves what, and with which factors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Approval<'a> {
    /// The user.
    pub(crate) user: &'a str,
    /// The application.
    pub(crate) application: &'a str,
    /// What the user saw and signed.
    pub(crate) data: &'a str,
    /// The factors that were verified.
    pub(crate) signature_type: SignatureType,
    /// Context; `activationId`, `proximity_otp` and `matchNumber` take part in the decision.
    pub(crate) additional: &'a AdditionalData,
}

/// Approves a pending operation if every condition holds; counts a failed attempt otherwise.
pub(crate) fn approve_in(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
    action: &Approval<'_>,
) -> Result<UserActionResult, EngineStop> {
    let now = tx.now();
    pending(operation, now, ErrorCode::OperationApproveFailure)?;
    let proximity = proximity::check(engine, operation, action.additional, now)?;
    let number = number::matches(engine, operation, action.additional)?;
    let unmet = unmet(operation, action, proximity, number);
    let parameters = json!({
        "actor": action.user,
        "appId": action.application,
        "signatureType": action.signature_type.as_upper_str(),
        "proximityCheckResult": proximity.name(),
        "activationIdOperation": operation.activation,
        "activationIdRequest": action.additional.text(ACTIVATION_ID),
        "unmet": unmet,
    });
    if !unmet.is_empty() {
        return fail(engine, tx, operation, action.additional, parameters);
    }
    operation
        .approve(now)
        .map_err(|_| ErrorCode::OperationApproveFailure)?;
    operation.user.get_or_insert_with(|| action.user.to_owned());
    operation.additional_data = context::merged(&operation.additional_data, action.additional)?;
    save_and_notify(engine, tx, operation, kind::APPROVED, parameters)?;
    Ok(UserActionResult::Approved)
}

/// Refuses with `code` unless the operation is pending now.
fn pending(operation: &Operation, now: u64, code: ErrorCode) -> Result<(), EngineStop> {
    if operation.status == OperationStatus::Pending && !operation.overdue(now) {
        return Ok(());
    }
    Err(code.into())
}

/// Names of the conditions that do not hold. All are evaluated.
fn unmet(
    operation: &Operation,
    action: &Approval<'_>,
    proximity: proximity::Proximity,
    number: bool,
) -> Vec<&'static str> {
    let activation = action.additional.text(ACTIVATION_ID);
    let kind = action.signature_type.as_upper_str();
    [
        ("user", owned_by(operation, action.user)),
        ("application", belongs_to(operation, action.application)),
        ("data", operation.data == action.data),
        (
            "signatureType",
            operation.signature_types.iter().any(|it| it == kind),
        ),
        ("attempts", operation.failure_count < operation.max_failure_count),
        ("proximity", proximity.passes()),
        ("number", number),
        (
            "activation",
            operation.activation.is_none() || operation.activation == activation,
        ),
    ]
    .into_iter()
    .filter(|(_, holds)| !holds)
    .map(|(name, _)| name)
    .collect()
}

fn owned_by(operation: &Operation, user: &str) -> bool {
    operation.user.as_deref().is_none_or(|owner| owner == user)
}

fn belongs_to(operation: &Operation, application: &str) -> bool {
    operation.applications.iter().any(|id| id == application)
}

/// Counts a failed approval of a pending operation, for whatever reason the caller has.
pub(crate) fn fail_in(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
    additional: &AdditionalData,
) -> Result<UserActionResult, EngineStop> {
    pending(operation, tx.now(), ErrorCode::OperationInvalidState)?;
    fail(engine, tx, operation, additional, json!({}))
}

fn fail(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
    additional: &AdditionalData,
    parameters: Value,
) -> Result<UserActionResult, EngineStop> {
    let failed = operation
        .fail(tx.now())
        .map_err(|_| ErrorCode::OperationInvalidState)?;
    operation.additional_data = context::merged(&operation.additional_data, additional)?;
    let (kind, result) = match failed {
        Failed::Counted => (kind::APPROVAL_FAILED, UserActionResult::ApprovalFailed),
        Failed::Finally => (kind::FAILED, UserActionResult::OperationFailed),
    };
    save_and_notify(engine, tx, operation, kind, parameters)?;
    Ok(result)
}

/// Who rejects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rejection<'a> {
    /// The user.
    pub(crate) user: &'a str,
    /// The application.
    pub(crate) application: &'a str,
    /// Context.
    pub(crate) additional: &'a AdditionalData,
}

/// Rejects a pending operation if user and application fit; otherwise only the journal hears of it.
pub(crate) fn reject_in(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
    action: &Rejection<'_>,
) -> Result<UserActionResult, EngineStop> {
    let now = tx.now();
    pending(operation, now, ErrorCode::OperationRejectFailure)?;
    let parameters = json!({ "actor": action.user, "appId": action.application });
    if !owned_by(operation, action.user) || !belongs_to(operation, action.application) {
        save(tx, operation, kind::REJECT_FAILED, parameters)?;
        return Ok(UserActionResult::RejectFailed);
    }
    operation
        .reject(now)
        .map_err(|_| ErrorCode::OperationRejectFailure)?;
    operation.user.get_or_insert_with(|| action.user.to_owned());
    operation.additional_data = context::merged(&operation.additional_data, action.additional)?;
    save_and_notify(engine, tx, operation, kind::REJECTED, parameters)?;
    Ok(UserActionResult::Rejected)
}

/// Request of [`approve`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["operationId", "userId", "applicationId", "data", "signatureType"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ApproveRequest {
    /// The operation.
    pub operation_id: Option<String>,
    /// The user.
    pub user_id: Option<String>,
    /// The application.
    pub application_id: Option<String>,
    /// What the user saw and signed.
    pub data: Option<String>,
    /// The factors that were verified.
    pub signature_type: Option<signature::SignatureType>,
    /// Context.
    pub additional_data: Option<AdditionalData>,
}

/// Approves an operation on behalf of a user whose signature the caller has verified.
pub fn approve(engine: &Engine, tx: &mut Tx<'_>, request: &ApproveRequest) -> Outcome<UserAction> {
    let application = not_blank(&request.application_id)?;
    let id = text(&request.operation_id)?;
    let user = text(&request.user_id)?;
    let data = match request.data.as_deref() {
        None | Some("") => return Err(ErrorCode::InvalidRequest.into()),
        Some(data) => data,
    };
    let factors = request.signature_type.ok_or(ErrorCode::InvalidRequest)?;
    let refused = ErrorCode::OperationApproveFailure;
    let mut operation = find_in(tx, id, application, refused)?;
    if expire_if_due(engine, tx, &mut operation)? {
        return Ok(Err(refused.into()));
    }
    let additional = request.additional_data.clone().unwrap_or_default();
    let action = Approval {
        user,
        application,
        data,
        signature_type: factors.0,
        additional: &additional,
    };
    let result = approve_in(engine, tx, &mut operation, &action)?;
    answer(result, operation)
}

/// Request of [`fail_approval`] and [`cancel`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["operationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct OperationRequest {
    /// The operation.
    pub operation_id: Option<String>,
    /// Context.
    pub additional_data: Option<AdditionalData>,
    /// Why it is cancelled, at most 32 characters; only for [`cancel`].
    pub status_reason: Option<String>,
}

/// Counts a failed approval; the caller has seen a wrong signature.
pub fn fail_approval(engine: &Engine, tx: &mut Tx<'_>, request: &OperationRequest) -> Outcome<UserAction> {
    let id = text(&request.operation_id)?;
    let mut operation = find(tx, id)?.ok_or(ErrorCode::OperationNotFound)?;
    if expire_if_due(engine, tx, &mut operation)? {
        return Ok(Err(ErrorCode::OperationInvalidState.into()));
    }
    let additional = request.additional_data.clone().unwrap_or_default();
    let result = fail_in(engine, tx, &mut operation, &additional)?;
    answer(result, operation)
}

/// Request of [`reject`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["operationId", "userId", "applicationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct RejectRequest {
    /// The operation.
    pub operation_id: Option<String>,
    /// The user.
    pub user_id: Option<String>,
    /// The application.
    pub application_id: Option<String>,
    /// Context.
    pub additional_data: Option<AdditionalData>,
}

/// Rejects an operation on behalf of its user.
pub fn reject(engine: &Engine, tx: &mut Tx<'_>, request: &RejectRequest) -> Outcome<UserAction> {
    let application = not_blank(&request.application_id)?;
    let id = text(&request.operation_id)?;
    let user = text(&request.user_id)?;
    let refused = ErrorCode::OperationRejectFailure;
    let mut operation = find_in(tx, id, application, refused)?;
    if expire_if_due(engine, tx, &mut operation)? {
        return Ok(Err(refused.into()));
    }
    let additional = request.additional_data.clone().unwrap_or_default();
    let action = Rejection {
        user,
        application,
        additional: &additional,
    };
    let result = reject_in(engine, tx, &mut operation, &action)?;
    answer(result, operation)
}

/// Withdraws an operation. The back end may do that whoever the user is.
pub fn cancel(engine: &Engine, tx: &mut Tx<'_>, request: &OperationRequest) -> Outcome<OperationDetail> {
    let id = text(&request.operation_id)?;
    let reason = request.status_reason.as_deref();
    if reason.is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let mut operation = find(tx, id)?.ok_or(ErrorCode::OperationNotFound)?;
    let refused = ErrorCode::OperationInvalidState;
    if expire_if_due(engine, tx, &mut operation)? {
        return Ok(Err(refused.into()));
    }
    operation.cancel().map_err(|_| refused)?;
    let additional = request.additional_data.clone().unwrap_or_default();
    operation.additional_data = context::merged(&operation.additional_data, &additional)?;
    operation.status_reason = reason.map(str::to_owned);
    let parameters = json!({ "statusReason": reason });
    save_and_notify(engine, tx, &mut operation, kind::CANCELED, parameters)?;
    Ok(Ok(OperationDetail::of(operation)?.with_device()))
}

fn answer(result: UserActionResult, operation: Operation) -> Outcome<UserAction> {
    Ok(Ok(UserAction {
        result,
        operation: OperationDetail::of(operation)?,
    }))
}

fn not_blank(attribute: &Option<String>) -> Result<&str, EngineStop> {
    match attribute.as_deref() {
        Some(text) if !text.trim().is_empty() => bounded(text),
        _ => Err(ErrorCode::InvalidRequest.into()),
    }
}

/// The operation, or `missing`; then ERR0015 unless the application exists.
fn find_in(
    tx: &mut Tx<'_>,
    id: &str,
    application: &str,
    missing: ErrorCode,
) -> Result<Operation, EngineStop> {
    tx.want::<Application>(application);
    let operation = find(tx, id)?.ok_or(missing)?;
    tx.peek::<Application>(application)?
        .ok_or(ErrorCode::InvalidApplication)?;
    Ok(operation)
}
