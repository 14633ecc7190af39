//! What a back end does with an activation: commit, OTP and name, block, unblock, remove (part 1,
//! sections 6.4 to 6.6, 6.8, 6.10, 6.11, 6.13).

use serde::{Deserialize, Serialize};

use super::otp::{self, Checked};
use super::{expire_if_due, find, reason, save_and_log, save_log_and_notify};
use crate::engine::json;
use crate::engine::{Engine, Error, ErrorCode, Outcome, callback, password, recovery, required};
use crate::model::activation::{Activation, ActivationStatus, NOT_SPECIFIED, OtpValidation};
use crate::model::callback::CallbackType;
use crate::store::Tx;
use crate::store::port::MAX_WRITES;

/// Request of [`commit`] and [`update_otp`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ActivationOtpRequest {
    /// The activation.
    pub activation_id: Option<String>,
    /// Who acts, for the history.
    pub external_user_id: Option<String>,
    /// The OTP.
    pub activation_otp: Option<String>,
}

/// Answer of [`commit`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CommittedActivation {
    /// The activation.
    pub activation_id: String,
    /// True.
    pub activated: bool,
}

/// PENDING_COMMIT becomes ACTIVE.
pub fn commit(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &ActivationOtpRequest,
) -> Outcome<CommittedActivation> {
    let mut activation = find(tx, required(&request.activation_id)?)?;
    if expire_if_due(engine, tx, &mut activation)? {
        return Ok(Err(ErrorCode::ActivationExpired.into()));
    }
    match activation.status {
        ActivationStatus::PendingCommit => {}
        ActivationStatus::Removed => return Err(ErrorCode::ActivationExpired.into()),
        _ => return Err(ErrorCode::ActivationIncorrectState.into()),
    }
    let external = request.external_user_id.as_deref();
    let supplied = request.activation_otp.as_deref();
    let checked = otp::check(
        engine,
        tx,
        &mut activation,
        OtpValidation::OnCommit,
        supplied,
        external,
    )?;
    if let Checked::Wrong(error) = checked {
        return Ok(Err(error));
    }
    activation
        .commit()
        .map_err(|_| ErrorCode::ActivationIncorrectState)?;
    save_log_and_notify(engine, tx, &mut activation, external, None)?;
    recovery::activate_of(tx, &activation)?;
    Ok(Ok(CommittedActivation {
        activation_id: activation.id,
        activated: true,
    }))
}

/// Answer of [`update_otp`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "UpdatedActivationOtp")
)]
#[serde(rename_all = "camelCase")]
pub struct UpdatedOtp {
    /// The activation.
    pub activation_id: String,
    /// True.
    pub updated: bool,
}

/// A new OTP, asked for with the commit.
pub fn update_otp(engine: &Engine, tx: &mut Tx<'_>, request: &ActivationOtpRequest) -> Outcome<UpdatedOtp> {
    let id = required(&request.activation_id)?;
    let new = match request.activation_otp.as_deref() {
        None | Some("") => return Err(ErrorCode::InvalidRequest.into()),
        Some(otp) => otp,
    };
    let mut activation = find(tx, id)?;
    if expire_if_due(engine, tx, &mut activation)? {
        return Ok(Err(ErrorCode::ActivationIncorrectState.into()));
    }
    if activation.status != ActivationStatus::PendingCommit {
        return Err(ErrorCode::ActivationIncorrectState.into());
    }
    if activation.otp_validation == OtpValidation::OnKeyExchange {
        return Err(ErrorCode::InvalidActivationOtpMode.into());
    }
    activation.otp = Some(password::hash(tx, new)?);
    activation.otp_validation = OtpValidation::OnCommit;
    let external = request.external_user_id.as_deref();
    save_log_and_notify(
        engine,
        tx,
        &mut activation,
        external,
        Some(reason::OTP_VALUE_UPDATE),
    )?;
    Ok(Ok(UpdatedOtp {
        activation_id: activation.id,
        updated: true,
    }))
}

/// Request of [`update_name`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "activationName"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ActivationNameRequest {
    /// The activation.
    pub activation_id: Option<String>,
    /// The new name.
    pub activation_name: Option<String>,
    /// Who acts, for the history.
    pub external_user_id: Option<String>,
}

/// Answer of [`update_name`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RenamedActivation {
    /// The activation.
    pub activation_id: String,
    /// Its name.
    pub activation_name: Option<String>,
    /// Its state.
    pub activation_status: ActivationStatus,
}

/// A new name. Tells no callback.
pub fn update_name(
    _: &Engine,
    tx: &mut Tx<'_>,
    request: &ActivationNameRequest,
) -> Outcome<RenamedActivation> {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let mut faults = Vec::new();
    if blank(&request.activation_id) {
        faults.push("requestObject.activationId - must not be blank");
    }
    if blank(&request.activation_name) {
        faults.push("requestObject.activationName - must not be blank");
    }
    // The written reference allows a missing user, the running one does not; a blank one helps nobody.
    if request
        .external_user_id
        .as_deref()
        .is_some_and(|user| user.trim().is_empty())
    {
        faults.push("requestObject.externalUserId - must not be blank");
    }
    if !faults.is_empty() {
        return Err(Error::with_detail(ErrorCode::InvalidRequest, faults.join(", ")).into());
    }
    let name = crate::engine::bounded(required(&request.activation_name)?)?;
    let mut activation = find(tx, required(&request.activation_id)?)?;
    if !matches!(
        activation.status,
        ActivationStatus::PendingCommit | ActivationStatus::Active
    ) {
        return Err(ErrorCode::ActivationIncorrectState.into());
    }
    activation.name = Some(name.to_owned());
    let external = request.external_user_id.as_deref();
    save_and_log(
        tx,
        &mut activation,
        external,
        Some(reason::ACTIVATION_NAME_UPDATED),
    )?;
    Ok(Ok(RenamedActivation {
        activation_id: activation.id,
        activation_name: activation.name,
        activation_status: activation.status,
    }))
}

/// Request of [`block`], [`unblock`] and [`remove`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ActivationRequest {
    /// The activation.
    pub activation_id: Option<String>,
    /// Who acts, for the history.
    pub external_user_id: Option<String>,
    /// Why it is blocked.
    pub reason: Option<String>,
    /// Whether its recovery codes end with it.
    #[serde(deserialize_with = "json::boolean")]
    pub revoke_recovery_codes: Option<bool>,
}

/// Answer of [`block`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BlockedActivation {
    /// The activation.
    pub activation_id: String,
    /// Its state.
    pub activation_status: ActivationStatus,
    /// Why.
    pub blocked_reason: Option<String>,
}

/// ACTIVE becomes BLOCKED.
pub fn block(engine: &Engine, tx: &mut Tx<'_>, request: &ActivationRequest) -> Outcome<BlockedActivation> {
    let mut activation = find(tx, required(&request.activation_id)?)?;
    let reason = crate::engine::bounded(request.reason.as_deref().unwrap_or(NOT_SPECIFIED))?;
    if activation
        .block(reason)
        .map_err(|_| ErrorCode::ActivationIncorrectState)?
    {
        save_log_and_notify(
            engine,
            tx,
            &mut activation,
            request.external_user_id.as_deref(),
            None,
        )?;
    }
    Ok(Ok(BlockedActivation {
        activation_id: activation.id,
        activation_status: activation.status,
        blocked_reason: activation.blocked_reason,
    }))
}

/// Answer of [`unblock`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnblockedActivation {
    /// The activation.
    pub activation_id: String,
    /// Its state.
    pub activation_status: ActivationStatus,
}

/// BLOCKED becomes ACTIVE with all attempts.
pub fn unblock(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &ActivationRequest,
) -> Outcome<UnblockedActivation> {
    let mut activation = find(tx, required(&request.activation_id)?)?;
    if activation
        .unblock()
        .map_err(|_| ErrorCode::ActivationIncorrectState)?
    {
        save_log_and_notify(
            engine,
            tx,
            &mut activation,
            request.external_user_id.as_deref(),
            None,
        )?;
    }
    Ok(Ok(UnblockedActivation {
        activation_id: activation.id,
        activation_status: activation.status,
    }))
}

/// Answer of [`remove`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RemovedActivation {
    /// The activation.
    pub activation_id: String,
    /// True.
    pub removed: bool,
}

/// Any state becomes REMOVED. Its tokens stop validating, because its state says so. Its recovery
/// code is revoked when asked for, and when it never was in use.
pub fn remove(engine: &Engine, tx: &mut Tx<'_>, request: &ActivationRequest) -> Outcome<RemovedActivation> {
    let mut activation = find(tx, required(&request.activation_id)?)?;
    let with_recovery = request.revoke_recovery_codes.unwrap_or(false) || activation.pending();
    activation.remove();
    if with_recovery {
        recovery::revoke_of(tx, &activation)?;
    }
    save_log_and_notify(
        engine,
        tx,
        &mut activation,
        request.external_user_id.as_deref(),
        None,
    )?;
    Ok(Ok(RemovedActivation {
        activation_id: activation.id,
        removed: true,
    }))
}

/// Request of [`update_statuses`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ActivationStatusesRequest", extend("required" = ["activationIds", "activationStatus"])))]
#[serde(default, rename_all = "camelCase")]
pub struct StatusesRequest {
    /// The activations, at least one.
    pub activation_ids: Option<Vec<String>>,
    /// Their new state.
    pub activation_status: Option<ActivationStatus>,
}

/// Answer of [`update_statuses`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "UpdatedActivationStatuses")
)]
pub struct UpdatedStatuses {
    /// True.
    pub updated: bool,
}

/// Activations that one request may change.
const MAX_STATUSES: usize = 100;
/// Writes that one request may cost; a batch holds a few more.
const MAX_COST: usize = MAX_WRITES - 12;

/// Overrides the state of several activations, all or none. Unlike the reference it revives nothing
/// that was removed and makes nothing usable that has no keys. ERR0024 when the changes and their
/// callback events do not fit into one batch.
pub fn update_statuses(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &StatusesRequest,
) -> Outcome<UpdatedStatuses> {
    let ids = match request.activation_ids.as_deref() {
        None | Some([]) => return Err(ErrorCode::InvalidRequest.into()),
        Some(ids) if ids.len() > MAX_STATUSES => return Err(ErrorCode::InvalidRequest.into()),
        Some(ids) => ids,
    };
    let status = *required(&request.activation_status)?;
    for id in ids {
        tx.want::<Activation>(id);
    }
    let mut cost = 0;
    for id in ids {
        let mut activation = find(tx, id)?;
        cost += 1;
        if activation.status == status {
            continue;
        }
        let keyless = activation.device_public.is_none();
        let refused = match status {
            ActivationStatus::Created => true,
            ActivationStatus::PendingCommit | ActivationStatus::Active | ActivationStatus::Blocked => keyless,
            ActivationStatus::Removed => false,
        };
        // What is overdue counts as removed, though nobody has noticed it yet.
        let gone = activation.status == ActivationStatus::Removed
            || (status != ActivationStatus::Removed && activation.overdue(tx.now()));
        if refused || gone {
            return Err(ErrorCode::ActivationIncorrectState.into());
        }
        if activation.status == ActivationStatus::Blocked && status == ActivationStatus::Active {
            activation.blocked_reason = None;
            activation.failed_attempts = 0;
        }
        let kind = CallbackType::ActivationStatusChange;
        cost += 1 + callback::writes(tx, std::slice::from_ref(&activation.application), kind)?;
        if cost > MAX_COST {
            let text = "Too many activations for the number of callback URLs.";
            return Err(Error::with_detail(ErrorCode::InvalidRequest, text).into());
        }
        activation.status = status;
        save_log_and_notify(engine, tx, &mut activation, None, None)?;
    }
    Ok(Ok(UpdatedStatuses { updated: true }))
}
