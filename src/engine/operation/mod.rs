//! Operations (server API, part 2, sections 3 to 11).
//!
//! The transitions are `model::operation`'s. Every change goes through `save`: the record, one entry in
//! its journal and, where the callbacks hear of it, one event for each URL, all in one batch that
//! requires the revision which was read. So of several racing actions exactly one finds the operation
//! pending, and an expiry is announced once, whoever notices it first.

pub mod act;
mod cap;
mod context;
pub mod create;
pub(crate) mod data;
pub mod expire;
mod invite;
pub(crate) mod number;
pub(crate) mod offline;
pub(crate) mod proximity;
pub mod read;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::json::Moment;
use super::{Engine, EngineStop, ErrorCode, MAX_TEXT, callback, journal};
use crate::model::application::Application;
use crate::model::journal::Subject;
use crate::model::operation::Operation;
use crate::store::Tx;

pub use act::UserActionResult;
pub(crate) use act::{Approval, Rejection, approve_in, fail_in, reject_in};
pub use context::AdditionalData;
pub(crate) use context::{PROXIMITY_OTP, parameters};
pub(crate) use number::MATCH_NUMBER;
pub(crate) use read::{Viewer, claim_in, select};

/// Applications that one operation may belong to; with the URLs that one application may have, so many
/// that the events of a change fit into one batch.
pub(crate) const MAX_APPLICATIONS: usize = 12;

/// Names of the states, for the description of [`OperationDetail`].
#[cfg(feature = "openapi")]
fn state_names() -> Vec<&'static str> {
    use crate::model::operation::OperationStatus;
    OperationStatus::ALL.map(OperationStatus::name).to_vec()
}

/// An operation in answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OperationDetail {
    /// UUID.
    pub id: String,
    /// The user; null while a non-personalised operation is unclaimed.
    pub user_id: Option<String>,
    /// Its applications.
    pub applications: Vec<String>,
    /// The caller's identifier.
    pub external_id: Option<String>,
    /// Flag that an activation must carry to see it.
    pub activation_flag: Option<String>,
    /// Type of its template.
    pub operation_type: String,
    /// Name of its template.
    pub template_name: String,
    /// What is signed.
    pub data: String,
    /// Parameters as given.
    pub parameters: Map<String, Value>,
    /// Context of the user's actions.
    pub additional_data: Map<String, Value>,
    /// The state.
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = state_names())))]
    pub status: &'static str,
    /// Why it was cancelled.
    pub status_reason: Option<String>,
    /// Allowed factors.
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "Vec<crate::engine::signature::SignatureType>")
    )]
    pub signature_type: Vec<String>,
    /// Failed approvals.
    pub failure_count: u64,
    /// Failed approvals that end it.
    pub max_failure_count: u64,
    /// Creation.
    pub timestamp_created: Moment,
    /// Expiry.
    pub timestamp_expires: Moment,
    /// When it was approved, rejected or failed.
    pub timestamp_finalized: Option<Moment>,
    /// Letters, each a flag.
    pub risk_flags: Option<String>,
    /// Code to display now; only where a method says so.
    pub proximity_otp: Option<String>,
    /// The only activation that may approve it.
    pub activation_id: Option<String>,
    /// Number for the page that asks the user, to be typed on the phone; only where a method says so, and left out where
    /// there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_number: Option<String>,
}

impl OperationDetail {
    /// What every method shows of an operation.
    pub(crate) fn of(it: Operation) -> Result<Self, EngineStop> {
        Ok(Self {
            parameters: context::object(&it.parameters)?,
            additional_data: context::object(&it.additional_data)?,
            id: it.id,
            user_id: it.user,
            applications: it.applications,
            external_id: it.external_id,
            activation_flag: it.activation_flag,
            operation_type: it.operation_type,
            template_name: it.template,
            data: it.data,
            status: it.status.name(),
            status_reason: it.status_reason,
            signature_type: it.signature_types,
            failure_count: it.failure_count,
            max_failure_count: it.max_failure_count,
            timestamp_created: Moment::from_millis(it.created),
            timestamp_expires: Moment::from_millis(it.expires),
            timestamp_finalized: it.finalized.map(Moment::from_millis),
            risk_flags: it.risk_flags,
            proximity_otp: None,
            activation_id: it.activation,
            match_number: None,
        })
    }

    /// The same with the computed `device` in the additional data.
    fn with_device(mut self) -> Self {
        context::show_device(&mut self.additional_data);
        self
    }
}

/// The operation, in whatever state.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Operation>, EngineStop> {
    Ok(tx.get::<Operation>(id)?)
}

/// Kinds of journal entries.
mod kind {
    pub(super) const CREATED: &str = "operation_created";
    pub(super) const CLAIMED: &str = "operation_claimed";
    pub(super) const APPROVED: &str = "operation_approved";
    pub(super) const APPROVAL_FAILED: &str = "operation_approval_failed";
    pub(super) const FAILED: &str = "operation_failed";
    pub(super) const REJECTED: &str = "operation_rejected";
    pub(super) const REJECT_FAILED: &str = "operation_reject_failed";
    pub(super) const CANCELED: &str = "operation_canceled";
    pub(super) const EXPIRED: &str = "operation_expired";
}

/// Writes the operation with one entry in its journal: `parameters` and what every entry tells.
fn save(tx: &mut Tx<'_>, operation: &mut Operation, kind: &str, parameters: Value) -> Result<(), EngineStop> {
    let mut all = json!({
        "id": operation.id,
        "userId": operation.user,
        "applications": operation.applications,
        "status": operation.status.name(),
        "failureCount": operation.failure_count,
        "maxFailureCount": operation.max_failure_count,
        "additionalData": context::for_audit(&operation.additional_data)?,
    });
    if let (Value::Object(all), Value::Object(parameters)) = (&mut all, parameters) {
        all.extend(parameters);
    }
    let subject = Subject::Operation(operation.id.clone());
    let user = operation.user.clone();
    journal::note(tx, subject, &mut operation.journal, kind, user, &all)?;
    tx.put(operation);
    Ok(())
}

/// As [`save`], and tells the callbacks.
fn save_and_notify(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
    kind: &str,
    parameters: Value,
) -> Result<(), EngineStop> {
    save(tx, operation, kind, parameters)?;
    callback::operation_changed(engine, tx, operation)
}

/// Expires an operation whose time is over. Answers whether it did.
pub(crate) fn expire_if_due(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
) -> Result<bool, EngineStop> {
    if !operation.overdue(tx.now()) || operation.expire().is_err() {
        return Ok(false);
    }
    let parameters = json!({ "timestampExpires": operation.expires });
    save_and_notify(engine, tx, operation, kind::EXPIRED, parameters)?;
    Ok(true)
}

/// A text that is there, not empty and not too long; ERR0024 otherwise.
fn text(attribute: &Option<String>) -> Result<&str, EngineStop> {
    match attribute.as_deref() {
        None | Some("") => Err(ErrorCode::InvalidRequest.into()),
        Some(text) => super::bounded(text),
    }
}

/// The applications of a request, where `applicationId` stands for a list of one; ERR0024 when there is
/// none, or more than `limit`.
fn applications<'a>(
    list: &'a Option<Vec<String>>,
    single: &'a Option<String>,
    limit: usize,
) -> Result<&'a [String], EngineStop> {
    let given = match (list.as_deref(), single) {
        (None | Some([]), Some(single)) => std::slice::from_ref(single),
        (list, _) => list.unwrap_or_default(),
    };
    if given.is_empty() || given.len() > limit {
        return Err(ErrorCode::InvalidRequest.into());
    }
    Ok(given)
}

/// Whether all of `ids` are applications and none is named twice, which the reference refuses, too.
fn all_exist(tx: &mut Tx<'_>, ids: &[String]) -> Result<bool, EngineStop> {
    for id in ids {
        tx.want::<Application>(id);
    }
    let mut fine = true;
    for (at, id) in ids.iter().enumerate() {
        // No application is ever removed, so a change of one does no harm here.
        fine &= tx.peek::<Application>(id)?.is_some();
        fine &= !ids.iter().take(at).any(|earlier| earlier == id);
    }
    Ok(fine)
}

/// Latest moment that every store and every answer can hold: the end of the year 9999.
const LAST_MOMENT: u64 = 253_402_300_799_999;

/// Longest id of an activation in a request.
const MAX_ACTIVATION_ID: usize = 37;

const _: () = assert!(MAX_ACTIVATION_ID < MAX_TEXT);
